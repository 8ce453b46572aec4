"""Geometries written as text: WKT and GeoJSON, read loosely enough for rings that lack their closing point."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.model.finding import Finding
from geo.read.faults import error
from geo.read.rings import FARTHEST, Assembled, Points, Ring, assembled

_KEYWORD = re.compile(
    r"(?:SRID\s?=\s?(\d{1,6})\s?;\s?)?\b((?:MULTI)?(?:POLYGON|LINESTRING|POINT)|GEOMETRYCOLLECTION)\s?(?:ZM|Z|M)?\s*(?=\()",
    re.I,
)
_INNERMOST = re.compile(r"\(([^()]+)\)")
_KINDS = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
MOST_DEPTH = 20


class Written(NamedTuple):
    """A geometry found in a text: at which character, and its EPSG code if it says one."""

    start: int
    result: Assembled
    epsg: int | None = None
    properties: dict[str, object] | None = None


def has_wkt(text: str) -> bool:
    """Whether there is WKT in a text."""
    return _KEYWORD.search(text) is not None


def wkt(text: str, where: str) -> list[Written]:
    """Every WKT geometry of a text; one that cannot be read has no geometry and an error."""
    found = []
    end = 0
    for match in _KEYWORD.finditer(text):
        if match.start() < end:
            continue
        end = _closing(text, match.end())
        result = _of_wkt(match.group(2).upper(), text[match.end() : end], where)
        found.append(Written(match.start(), result, int(match.group(1)) if match.group(1) else None))
    return found


def geojson(text: str, where: str) -> list[Written] | None:
    """Every geometry of a GeoJSON text (geometry, feature, collection); None where the text is no GeoJSON."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or "type" not in document:
        return None
    return [Written(0, _of_json(entry, where), None, properties) for entry, properties in _entries(document, None, 0)]


def _closing(text: str, start: int) -> int:
    depth = 0
    for match in re.finditer(r"[()]", text[start:]):
        depth += 1 if match.group() == "(" else -1
        if depth == 0:
            return start + match.end()
    return len(text)


def _of_wkt(kind: str, body: str, where: str) -> Assembled:
    if body.count("(") != body.count(")"):
        return _unreadable(where, "WKT 括号不配对，文字可能被截断", "the WKT's brackets don't match; it may be cut off")
    if kind in ("POLYGON", "MULTIPOLYGON"):
        rings = [_numbers(part) for part in _INNERMOST.findall(body)]
        sound = [ring for ring in rings if ring is not None]
        if not sound or len(sound) != len(rings):
            return _unreadable(where, "WKT 坐标无法解读", "the WKT's coordinates cannot be read")
        return assembled([Ring(ring, where, str(number)) for number, ring in enumerate(sound, start=1)])
    try:
        geometry = shapely.force_2d(shapely.from_wkt(f"{kind} {_flat(body)}"))
    except (shapely.errors.ShapelyError, ValueError) as fault:
        return _unreadable(where, f"WKT 无法解读：{fault}", f"the WKT cannot be read: {fault}")
    return _finite(geometry, where)


def _flat(body: str) -> str:
    """The first two numbers of each position only: Z and M are of no use here and their tags vary."""
    return re.sub(r"[^(),]+", lambda match: " ".join(match.group().split()[:2]), body)


def _numbers(body: str) -> Points | None:
    try:
        rows = [[float(number) for number in position.split()[:2]] for position in body.split(",")]
    except ValueError:
        return None
    return np.array(rows, dtype=np.float64) if all(len(row) == 2 for row in rows) else None


def _entries(
    node: object, properties: dict[str, object] | None, depth: int
) -> Iterator[tuple[dict[str, object], dict[str, object] | None]]:
    if not isinstance(node, dict) or depth > MOST_DEPTH:
        return
    if node.get("type") in _KINDS:
        yield node, properties
        return
    own = node.get("properties")
    if isinstance(own, dict):
        properties = {str(key): value for key, value in own.items() if isinstance(value, (str, int, float))}
    yield from _entries(node.get("geometry"), properties, depth + 1)
    for key in ("features", "geometries"):
        children = node.get(key)
        for child in children if isinstance(children, list) else ():
            yield from _entries(child, properties, depth + 1)


def _of_json(entry: dict[str, object], where: str) -> Assembled:
    kind, coordinates = str(entry["type"]), entry.get("coordinates")
    try:
        if kind in ("Polygon", "MultiPolygon"):
            polygons = coordinates if kind == "MultiPolygon" else [coordinates]
            rings = [_positions(ring) for polygon in _listed(polygons) for ring in _listed(polygon)]
            return assembled([Ring(ring, where, str(number)) for number, ring in enumerate(rings, start=1)])
        return _finite(_simple(kind, coordinates), where)
    except (TypeError, ValueError, OverflowError, shapely.errors.ShapelyError):
        return _unreadable(where, "GeoJSON 坐标无法解读", "the GeoJSON's coordinates cannot be read")


def _simple(kind: str, coordinates: object) -> BaseGeometry:
    if kind == "Point":
        return shapely.Point(_positions([coordinates])[0])
    if kind == "MultiPoint":
        return shapely.MultiPoint(_positions(coordinates))
    if kind == "LineString":
        return shapely.LineString(_positions(coordinates))
    return shapely.MultiLineString([shapely.LineString(_positions(line)) for line in _listed(coordinates)])


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("a list is expected")
    return value


def _positions(value: object) -> Points:
    rows = []
    for position in _listed(value):
        x, y = _listed(position)[:2]
        if not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
            raise TypeError("a position is two numbers")
        rows.append((float(x), float(y)))
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _finite(geometry: BaseGeometry, where: str) -> Assembled:
    coordinates = shapely.get_coordinates(geometry)
    if len(coordinates) and (np.abs(coordinates) <= FARTHEST).all():
        return Assembled(geometry)
    finding = error("coordinate-not-finite", where, "坐标为空或不是有限数值", "coordinates are missing or not finite")
    return Assembled(None, (finding,))


def _unreadable(where: str, zh: str, en: str) -> Assembled:
    findings: tuple[Finding, ...] = (error("geometry-unreadable", where, zh, en),)
    return Assembled(None, findings)
