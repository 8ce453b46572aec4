"""What the pages of the service show a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from datasets import vocab
from geo.draw.export import formats_for
from geo.model import Feature
from geo.model.fields import Term
from geo.publish import Snapshot
from geo.query import cql2
from geo.query.selection import Rows
from webmap.asking import language
from webmap.ogc import collections as resources
from webmap.ogc import conformance as classes
from webmap.ogc import tilesets
from webmap.ogc.items import Pages, capped
from webmap.ogc.negotiation import FEATURES, address
from webmap.ogc.outline import Outline, outline
from webmap.ogc.systems import systems_here
from webmap.present.items import columns, item
from webmap.site import site
from webmap.views.pages_render import reader

SHOWN = 10


@dataclass(frozen=True)
class Row:
    """A collection in the list: its name, how much it holds, from when to when."""

    id: str
    title: str
    count: int
    since: str
    until: str
    href: str
    items: str


@dataclass(frozen=True)
class Property:
    """A property in words. values: the codes it may hold, where they are few."""

    name: str
    label: str
    type: str
    note: str
    values: tuple[tuple[str, str], ...]


def common(data: str, **crumbs: str) -> dict[str, Any]:
    """What stands on each page: the way here, and the address of the same as data."""
    return {"data_href": data, "crumbs": crumbs, "root": site_root(), "landing_href": address("landing", "html")}


def site_root() -> str:
    """The site's own address, without a slash at its end."""
    return request.url_root.rstrip("/")


def landing() -> dict[str, Any]:
    """The landing page."""
    return common(address("landing", "json")) | {
        "description": resources.SERVICE.text(language()),
        "collections": _rows(),
        "links": {
            name: address(name, "html")
            for name in ("collections", "conformance", "openapi", "connect", "dataset_tilesets")
        },
        "service": address("landing").partition("?")[0],
        "licence": site().config.licence_url,
    }


def conformance() -> dict[str, Any]:
    """The classes by standard."""
    groups: dict[str, list[str]] = {}
    for uri in classes.classes(writes=site().config.staff_enabled):
        standard, _, name = uri.removeprefix("http://www.opengis.net/spec/").partition("/1.0/conf/")
        groups.setdefault(standard, []).append(name)
    return common(address("conformance", "json")) | {"groups": groups}


def collections() -> dict[str, Any]:
    """All collections."""
    return common(address("collections", "json")) | {"collections": _rows()}


def _rows() -> list[Row]:
    snapshot, lang = site().snapshot, language()
    return [_row(kind, snapshot, lang) for kind in site().kinds if kind.kind in snapshot.kinds]


def _row(kind: type[Feature], snapshot: Snapshot, lang: str) -> Row:
    since, until = _dates(kind, snapshot)
    return Row(
        kind.kind,
        kind.plural.text(lang),
        snapshot.table(kind.kind).rows,
        since,
        until,
        address("collection", "html", kind=kind.kind),
        address("items", "html", kind=kind.kind),
    )


def _dates(kind: type[Feature], snapshot: Snapshot) -> tuple[str, str]:
    found = resources.extent(kind, snapshot).get("temporal")
    return (found["interval"][0][0][:10], found["interval"][0][1][:10]) if found else ("", "")


def collection(kind: type[Feature], snapshot: Snapshot) -> dict[str, Any]:
    """One collection: what it holds, where it lies, its first features."""
    name, lang, table = kind.kind, language(), snapshot.table(kind.kind)
    drawing: Outline = site().remember(("ogc outline",), lambda: outline(site().world))
    rows = [int(row) for row in table.id_order[:SHOWN]]
    return common(address("collection", "json", kind=name), collections=address("collections", "html")) | {
        "collection": _row(kind, snapshot, lang),
        "description": resources.described(kind, table.rows, table.located).text(lang),
        "bounds": table.bounds,
        "drawing": drawing,
        "box": drawing.box(table.bounds) if table.bounds else None,
        "systems": [(uri, crs.label.text(lang)) for uri, crs in systems_here().items()],
        "listing": _listing(kind, snapshot, rows),
        "links": {
            "items": address("items", "html", kind=name),
            "items_data": address("items", "json", kind=name),
            "queryables": address("queryables", "html", kind=name),
            "schema": address("schema", "html", kind=name),
            "tiles": address("tilesets", "html", kind=name),
            "map": reader().link(query=[("kind", name)]),
            "openapi": address("openapi", "html"),
        },
        "exports": [
            (form.label.text(lang), reader().link("export", f"{name}.{each}"))
            for each, form in formats_for(name).items()
        ],
    }


