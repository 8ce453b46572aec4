"""The landing page, the collections, and what a filter may ask of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from datasets import vocab
from datasets.labels import Label
from geo.crs.ogc import CRS84
from geo.draw.geojson import DERIVED
from geo.model import Feature, Field, fields_of
from geo.model.fields import Term
from geo.publish import Snapshot
from geo.query import cql2
from webmap.asking import language
from webmap.ogc.negotiation import (
    FEATURES,
    HTML,
    JSON,
    OPENAPI,
    RESOURCE,
    SCHEMA,
    SCHEMAS,
    address,
    link,
    own_links,
)
from webmap.ogc.selecting import lasting
from webmap.ogc.systems import systems_here
from webmap.ogc.tilesets import tileset_links
from webmap.site import site

DRAFT = "https://json-schema.org/draft/2020-12/schema"
SERVICE = Label(
    "本站公开的要素：GeoJSON、矢量瓦片，可按 CQL2 过滤，可选坐标系。",
    "The published features of this site as GeoJSON and vector tiles, filtered by CQL2, in the system of your choice.",
)


def landing() -> dict[str, Any]:
    """Where everything is (17-069r4, 7.2)."""
    lang = language()
    return {
        "title": site().config.title.text(lang),
        "description": SERVICE.text(lang),
        "links": [
            *own_links(RESOURCE, "landing"),
            link("service-desc", address("openapi", "json"), OPENAPI, "OpenAPI 3.0"),
            link("service-doc", address("openapi", "html"), HTML),
            link("conformance", address("conformance", "json"), JSON),
            link("http://www.opengis.net/def/rel/ogc/1.0/conformance", address("conformance", "json"), JSON),
            link("data", address("collections", "json"), JSON),
            link("http://www.opengis.net/def/rel/ogc/1.0/data", address("collections", "json"), JSON),
            *tileset_links(None),
            link("http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", address("matrix_sets", "json"), JSON),
            *licence(),
        ],
    }


def licence() -> list[dict[str, str]]:
    """The link to the terms of use, where the operator has stated them."""
    found = site().config.licence_url
    return [link("license", found, HTML)] if found else []


def all_collections() -> dict[str, Any]:
    """All collections (17-069r4, 7.13)."""
    snapshot = site().snapshot
    return {
        "links": [*own_links(RESOURCE, "collections"), *licence()],
        "crs": list(systems_here()),
        "collections": [collection(kind, snapshot, own=False) for kind in site().kinds if kind.kind in snapshot.kinds],
    }


def collection(kind: type[Feature], snapshot: Snapshot, *, own: bool = True) -> dict[str, Any]:
    """One collection; `own` says that it is what was asked for, not a part of the list."""
    name, lang = kind.kind, language()
    table = snapshot.table(name)
    links = (
        own_links(RESOURCE, "collection", kind=name)
        if own
        else [
            link("self", address("collection", "json", kind=name), JSON),
            link("alternate", address("collection", "html", kind=name), HTML),
        ]
    )
    return {
        "id": name,
        "title": kind.plural.text(lang),
        "description": described(kind, table.rows, table.located).text(lang),
        "itemType": "feature",
        "extent": extent(kind, snapshot),
        "crs": list(systems_here()),
        "storageCrs": CRS84,
        "numberOfItems": table.rows,
        "links": [
            *links,
            *(link("items", address("items", form, kind=name), media) for form, media in FEATURES.items()),
            link("describedby", address("schema", "json", kind=name), SCHEMA),
            *(
                link("http://www.opengis.net/def/rel/ogc/1.0/queryables", address("queryables", form, kind=name), media)
                for form, media in SCHEMAS.items()
            ),
            *tileset_links(name),
            *licence(),
        ],
    }


def described(kind: type[Feature], rows: int, located: int) -> Label:
    """What a collection holds, and what time means in it."""
    first, last = kind.dated_by
    zh, en = (first, first) if first == last else (f"{first} 至 {last}", f"{first} to {last}")
    return Label(
        f"{kind.plural.zh}，共 {rows} 项，其中 {located} 项有精确几何；其余只知所在县市，几何为 null。时间取自字段 {zh}。",
        f"{kind.plural.en}: {rows}, of which {located} have an exact geometry; of the others only county or city is known "
        f"and the geometry is null. Time is that of the field {en}.",
    )


def extent(kind: type[Feature], snapshot: Snapshot) -> dict[str, Any]:
    """Where and when the features of a kind are; what is not known of any is left out."""
    return site().remember(("ogc extent", snapshot.version, kind.kind), lambda: _extent(kind, snapshot))


def _extent(kind: type[Feature], snapshot: Snapshot) -> dict[str, Any]:
    table = snapshot.table(kind.kind)
    found: dict[str, Any] = {}
    if table.bounds is not None:
        found["spatial"] = {"bbox": [list(table.bounds)], "crs": CRS84}
    lasts = lasting(table, kind)
    if lasts.known.any():
        ends = int(lasts.start[lasts.known].min()), int(lasts.end[lasts.known].max())
        days = [str(np.datetime64(end, "us").astype("M8[D]")) for end in ends]
        found["temporal"] = {
            "interval": [[f"{days[0]}T00:00:00Z", f"{days[1]}T23:59:59Z"]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    return found


def schema(kind: type[Feature]) -> dict[str, Any]:
    """The JSON Schema of the properties that the features of a kind have, made from its declaration."""
    lang, roles = language(), _roles(kind)
    properties: dict[str, Any] = {
        "geometry": {
            "title": Label("几何", "Geometry").text(lang),
            "x-ogc-role": "primary-geometry",
            "format": "geometry-any",
        }
    }
    for name, field in fields_of(kind).items():
        properties[name] = {**_titled(field.label, field, lang), **_nullable(field), **roles.get(name, {})}
    for name, label in DERIVED.items():
        properties[name] = {"title": label.text(lang), "type": ["string", "null"], "readOnly": True}
    return {
        "$schema": DRAFT,
        "$id": address("schema", kind=kind.kind).partition("?")[0],
        "title": kind.title.text(lang),
        "type": "object",
        "required": [name for name, field in fields_of(kind).items() if field.required],
        "properties": properties,
    }


def queryables(kind: type[Feature]) -> dict[str, Any]:
    """The JSON Schema of what a filter may name (19-079r2, 6.2)."""
    lang, roles = language(), _roles(kind)
    return {
        "$schema": DRAFT,
        "$id": address("queryables", kind=kind.kind).partition("?")[0],
        "title": kind.title.text(lang),
        "type": "object",
        "properties": {
            name: _queryable(each, lang) | roles.get(name, {}) for name, each in cql2.queryables(kind).items()
        },
        "additionalProperties": False,
    }


def _queryable(each: cql2.Queryable, lang: str) -> dict[str, Any]:
    title = _titled(each.label, each.field, lang)
    if each.sort == "geometry":
        return title | {"format": "geometry-any", "x-ogc-role": "primary-geometry"}
    if each.sort == "date":
        note = Label("可能只精确到年、季度或月", "may be known to a year, quarter or month only").text(lang)
        return title | {"type": "string", "format": "date", "description": note}
    found: dict[str, Any] = {"number": {"type": "number"}, "flag": {"type": "boolean"}}.get(
        each.sort, {"type": "string"}
    )
    if each.sort == "codes":
        found = {"type": "array", "items": {"type": "string"}}
    if isinstance(each.field, Term):
        found |= {"enum": [term.code for term in vocab.load(each.field.vocabulary)]}
    return title | found


def _titled(label: Label, field: Field | None, lang: str) -> dict[str, str]:
    unit = field.unit if field is not None else None
    return {"title": label.text(lang)} | ({"x-unit": unit.text(lang)} if unit is not None else {})


def _nullable(field: Field) -> dict[str, Any]:
    found = field.schema()
    if field.required or not isinstance(found.get("type"), str) or found["type"] != "string":
        return found
    return {**found, "type": ["string", "null"]}


def _roles(kind: type[Feature]) -> Mapping[str, dict[str, str]]:
    first, last = kind.dated_by
    roles = {"id": {"x-ogc-role": "id"}}
    if first == last:
        return roles | {first: {"x-ogc-role": "primary-instant"}}
    return roles | {
        first: {"x-ogc-role": "primary-interval-start"},
        last: {"x-ogc-role": "primary-interval-end"},
    }
