"""GeoJSON geometries as shapely's: the usual ones all at once, odd ones singly with the words for what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.model.finding import Finding
from geo.read.faults import info
from geo.read.shaping import Malformed, closed_ring, together
from geo.read.vectors import Geometries, not_closed, quietly

MOST_NESTED = 8
"""A GeometryCollection may hold collections; more deeply than this nobody means it."""

_MULTI = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
TYPES = frozenset({"Point", "LineString", "Polygon", "GeometryCollection", *_MULTI})


@quietly
def shapes(values: Sequence[object], where: Sequence[str]) -> tuple[Geometries, dict[int, list[Finding]], bool]:
    """The geometries of these JSON values (None where there is none), findings by row, and whether there were heights."""
    found: Geometries = np.full(len(values), None, dtype=object)
    findings: dict[int, list[Finding]] = {}
    quick = _quick(values)
    if quick is not None:
        return quick[0], findings, quick[1]
    high = False
    for row, value in enumerate(values):
        if value is None:
            continue
        notes: set[str] = set()
        try:
            found[row] = _shape(value, notes, 0)
        except Malformed as fault:
            findings[row] = [fault.finding(where[row])]
            continue
        high = high or "high" in notes
        if "open" in notes:
            findings.setdefault(row, []).append(not_closed(where[row]))
        if "curious" in notes:
            findings.setdefault(row, []).append(
                info(
                    "text-coordinates",
                    where[row],
                    "坐标写成了文字，已按数值读取",
                    "coordinates are texts; read as numbers",
                )
            )
    return found, findings, high


def _quick(values: Sequence[object]) -> tuple[Geometries, bool] | None:
    """Where all rows are sound polygons, multipolygons or null: all of them by way of one array; else None."""
    flat: list[Any] = []
    ring_sizes: list[int] = []
    ring_counts: list[int] = []
    owners: list[int] = []
    multi: list[int] = []
    for row, value in enumerate(values):
        if value is None:
            continue
        for polygon in _polygons(value):
            if not isinstance(polygon, list) or not polygon:
                return None
            for ring in polygon:
                if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
                    return None
                flat += ring
                ring_sizes.append(len(ring))
            ring_counts.append(len(polygon))
            owners.append(row)
        if not owners or owners[-1] != row:
            return None
        if isinstance(value, dict) and value["type"] == "MultiPolygon":
            multi.append(row)
    return _built(flat, ring_sizes, ring_counts, owners, multi, len(values)) if owners else None


def _polygons(value: object) -> list[Any]:
    """The polygons of a geometry as lists of rings; none where it is no polygon."""
    if isinstance(value, dict) and isinstance(value.get("coordinates"), list):
        if value.get("type") == "Polygon":
            return [value["coordinates"]]
        if value.get("type") == "MultiPolygon":
            return list(value["coordinates"])
    return []


def _built(
    flat: list[Any], ring_sizes: list[int], ring_counts: list[int], owners: list[int], multi: list[int], count: int
) -> tuple[Geometries, bool] | None:
    try:
        xy = np.array(flat)
        if xy.ndim != 2 or xy.shape[1] not in (2, 3) or xy.dtype.kind not in "if":
            return None
        make_rings, make_polygons, make_multi = _makers()
        plane = xy[:, :2].astype(np.float64)
        rings = make_rings(plane, indices=np.repeat(np.arange(len(ring_sizes)), ring_sizes))
        polygons = make_polygons(rings, indices=np.repeat(np.arange(len(ring_counts)), ring_counts))
    except (ValueError, TypeError, OverflowError, shapely.GEOSException):
        return None
    owner = np.array(owners, dtype=np.int64)
    found: Geometries = np.full(count, None, dtype=object)
    within = np.isin(owner, multi)
    found[owner[~within]] = polygons[~within]
    if multi:
        found[multi] = make_multi(polygons[within], indices=np.searchsorted(multi, owner[within]))
    return found, xy.shape[1] > 2


def _makers() -> tuple[Any, Any, Any]:
    """Shapely's makers of whole arrays, whose types say less than they can do."""
    return shapely.linearrings, shapely.polygons, shapely.multipolygons


def _shape(value: object, notes: set[str], depth: int) -> BaseGeometry:
    if not isinstance(value, dict):
        raise Malformed("图形应为对象", "a geometry must be an object")
    kind = value.get("type")
    if kind == "GeometryCollection":
        if depth >= MOST_NESTED:
            raise Malformed("几何集合嵌套过深", "geometry collections are nested too deeply")
        members = _listed(value.get("geometries"), "geometries")
        return shapely.GeometryCollection([_shape(each, notes, depth + 1) for each in members])
    coordinates = value.get("coordinates")
    if not isinstance(kind, str) or kind not in TYPES:
        raise Malformed(f"不认识的类型“{str(kind)[:40]}”", f"the type '{str(kind)[:40]}' is not known")
    try:
        if kind in _MULTI:
            parts = [_single(_MULTI[kind], part, notes) for part in _listed(coordinates, "coordinates")]
            return shapely.from_wkt(f"{kind.upper()} EMPTY") if not parts else together(parts)
        return _single(kind, coordinates, notes)
    except (shapely.GEOSException, ValueError) as fault:
        if isinstance(fault, Malformed):
            raise
        raise Malformed("点数不足或坐标有误", "too few points, or coordinates that are none") from None


def _single(kind: str, coordinates: object, notes: set[str]) -> BaseGeometry:
    listed = _listed(coordinates, "coordinates")
    if kind == "Point":
        return shapely.Point(_positions([listed], notes)[0]) if listed else shapely.Point()
    if kind == "LineString":
        return shapely.LineString(_positions(listed, notes)) if listed else shapely.LineString()
    rings = [closed_ring(_positions(_listed(ring, "ring"), notes), notes) for ring in listed]
    return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()


def _positions(value: Sequence[object], notes: set[str]) -> NDArray[np.float64]:
    """(n, 2) of positions with two numbers or more."""
    try:
        xy = np.array(value)
        if xy.ndim == 2 and xy.shape[1] == 2 and xy.dtype.kind in "if":
            return xy.astype(np.float64)
    except (ValueError, TypeError, OverflowError):
        pass
    pairs = []
    for position in value:
        if not isinstance(position, list) or len(position) < 2:
            raise Malformed("坐标应为 [经度, 纬度]", "a position must be [longitude, latitude]")
        if len(position) > 2:
            notes.add("high")
        pairs.append((_number(position[0], notes), _number(position[1], notes)))
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)


def _number(value: object, notes: set[str]) -> float:
    if isinstance(value, str):
        notes.add("curious")
    elif not isinstance(value, int | float) or isinstance(value, bool):
        raise Malformed("坐标应为数值", "coordinates must be numbers")
    try:
        return float(value)
    except OverflowError:
        return float("inf")
    except ValueError:
        raise Malformed(f"“{str(value)[:20]}”不是数值", f"'{str(value)[:20]}' is no number") from None


def _listed(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise Malformed(f"缺少 {what} 或它不是数组", f"'{what}' is missing or no array")
    return value