def _listing(kind: type[Feature], snapshot: Snapshot, rows: list[int]) -> dict[str, Any]:
    """A table as the list draws it, its heads without sorting."""
    table, own = snapshot.table(kind.kind), reader()
    return {
        "mixed": False,
        "total": len(rows),
        "heads": [{"column": column, "href": "", "order": "none"} for column in columns(kind, own)],
        "items": [item(table.record(row), kind, own, in_columns=True) for row in rows],
    }


def items(asked: Pages, rows: Rows) -> dict[str, Any]:
    """A page of features as a table."""
    kind, snapshot, place, found = asked.kind, asked.snapshot, asked.place, asked.page(rows)
    ways = {each["rel"]: each["href"] for each in asked.links(found)}
    name = kind.kind
    crumbs = {"collections": address("collections", "html"), "collection": address("collection", "html", kind=name)}
    return common(ways["alternate"], **crumbs) | {
        "collection": _row(kind, snapshot, language()),
        "listing": _listing(kind, snapshot, found.rows),
        "matched": rows.count,
        "returned": len(found.rows),
        "next": ways.get("next", ""),
        "previous": ways.get("prev", ""),
        "note": capped(place.asked).text(language()) if place.asked else "",
        "filter": request.args.get("filter", ""),
        "language": request.args.get("filter-lang", "cql2-text"),
        "kept": [
            (key, value)
            for key, value in request.args.items(multi=True)
            if key not in ("filter", "filter-lang", "after", "before", "offset", "f")
        ],
        "action": url_for("ogc.items", kind=name),
        "queryables": address("queryables", "html", kind=name),
        "all_href": address("items", "html", kind=name),
        "formats": FEATURES,
    }


def schema(kind: type[Feature], what: str) -> dict[str, Any]:
    """The properties of a collection: what it holds (`schema`), or what a filter may name (`queryables`)."""
    body = resources.schema(kind) if what == "schema" else resources.queryables(kind)
    known = cql2.queryables(kind)
    crumbs = {
        "collections": address("collections", "html"),
        "collection": address("collection", "html", kind=kind.kind),
    }
    return common(address(what, "json", kind=kind.kind), **crumbs) | {
        "what": what,
        "collection": _row(kind, site().snapshot, language()),
        "properties": [_property(name, each, known.get(name)) for name, each in body["properties"].items()],
        "items": address("items", "html", kind=kind.kind),
    }


def _property(name: str, body: dict[str, Any], known: cql2.Queryable | None) -> Property:
    types = body.get("type", body.get("format", ""))
    shown = types if isinstance(types, str) else " / ".join(types)
    values: tuple[tuple[str, str], ...] = ()
    if known is not None and isinstance(known.field, Term):
        values = tuple((term.code, term.label.text(language())) for term in vocab.load(known.field.vocabulary))
    form = body.get("format", "") if shown != body.get("format") else ""
    return Property(
        name,
        body["title"],
        f"{shown} ({form})" if form else shown,
        " ".join(filter(None, (body.get("x-unit"), body.get("description")))),
        values,
    )


def tiles() -> dict[str, Any]:
    """The vector tiles: their addresses, and how they are used."""
    kinds = [kind for kind in site().kinds if kind.kind in site().snapshot.kinds]
    args = request.view_args or {}
    own = {key: value for key, value in args.items() if key in ("kind", "name")}
    data = address(str(request.endpoint).removeprefix("ogc."), "json", **own)
    return common(data) | {
        "matrix_set": address("matrix_set", "json", name=tilesets.MATRIX_SET),
        "whole": tilesets.template(None),
        "whole_json": address("dataset_tileset", "tilejson", name=tilesets.MATRIX_SET),
        "sets": [
            {
                "title": kind.plural.text(language()),
                "tile": tilesets.template(kind),
                "tilejson": address("tileset", "tilejson", kind=kind.kind, name=tilesets.MATRIX_SET),
                "metadata": address("tileset", "json", kind=kind.kind, name=tilesets.MATRIX_SET),
                "href": address("collection", "html", kind=kind.kind),
            }
            for kind in kinds
        ],
    }
