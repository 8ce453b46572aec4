"""OGC API – Features, Part 3 over HTTP: filters and queryables; and what is sent wrong, each told with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely import box

from geo.model import default_kinds

PROJECT = default_kinds().get("project")
PLOT = default_kinds().get("plot")


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def ids(client: FlaskClient, query: dict[str, str], kind: str = "project") -> list[str]:
    answer = client.get(f"/api/collections/{kind}/items", query_string={"limit": "1000", **query})
    assert answer.status_code == 200, answer.get_json()
    body = answer.get_json()
    assert body["numberMatched"] == body["numberReturned"] == len(body["features"])
    return [feature["id"] for feature in body["features"]]


def test_text_and_json_say_the_same(client: FlaskClient) -> None:
    written = ids(client, {"filter": "amount_wan >= 100000 AND stage = 'signed'"})
    tree = {
        "op": "and",
        "args": [
            {"op": ">=", "args": [{"property": "amount_wan"}, 100000]},
            {"op": "=", "args": [{"property": "stage"}, "signed"]},
        ],
    }
    assert written == ids(client, {"filter": json.dumps(tree), "filter-lang": "cql2-json"})
    assert written == ids(client, {"amount_min": "100000", "stage": "signed"})
    assert written


def test_filter_and_our_own_parameters_add_up(client: FlaskClient) -> None:
    both = ids(client, {"filter": "stage = 'signed'", "city": "411000"})
    assert set(both) == set(ids(client, {"filter": "stage = 'signed'"})) & set(ids(client, {"city": "411000"}))
    assert both


@pytest.mark.parametrize(
    ("name", "value", "same"),
    [
        ("stage", "signed", "stage = 'signed'"),
        ("demo", "false", "demo = false"),
        ("amount_wan", "100000", "amount_wan = 100000"),
        ("currency", "CNY", "currency = 'CNY'"),
        ("name", "no such name", "name = 'no such name'"),
        ("county", "411082", "county = '411082'"),
    ],
)
def test_a_queryable_is_a_parameter_too(name: str, value: str, same: str, client: FlaskClient) -> None:
    assert ids(client, {name: value}) == ids(client, {"filter": same})


def test_a_date_as_it_is_written_is_a_parameter(client: FlaskClient) -> None:
    dates = {
        each["properties"]["as_of"]
        for each in client.get("/api/collections/project/items?limit=1000").get_json()["features"]
    }
    for written in sorted(filter(None, dates))[:3]:
        assert ids(client, {"as_of": written})


def test_nothing_is_lost_between_a_condition_its_opposite_and_the_unknown(client: FlaskClient) -> None:
    everything = ids(client, {"limit": "1000"})
    parts = [
        ids(client, {"filter": each}) for each in ("amount_wan > 50000", "NOT amount_wan > 50000", "amount_wan IS NULL")
    ]
    assert sorted(each for part in parts for each in part) == sorted(everything)
    assert all(parts)


def test_a_filter_narrows_tiles_too(app_of: Callable[..., Flask]) -> None:
    least = {"county": "411082", "precision": "surveyed", "source": "t", "code": "A", "status": "available"}
    plots = [
        PLOT.from_row(
            {"id": str(size), "name": str(size), "area_m2": size, **least}, box(113.82, 34.22, 113.825, 34.225)
        )
        for size in (1, 2)
    ]
    client = app_of(plots).test_client()
    base = "/api/collections/plot/tiles/WebMercatorQuad/13/3266/6686"
    whole, some, none = (
        client.get(base, query_string={"filter": f"area_m2 > {least_area}"}).get_data() for least_area in (0, 1, 2)
    )
    assert len(whole) > len(some) > len(none) == 0


BAD = [
    ("filter=amount_wan+%3E", "filter", {"offset": 12, "line": 1, "column": 13}),
    ("filter=nmae+%3D+'x'", "filter", {"offset": 0, "line": 1, "column": 1}),
    ("filter=demo%0AAND+nmae+%3D+'x'", "filter", {"offset": 9, "line": 2, "column": 5}),
    (
        "filter-lang=cql2-json&filter=" + quote('{"op":"=","args":[{"property":"nmae"},1]}'),
        "filter",
        {"pointer": "/args/0"},
    ),
    ("filter-lang=cql2-json&filter=%7B", "filter", {"offset": 1, "line": 1, "column": 2}),
    ("filter=", "filter", {"offset": 0, "line": 1, "column": 1}),
    ("filter=" + "(" * 3000, "filter", {"offset": 32, "line": 1, "column": 33}),
    ("filter=name+%3D+'a'%3B+DROP+TABLE+revisions%3B--", "filter", {"offset": 10, "line": 1, "column": 11}),
    ("filter=name+%3D+'%00'", "filter", {"offset": 8, "line": 1, "column": 9}),
    ("filter-lang=ecql&filter=demo", "filter-lang", None),
    ("filter-lang=cql2-text&filter=1%3D1&filter=2%3D2", "filter", None),
    ("filter-crs=EPSG:2381&filter=demo", "filter-crs", None),
    ("bbox=1,2,3", "bbox", None),
    ("bbox=1,2,3,4,5,6,7", "bbox", None),
    ("bbox=a,b,c,d", "bbox", None),
    ("bbox=113,35,114,34", "bbox", None),
    ("bbox=113,34,114,95", "bbox", None),
    ("bbox=nan,34,114,35", "bbox", None),
    ("bbox=1e999,34,114,35", "bbox", None),
    ("bbox=113,34,114,35&bbox=1,2,3,4", "bbox", None),
    ("bbox=113,34,114,35&bbox-crs=EPSG:4526", "bbox", None),
    ("bbox=-2e180,-4e-224,-1e228,1e-246,1e160,108.4&bbox-crs=EPSG:3857", "bbox", None),
    ("bbox=-1e228,-1e228,1e228,1e228&bbox-crs=EPSG:4526", "bbox", None),
    ("datetime=yesterday", "datetime", None),
    ("datetime=2022-13-01", "datetime", None),
    ("datetime=2022-01-01/2021-01-01", "datetime", None),
    ("datetime=2022-01-01/2022-02-01/2022-03-01", "datetime", None),
    ("limit=0", "limit", None),
    ("limit=-1", "limit", None),
    ("limit=many", "limit", None),
    ("limit=9" + "9" * 40, "limit", None),
    ("offset=-1", "offset", None),
    ("after=a&before=b", "before", None),
    ("crs=EPSG:9999", "crs", None),
    ("amount_wan=much", "amount_wan", None),
    ("demo=perhaps", "demo", None),
    ("colour=red", "colour", None),
    ("map=1", "map", None),
    ("f=gml", "f", None),
    ("'+OR+1%3D1--=x", "' OR 1=1--", None),
    ("q=" + "x" * 300, "q", None),
]


@pytest.mark.parametrize(("query", "name", "position"), BAD, ids=range(len(BAD)))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_is_named_with_its_place(
    query: str, name: str, position: dict | None, lang: str, client: FlaskClient
) -> None:
    answer = client.get(f"/api/collections/project/items?{query}&lang={lang}")
    assert answer.status_code == 400, answer.get_data(as_text=True)[:200]
    assert answer.mimetype == "application/problem+json"
    fault = next(each for each in answer.get_json()["parameters"] if each["name"] == name)
    assert fault["message"]
    assert any("一" <= letter <= "鿿" for letter in fault["message"]) == (lang == "zh") or lang == "en"
    assert fault.get("position") == position


@pytest.mark.parametrize(
    "text",
    [
        "' OR '1'='1",
        "1; DROP TABLE heads",
        "name LIKE '%' OR 1=1",
        "../../etc/passwd",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "%s%s%s%n",
        "\u202e",
        "name = '" + "'" * 50 + "'",
        "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 1)))",
        "S_INTERSECTS(geometry, POINT EMPTY)",
        "S_INTERSECTS(geometry, POLYGON((0 0,0 0,0 0,0 0)))",
        "S_INTERSECTS(geometry, LINESTRING(113 34,113 34))",
        "T_AFTER(as_of, TIMESTAMP('2022-12-31T23:59:60Z'))",
        "T_AFTER(as_of, TIMESTAMP('9999-12-31T23:59:60Z'))",
        "as_of = DATE('0000-01-01')",
        "amount_wan / 0 > 1",
        "amount_wan ^ 1000000 > 1",
        "amount_wan % 0 = 0",
    ],
)
def test_strange_things_are_answered_without_a_fault_inside(text: str, client: FlaskClient) -> None:
    for param in ("filter", "q", "name", "bbox", "datetime", "crs", "after", "before"):
        answer = client.get("/api/collections/project/items", query_string={param: text})
        assert answer.status_code in (200, 400), (param, answer.get_data(as_text=True)[:300])
    page = client.get("/api/collections/project/items", query_string={"filter": text, "f": "html"})
    assert page.status_code in (200, 400)
    assert "<script>alert" not in page.get_data(as_text=True)
