"""Geometries as GeoJSON: WGS-84 lon/lat, right-hand rule, null where the place is only roughly known."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

import numpy as np
import orjson
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo.publish.shapes import (
    LINE,
    MULTILINE,
    MULTIPOINT,
    MULTIPOLYGON,
    NOTHING,
    POINT,
    POLYGON,
    Shapes,
)
from geo.publish.winding import right_handed

DECIMALS = 7  # about a centimetre, as exact as a boundary point is surveyed
NAMES = {
    POINT: "Point",
    LINE: "LineString",
    POLYGON: "Polygon",
    MULTIPOINT: "MultiPoint",
    MULTILINE: "MultiLineString",
    MULTIPOLYGON: "MultiPolygon",
}
NULL = b"null"


def geometry(shape: shapely.Geometry | None, decimals: int | None = DECIMALS) -> dict[str, Any] | None:
    """The GeoJSON geometry, rings counter-clockwise outside (RFC 7946 §3.1.6); null for an unlocated feature.

    decimals: of the degrees; None for every digit, where the file may be read back.
    """
    if shape is None or shapely.is_empty(shape):
        return None
    turned = shapely.orient_polygons(shape)
    return dict(mapping(cast("BaseGeometry", turned))) if decimals is None else rounded(turned, decimals)


def rounded(shape: shapely.Geometry, decimals: int) -> dict[str, Any]:
    """A shape as it stands, in whatever system, as a GeoJSON geometry with so many decimals."""
    return dict(mapping(cast("BaseGeometry", shapely.transform(shape, lambda xy: np.round(xy, decimals)))))


def texts(shapes: Shapes, decimals: int = DECIMALS) -> list[bytes]:
    """What orjson writes of `geometry` for each of `shapes`; null where there is none."""
    coordinates = np.round(right_handed(shapes), decimals)
    runs = [coordinates[start:stop] for start, stop in pairwise(shapes.vertices.tolist())]
    lines = [orjson.dumps(run, option=orjson.OPT_SERIALIZE_NUMPY) for run in runs]
    kinds = shapes.type.tolist()
    if len(lines) == len(kinds) and set(kinds) == {POLYGON}:  # of one ring each, as almost always
        return [b'{"type":"Polygon","coordinates":[%b]}' % line for line in lines]
    rings, parts = shapes.rings.tolist(), shapes.parts.tolist()
    made: list[bytes] = []
    for number, kind in enumerate(kinds):
        if kind == NOTHING:
            made.append(NULL)
            continue
        own = [lines[rings[part] : rings[part + 1]] for part in range(parts[number], parts[number + 1])]
        made.append(b'{"type":"%b","coordinates":%b}' % (NAMES[kind].encode(), _coordinates(kind, own)))
    return made


def _coordinates(kind: int, parts: list[list[bytes]]) -> bytes:
    """The coordinates of a geometry, whose parts are lists of lines, each an array of positions."""
    if kind in (POINT, MULTIPOINT):
        written = [part[0][1:-1] for part in parts]
    elif kind in (POLYGON, MULTIPOLYGON):
        written = [b"[%b]" % b",".join(part) for part in parts]
    else:
        written = [part[0] for part in parts]
    return written[0] if kind in (POINT, LINE, POLYGON) else b"[%b]" % b",".join(written)
