"""Why an area is not valid: which rings cross, touch, lie outside, lie in one another, and where.

Only what shapely (GEOS) calls invalid is looked into, each such parcel by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import numpy as np
import shapely
from numpy.typing import NDArray

from datasets.labels import Label
from geo.check.outlines import Outlines
from geo.check.spot import Geometries, Points, Spot, Spotted, error, point_of

MOST_SEGMENTS = 200_000  # of a ring whose crossings are all looked for; of a longer one only the first is told
MOST_CROSSINGS = 20
MOST_PAIRS = 2_000_000
MOST_RINGS = 2_000
REASONS = {
    "Self-intersection": Label("界线自相交", "the boundary crosses itself"),
    "Ring Self-intersection": Label("界线自相接触", "the boundary touches itself"),
    "Hole lies outside shell": Label("洞在外圈之外", "a hole lies outside its shell"),
    "Holes are nested": Label("洞中套洞", "a hole lies in another hole"),
    "Nested holes": Label("洞中套洞", "a hole lies in another hole"),
    "Nested shells": Label("一部分位于另一部分之内", "one part lies inside another"),
    "Duplicate Rings": Label("有重复的圈", "a ring occurs twice"),
    "Interior is disconnected": Label("洞把图形隔断为几块", "the holes cut the area into pieces"),
    "Too few points in geometry component": Label("点数不足，构不成面", "too few points to enclose anything"),
    "Invalid Coordinate": Label("坐标不是有限数值", "a coordinate is not finite"),
    "Ring is not closed": Label("界线没有闭合", "the boundary is not closed"),
    "Hole is outside": Label("洞在外圈之外", "a hole lies outside its shell"),
}
UNKNOWN_REASON = Label("图形不合规则", "the geometry is not valid")


def reason(geometry: shapely.Geometry) -> tuple[str, Label, shapely.Geometry | None]:
    """What shapely says is wrong with a geometry: its words, ours, and the point that it names."""
    said = str(shapely.is_valid_reason(geometry))
    name, _, rest = said.partition("[")
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", rest)]
    spot = point_of(np.array(numbers[:2])) if len(numbers) >= 2 else None
    return name, REASONS.get(name, UNKNOWN_REASON), spot


def crossings(geometries: Geometries, flat: Outlines, sound: NDArray[np.bool_]) -> Spotted:
    """Spots of WGS-84 areas; sound: (count,) which need no look, being valid or their fault being told already."""
    areal = np.unique(flat.feature)
    for row in areal[~sound[areal]]:
        spots = list(_of(row, flat))
        if not spots:
            name, words, place = reason(geometries[row])
            code = "interior-disconnected" if name == "Interior is disconnected" else "geometry-invalid"
            spots = [error(code, words.zh, words.en, geometry=place)]
        for spot in spots:
            yield int(row), spot


def _of(row: int, flat: Outlines) -> Iterator[Spot]:
    rings = np.flatnonzero(flat.feature == row)
    if len(rings) > MOST_RINGS:
        return
    points = [flat.lonlat[flat.starts[ring] : flat.starts[ring + 1]] for ring in rings]
    faces = [shapely.Polygon(each) for each in points]
    sound = [bool(shapely.is_valid(face)) for face in faces]
    for number, (face, xy, valid) in enumerate(zip(faces, points, sound, strict=True), start=1):
        if not valid:
            yield from _own(number, face, xy)
    yield from _between(faces, flat.part[rings], flat.hole[rings], sound)


def _own(number: int, face: shapely.Geometry, xy: Points) -> Iterator[Spot]:
    name, words, first = reason(face)
    touches = name == "Ring Self-intersection"
    code = "ring-touches-itself" if touches else "ring-self-crossing"
    places = list(islice(self_crossings(xy), MOST_CROSSINGS + 1)) if len(xy) <= MOST_SEGMENTS else []
    if not places:
        zh, en = f"第 {number} 圈：{words.zh}", f"ring {number}: {words.en}"
        yield error(code, zh, en, ring=number, geometry=first)
        return
    for place, (segment, other, spot) in enumerate(places[:MOST_CROSSINGS], start=1):
        cut = place == MOST_CROSSINGS < len(places)
        tail = ("；另有多处", "; and more") if cut else ("", "")
        verb = ("相触", "touches") if touches else ("相交", "crosses")
        zh = f"第 {number} 圈自{verb[0]}：第 {segment + 1} 点之后的边与第 {other + 1} 点之后的边{verb[0]}{tail[0]}"
        en = f"ring {number} {verb[1]} itself: the side after point {segment + 1} {verb[1]} the one after point {other + 1}{tail[1]}"
        yield error(code, zh, en, ring=number, point=segment + 1, geometry=spot)


def self_crossings(xy: Points) -> Iterator[tuple[int, int, shapely.Geometry]]:
    """Where sides of a closed ring meet that are not neighbours: the two sides' first points (from 0) and the place."""
    start, sides = _sides(xy)
    if len(start) < 3 or _tangle(sides) > MOST_PAIRS:
        return
    first, second = shapely.STRtree(list(sides)).query(sides, predicate="intersects")
    gap = second - first
    apart = (gap > 1) & (gap < len(start) - 1)
    first, second = first[apart], second[apart]
    order = np.lexsort((second, first))
    seen: set[tuple[float, ...]] = set()
    for one, two in zip(first[order].tolist(), second[order].tolist(), strict=True):
        spot = shapely.intersection(sides[one], sides[two])
        key = tuple(np.round(spot.bounds, 9))
        if key not in seen:
            seen.add(key)
            yield int(start[one]), int(start[two]), spot


