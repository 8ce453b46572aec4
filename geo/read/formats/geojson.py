"""GeoJSON (RFC 7946) and its older form with a `crs` member; whole or one feature a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely

from datasets.labels import Label
from geo.model.finding import Finding
from geo.read.extensions import extension
from geo.read.faults import unreadable, warning
from geo.read.formats._geojson_shapes import TYPES, shapes
from geo.read.raw import Declared, Progress, Reader, ReadFile, Sniff, Unreadable
from geo.read.texts import decoded
from geo.read.vectors import Geometries, Rows, features

_WGS84 = Declared(epsg=4326, datum="WGS84", text="RFC 7946")
_DEGREES = 400.0
_BEGINS = re.compile(rb"^(?:\xef\xbb\xbf)?[\s\x1e]*\{")
_TELLING = (b'"FeatureCollection"', b'"Feature"', b'"coordinates"', b'"GeometryCollection"', b'"Topology"', b'"rings"')


class _Found(NamedTuple):
    where: str
    properties: dict[str, object]
    geometry: object


def _recognises(sniff: Sniff) -> int:
    named = sniff.suffix in READER.suffixes
    head = sniff.head.replace(b"\0", b"") if sniff.head.startswith((b"\xff\xfe", b"\xfe\xff")) else sniff.head
    if _BEGINS.match(head.lstrip(b"\xff\xfe")):
        return 95 if any(word in head for word in _TELLING) else (70 if named else 40)
    # An array, a text or rubbish by this name: the reader says what it wants.
    return 30 if named else 0


def _read(path: Path, name: str, progress: Progress) -> ReadFile:
    text, _, findings = decoded(path.read_bytes(), name)
    documents = _documents(text, name)
    found = [each for where, document in documents for each in _features(document, where, name)]
    if not found:
        raise unreadable("no-features", name, "文件里没有任何要素", "there is no feature in the file")
    where = [each.where for each in found]
    geometries, faults, high = shapes([each.geometry for each in found], where)
    declared, about = _declared(documents[0][1], name)
    rows = Rows(name, where, [each.properties for each in found], geometries, high, faults)
    made, general = features(rows, progress)
    if _in_metres(geometries) and (declared is None or declared.epsg in (4326, 4490)):
        declared = None
        about = (*about, _not_degrees(name))
    return ReadFile(
        name,
        READER.name,
        declared,
        made,
        (*extension(READER, name, READER.suffixes), *findings, *about, *general),
    )


def _documents(text: str, name: str) -> list[tuple[str, dict[str, Any]]]:
    """The JSON objects in the file, each with the place that its features are named after."""
    body = text.lstrip("\ufeff\x1e \t\r\n")
    lines_before = text[: len(text) - len(body)].count("\n")
    if text.lstrip().startswith("\x1e") or _is_lines(body):
        lines = (
            (number, line.strip("\x1e \t\r")) for number, line in enumerate(body.split("\n"), start=1 + lines_before)
        )
        return [(f"{name}:{number}", _parsed(line, name, number - 1)) for number, line in lines if line]
    return [(name, _parsed(body, name, lines_before))]


def _is_lines(body: str) -> bool:
    first, _, rest = body.partition("\n")
    if not rest.strip() or not rest.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _parsed(text: str, name: str, lines_before: int) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as fault:
        line = fault.lineno + lines_before
        raise unreadable(
            "bad-json",
            f"{name}:{line}",
            f"第 {line} 行第 {fault.colno} 列不是有效的 JSON，文件可能不完整，请重新导出",
            f"line {line}, column {fault.colno} is no valid JSON; the file may be cut off, export it again ({fault.msg})",
        ) from None
    except RecursionError:
        raise unreadable("json-too-deep", name, "JSON 嵌套过深，拒绝读取", "the JSON is nested too deeply") from None
    except ValueError:
        raise unreadable(
            "bad-json", name, "JSON 里有长得不可能的数字", "there is an impossibly long number in the JSON"
        ) from None
    if not isinstance(value, dict):
        raise _no_geojson(name, "JSON")
    return value


def _features(document: dict[str, Any], where: str, name: str) -> Iterator[_Found]:
    kind = document.get("type")
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        for row, member in enumerate(document["features"], start=1):
            yield _feature(member, f"{where}#{row}")
    elif kind == "Feature" or (isinstance(kind, str) and kind in TYPES):
        yield _feature(document, where if ":" in where[len(name) :] else f"{where}#1")
    elif kind == "Topology":
        raise _no_geojson(name, "TopoJSON")
    elif "geometryType" in document or "rings" in document:
        raise _no_geojson(name, "Esri JSON")
    else:
        raise _no_geojson(name, "JSON")


def _feature(member: object, where: str) -> _Found:
    if not isinstance(member, dict) or member.get("type") != "Feature":
        # A bare geometry, or something that `shapes` will refuse with the words for it.
        return _Found(where, {}, member if member is not None else {})
    properties = member.get("properties")
    plain = {str(key): _plain(value) for key, value in properties.items()} if isinstance(properties, dict) else {}
    if "id" in member and "id" not in plain:
        plain["id"] = _plain(member["id"])
    return _Found(where, plain, member.get("geometry"))


def _plain(value: object) -> object:
    """A property as one cell: lists and objects as JSON text."""
    if not isinstance(value, list | dict):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "…"


def _declared(document: dict[str, Any], name: str) -> tuple[Declared | None, tuple[Finding, ...]]:
    """What the `crs` member of the 2008 form says; WGS-84, as RFC 7946 has it, where there is none."""
    if "crs" not in document:
        return _WGS84, ()
    crs = document["crs"]
    properties = crs.get("properties") if isinstance(crs, dict) else None
    said = ""
    if isinstance(properties, dict):
        said = str(properties.get("name") or properties.get("code") or properties.get("href") or "")[:200]
    if re.search(r"CRS:?84$|CRS84", said):
        return Declared(epsg=4326, datum="WGS84", text=said), ()
    code = re.search(r"EPSG(?:[:/][\d.]*)?[:/]+(\d{4,6})$", said, re.IGNORECASE) or re.fullmatch(r"(\d{4,6})", said)
    if code:
        return Declared(epsg=int(code[1]), text=said), ()
    return (Declared(text=said) if said else None), (
        warning(
            "crs-unclear",
            name,
            f"crs 成员（{said or 'null'}）没有说清坐标系，需由您选择",
            f"the crs member ({said or 'null'}) does not tell the coordinate system; it is yours to choose",
        ),
    )


def _in_metres(geometries: Geometries) -> bool:
    """Whether most coordinates are far beyond any degrees."""
    xy = shapely.get_coordinates(geometries)
    return bool(len(xy)) and float(np.mean((np.abs(xy) > _DEGREES).all(axis=1))) > 0.5


def _not_degrees(name: str) -> Finding:
    return warning(
        "geojson-not-degrees",
        name,
        "GeoJSON 应为经纬度，这里的坐标却是米，坐标系需由您选择",
        "GeoJSON holds degrees, but these coordinates are metres: the coordinate system is yours to choose",
    )


def _no_geojson(name: str, what: str) -> Unreadable:
    return unreadable(
        "not-geojson",
        name,
        f"这是 {what}，不是 GeoJSON，请在软件中另存为 GeoJSON（FeatureCollection）",
        f"this is {what}, not GeoJSON; save it as GeoJSON (a FeatureCollection)",
    )


READER = Reader(
    name="geojson",
    label=Label("GeoJSON", "GeoJSON"),
    suffixes=(".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl"),
    recognises=_recognises,
    read=_read,
    order=20,
)
