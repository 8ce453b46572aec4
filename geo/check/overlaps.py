"""Areas that lie on one another: parcels of the file among themselves, and on published or pending ones.

Below 0.01 ㎡ an overlap is rounding and not told. Below 1 ㎡, or 0.1 % of the smaller parcel, it comes from two surveys of one
border: info. Below 5 % of the smaller one it wants an eye: warning. Anything more is an error, for no ground is offered twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.check.existing import Existing
from geo.check.outlines import AREAL, areas_m2
from geo.check.spot import Geometries, Points, Spot, Spotted, error, info, warning

ROUNDING_M2 = 0.01
BORDER_M2 = 1.0
BORDER_SHARE = 0.001
EYE_SHARE = 0.05
SAME_DEGREES = 1e-7  # about a centimetre
METRES_PER_DEGREE = 111_320.0
MOST_NEIGHBOURS = 200
MOST_AT_ONCE = 2_000_000
MOST_COMPARED = 5_000  # points; comparing every point with every other costs their square

Pairs = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Overlaps:
    """Pairs of overlapping areas. first, second: (k,) their numbers. area: (k,) ㎡. shape: (k,) the common areas."""

    first: Pairs
    second: Pairs
    area: Points
    shape: Geometries


def overlaps(pairs: Pairs, first: Geometries, second: Geometries) -> Overlaps:
    """Which of the candidate pairs (2, n) really overlap by more than rounding. Invalid shapes are not compared."""
    a, b = pairs
    boxes_a, boxes_b = shapely.bounds(first[a]), shapely.bounds(second[b])
    wide = np.minimum(boxes_a[:, 2:], boxes_b[:, 2:]) - np.maximum(boxes_a[:, :2], boxes_b[:, :2])
    # The common box is the most that two areas can share: neighbours in a row need no closer look.
    near = (wide > 0).all(axis=1) & (wide.prod(axis=1) * METRES_PER_DEGREE**2 > ROUNDING_M2)
    a, b = a[near], b[near]
    meet = shapely.relate_pattern(first[a], second[b], "T********") if len(a) else np.zeros(0, bool)
    a, b = a[meet], b[meet]
    shape = shapely.intersection(first[a], second[b])
    area = areas_m2(_areas_only(shape)) if len(shape) else np.zeros(0)
    real = area > ROUNDING_M2
    return Overlaps(a[real], b[real], area[real], shape[real])


def _areas_only(shapes: Geometries) -> Geometries:
    """The areal parts of intersections, which may hold stray lines."""
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == 7)
    for index in mixed:
        parts = [part for part in shapely.get_parts(shapes[index]) if shapely.get_dimensions(part) == 2]
        shapes[index] = shapely.union_all(parts)
    return shapes


def comparable(geometries: Geometries, valid: NDArray[np.bool_]) -> Geometries:
    """The geometries that can be intersected: valid areas; None for the others."""
    usable = valid & np.isin(shapely.get_type_id(geometries), AREAL)
    chosen = np.full(len(geometries), None, object)
    chosen[usable] = geometries[usable]
    return chosen


def check_within(geometries: Geometries, areas: Points, wheres: Sequence[str], names: Sequence[str]) -> Spotted:
    """Spots of parcels of one file that lie on one another, told at both. geometries as `comparable` gives them.

    Of parcels with one and the same outline, the first is compared with the others, and the repetitions only named.
    """
    single, repeated = _without_repeats(geometries)
    for row, first in repeated:
        yield (
            row,
            error(
                "same-shape-in-file",
                f"图形与本文件中的“{names[first]}”（{wheres[first]}）完全相同",
                f"the shape is the same as that of '{names[first]}' in this file ({wheres[first]})",
                geometry=geometries[row],
            ),
        )
    pairs = near_pairs(shapely.STRtree(list(single)), single)
    found = overlaps(pairs[:, pairs[0] < pairs[1]], single, single)
    for one, two, area, shape in zip(
        found.first.tolist(), found.second.tolist(), found.area.tolist(), found.shape, strict=True
    ):
        for row, other in ((one, two), (two, one)):
            zh = f"本文件中的“{names[other]}”（{wheres[other]}）"
            en = f"'{names[other]}' in this file ({wheres[other]})"
            yield row, _spot(area, float(areas[row]), float(areas[other]), zh, en, shape, "file")


def _without_repeats(geometries: Geometries) -> tuple[Geometries, list[tuple[int, int]]]:
    """The geometries with each shape once, and (row, first row) of the repetitions."""
    first: dict[bytes, int] = {}
    repeated = []
    for row, wkb in enumerate(shapely.to_wkb(geometries)):
        if wkb is not None and first.setdefault(wkb, row) != row:
            repeated.append((row, first[wkb]))
    single = geometries.copy()
    single[[row for row, _ in repeated]] = None
    return single, repeated


def near_pairs(tree: shapely.STRtree, geometries: Geometries) -> Pairs:
    """Candidates (2, n): which geometries have a box that meets which of the tree; at most 200 for each, so that a heap of
    parcels on one spot does not use up the memory."""
    sample = geometries[:: max(1, len(geometries) // 200)]
    usual = tree.query(sample).shape[1] / max(len(sample), 1) + 1
    step = max(1, int(MOST_AT_ONCE / usual))
    found = [np.zeros((2, 0), np.intp)]
    for start in range(0, len(geometries), step):
        pairs = tree.query(geometries[start : start + step])
        order = np.argsort(pairs[0], kind="stable")
        own = pairs[0][order]
        rank = np.arange(len(own)) - np.searchsorted(own, own)
        few = order[rank < MOST_NEIGHBOURS]
        found.append(np.stack([pairs[0][few] + start, pairs[1][few]]))
    return np.concatenate(found, axis=1)


def check_existing(geometries: Geometries, areas: Points, ids: Sequence[str], existing: Existing) -> Spotted:
    """Spots of parcels that lie on others of the record, and of those that the record has just so.

    A parcel is not compared with its own earlier state, but told "unchanged" where its shape is the same.
    """
    if not len(existing):
        return
    yield from _unchanged(geometries, ids, existing)
    pairs = near_pairs(existing.tree, geometries)
    own = np.array([existing.place.get(name, -1) for name in ids])
    pairs = pairs[:, own[pairs[0]] != pairs[1]]
    valid = np.zeros(len(existing), bool)
    touched = np.unique(pairs[1])
    valid[touched] = shapely.is_valid(existing.geometries[touched])
    others = comparable(existing.geometries, valid)
    pairs = pairs[:, others[pairs[1]] != None]  # noqa: E711 (elementwise)
    found = overlaps(pairs, geometries, others)
    sizes = dict(zip(touched.tolist(), areas_m2(existing.geometries[touched]).tolist(), strict=True))
    for row, place, area, shape in zip(
        found.first.tolist(), found.second.tolist(), found.area.tolist(), found.shape, strict=True
    ):
        zh, en = existing.described(place)
        yield row, _spot(area, float(areas[row]), sizes[place], zh, en, shape, "record")


def _unchanged(geometries: Geometries, ids: Sequence[str], existing: Existing) -> Spotted:
    known = [(row, existing.place[name]) for row, name in enumerate(ids) if name in existing.place]
    if not known:
        return
    rows, places = np.array(known).T
    same = same_shape(geometries[rows], existing.geometries[places])
    for row in rows[same].tolist():
        yield row, info("unchanged", "图形与库中现有的相同", "the shape is the one that the record has already")


def same_shape(first: Geometries, second: Geometries) -> NDArray[np.bool_]:
    """Elementwise: whether the shapes are the same within a centimetre or two, wherever their rings begin."""
    same: NDArray[np.bool_] = shapely.equals_exact(
        shapely.normalize(first), shapely.normalize(second), tolerance=SAME_DEGREES
    )
    # Which point a normalised ring begins with may hang on the last digit: look again where all else fits.
    counts, others = shapely.get_num_coordinates(first), shapely.get_num_coordinates(second)
    near = np.abs(shapely.bounds(first) - shapely.bounds(second)).max(axis=1, initial=0) <= 2 * SAME_DEGREES
    alike = shapely.get_type_id(first) == shapely.get_type_id(second)
    again = np.flatnonzero(~same & near & alike & (counts == others) & (counts <= MOST_COMPARED))
    same[again] = shapely.hausdorff_distance(first[again], second[again]) <= 2 * SAME_DEGREES
    return same


def _spot(
    area: float,
    own: float,
    other: float,
    zh: str,
    en: str,
    shape: shapely.Geometry,
    among: Literal["file", "record"],
) -> Spot:
    share = area / max(min(own, other), 1e-9)
    mine = area / max(own, 1e-9)
    code = "overlap-in-file" if among == "file" else "overlap"
    zh, en = (
        f"与{zh}重叠 {area:,.2f} ㎡，占本地块 {mine:.2%}",
        f"overlaps {en} by {area:,.2f} m², {mine:.2%} of this parcel",
    )
    if area < BORDER_M2 or share < BORDER_SHARE:
        return info(f"{code}-small", zh, en, geometry=shape)
    return (error if share >= EYE_SHARE else warning)(code, zh, en, geometry=shape)
