"""Rings that are not as a boundary should be: too few points, doubled points, spikes, slivers; all parcels at once.

Thresholds, in metres on the ground: points within 1 cm are one (surveyed points are given to the millimetre or centimetre);
a spike turns back by less than 1° and is at least 1 m long on both sides; a part or hole is a sliver below 1 ㎡ or where its
mean width (2 × area ÷ perimeter) is below 0.1 m; a parcel below 1 ㎡ is no parcel. A ring of more than 100,000 points is slow
on the map.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.check.corners import Corners
from geo.check.crossings import crossings
from geo.check.outlines import Index, Outlines
from geo.check.spot import Geometries, Points, Spot, Spotted, error, info, point_of, warning
from geo.model import Feature

SPIKE_DEGREES = 1.0
SPIKE_M = 1.0
SLIVER_M2 = 1.0
SLIVER_WIDTH_M = 0.1
MANY_POINTS = 100_000
MOST_SPOTS = 20  # of one code in one feature; the last says how many more there are
AREAL_KINDS = ("plot",)


def check_rings(
    geometries: Geometries,
    kind: type[Feature],
    given: Geometries | None = None,
    outlines: Outlines | None = None,
    known_valid: NDArray[np.bool_] | None = None,
) -> Spotted:
    """Spots of everything that is wrong with the shapes of WGS-84 geometries (None where a row has none).

    given: the same in the file's coordinates, for Z and M and for the coordinates that a spot names. outlines, known_valid: of
    the geometries (shapely.is_valid), where the caller has them.
    """
    flat = outlines if outlines is not None else Outlines.of(geometries)
    corners = Corners.of(flat)
    source = np.empty((0, 2)) if given is None else _given_points(given, flat)
    short = np.zeros(len(geometries), bool)
    short[flat.feature[corners.counts < 3]] = True
    valid = shapely.is_valid(geometries) if known_valid is None else known_valid
    return chain(
        _dimensions(geometries if given is None else given),
        _types(geometries, kind, shapely.is_missing(geometries if given is None else given)),
        _too_few(flat, corners),
        _doubled(flat, corners, source),
        _spikes(flat, corners, source),
        _slivers(flat, corners, valid),
        _long(flat),
        crossings(geometries, flat, valid | short),
    )


def _given_points(given: Geometries, flat: Outlines) -> Points:
    rows = np.unique(flat.feature)
    points = shapely.get_coordinates(given[rows])
    return points if len(points) == len(flat.lonlat) else np.empty((0, 2))


def _dimensions(given: Geometries) -> Spotted:
    for row in np.flatnonzero(shapely.has_z(given)):
        yield int(row), info("z-ignored", "坐标带有高程，未采用", "the coordinates have heights, which are not used")
    for row in np.flatnonzero(shapely.has_m(given)):
        yield int(row), info("m-ignored", "坐标带有 M 值，未采用", "the coordinates have M values, which are not used")


def _types(geometries: Geometries, kind: type[Feature], absent: NDArray[np.bool_]) -> Spotted:
    empty = shapely.is_empty(geometries)
    for row in np.flatnonzero(empty):
        yield int(row), error("geometry-empty", "图形是空的", "the geometry is empty")
    if kind.kind not in AREAL_KINDS:
        return
    types = shapely.get_type_id(geometries)
    for row in np.flatnonzero(~empty & np.isin(types, (0, 1, 2, 4, 5, 7))):
        yield int(row), _no_area(geometries[row])
    # A shape that could not be placed on the map has a finding of its own.
    for row in np.flatnonzero((types == -1) & absent):
        yield (
            int(row),
            warning("geometry-absent", "没有图形，不会显示在地图上", "no geometry: it will not be on the map"),
        )


def _no_area(geometry: BaseGeometry) -> Spot:
    if geometry.geom_type in ("LineString", "LinearRing", "MultiLineString"):
        lines = shapely.get_parts(geometry)
        if all(shapely.is_closed(line) for line in lines):
            return warning(
                "line-for-area", "闭合的线，应为面", "a closed line where an area is meant", geometry=geometry
            )
        ends = shapely.MultiPoint(
            [line.coords[end] for line in lines for end in (0, -1) if not shapely.is_closed(line)]
        )
        return error("ring-not-closed", "界线没有闭合", "the boundary is not closed", geometry=ends)
    if geometry.geom_type == "GeometryCollection":
        return error(
            "geometry-mixed", "图形混有点、线、面", "the geometry mixes points, lines and areas", geometry=geometry
        )
    return warning(
        "point-for-area",
        "只有点位，没有界线，无法核对面积与重叠",
        "a point without a boundary: area and overlaps cannot be checked",
        geometry=geometry,
    )


def _too_few(flat: Outlines, corners: Corners) -> Spotted:
    for ring in np.flatnonzero(corners.counts < 3):
        number = int(flat.number[ring])
        yield (
            int(flat.feature[ring]),
            error(
                "ring-too-few-points",
                f"第 {number} 圈不足三个不同的点，构不成面",
                f"ring {number} has fewer than three different points and encloses nothing",
                ring=number,
                geometry=point_of(flat.lonlat[flat.starts[ring]]),
            ),
        )


def _doubled(flat: Outlines, corners: Corners, source: Points) -> Spotted:
    found = corners.repeats[corners.counts[flat.ring[corners.repeats]] >= 3]
    for row, index, number, point, more in _numbered(flat, found):
        zh, en = _place(number, point, index, source)
        yield (
            row,
            warning(
                "duplicate-point",
                f"{zh}与相邻的点重复（相距不足 1 厘米）{_more(more)[0]}",
                f"{en} repeats its neighbour (within 1 cm){_more(more)[1]}",
                **_at(flat, index, number, point, source),
            ),
        )


def spike_corners(flat: Outlines, corners: Corners) -> Index:
    """The places among the corners at which a ring turns back on itself."""
    x, y = flat.xy[0][corners.index], flat.xy[1][corners.index]
    back_x, back_y = x[corners.before] - x, y[corners.before] - y
    on_x, on_y = x[corners.after] - x, y[corners.after] - y
    dot = back_x * on_x + back_y * on_y
    cross = np.abs(back_x * on_y - back_y * on_x)
    sharp = (dot > 0) & (cross < math.tan(math.radians(SPIKE_DEGREES)) * dot)
    long = np.minimum(back_x**2 + back_y**2, on_x**2 + on_y**2) >= SPIKE_M**2
    return np.flatnonzero(sharp & long & (corners.counts[flat.ring[corners.index]] >= 3))


def _spikes(flat: Outlines, corners: Corners, source: Points) -> Spotted:
    for row, index, number, point, more in _numbered(flat, corners.index[spike_corners(flat, corners)]):
        zh, en = _place(number, point, index, source)
        yield (
            row,
            warning(
                "spike",
                f"{zh}是尖刺（夹角小于 1°）{_more(more)[0]}",
                f"{en} is the tip of a spike (an angle below 1°){_more(more)[1]}",
                **_at(flat, index, number, point, source),
            ),
        )


def sliver_rings(flat: Outlines) -> NDArray[np.bool_]:
    """(r,) which rings enclose less than 1 ㎡ or are on average narrower than 0.1 m."""
    width = 2 * flat.ring_area / np.maximum(flat.ring_length, 1e-9)
    return (flat.ring_area < SLIVER_M2) | (width < SLIVER_WIDTH_M)


def _slivers(flat: Outlines, corners: Corners, valid: NDArray[np.bool_]) -> Spotted:
    # A crossing ring's halves cancel each other out: its area says nothing.
    thin = sliver_rings(flat) & (corners.counts >= 3) & valid[flat.feature]
    sound = np.bincount(flat.feature[~flat.hole & ~thin], minlength=flat.count)
    for ring in np.flatnonzero(thin):
        row, number, area = int(flat.feature[ring]), int(flat.number[ring]), float(flat.ring_area[ring])
        spot = shapely.Polygon(flat.lonlat[flat.starts[ring] : flat.starts[ring + 1]])
        if flat.hole[ring]:
            zh, en = "洞", "hole"
        elif sound[row]:
            zh, en = "部分", "part"
        else:
            yield (
                row,
                error(
                    "parcel-tiny",
                    f"整块地只有 {area:.2f} ㎡或窄如一线，请核对坐标",
                    f"the whole parcel has only {area:.2f} m² or is as thin as a line; check its coordinates",
                    ring=number,
                    geometry=spot,
                ),
            )
            continue
        yield (
            row,
            warning(
                "sliver",
                f"第 {number} 圈是狭小的{zh}（{area:.2f} ㎡）",
                f"ring {number} is a sliver of a {en} ({area:.2f} m²)",
                ring=number,
                geometry=spot,
            ),
        )


def _long(flat: Outlines) -> Spotted:
    sizes = np.diff(flat.starts) - 1
    for ring in np.flatnonzero(sizes > MANY_POINTS):
        number, size = int(flat.number[ring]), int(sizes[ring])
        yield (
            int(flat.feature[ring]),
            warning(
                "ring-very-long",
                f"第 {number} 圈有 {size:,} 个点，处理较慢",
                f"ring {number} has {size:,} points and will be slow",
                ring=number,
            ),
        )


def _numbered(flat: Outlines, indices: Index) -> Iterator[tuple[int, int, int, int, int]]:
    """Row, index, ring number, point number of the points, at most 20 a feature; with the last, how many more there are."""
    rings = flat.ring[indices]
    rows = flat.feature[rings]
    totals = np.bincount(rows, minlength=flat.count)
    seen: dict[int, int] = {}
    for index, ring, row in zip(indices.tolist(), rings.tolist(), rows.tolist(), strict=True):
        seen[row] = seen.get(row, 0) + 1
        if seen[row] <= MOST_SPOTS:
            more = int(totals[row]) - MOST_SPOTS if seen[row] == MOST_SPOTS else 0
            yield row, index, int(flat.number[ring]), index - int(flat.starts[ring]) + 1, more


def _place(number: int, point: int, index: int, source: Points) -> tuple[str, str]:
    if not len(source):
        return f"第 {number} 圈第 {point} 点", f"point {point} of ring {number}"
    x, y = source[index]
    digits = 7 if max(abs(x), abs(y)) <= 360 else 3
    return (
        f"第 {number} 圈第 {point} 点（{x:.{digits}f}, {y:.{digits}f}）",
        f"point {point} of ring {number} ({x:.{digits}f}, {y:.{digits}f})",
    )


def _at(flat: Outlines, index: int, number: int, point: int, source: Points) -> dict[str, object]:
    at = (float(source[index][0]), float(source[index][1])) if len(source) else None
    return {"geometry": point_of(flat.lonlat[index]), "ring": number, "point": point, "at": at}


def _more(count: int) -> tuple[str, str]:
    return (f"；另有 {count} 处", f"; and {count} more") if count > 0 else ("", "")
