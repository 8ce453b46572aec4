"""All parts of a picture on one sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from datasets.labels import DEFAULT_LANGUAGE
from datasets.world import World
from geo.draw import mercator
from geo.draw.choropleth import choropleth
from geo.draw.heat import Heat
from geo.draw.marks import COUNTY_ZOOM, marks, most_marks
from geo.draw.picture import ground, legend, names, signs, tones
from geo.draw.picture.paper import Box, Paper
from geo.draw.picture.strips import Strips, scale_bar
from geo.draw.picture.typeface import Typeface
from geo.draw.picture.view import CLOSE_MOST, FIT_MOST, View, extent, fitted
from geo.draw.picture.words import Words
from geo.query.selection import Selection

USUAL_PX = 1200 * 900
LEAST_SCALE, MOST_SCALE = 0.75, 2.6
WIDE, LEGEND_ROOM = 900.0, 230.0
MARKS_MOST = 600
FEW_SHAPES = 40


@dataclass(frozen=True)
class Look:
    """What a picture shows. width, height: its pixels; a larger one shows the same larger.

    view: the thematic layer. measure, classes: of the choropleth. scale: of the heat. centre, zoom: the place (lon,
    lat WGS-84), otherwise what is selected is fitted, from no nearer than the zoom `nearest` where all of it has a geometry.
    chosen: units whose borders are brought out.
    """

    width: int = 1200
    height: int = 900
    view: Literal["none", "heat", "choropleth"] = "none"
    measure: str = "projects"
    classes: str = "fisher"
    scale: str = "sqrt"
    centre: tuple[float, float] | None = None
    zoom: float | None = None
    nearest: float = CLOSE_MOST
    legend: bool = True
    chosen: tuple[str, ...] = ()
    lang: str = DEFAULT_LANGUAGE

    @property
    def enlarged(self) -> float:
        """Pixels a unit of the drawing: small pictures stay readable, large ones keep their proportions."""
        return float(min(max((self.width * self.height / USUAL_PX) ** 0.5, LEAST_SCALE), MOST_SCALE))


def draw(
    selection: Selection, world: World, typeface: Typeface, look: Look, words: Words, heat: Heat | None = None
) -> str:
    """The picture of a selection as SVG; the same arguments give the same text. Raises BadParameters as the views do.

    heat: the selection's, to be drawn where the look asks for it.
    """
    paper = Paper(typeface)
    width, height = look.width / look.enlarged, look.height / look.enlarged
    units = marks(selection, world, COUNTY_ZOOM, lang=look.lang)
    total, demo = selection.total, any(mark.demo for mark in units)
    # The strips' height must not depend on the view that it leaves room for.
    box, most = extent(units, world), FIT_MOST
    if total <= FEW_SHAPES and (near := _located(selection)) is not None:
        box, most = near, look.nearest
    view = _view(box, most, Strips(paper, width, height, words, words.shown(total, 0), demo=demo).frame, look)
    level = min(round(view.zoom), 18)
    bounds = view.bounds()
    found = most_marks(selection, world, level, bounds, look.lang, MARKS_MOST)
    inside = sum(mark.n for mark in found.marks) + found.left_out.features
    strips = Strips(paper, width, height, words, words.shown(total, total - inside), demo=demo)
    view = View(view.lon, view.lat, view.zoom, strips.frame)

    coloured = (
        choropleth(selection, world, look.measure, look.classes, look.lang) if look.view == "choropleth" else None
    )
    heat = heat if look.view == "heat" else None
    drawn = signs.signs(found.marks, level, world, look.lang, plain=look.view != "none")
    paper.add("rect", width=width, height=height, fill=tones.SEA)
    ground.counties(paper, view, world, ground.fills(coloured) if coloured else {})
    if coloured:
        ground.hatch(paper, view, world, [code for code, value in coloured.values.items() if value is None])
    ground.heat(paper, view, heat)
    ground.borders(paper, view, world, look.chosen)
    close = level > COUNTY_ZOOM or total <= FEW_SHAPES
    shapes = ground.features(paper, view, world, selection, look.lang) if close else {}
    content = _content(drawn, shapes, words)
    legend_paper = Paper(typeface)
    keys = (
        legend.draw(legend_paper, view.frame, content, heat or coloured, world, words, look.lang)
        if look.legend
        else None
    )
    scale = Box(0, view.frame.bottom - 36, 170, view.frame.bottom)
    taken = [scale, *([keys] if keys else [])]
    boxes, named = signs.place(paper, view, drawn, world, words.symbols, shapes, taken)
    names.draw(paper, view, world, look.lang, [*boxes, *taken], named, signs.singles(drawn, shapes))
    scale_bar(paper, view, words)
    # The strips lie over what reaches out of the map: a clip path would cost a third of the time.
    strips.draw()
    paper.take(legend_paper)
    return paper.svg(look.width, look.height, (width, height), words.title, _described(words, strips.shown, demo=demo))


def _content(drawn: list[signs.Sign], shapes: dict[str, ground.Drawn], words: Words) -> legend.Content:
    """What the legend has to explain."""
    order = list(words.kinds)
    by_symbol = [sign for sign in drawn if not signs.is_outline(sign, shapes)]
    outlined = {shape.kind for shape in shapes.values()}
    return legend.Content(
        clusters=frozenset(
            cluster for sign in drawn if not sign.plain or sign.sort == "feature" for cluster, _ in sign.mark.mix
        ),
        kinds=tuple(sorted({s.mark.kind or "" for s in by_symbol if s.sort == "feature"} - outlined, key=order.index)),
        sorts=frozenset(sign.sort for sign in by_symbol if sign.sort != "ring" or not sign.plain),
        areas=tuple(sorted({shape.kind for shape in shapes.values() if not shape.is_line}, key=order.index)),
        lines=tuple(sorted({shape.kind for shape in shapes.values() if shape.is_line}, key=order.index)),
        demo=any(sign.mark.demo for sign in drawn),
        symbols=words.symbols,
    )


def _described(words: Words, shown: str, *, demo: bool) -> str:
    """The picture for who cannot see it."""
    sentence = [words.line(words.conditions, shown), *words.imprint, words.demo if demo else ""]
    return words.separator.join(part for part in sentence if part)


def _located(selection: Selection) -> mercator.Box | None:
    """The box of what is selected where all of it has a geometry, else None."""
    boxes = np.vstack([selection.snapshot.table(kind).bbox[selection.rows(kind)] for kind in selection.kinds])
    if not len(boxes) or np.isnan(boxes).any():
        return None
    return (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())


def _view(box: mercator.Box, most: float, frame: Box, look: Look) -> View:
    right = LEGEND_ROOM if look.legend and frame.width >= WIDE else 16.0
    own = fitted(box, frame, (24.0, 24.0, 16.0 + right, 30.0), most)
    lon, lat = look.centre or (own.lon, own.lat)
    return View(lon, lat, own.zoom if look.zoom is None else look.zoom, frame)
