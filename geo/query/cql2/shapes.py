"""Geometries in a filter: literals in the filter's system, and spatial functions on the geometry of the record."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs.faults import OutOfDomain
from geo.crs.ogc import OgcCrs
from geo.publish import Table
from geo.publish.packed import offsets_of, runs
from geo.publish.shapes import POLYGON
from geo.query.cql2.faults import Misfit
from geo.query.cql2.ternary import Mask, Ternary
from geo.query.selection import Listed

CHUNK = 1 << 16  # geometries made at a time
BOX_VERTICES = 5
# Farther than any system has places, and near enough for numbers to tell two of them apart: degrees, and metres.
NOWHERE, FARTHEST = 1e3, 1e9
STEPS = 32  # a side of a box in a plane is a curve on the Earth: in so many straight pieces

# The predicate on (literal, geometries): prepared once, asked of many.
_TURNED: Mapping[str, Callable[..., Any]] = {
    "intersects": shapely.intersects,
    "equals": shapely.equals,
    "touches": shapely.touches,
    "crosses": shapely.crosses,
    "overlaps": shapely.overlaps,
    "within": shapely.contains,
    "contains": shapely.within,
}
RELATIONS = frozenset({*_TURNED, "disjoint"})


def read_geometry(literal: Mapping[str, Any], crs: OgcCrs) -> shapely.Geometry:
    """The WGS-84 lon/lat geometry of a GeoJSON literal in `crs`. Raises Misfit."""
    try:
        shape = shapely.from_geojson(json.dumps(literal, allow_nan=False))
    except (shapely.GEOSException, ValueError, TypeError):
        raise Misfit("几何无效：坐标的写法不对", "the geometry is malformed") from None
    if shape is None or shapely.is_empty(shape):
        raise Misfit("几何为空", "the geometry is empty")
    shape = shapely.force_2d(shape)
    if not shapely.is_valid(shape):
        reason = shapely.is_valid_reason(shape)
        raise Misfit(f"几何无效（{reason}）", f"the geometry is not valid ({reason})")
    return _to_lonlat(shape, crs)


def read_bbox(numbers: object, crs: OgcCrs) -> shapely.Geometry:
    """The WGS-84 area of a box of four numbers (six: with heights, left aside) in `crs`. Raises Misfit."""
    if not isinstance(numbers, list) or len(numbers) not in (4, 6) or not all(_is_number(n) for n in numbers):
        raise Misfit("BBOX 应为四个数字", "BBOX takes four numbers")
    half = len(numbers) // 2
    (x0, y0), (x1, y1) = numbers[:2], numbers[half : half + 2]
    if crs.swapped:
        x0, y0, x1, y1 = y0, x0, y1, x1
    if y0 > y1 or (x0 > x1 and not crs.geographic):
        raise Misfit("BBOX 的最小值大于最大值", "BBOX has a minimum above its maximum")
    if max(map(abs, (x0, y0, x1, y1))) > (NOWHERE if crs.geographic else FARTHEST):
        raise Misfit("BBOX 超出坐标系的范围", "BBOX lies outside of its system")
    spans = [(x0, x1)] if x0 <= x1 else [(x0, 180.0), (-180.0, x1)]  # beyond the antimeridian and on
    boxes = [_rectangle(west, y0, east, y1) for west, east in spans]
    if not crs.geographic and (x0, y0) != (x1, y1):
        boxes = [shapely.segmentize(each, max(x1 - x0, y1 - y0, 1e-9) / STEPS) for each in boxes]
    return _moved(boxes[0] if len(boxes) == 1 else shapely.union_all(boxes), crs)


def _rectangle(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """The box, or the line or point that it is where it has no width or height: an area of nothing meets nothing."""
    if west == east and south == north:
        return shapely.points(west, south)
    if west == east or south == north:
        return shapely.linestrings([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _to_lonlat(shape: shapely.Geometry, crs: OgcCrs) -> shapely.Geometry:
    return _moved(shapely.transform(shape, lambda xy: xy[:, ::-1]) if crs.swapped else shape, crs)


def _moved(shape: shapely.Geometry, crs: OgcCrs) -> shapely.Geometry:
    try:
        return crs.to_lonlat(shape)
    except OutOfDomain as fault:
        raise Misfit(fault.label.zh, fault.label.en) from None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def related(relation: str, table: Table, literal: shapely.Geometry) -> Ternary:
    """A spatial function on (geometry of the row, literal), in the plane of lon/lat; unknown where there is no geometry."""
    if relation == "disjoint":
        return ~related("intersects", table, literal)
    yes = np.zeros(table.rows, np.bool_)
    yes[related_rows(relation, table, literal)] = True
    return Ternary.of(yes, located(table))


def related_rows(relation: str, table: Table, literal: shapely.Geometry) -> Listed:
    """The rows, ascending, of which a spatial function (but `disjoint`) on (geometry of the row, literal) is true."""
    bounds = shapely.bounds(literal).tolist()
    if relation == "intersects" and _is_box(literal):
        return rows_in_box(table, *bounds)
    near = table.meeting(*bounds)
    true = np.zeros(len(near), np.bool_)
    if relation == "within" and _is_box(literal):
        true = _inside(table.bbox[near], *bounds)
    predicate = _TURNED[relation]
    shapely.prepare(literal)
    doubtful = np.flatnonzero(~true)
    for first in range(0, len(doubtful), CHUNK):
        own = doubtful[first : first + CHUNK]
        true[own] = predicate(literal, table.geometries(near[own]))
    return near[true]


def rows_in_box(table: Table, west: float, south: float, east: float, north: float) -> Listed:
    """The rows, ascending, whose geometry shares a point with a box that has a width and a height.

    Next to nothing of what meets a box need be made into geometries: only what stands across a corner of it with no
    vertex inside.
    """
    rows, doubtful = table.parted(west, south, east, north)
    if len(doubtful):
        doubtful = doubtful[~_with_vertices_in(table, doubtful, west, south, east, north)]
    if not len(doubtful):
        return rows
    apart = doubtful[~shapely.intersects(shapely.box(west, south, east, north), table.geometries(doubtful))]
    kept = np.ones(len(rows), np.bool_)
    kept[np.searchsorted(rows, apart)] = False
    return rows[kept]


def _with_vertices_in(table: Table, rows: Listed, west: float, south: float, east: float, north: float) -> Mask:
    """Which of the rows have a vertex in a box or on its edge; those of `table.shapes` are vertices of the geometry too."""
    first = table.outlines.first
    positions, offsets = runs(first[rows], first[rows + 1])
    x, y = table.shapes.xy[positions].T
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    before = offsets_of(inside)[offsets]
    found: Mask = before[1:] > before[:-1]
    return found


def _inside(boxes: NDArray[np.float64], west: float, south: float, east: float, north: float) -> Mask:
    """Which boxes (n, 4) lie strictly inside of another."""
    left, bottom, right, top = boxes.T
    inside: Mask = (left > west) & (right < east) & (bottom > south) & (top < north)
    return inside


def related_to_itself(relation: str, table: Table) -> Ternary:
    """A spatial function on the geometry of the row twice."""
    known = located(table)
    yes = np.zeros(table.rows, np.bool_)
    if relation in ("intersects", "equals", "within", "contains"):
        yes = known
    return Ternary.of(yes, known)


def located(table: Table) -> NDArray[np.bool_]:
    """Which rows have a geometry."""
    known = np.zeros(table.rows, np.bool_)
    known[: table.located] = True
    return known


def _is_box(literal: shapely.Geometry) -> bool:
    return bool(
        shapely.get_type_id(literal) == POLYGON
        and shapely.get_num_coordinates(literal) == BOX_VERTICES
        and shapely.equals(literal, shapely.box(*shapely.bounds(literal)))
    )


def related_literals(relation: str, one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """A spatial function on two literals."""
    if relation == "disjoint":
        return bool(shapely.disjoint(one, other))
    return bool(_TURNED[relation](other, one))
