"""What a program sends: a GeoJSON Feature, or a merge patch of one, in the system that Content-Crs names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from flask import request
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from werkzeug.exceptions import RequestEntityTooLarge

from datasets.labels import Label
from geo.check import Severity, Spot
from geo.crs.faults import OutOfDomain
from geo.crs.ogc import CRS84, OgcCrs
from geo.model.finding import Finding
from geo.store.revisions import Revision
from webmap.ogc.systems import system_called
from webmap.problems import Refusal
from webmap.writing.faults import Unfit, fault

MOST_BYTES = 16 << 20  # an outline of some 400,000 corners
FEATURE_TYPES = ("application/geo+json", "application/json")
PATCH_TYPES = ("application/merge-patch+json",)
SHAPES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})
DERIVED = frozenset({"city", "county_name", "place_name"})  # of other properties; what is said of them is left aside
OWN_ID = re.compile(r"\w[\w.-]{0,119}")


@dataclass(frozen=True)
class Sent:
    """A feature as it was sent. id: "" where none is given. values: fields as they stand in the body, id left out.

    geometry: WGS-84 lon/lat. given: the same in `crs`, easting or longitude first. shape_is_sent: whether it was spoken of.
    """

    id: str
    values: Mapping[str, Any]
    geometry: BaseGeometry | None
    given: BaseGeometry | None
    crs: str
    shape_is_sent: bool = True


def feature() -> Sent:
    """The Feature in the request's body; raises Refusal (400, 413, 415) or Unfit (422)."""
    body = _object(FEATURE_TYPES)
    if body.get("type") != "Feature":
        raise Unfit([fault("not-a-feature", "应为 GeoJSON 的 Feature", "a GeoJSON Feature is expected", "/type")])
    if not isinstance(body.get("properties"), dict):
        raise Unfit(
            [fault("properties-missing", "缺少 properties 对象", "an object 'properties' is expected", "/properties")]
        )
    if "geometry" not in body:
        words = ("缺少 geometry（没有图形时写 null）", "'geometry' is missing (null where there is none)")
        raise Unfit([fault("geometry-missing", *words, "/geometry")])
    given, crs = _geometry(body["geometry"])
    return Sent(_id(body), _values(body["properties"]), _lonlat(given, crs), given, _code(crs))


def patch(base: Revision) -> Sent:
    """The feature of a revision with the body's merge patch (RFC 7396) applied; raises as `feature` does.

    What is null is emptied. A geometry is replaced as a whole: its patch names type and coordinates, or is null.
    """
    body = _object(PATCH_TYPES)
    changes = body.get("properties", {})
    if not isinstance(changes, dict):
        raise Unfit(
            [fault("properties-missing", "properties 应为对象", "'properties' must be an object", "/properties")]
        )
    own = {name: value for name, value in base.payload.items() if name != "id"}
    values = {**own, **_values({name: _merged(own.get(name), value) for name, value in changes.items()})}
    if "geometry" not in body:
        return Sent(base.feature_id, values, base.geometry, None, "", shape_is_sent=False)
    given, crs = _geometry(body["geometry"])
    return Sent(base.feature_id, values, _lonlat(given, crs), given, _code(crs))


def _merged(target: Any, change: Any) -> Any:
    """RFC 7396, section 2."""
    if not isinstance(change, dict):
        return change
    own = dict(target) if isinstance(target, Mapping) else {}
    for name, value in change.items():
        if value is None:
            own.pop(name, None)
        else:
            own[name] = _merged(own.get(name), value)
    return own


def _object(types: tuple[str, ...]) -> dict[str, Any]:
    if request.mimetype not in types:
        known = ", ".join(types)
        raise Refusal(
            Label(f"Content-Type 应为 {known}。", f"The Content-Type must be {known}."),
            415,
            headers={"Accept-Patch" if types is PATCH_TYPES else "Accept-Post": known},
        )
    request.max_content_length = MOST_BYTES
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Refusal(
            Label(
                f"内容超过 {MOST_BYTES >> 20} MB；大批数据请用工作平台的“导入”。",
                f"The body is larger than {MOST_BYTES >> 20} MB: bring masses of data in by the staff page 'Import'.",
            ),
            413,
        ) from None
    try:
        body = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        where = f"（第 {error.lineno} 行第 {error.colno} 个字符）" if isinstance(error, json.JSONDecodeError) else ""
        place = f" (line {error.lineno}, character {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Refusal(Label(f"内容不是有效的 JSON{where}。", f"The body is no valid JSON{place}."), 400) from None
    if not isinstance(body, dict):
        raise Refusal(Label("内容应为一个 JSON 对象。", "The body must be one JSON object."), 400)
    return body


def _no_number(text: str) -> float:
    raise ValueError(text)


def _id(body: Mapping[str, Any]) -> str:
    own = [each for each in (body.get("id"), body["properties"].get("id")) if each is not None]
    texts = {str(each) for each in own}
    if len(texts) > 1:
        words = ("id 与 properties.id 不一致", "'id' and 'properties.id' differ")
        raise Unfit([fault("id-contradicts", *words, "/id")])
    return texts.pop() if texts else ""


def require_id(text: str) -> None:
    """Raise Unfit unless a new feature may be called so."""
    if not OWN_ID.fullmatch(text):
        words = (
            "编号只能由字母、数字和 . _ - 组成，不超过 120 个字符",
            "an id has letters, digits, '.', '_' and '-', 120 at most",
        )
        raise Unfit([fault("id-unfit", *words, "/id")])


def _values(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name != "id" and name not in DERIVED}


def _geometry(value: Any) -> tuple[BaseGeometry | None, OgcCrs]:
    """The geometry in its own system, easting or longitude first."""
    header = request.headers.get("Content-Crs", "").strip()
    crs = system_called("Content-Crs", header.removeprefix("<").removesuffix(">") or CRS84)
    if value is None:
        return None, crs
    sort = value.get("type") if isinstance(value, dict) else None
    if sort not in SHAPES:
        known = ", ".join(sorted(SHAPES))
        raise Unfit([fault("geometry-type", f"几何类型可用：{known}", f"geometry types are {known}", "/geometry/type")])
    try:
        shape = shapely.from_geojson(json.dumps(value))
    except (shapely.GEOSException, ValueError, TypeError, RecursionError):
        shape = None
    if shape is None or shapely.is_empty(shape):
        words = ("坐标的写法不对，或图形是空的", "the coordinates are malformed, or there are none")
        raise Unfit([fault("geometry-malformed", *words, "/geometry/coordinates")])
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        words = ("坐标必须是有限的数", "coordinates must be finite")
        raise Unfit([fault("coordinate-not-finite", *words, "/geometry/coordinates")])
    if crs.swapped:
        swapped: Any = shapely.transform(shape, _axes_swapped, include_z=bool(shapely.has_z(shape)))
        shape = swapped
    return shape, crs


def _axes_swapped(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return points[:, [1, 0, *range(2, points.shape[1])]]


def _lonlat(given: BaseGeometry | None, crs: OgcCrs) -> BaseGeometry | None:
    if given is None:
        return None
    try:
        moved: Any = crs.to_lonlat(shapely.force_2d(given))
    except OutOfDomain as outside:
        finding = Finding("coordinate-out-of-range", Severity.ERROR, "", outside.label)
        raise Unfit([Spot(finding, point=outside.index + 1, at=outside.point, field="geometry")]) from None
    found: BaseGeometry = moved
    return found


def _code(crs: OgcCrs) -> str:
    return crs.system.code if crs.system else "EPSG:4326"
