"""The legend: what is on the picture, and nothing else; scales with their unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from datasets.world import World
from geo.draw.choropleth import Choropleth
from geo.draw.figures import figure
from geo.draw.heat import Heat
from geo.draw.picture import signs, tones
from geo.draw.picture.paper import Box, Paper
from geo.draw.picture.words import Words

PAD, ROW, HEAD, SIGN, MOST = 12.0, 19.0, 21.0, 30.0, 250.0
SIZE, NOTE, STEP = 12.0, 10.5, 15.0
NARROW = 600.0  # a map of less width has room for the scale of its colours, or for the clusters, only
LARGEST_SHARE = 0.36
SCALE_WIDTH, SCALE_HEIGHT = 165.0, 34.0  # what the bar in the other corner takes
HATCHED = "hatched"
Draw = Callable[[Paper, float, float], None]


@dataclass(frozen=True)
class Content:
    """What the picture shows: clusters and kinds by their codes, how marks look, kinds with areas and with lines."""

    clusters: frozenset[str] = frozenset()
    kinds: tuple[str, ...] = ()
    sorts: frozenset[str] = frozenset()
    areas: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    demo: bool = False
    symbols: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Item:
    """A piece of the legend: height, least width, how it is drawn from its upper left corner."""

    height: float
    width: float
    draw: Draw


_GAP = _Item(6.0, 0.0, lambda _paper, _x, _y: None)


def draw(
    paper: Paper, frame: Box, content: Content, scale: Heat | Choropleth | None, world: World, words: Words, lang: str
) -> Box | None:
    """The legend in the lower right corner of the frame, and where it is; None where it would cover most of the map.

    Where all of it does not fit, the notes and then the signs are left out.
    """
    parts = [
        _scale(paper, scale, words, lang),
        _clusters(paper, content, world, words, lang),
        _signs(paper, content, words),
        _note(paper, scale),
    ]
    narrow = [next((part for part in parts if part), [])]
    for kept in (parts, parts[:3], parts[:2], narrow)[3 if frame.width < NARROW else 0 :]:
        items = [item for part in kept for item in ([_GAP, *part] if part else ())][1:]
        if not items:
            continue
        width = min(max(item.width for item in items), MOST) + 2 * PAD
        height = sum(item.height for item in items) + 2 * PAD - 5
        if width * height > LARGEST_SHARE * frame.width * frame.height or height > frame.height - 24:
            continue
        left, top = frame.right - 12 - width, frame.bottom - 12 - height
        if left < frame.left + SCALE_WIDTH:
            top = max(top - SCALE_HEIGHT, frame.top + 6)
        paper.open(class_="legend")
        paper.add("rect", x=left, y=top, width=width, height=height, rx=6, fill=tones.PAPER, stroke=tones.LINE)
        y = top + PAD - 3
        for item in items:
            item.draw(paper, left + PAD, y)
            y += item.height
        paper.close()
        return Box(left, top, left + width, top + height)
    return None


def _head(paper: Paper, text: str, unit: str = "") -> _Item:
    face = paper.typeface
    width = face.width(text, SIZE, tones.BOLD) + (8 + face.width(unit, SIZE) if unit else 0)

    def made(paper: Paper, x: float, y: float) -> None:
        end = x + paper.text(x, y + 13, text, SIZE, fill=tones.INK_2, weight=tones.BOLD)
        if unit:
            paper.text(end + 8, y + 13, unit, SIZE, fill=tones.INK_2)

    return _Item(HEAD, width, made)


def _row(paper: Paper, text: str, sign: Draw, room: float = 22.0, after: str = "") -> _Item:
    face = paper.typeface
    lines = face.lines(text, SIZE, MOST - room - (14 + face.width(after, SIZE) if after else 0))
    width = room + max(face.width(line, SIZE) for line in lines) + (14 + face.width(after, SIZE) if after else 0)

    def made(paper: Paper, x: float, y: float) -> None:
        sign(paper, x, y + ROW / 2)
        for at, line in enumerate(lines):
            end = x + room + paper.text(x + room, y + 14 + STEP * at, line, SIZE, fill=tones.INK)
        if after:
            paper.text(end + 14, y + 14 + STEP * (len(lines) - 1), after, SIZE, fill=tones.INK_2)

    return _Item(ROW + STEP * (len(lines) - 1), width, made)


def _scale(paper: Paper, scale: Heat | Choropleth | None, words: Words, lang: str) -> list[_Item]:
    if scale is None:
        return []
    unit = scale.payload()["unit"][lang]
    if unit.casefold() == words.measure.casefold():
        unit = ""  # "Projects projects" says nothing more
    if isinstance(scale, Choropleth):
        rows = [
            _row(
                paper,
                entry["label"],
                _swatch(HATCHED if entry.get("missing") else entry["colour"]),
                after=figure(entry["n"]),
            )
            for entry in scale.legend
        ]
        return [_head(paper, words.measure, unit), *rows]
    steps = sorted(scale.payload()["legend"], key=lambda step: float(step["value"]))
    if not steps:
        return [_head(paper, words.heat, unit)]
    step_px = max(max(paper.typeface.width(step["label"], 11) for step in steps) + 8, 34.0)

    def ramp(paper: Paper, x: float, y: float) -> None:
        for at, step in enumerate(steps):
            paper.add("rect", x=x + at * step_px, y=y + 2, width=step_px, height=12.0, fill=step["colour"])
            paper.text(x + (at + 0.5) * step_px, y + 27, step["label"], 11, fill=tones.INK_2, anchor="middle")

    return [_head(paper, words.heat, unit), _Item(36.0, step_px * len(steps), ramp)]


def _clusters(paper: Paper, content: Content, world: World, words: Words, lang: str) -> list[_Item]:
    shown = [
        (cluster.colour, cluster.label.text(lang))
        for cluster in world.chains.clusters.values()
        if cluster.id in content.clusters
    ]
    if "" in content.clusters:
        shown.append((tones.NO_CHAIN, words.no_chain))
    if not shown:
        return []
    return [_head(paper, words.chains), *(_row(paper, text, _dot(colour), 20.0) for colour, text in shown)]


def _signs(paper: Paper, content: Content, words: Words) -> list[_Item]:
    rows = []
    if "ring" in content.sorts:
        rows.append(_row(paper, words.ring, _ring, SIGN))
    if "badge" in content.sorts:
        rows.append(_row(paper, words.badge, _badge, SIGN))
    rows += [
        _row(paper, words.kinds.get(kind, kind), _symbol(content.symbols.get(kind, "circle"), demo=False), SIGN)
        for kind in content.kinds
    ]
    for kinds, sign in ((content.areas, _area), (content.lines, _line)):
        if kinds:
            rows.append(_row(paper, words.enumeration.join(words.kinds.get(kind, kind) for kind in kinds), sign, SIGN))
    if content.demo:
        rows.append(_row(paper, words.demo_sign, _symbol("hexagon", demo=True), SIGN))
    return [_head(paper, words.signs), *rows] if rows else []


def _note(paper: Paper, scale: Heat | Choropleth | None) -> list[_Item]:
    if scale is None:
        return []
    payload = scale.payload()
    lines = paper.typeface.lines(str(payload["note"]), NOTE, MOST)

    def line(text: str) -> _Item:
        def made(paper: Paper, x: float, y: float) -> None:
            paper.text(x, y + 12, text, NOTE, fill=tones.INK_2)

        return _Item(14.5, MOST, made)

    return [line(text) for text in lines]


def _swatch(colour: str) -> Draw:
    def made(paper: Paper, x: float, y: float) -> None:
        fill = tones.NO_DATA if colour == HATCHED else colour
        paper.add("rect", x=x, y=y - 6, width=12, height=12, rx=2.5, fill=fill, stroke="#c8c2b2", stroke_width=0.8)
        if colour == HATCHED:
            data = f"M{x + 1:.2f} {y:.2f}l5 -5M{x + 1:.2f} {y + 5:.2f}l10 -10M{x + 6:.2f} {y + 5:.2f}l5 -5"
            paper.add("path", d=data, stroke="#c8c2b2", stroke_width=1)

    return made


def _dot(colour: str) -> Draw:
    return lambda paper, x, y: paper.add("circle", cx=x + 6, cy=y, r=6, fill=colour)


def _ring(paper: Paper, x: float, y: float) -> None:
    paper.open(transform=f"translate({x + 11:.2f} {y:.2f})")
    signs.ring(paper, (("", 3), ("-", 2)), 0, 19, None, demo=False)
    paper.close()


def _badge(paper: Paper, x: float, y: float) -> None:
    paper.add("rect", x=x, y=y - 7, width=23, height=14, rx=4, fill=tones.PAPER, stroke="#c8c2b2")
    signs.bar(paper, (("", 1),), (x + 4, y + 3, 15, 2.5), None)


def _area(paper: Paper, x: float, y: float) -> None:
    paper.add("rect", x=x + 2, y=y - 7, width=19, height=13, rx=2, fill=tones.SIGN, fill_opacity=0.3, stroke=tones.SIGN)


def _line(paper: Paper, x: float, y: float) -> None:
    paper.add("rect", x=x + 1, y=y - 1.5, width=21, height=3.2, rx=1.5, fill=tones.SIGN)


def _symbol(name: str, *, demo: bool) -> Draw:
    def made(paper: Paper, x: float, y: float) -> None:
        paper.open(transform=f"translate({x + 11:.2f} {y:.2f})")
        signs.symbol(paper, name, "#ffffff" if demo else tones.SIGN, demo=demo, size=19)
        paper.close()

    return made
