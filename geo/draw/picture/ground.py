"""What lies below everything: counties with their fills, the heat, borders of cities, outlines of features."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from datasets.boundaries import Boundaries
from datasets.world import World
from geo.draw import boundaries as thinning
from geo.draw import choropleth, classes, geojson
from geo.draw.heat import Heat
from geo.draw.mercator import Floats
from geo.draw.picture import tones
from geo.draw.picture.paper import TENTHS, Box, Paper, outline
from geo.draw.picture.view import View
from geo.query.selection import Selection

DETAIL_ZOOM = 10.0  # from here on the generalisation of the base map would show
FINE_M = 60.0
MARGIN_PX = 24.0
HEAT_VEIL = 0.9  # in the picture itself: opacity of the element costs the renderer a layer of the whole sheet
HATCH_PX = 8.5  # from one stroke to the next along the edge of the picture
LINE_KINDS = ("LineString", "MultiLineString")


def fills(coloured: choropleth.Choropleth) -> dict[str, str]:
    """The fill of each county: its class's colour, white for zero, that of no data, which `hatch` draws strokes on."""
    found = {}
    for adcode, value in coloured.values.items():
        if value is None:
            found[adcode] = tones.NO_DATA
        elif value == 0:
            found[adcode] = choropleth.ZERO_COLOUR
        else:
            found[adcode] = coloured.colours[int(classes.classify(np.array([value]), coloured.breaks)[0])]
    return found


def counties(paper: Paper, view: View, world: World, fill: Mapping[str, str]) -> None:
    """The counties in view, by `fill` or calm, each a path with its code."""
    tolerance = thinning.TOLERANCE_M if view.zoom < DETAIL_ZOOM else FINE_M
    codes, shapes, _ = _prepared(world.boundaries, tolerance)
    paper.open(
        class_="counties",
        transform=f"scale({1 / TENTHS:g})",
        fill=tones.LAND,
        stroke=tones.LAND_LINE,
        stroke_width=10,
        stroke_linejoin="round",
    )
    for at, data in _outlines(view, shapes, closed=True):
        paper.add("path", data_county=codes[at], d=data, fill=fill.get(codes[at]))
    paper.close()


def hatch(paper: Paper, view: View, world: World, chosen: Sequence[str]) -> None:
    """Thin strokes over the `chosen` counties. Lines, for a pattern would take three times as long to draw as all else."""
    tolerance = thinning.TOLERANCE_M if view.zoom < DETAIL_ZOOM else FINE_M
    codes, shapes, _ = _prepared(world.boundaries, tolerance)
    member = np.isin(codes, list(chosen))
    if not member.any():
        return
    whole = shapely.coverage_union_all(np.array(shapes, object)[member])
    seen = shapely.transform(shapely.clip_by_rect(whole, *view.bounds(MARGIN_PX)), view.pixels)
    frame = view.frame
    sums = np.arange(frame.left + frame.top, frame.right + frame.bottom, HATCH_PX)
    ends = np.stack(
        [
            np.column_stack([sums - frame.bottom, np.full(len(sums), frame.bottom)]),
            np.column_stack([sums - frame.top, np.full(len(sums), frame.top)]),
        ],
        axis=1,
    )
    strokes = shapely.intersection(shapely.make_valid(seen), shapely.MultiLineString(list(ends)))
    lines = [shapely.get_coordinates(part) for part in shapely.get_parts(strokes) if shapely.get_dimensions(part) == 1]
    data = "".join(outline(line, closed=False) for line in lines)
    paper.add(
        "path", class_="no-data", d=data, transform=f"scale({1 / TENTHS:g})", stroke=tones.NO_DATA_LINE, stroke_width=11
    )


def borders(paper: Paper, view: View, world: World, chosen: tuple[str, ...]) -> None:
    """The borders of cities, and those of the `chosen` units brought out."""
    tolerance = thinning.TOLERANCE_M if view.zoom < DETAIL_ZOOM else FINE_M
    codes, shapes, cities = _prepared(world.boundaries, tolerance)
    for name, drawn, colour, width in (
        ("cities", cities, tones.CITY_LINE, 16),
        ("chosen", _units(world, codes, shapes, chosen), tones.ACCENT, 24),
    ):
        paper.open(
            class_=name,
            transform=f"scale({1 / TENTHS:g})",
            fill="none",
            stroke=colour,
            stroke_width=width,
            stroke_linejoin="round",
        )
        for _, data in _outlines(view, drawn, closed=True):
            paper.add("path", d=data)
        paper.close()


def heat(paper: Paper, view: View, made: Heat | None) -> None:
    """The heat's picture over the land; nothing where nothing weighs."""
    if made is None or not made.max:
        return
    west, south, east, north = made.bounds
    (left, top), (right, bottom) = view.pixels(np.array([(west, north), (east, south)])).tolist()
    paper.add(
        "image",
        x=left,
        y=top,
        width=right - left,
        height=bottom - top,
        preserveAspectRatio="none",
        href="data:image/png;base64," + b64encode(made.png(HEAT_VEIL)).decode(),
    )


