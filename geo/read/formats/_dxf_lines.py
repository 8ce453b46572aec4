"""Closed lines of a drawing as rings in the plane; arcs become short straight segments."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.read.vectors import quietly

Points = NDArray[np.float64]

ARC_TOLERANCE = 0.05
"""How far, in metres, a straight segment may lie off the arc it stands for."""

MOST_ENTITIES = 500_000
MOST_COPIES = 10_000
_MOST_SEGMENTS = 4096
_EXACT = 1e-3
_NEARLY = 0.5
_FIT_CONTROL = 16
_KINDS = frozenset({"LWPOLYLINE", "POLYLINE", "TEXT", "ATTRIB", "MTEXT", "LINE", "ARC", "SPLINE", "INSERT"})
_UPRIGHT = (0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Line:
    """A polyline: corners (n, 2) in drawing units, arcs by their bulge (n,), whether the drawing says that it is closed."""

    layer: str
    handle: str
    xy: Points
    bulges: Points
    closed: bool


@dataclass(frozen=True)
class Text:
    """A text of the drawing and the point at which it is anchored."""

    text: str
    x: float
    y: float


@dataclass
class Gathered:
    """What a drawing holds for us, and what of it could not be used."""

    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    loose: int = 0
    nested: int = 0
    exploded: int = 0
    high: bool = False
    damaged: list[str] = field(default_factory=list)
    too_many: bool = False


def gathered(modelspace: Any, tick: Callable[[int], None]) -> Gathered:
    """The polylines and texts of the model space, those in inserted blocks (one level deep) included."""
    found = Gathered()
    for number, (entity, layer, handle) in enumerate(_entities(modelspace, found), start=1):
        if number > MOST_ENTITIES:
            found.too_many = True
            break
        if number % 2000 == 0:
            tick(number)
        try:
            _take(entity, layer, handle, found)
        except Exception:  # a damaged entity may fail anywhere inside the library; the others are sound
            found.damaged.append(f"{_clean(layer)}:{handle}")
    return found


@quietly
def ring_of(line: Line, scale: float) -> Points | None:
    """The line's corners in metres with its arcs flattened; None where it is open.

    A line counts as closed when the drawing says so, when its last corner equals the first within 1 mm, or when the gap is
    under 0.5 m and under half of its usual segment (which `rings.assembled` then reports).
    """
    xy = line.xy * scale
    if not line.closed and not _meets(xy):
        return None
    if not line.bulges.any():
        return xy
    corners = [xy[0]]
    last = len(xy) if line.closed else len(xy) - 1
    for index in range(last):
        start, end = xy[index], xy[(index + 1) % len(xy)]
        corners += _arc(start, end, float(line.bulges[index]))
        if index + 1 < len(xy):
            corners.append(end)
    return np.array(corners)


def _meets(xy: Points) -> bool:
    if len(xy) < 4:
        return False
    gap = float(np.hypot(*(xy[-1] - xy[0])))
    usual = float(np.median(np.hypot(*np.diff(xy, axis=0).T)))
    return gap <= _EXACT or gap <= min(_NEARLY, usual / 2)


def _arc(start: Points, end: Points, bulge: float) -> list[Points]:
    """Points between start and end of an arc; bulge is the tangent of a quarter of its angle, positive to the left."""
    chord = float(np.hypot(*(end - start)))
    if not bulge or not chord or not math.isfinite(chord) or not math.isfinite(bulge) or abs(bulge) < 1e-9:
        return []
    radius = chord * (1 + bulge * bulge) / (4 * abs(bulge))
    angle = 4 * math.atan(bulge)
    left = np.array([start[1] - end[1], end[0] - start[0]]) / chord
    centre = (start + end) / 2 + left * (chord / 2) * (1 - bulge * bulge) / (2 * bulge)
    step = 2 * math.acos(max(1 - ARC_TOLERANCE / radius, -1.0)) if math.isfinite(radius) else 0.0
    count = min(math.ceil(abs(angle) / step), _MOST_SEGMENTS) if step > 0 else 1
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turns = first + angle * np.arange(1, count) / count
    return list(centre + radius * np.column_stack([np.cos(turns), np.sin(turns)]))


def _entities(modelspace: Any, found: Gathered) -> Iterator[tuple[Any, str, str]]:
    """Each entity with its layer and handle; those of a block take the insert's handle and a number."""
    for entity in modelspace:
        kind = entity.dxftype()
        if kind not in _KINDS or (kind == "INSERT" and found.too_many):
            continue
        layer = handle = "?"
        try:
            layer, handle = str(entity.dxf.get("layer", "0")), str(entity.dxf.get("handle") or "?")
            if kind == "INSERT":
                yield from ((attribute, layer, handle) for attribute in entity.attribs)
                yield from _inserted(entity, layer, handle, found)
        except Exception:  # as above: what a block holds is as untrusted as the rest
            found.damaged.append(f"{_clean(layer)}:{handle}")
            continue
        if kind != "INSERT":
            yield entity, layer, handle


