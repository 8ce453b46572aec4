"""A geometry as a person types or pastes it: GeoJSON, WKT, or a list of longitudes and latitudes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label

MAX_CHARACTERS = 4_000_000
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
TYPES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})


class UnreadableShape(ValueError):
    """Text that is no geometry in degrees; the label says what to write."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.label = Label(zh, en)


def read_shape(text: str, *, line: bool = False) -> BaseGeometry | None:
    """The geometry (WGS-84 lon/lat, two dimensions) that `text` describes; None for blank text.

    line: whether a list of points is a line rather than the outline of an area. Raises UnreadableShape.
    """
    text = text.strip()
    if not text:
        return None
    if len(text) > MAX_CHARACTERS:
        raise UnreadableShape("内容太长，请用“导入”上传文件", "too long: upload it as a file instead")
    if text.startswith("{"):
        shape = _of_geojson(text)
    elif text[0].isalpha():
        shape = _of_wkt(text)
    else:
        shape = _of_points(text, line)
    return _checked(shapely.force_2d(shape))


def _of_geojson(text: str) -> BaseGeometry:
    try:
        value: Any = json.loads(text)
        if value.get("type") == "FeatureCollection" and len(value.get("features", ())) == 1:
            value = value["features"][0]
        if value.get("type") == "Feature":
            value = value["geometry"]
        return shapely.geometry.shape(value)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, ShapelyError, RecursionError) as error:
        raise UnreadableShape("不是有效的 GeoJSON 几何", "this is no geometry in GeoJSON") from error


def _of_wkt(text: str) -> BaseGeometry:
    try:
        return shapely.from_wkt(re.sub(r"^SRID=\d+;", "", text))
    except ShapelyError as error:
        raise UnreadableShape("不是有效的 WKT 几何", "this is no geometry in WKT") from error


def _of_points(text: str, line: bool) -> BaseGeometry:
    points = []
    for number, entry in enumerate(re.split(r"[;；\n]+", text), 1):
        if not entry.strip():
            continue
        figures = NUMBER.findall(entry)
        if len(figures) != 2 or re.sub(r"[\s,，、\t]", "", NUMBER.sub("", entry)):
            raise UnreadableShape(
                f"第 {number} 行应为“经度,纬度”两个数", f"line {number}: 'longitude,latitude' is expected"
            )
        points.append((float(figures[0]), float(figures[1])))
    return _through(points, line)


def _through(points: Sequence[tuple[float, float]], line: bool) -> BaseGeometry:
    if len(points) == 1:
        return shapely.Point(points[0])
    if line or len(points) == 2:
        return shapely.LineString(points)
    if not points or len(set(points)) < 3:
        raise UnreadableShape("面至少需要三个不同的点", "an area needs three different points at least")
    return shapely.Polygon(points)


def _checked(shape: BaseGeometry) -> BaseGeometry:
    if shape.geom_type not in TYPES or shape.is_empty:
        raise UnreadableShape("只能是非空的点、线或面", "a point, a line or an area is expected, not empty")
    xy = shapely.get_coordinates(shape)
    if not all(math.isfinite(value) for value in xy.ravel()):
        raise UnreadableShape("坐标必须是有限的数", "coordinates must be finite")
    west, south, east, north = shape.bounds
    if 3 < west <= east < 54 and 73 < south <= north < 136:
        raise UnreadableShape("经度和纬度的顺序反了，应先写经度", "longitude and latitude are swapped: longitude first")
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise UnreadableShape(
            "这里只接受经纬度；平面坐标请用“导入”，系统会识别坐标系",
            "only degrees are taken here; import projected coordinates, so that their system is recognised",
        )
    return shape