@dataclass(frozen=True)
class Drawn:
    """An area or a line on the picture, and the box that it fills."""

    kind: str
    is_line: bool
    box: Box


def features(paper: Paper, view: View, world: World, selection: Selection, lang: str) -> dict[str, Drawn]:
    """The selected areas and lines in view, by `kind/id`."""
    found: dict[str, Drawn] = {}
    drawn = geojson.shapes(selection, world, view.bounds(MARGIN_PX), lang)["features"]
    shapes = [_shape(feature["geometry"]) for feature in drawn]
    paper.open(class_="features", transform=f"scale({1 / TENTHS:g})", stroke_linejoin="round", stroke_linecap="round")
    for at, data in _outlines(view, shapes, closed=None):
        own = drawn[at]["properties"]
        is_line = drawn[at]["geometry"]["type"] in LINE_KINDS
        colour = own["colour"]
        if is_line:
            paper.add("path", d=data, fill="none", stroke="#fff", stroke_width=62)
        paper.add(
            "path",
            data_feature=drawn[at]["id"],
            d=data,
            fill="none" if is_line else colour,
            fill_opacity=None if is_line else 0.32,
            stroke=colour,
            stroke_width=34 if is_line else 15,
            stroke_dasharray="60 45" if own["demo"] else None,
        )
        corners = view.pixels(np.array(shapely.bounds(shapes[at])).reshape(2, 2))
        box = Box(*np.hstack([corners.min(axis=0), corners.max(axis=0)]).tolist())
        found[drawn[at]["id"]] = Drawn(own["kind"], is_line, box)
    paper.close()
    return found


def _shape(geometry: Mapping[str, Any]) -> shapely.Geometry:
    parts = geometry["coordinates"]
    match geometry["type"]:
        case "LineString":
            return shapely.LineString(parts)
        case "MultiLineString":
            return shapely.MultiLineString(parts)
        case "Polygon":
            return shapely.Polygon(parts[0], parts[1:])
        case _:
            return shapely.MultiPolygon([shapely.Polygon(part[0], part[1:]) for part in parts])


def _outlines(view: View, shapes: Sequence[shapely.Geometry], closed: bool | None) -> list[tuple[int, str]]:
    """The number and path data of each shape that is in view, cut a little outside of it; None asks each shape."""
    made = []
    box = view.bounds(MARGIN_PX)
    everything = np.array(shapes, object)
    low_x, low_y, high_x, high_y = shapely.bounds(everything).reshape(-1, 4).T if len(shapes) else np.empty((4, 0))
    near = np.flatnonzero((low_x <= box[2]) & (high_x >= box[0]) & (low_y <= box[3]) & (high_y >= box[1]))
    for at in near.tolist():
        whole = low_x[at] >= box[0] and high_x[at] <= box[2] and low_y[at] >= box[1] and high_y[at] <= box[3]
        shape = shapes[at] if whole else shapely.clip_by_rect(shapes[at], *box)
        is_closed = shapely.get_dimensions(shape) == 2 if closed is None else closed
        data = "".join(outline(part, closed=is_closed) for part in _lines(view, shape))
        if data:
            made.append((at, data))
    return made


def _lines(view: View, shape: shapely.Geometry) -> list[Floats]:
    """Every ring and line of a shape in pixels."""
    parts = shapely.get_parts(shape)
    rings = shapely.get_rings(parts) if shapely.get_dimensions(shape) == 2 else parts
    if not len(rings):
        return []
    xy, part = shapely.get_coordinates(rings, return_index=True)
    cuts = np.flatnonzero(np.diff(part)) + 1
    return list(np.split(view.pixels(xy), cuts))


@lru_cache(maxsize=4)
def _prepared(
    known: Boundaries, tolerance: float
) -> tuple[tuple[str, ...], Sequence[shapely.Geometry], Sequence[shapely.Geometry]]:
    """Codes and shapes of the counties, borders kept shared, and the shapes of the cities made of them."""
    thin = known.simplified(tolerance)
    codes = tuple(thin)
    shapes = [thin[code] for code in codes]
    of = np.array([known.counties[code].city for code in codes])
    cities = [shapely.coverage_union_all(np.array(shapes, object)[of == city]) for city in known.cities]
    return codes, shapes, cities


def _units(
    world: World, codes: tuple[str, ...], shapes: Sequence[shapely.Geometry], chosen: tuple[str, ...]
) -> list[shapely.Geometry]:
    member: NDArray[np.bool_] = np.array(
        [code in chosen or world.boundaries.counties[code].city in chosen for code in codes], np.bool_
    )
    return [shapely.coverage_union_all(np.array(shapes, object)[member])] if member.any() else []