def _inserted(insert: Any, layer: str, handle: str, found: Gathered) -> Iterator[tuple[Any, str, str]]:
    if insert.mcount > MOST_COPIES:
        found.too_many = True
        return
    copies = insert.multi_insert() if insert.mcount > 1 else (insert,)
    number = 0
    for copy in copies:
        for entity in copy.virtual_entities():
            number += 1
            found.exploded += 1
            if found.exploded > MOST_ENTITIES:
                found.too_many = True
                return
            if entity.dxftype() == "INSERT":
                found.nested += 1
            if entity.dxftype() not in _KINDS or entity.dxftype() == "INSERT":
                continue
            own = str(entity.dxf.get("layer", "0"))
            # What is drawn on layer 0 of a block lies on the layer of the insert.
            yield entity, layer if own == "0" else own, f"{handle}.{number}"


def _take(entity: Any, layer: str, handle: str, found: Gathered) -> None:
    kind = entity.dxftype()
    if kind == "LWPOLYLINE":
        corners = np.array(entity.get_points("xyb"), dtype=np.float64).reshape(-1, 3)
        _add(found, layer, handle, entity, corners[:, :2], corners[:, 2], bool(entity.closed))
        found.high = found.high or bool(entity.dxf.get("elevation", 0))
    elif kind == "POLYLINE" and not (entity.is_poly_face_mesh or entity.is_polygon_mesh):
        vertices = [each for each in entity.vertices if not each.dxf.get("flags", 0) & _FIT_CONTROL]
        places = np.array([tuple(each.dxf.location) for each in vertices], dtype=np.float64).reshape(-1, 3)
        bulges = np.array([each.dxf.get("bulge", 0) for each in vertices], dtype=np.float64)
        _add(found, layer, handle, entity, places[:, :2], bulges, bool(entity.is_closed))
        found.high = found.high or bool(places[:, 2].any())
    elif kind in ("TEXT", "ATTRIB", "MTEXT"):
        _add_text(entity, found)
    elif kind in ("LINE", "ARC", "SPLINE"):
        found.loose += 1


def _add(found: Gathered, layer: str, handle: str, entity: Any, xy: Points, bulges: Points, closed: bool) -> None:
    """Notes a polyline in world coordinates: it may be drawn on a plane of its own, often the mirrored one."""
    if not len(xy):
        return
    extrusion = tuple(entity.dxf.get("extrusion", _UPRIGHT))
    if extrusion != _UPRIGHT and not (entity.dxftype() == "POLYLINE" and entity.is_3d_polyline):
        height = entity.dxf.get("elevation", 0)
        height = height if isinstance(height, int | float) else height.z
        points = entity.ocs().points_to_wcs([(float(x), float(y), float(height)) for x, y in xy])
        xy = np.array([(each.x, each.y) for each in points], dtype=np.float64).reshape(-1, 2)
        bulges = -bulges if extrusion[2] < 0 else bulges
    found.lines.append(Line(_clean(layer), handle, xy, bulges, closed))


def _clean(text: str) -> str:
    """Text without the half characters that stand for undecodable bytes."""
    return text.encode("utf-8", "replace").decode()


def _add_text(entity: Any, found: Gathered) -> None:
    text = " ".join(str(entity.plain_text()).split())
    if not text:
        return
    place = entity.dxf.get("insert")
    if entity.dxftype() != "MTEXT" and (entity.dxf.get("halign", 0) or entity.dxf.get("valign", 0)):
        place = entity.dxf.get("align_point") or place
    x, y = float(place[0]), float(place[1])
    if math.isfinite(x) and math.isfinite(y):
        found.texts.append(Text(_clean(text), x, y))
