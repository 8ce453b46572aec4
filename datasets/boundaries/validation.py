"""What an operator's boundary file must be, and the sentence for each way in which it is not."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, shape

from datasets.boundaries.faults import BoundaryError
from datasets.boundaries.units import Area, city_code
from datasets.labels import Label

# CGCS2000 (4490) and WGS-84 differ by centimetres: taken as equal.
WGS84_NAMES = re.compile(r"(CRS84|EPSG:(:|[0-9.]+:)?(4326|4490))$", re.IGNORECASE)


def collection(path: Path) -> list[Any]:
    """The features of a GeoJSON file in WGS-84; `BoundaryError` if the file is missing, unreadable or another thing."""
    try:
        parsed = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        zh, en = "找不到这个文件", "there is no such file"
        raise BoundaryError(_file(path, zh, en)) from error
    except OSError as error:
        zh, en = f"无法读取（{error.strerror}）", f"it cannot be read ({error.strerror})"
        raise BoundaryError(_file(path, zh, en)) from error
    except UnicodeDecodeError as error:
        zh, en = "不是 UTF-8 编码", "it is not in UTF-8"
        raise BoundaryError(_file(path, zh, en)) from error
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        zh, en = f"第 {line} 行起不是有效的 JSON", f"it is not valid JSON at line {line}"
        raise BoundaryError(_file(path, zh, en)) from error
    features = parsed.get("features") if isinstance(parsed, dict) else None
    if not isinstance(features, list):
        zh, en = "不是 GeoJSON 要素集合（FeatureCollection）", "it is no GeoJSON FeatureCollection"
        raise BoundaryError(_file(path, zh, en))
    crs = parsed.get("crs")
    if crs is not None and not WGS84_NAMES.search(_crs_name(crs)):
        zh = f"坐标系为 {_crs_name(crs)}，应为 WGS-84 或 CGCS2000 经纬度"
        en = f"its coordinate system is {_crs_name(crs)}, not WGS-84 or CGCS2000 longitude and latitude"
        raise BoundaryError(_file(path, zh, en))
    return features


def is_line(feature: Any) -> bool:
    """Whether a feature is a drawn line, not an area."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    return isinstance(geometry, dict) and geometry.get("type") in ("LineString", "MultiLineString")


def identity(path: Path, number: int, feature: Any) -> tuple[str, str]:
    """The adcode and name of the feature of this number; `BoundaryError` if either is wanting."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise BoundaryError(_feature(path, number, "", "没有属性（properties）", "has no properties"))
    name = properties.get("name")
    if not isinstance(name, str) or not name.strip():
        raise BoundaryError(_feature(path, number, "", "缺少名称（name）", "has no name"))
    code = properties.get("adcode", properties.get("gb"))
    text = str(code)
    adcode = text.removeprefix("156") if len(text) == 9 else text
    if not re.fullmatch(r"[1-9][0-9]{5}", adcode):
        zh = f"代码 {code!r} 无效：adcode 应为六位数字，gb 应为 156 加六位数字"
        en = f"has the code {code!r}: adcode must be six digits, gb must be 156 and six digits"
        raise BoundaryError(_feature(path, number, name, zh, en))
    return adcode, name.strip()


def polygon(path: Path, number: int, name: str, feature: dict[str, Any]) -> Area:
    """The feature's polygon: valid, not empty, in degrees; `BoundaryError` says which of these it is not."""
    try:
        geometry = shape(feature["geometry"])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        zh, en = "几何（geometry）损坏或缺失", "has a damaged geometry, or none"
        raise BoundaryError(_feature(path, number, name, zh, en)) from error
    if not isinstance(geometry, Polygon | MultiPolygon) or geometry.is_empty:
        zh, en = f"不是面（{geometry.geom_type}）或为空", f"is no polygon ({geometry.geom_type}), or an empty one"
        raise BoundaryError(_feature(path, number, name, zh, en))
    corners = np.abs(shapely.get_coordinates(geometry))
    if not np.all(np.isfinite(corners)) or corners[:, 0].max() > 180 or corners[:, 1].max() > 90:
        zh, en = "坐标超出经纬度范围，须为 WGS-84 经纬度（度）", "has coordinates that are no WGS-84 degrees"
        raise BoundaryError(_feature(path, number, name, zh, en))
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        raise BoundaryError(_feature(path, number, name, f"面无效：{reason}", f"is not a valid polygon: {reason}"))
    return geometry


def twice(path: Path, number: int, adcode: str, other: str) -> Label:
    """The sentence for a code that two features have."""
    return _feature(path, number, "", f"代码 {adcode} 与“{other}”重复", f"has the code {adcode} of {other} again")


def one_level(path: Path, adcodes: Collection[str]) -> None:
    """Refuses a prefecture beside its own counties: they would lie on one another."""
    for adcode in adcodes:
        below = [other for other in adcodes if other != adcode and city_code(other) == adcode]
        if below:
            zh = f"同时含有市级 {adcode} 与其区县 {below[0]}，只应有区县"
            en = f"it holds the prefecture {adcode} and its county {below[0]}; only counties belong in it"
            raise BoundaryError(_file(path, zh, en))


def _crs_name(crs: Any) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return str(properties.get("name")) if isinstance(properties, dict) else str(crs)


def _feature(path: Path, number: int, name: str, zh: str, en: str) -> Label:
    zh_named, en_named = (f"（{name}）", f" ({name})") if name else ("", "")
    return _file(path, f"第 {number} 个要素{zh_named}{zh}", f"feature {number}{en_named} {en}")


def _file(path: Path, zh: str, en: str) -> Label:
    return Label(
        zh=f"区划文件 {path} 不能使用：{zh}。请改正该文件，或去掉这项配置以使用自带数据。",
        en=f"The boundary file {path} cannot be used: {en}. Correct it, or remove the setting to use the data "
        "that come with the program.",
    )
