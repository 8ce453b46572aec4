"""What explains the service to a person: the API by examples, and how to connect from other software."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasets.labels import DEFAULT_LANGUAGE, Label
from geo.draw.export import formats_for
from geo.query import cql2
from webmap.asking import language
from webmap.ogc import parameters, tilesets
from webmap.ogc.asking import MOST
from webmap.ogc.negotiation import FEATURES, address
from webmap.ogc.pages import common, site_root
from webmap.site import site

EXAMPLES = "project"
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
        "standard": [*parameters.of_standard(), parameters.of_crs(), *parameters.of_showing(kind)],
        "house": parameters.of_house(kind),
        "queryables": parameters.of_queryables(kind),
        "general": [parameters.form(FEATURES), *parameters.general()],
    }
    return common(address("openapi", "json")) | {
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
    return common("") | {
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
        "writes": site().config.staff_enabled,
        "collections": [(each.kind, each.plural.text(language())) for each in site().kinds],
    }


def _shapefile(kind: str) -> str:
    """What the address of a zipped Shapefile ends with."""
    return next((name for name, each in formats_for(kind).items() if each.suffix.startswith("shp")), "geojson")