def is_tangled(xy: Points) -> bool:
    """Whether a ring crosses itself so often that working it out would not end."""
    return _tangle(_sides(xy)[1]) > MOST_PAIRS


def _sides(xy: Points) -> tuple[NDArray[np.intp], Geometries]:
    start = np.flatnonzero((xy[1:] != xy[:-1]).any(axis=1))
    sides = np.asarray(shapely.linestrings(np.stack([xy[start], xy[start + 1]], axis=1)), object)
    return start, sides


def _tangle(sides: Geometries) -> float:
    """About how many pairs of sides lie near each other, known from a sample."""
    sample = sides[:: max(1, len(sides) // 100)]
    hits = int(shapely.STRtree(list(sides)).query(sample).shape[1])
    return hits / max(len(sample), 1) * len(sides)


def _between(
    faces: list[shapely.Polygon], parts: NDArray[np.int64], holes: NDArray[np.bool_], sound: list[bool]
) -> Iterator[Spot]:
    shells = {int(part): ring for ring, part in enumerate(parts) if not holes[ring]}
    tree = shapely.STRtree(faces)
    for ring, face in enumerate(faces):
        shell = shells[int(parts[ring])]
        if holes[ring] and sound[ring] and sound[shell]:
            yield from _hole(ring + 1, face, faces[shell])
    pairs = tree.query(faces, predicate="intersects")
    for one, two in pairs.T.tolist():
        if one < two and sound[one] and sound[two] and holes[one] == holes[two]:
            if holes[one] and parts[one] != parts[two]:
                continue
            yield from _pair(one + 1, two + 1, faces[one], faces[two], bool(holes[one]), faces, holes, parts)


def _hole(number: int, hole: shapely.Polygon, shell: shapely.Polygon) -> Iterator[Spot]:
    if hole.equals(shell):
        yield _repeated(number, hole)
    elif not shapely.relate_pattern(hole, shell, "T********"):
        yield error(
            "hole-outside",
            f"第 {number} 圈是洞，却在外圈之外",
            f"ring {number} is a hole but lies outside its shell",
            ring=number,
            geometry=hole,
        )
    elif not shell.covers(hole):
        yield error(
            "hole-crosses-shell",
            f"第 {number} 圈是洞，却越出外圈",
            f"ring {number} is a hole but reaches across its shell",
            ring=number,
            geometry=hole.difference(shell),
        )


def _pair(
    one: int,
    two: int,
    first: shapely.Polygon,
    second: shapely.Polygon,
    are_holes: bool,
    faces: list[shapely.Polygon],
    holes: NDArray[np.bool_],
    parts: NDArray[np.int64],
) -> Iterator[Spot]:
    if not shapely.relate_pattern(first, second, "T********"):
        return
    if first.equals(second):
        yield _repeated(two, second)
        return
    inner, outer, small, large = (one, two, first, second) if second.covers(first) else (two, one, second, first)
    nested = large.covers(small)
    if nested and not are_holes and _in_a_hole(small, outer - 1, faces, holes, parts):
        return
    code, zh, en = {
        (True, True): ("holes-nested", "两个洞一个套着一个", "one hole lies in another"),
        (True, False): ("holes-overlap", "两个洞互相重叠", "two holes overlap"),
        (False, True): ("shells-nested", "一部分位于另一部分之内", "one part lies inside another"),
        (False, False): ("parts-overlap", "两部分互相重叠", "two parts overlap"),
    }[are_holes, nested]
    spot = first.intersection(second)
    yield error(code, f"第 {inner}、{outer} 圈：{zh}", f"rings {inner} and {outer}: {en}", ring=inner, geometry=spot)


def _in_a_hole(
    small: shapely.Polygon,
    outer: int,
    faces: list[shapely.Polygon],
    holes: NDArray[np.bool_],
    parts: NDArray[np.int64],
) -> bool:
    """Whether an island lies in a hole of the part around it, as it should."""
    own = np.flatnonzero(holes & (parts == parts[outer]))
    return any(faces[hole].covers(small) for hole in own)


def _repeated(number: int, ring: shapely.Polygon) -> Spot:
    return error(
        "ring-repeated",
        f"第 {number} 圈与另一圈完全相同",
        f"ring {number} is the same as another one",
        ring=number,
        geometry=ring,
    )
