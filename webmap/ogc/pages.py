"""What the pages of the service show a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from datasets import vocab
from datasets.labels import DEFAULT_LANGUAGE, Label
from geo.draw.export import formats_for
from geo.model import Feature
from geo.model.fields import Term
from geo.publish import Snapshot
from geo.query import cql2
from geo.query.selection import Rows
from webmap.asking import language
from webmap.ogc import collections as resources
from webmap.ogc import conformance as classes
from webmap.ogc import parameters, tilesets
from webmap.ogc.asking import MOST, Place
from webmap.ogc.items import capped, page
from webmap.ogc.items import links as links_of
from webmap.ogc.negotiation import FEATURES, address
from webmap.ogc.outline import Outline, outline
from webmap.ogc.systems import systems_here
from webmap.present.items import columns, item
from webmap.site import site
from webmap.views.pages_render import reader

SHOWN = 10
EXAMPLES = "project"


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


def _common(data: str, **crumbs: str) -> dict[str, Any]:
    """What stands on each page: the way here, and the address of the same as data."""
    return {"data_href": data, "crumbs": crumbs, "root": site_root(), "landing_href": address("landing", "html")}


def site_root() -> str:
    """The site's own address, without a slash at its end."""
    return request.url_root.rstrip("/")


def landing() -> dict[str, Any]:
    """The landing page."""
    return _common(address("landing", "json")) | {
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
    for uri in classes.CLASSES:
        standard, _, name = uri.removeprefix("http://www.opengis.net/spec/").partition("/1.0/conf/")
        groups.setdefault(standard, []).append(name)
    return _common(address("conformance", "json")) | {"groups": groups}


def collections() -> dict[str, Any]:
    """All collections."""
    return _common(address("collections", "json")) | {"collections": _rows()}


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
    return _common(address("collection", "json", kind=name), collections=address("collections", "html")) | {
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
        "exports": [(each, reader().link("export", f"{name}.{each}")) for each in formats_for(name)],
    }


def _listing(kind: type[Feature], snapshot: Snapshot, rows: list[int]) -> dict[str, Any]:
    """A table as the list draws it, its heads without sorting."""
    table, own = snapshot.table(kind.kind), reader()
    return {
        "mixed": False,
        "total": len(rows),
        "heads": [{"column": column, "href": "", "order": "none"} for column in columns(kind, own)],
        "items": [item(table.record(row), kind, own) for row in rows],
    }


def items(kind: type[Feature], snapshot: Snapshot, rows: Rows, place: Place) -> dict[str, Any]:
    """A page of features as a table."""
    found = page(kind, snapshot, rows, place)
    ways = {each["rel"]: each["href"] for each in links_of(kind, snapshot, found)}
    name = kind.kind
    crumbs = {"collections": address("collections", "html"), "collection": address("collection", "html", kind=name)}
    return _common(ways["alternate"], **crumbs) | {
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
    return _common(address(what, "json", kind=kind.kind), **crumbs) | {
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
    return _common(data) | {
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


EXAMPLE_QUERIES: tuple[tuple[Label, tuple[tuple[str, str], ...]], ...] = (
    (Label("前 10 项", "The first ten"), (("limit", "10"),)),
    (
        Label(
            "许昌市 2021 年以来的项目（与地图相同的条件）", "Projects of Xuchang since 2021 (the conditions of the map)"
        ),
        (("city", "411000"), ("year_from", "2021")),
    ),
    (Label("一个范围内", "Within a box"), (("bbox", "113.4,33.7,114.3,34.4"),)),
    (
        Label("同一范围，按 CGCS2000 给出（纬度在前）", "The same box in CGCS2000 (latitude first)"),
        (("bbox", "33.7,113.4,34.4,114.3"), ("bbox-crs", "http://www.opengis.net/def/crs/EPSG/0/4490")),
    ),
    (Label("2021 年内", "In 2021"), (("datetime", "2021-01-01/2021-12-31"),)),
    (
        Label("总投资 10 亿元以上且已签约", "More than 1 billion yuan and signed"),
        (("filter", "amount_wan > 100000 AND stage = 'signed'"),),
    ),
    (Label("名称含“长葛”", "A name with 长葛"), (("filter", "name LIKE '%长葛%'"),)),
    (
        Label("属于尼龙产业链", "Of the nylon chain"),
        (("filter", "A_CONTAINS(chains, ('nylon'))"),),
    ),
    (
        Label("2022 年签约", "Signed in 2022"),
        (("filter", "T_INTERSECTS(signed_on, INTERVAL('2022-01-01','2022-12-31'))"),),
    ),
    (
        Label("CQL2 JSON 写法", "The same kind of filter in CQL2 JSON"),
        (("filter-lang", "cql2-json"), ("filter", '{"op":">=","args":[{"property":"amount_wan"},100000]}')),
    ),
    (
        Label(
            "坐标用 CGCS2000 / 3 度带第 38 带（北坐标在前）",
            "Coordinates in CGCS2000, 3-degree zone 38 (northing first)",
        ),
        (("crs", "http://www.opengis.net/def/crs/EPSG/0/4526"), ("limit", "10")),
    ),
)


def api() -> dict[str, Any]:
    """The service by examples, and every parameter in words."""
    lang = language()
    kind = site().kinds.get(EXAMPLES) if EXAMPLES in site().kinds else next(iter(site().kinds))
    base = address("items", kind=kind.kind).partition("?")[0]
    more = [] if lang == DEFAULT_LANGUAGE else [("lang", lang)]
    examples = [
        {"title": title.text(lang), "shown": _readable(base, query), "href": f"{base}?{urlencode([*query, *more])}"}
        for title, query in EXAMPLE_QUERIES
    ]
    broken = (("filter", "amount_wan >> 5"),)
    groups = {
        "paging": parameters.of_paging(),
        "standard": [*parameters.of_standard(), parameters.of_crs()],
        "house": parameters.of_house(kind),
        "queryables": parameters.of_queryables(kind),
        "general": [parameters.form(FEATURES), *parameters.general()],
    }
    return _common(address("openapi", "json")) | {
        "examples": examples,
        "broken": {"shown": _readable(base, broken), "href": f"{base}?{urlencode(broken)}"},
        "groups": {
            name: [(each.name, each.meaning.text(lang), _default(each.schema)) for each in found]
            for name, found in groups.items()
        },
        "kind_title": kind.plural.text(lang),
        "queryables_href": address("queryables", "html", kind=kind.kind),
        "most": MOST,
        "connect": address("connect", "html"),
        "functions": [name.upper() for name in cql2.KNOWN if name[:2] in ("s_", "t_", "a_")],
    }


def _readable(base: str, query: tuple[tuple[str, str], ...]) -> str:
    return f"{base}?" + "&".join(f"{name}={value}" for name, value in query)


def _default(schema: dict[str, Any]) -> str:
    return str(schema.get("default", ""))


def connect() -> dict[str, Any]:
    """How to connect from other software, with the addresses of this installation."""
    kind = site().kinds.get("plot") if "plot" in site().kinds else next(iter(site().kinds))
    service = address("landing").partition("?")[0]
    root = site_root()
    return _common("") | {
        "service": service.rstrip("/"),
        "kind": kind.kind,
        "kind_title": kind.plural.text(language()),
        "items": address("items", kind=kind.kind).partition("?")[0],
        "csv": f"{root}/export/{kind.kind}.csv",
        "gpkg": f"{root}/export/{kind.kind}.gpkg",
        "shapefile": f"{root}/export/{kind.kind}.{_shapefile(kind.kind)}",
        "geojson": f"{root}/export/{kind.kind}.geojson",
        "tile_xyz": tilesets.template(kind)
        .replace("{tileMatrix}", "{z}")
        .replace("{tileRow}", "{y}")
        .replace("{tileCol}", "{x}"),
        "api_href": address("openapi", "html"),
        "collections": [(each.kind, each.plural.text(language())) for each in site().kinds],
    }


def _shapefile(kind: str) -> str:
    """What the address of a zipped Shapefile ends with."""
    return next((name for name, each in formats_for(kind).items() if each.suffix.startswith("shp")), "geojson")
