"""OGC API – Features, Part 1: forms, links, conditions, pages that stay in step, caching and reading from other origins."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from shapely import box

from geo.model import Feature, default_kinds
from geo.publish import Shelf
from webmap.ogc.conformance import classes

PLOT = default_kinds().get("plot")
EVENT = default_kinds().get("event")
LEAST = {"county": "411082", "precision": "surveyed", "source": "t", "area_m2": 1, "code": "A", "status": "available"}
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def plot(own_id: str, east: float = 0.0, **more: object) -> Feature:
    shape = box(113.82 + east, 34.22, 113.825 + east, 34.225)
    return PLOT.from_row({"id": own_id, "name": own_id, **LEAST, **more}, shape)


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def link_of(body: dict, rel: str) -> str:
    """The path of the one link of a relation, "" where there is none."""
    found = [path_of(link["href"]) for link in body["links"] if link["rel"] == rel]
    return found[0] if found else ""


RESOURCES = [
    "/api/",
    "/api/conformance",
    "/api/openapi",
    "/api/collections",
    "/api/collections/plot",
    "/api/collections/plot/schema",
    "/api/collections/plot/queryables",
    "/api/collections/plot/items?limit=3",
    "/api/collections/event/items?limit=3",
    "/api/tiles",
    "/api/tiles/WebMercatorQuad",
    "/api/collections/plot/tiles",
    "/api/collections/plot/tiles/WebMercatorQuad",
    "/api/tileMatrixSets",
    "/api/tileMatrixSets/WebMercatorQuad",
]


@pytest.mark.parametrize("address", RESOURCES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_resource_is_data_for_a_program_and_a_page_for_a_person(
    address: str, lang: str, client: FlaskClient
) -> None:
    sign = "&" if "?" in address else "?"
    data = client.get(f"{address}{sign}lang={lang}")
    page = client.get(f"{address}{sign}lang={lang}", headers={"Accept": HTML})
    assert (data.status_code, page.status_code) == (200, 200)
    assert "json" in data.mimetype
    assert page.mimetype == "text/html"
    assert data.headers["ETag"] != page.headers["ETag"]
    for answer in (data, page):
        assert "Accept" in answer.headers["Vary"]
    assert client.get(f"{address}{sign}f=html").mimetype == "text/html"
    assert client.get(f"{address}{sign}f=json", headers={"Accept": HTML}).mimetype == data.mimetype
    html = page.get_data(as_text=True)
    assert "style=" not in html
    assert "{{" not in html


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    seen: set[str] = set()
    ahead = ["/api/"]
    while ahead:
        address = ahead.pop()
        if address in seen or "{" in address or len(seen) > 400:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in (200, 303), address
        if "json" in answer.mimetype and "/items/" not in address:
            body = answer.get_json()
            ahead += [path_of(link["href"]) for link in _links(body) if "/openapi" not in link["href"]]
    assert len(seen) > 100


def _links(node: object) -> list[dict]:
    if isinstance(node, dict):
        own = node.get("links", [])
        return [*own, *(link for value in node.values() for link in _links(value))]
    return [link for each in node for link in _links(each)] if isinstance(node, list) else []


def test_the_links_of_a_page_lead_somewhere(client: FlaskClient) -> None:
    for address in ("/api/", "/api/collections/plot", "/api/openapi", "/api/connect", "/api/tiles"):
        html = client.get(address, headers={"Accept": HTML}).get_data(as_text=True)
        for href in set(re.findall(r'href="([^"#]+)"', html)):
            path = path_of(href.replace("&amp;", "&").replace("&#39;", "'").replace("&#34;", '"'))
            broken = "%3E%3E" in path
            with client.get(path, follow_redirects=True) as found:  # closed, or a download keeps its place in the queue
                assert found.status_code == (400 if broken else 200), (address, path)


def test_the_definition_is_valid_and_says_all(client: FlaskClient) -> None:
    for lang in ("zh", "en"):
        body = client.get(f"/api/openapi?lang={lang}").get_json()
        validate(body)
    names = {path for path in body["paths"] if "{" not in path}
    for path in names:
        assert client.get(f"/api{path}").status_code == 200, path
    operations = [method["operationId"] for path in body["paths"].values() for method in path.values()]
    assert len(operations) == len(set(operations))


def test_each_declared_parameter_is_known_and_no_other(client: FlaskClient) -> None:
    body = client.get("/api/openapi").get_json()
    declared = body["components"]["parameters"]
    for kind in ("plot", "project"):
        listed = body["paths"][f"/collections/{kind}/items"]["get"]["parameters"]
        names = [declared[each["$ref"].rpartition("/")[2]]["name"] for each in listed]
        assert {"bbox", "datetime", "crs", "filter", "chain", "q", "name", "source", "limit", "after"} <= set(names)
        for name in names:
            answer = client.get(f"/api/collections/{kind}/items?{name}=")
            problem = answer.get_json()
            strange = [fault["message"] for fault in problem.get("parameters", []) if "没有参数" in fault["message"]]
            assert not strange, name
    assert client.get("/api/collections/plot/items?fragment=1").status_code == 400
    assert client.get("/api/collections?limit=3").status_code == 400
    assert client.get("/api/?bbox=1,2,3,4").status_code == 400


def test_what_is_declared_to_conform(client: FlaskClient) -> None:
    found = client.get("/api/conformance").get_json()["conformsTo"]
    assert found == list(classes(writes=True))
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in found
    assert len(set(found)) == len(found)


@pytest.fixture(scope="module")
def three(lasting_app_of: Callable[..., Flask]) -> FlaskClient:
    features = [plot("a"), plot("b", 0.1), plot("c", 0.2)]
    return lasting_app_of(features).test_client()


@pytest.fixture(scope="module")
def dated(lasting_app_of: Callable[..., Flask]) -> FlaskClient:
    """Events whose dates are known ever less exactly."""
    days = {"day": "2022-03-03", "month": "2022-03", "quarter": "2022-Q1", "year": "2022", "none": ""}
    common = {"county": "411082", "precision": "county", "source": "t"}
    events = [EVENT.from_row({"id": name, "name": name, "as_of": day, **common}) for name, day in days.items()]
    events.append(EVENT.from_row({"id": "span", "name": "span", "as_of": "2022-03", "ends_on": "2022-06", **common}))
    return lasting_app_of(events).test_client()


def test_a_box_takes_what_it_touches_and_nothing_else(three: FlaskClient) -> None:
    def found(query: str) -> list[str]:
        body = three.get(f"/api/collections/plot/items?{query}").get_json()
        return [feature["id"] for feature in body["features"]]

    assert found("bbox=113.80,34.2,113.83,34.3") == ["a"]
    assert found("bbox=113.825,34.225,113.85,34.3") == ["a"]  # a corner in common
    assert found("bbox=113.8251,34.2251,113.85,34.3") == []
    assert found("bbox=113.80,34.2,0,113.83,34.3,100") == ["a"]
    assert found("bbox=114,34,-170,35") == ["c"]  # over the antimeridian
    assert found("bbox=34.2,113.80,34.3,113.83&bbox-crs=EPSG:4490") == ["a"]
    assert found("bbox=113.80,34.2,113.83,34.3&filter=name='b'") == []


def test_a_box_asks_the_outline_not_the_box_around_it(app_of: Callable[..., Flask]) -> None:
    from shapely import Polygon

    corner = PLOT.from_row({"id": "t", "name": "t", **LEAST}, Polygon([(113.8, 34.2), (113.9, 34.2), (113.8, 34.3)]))
    client = app_of([corner]).test_client()
    for query, count in (("bbox=113.88,34.28,113.9,34.3", 0), ("bbox=113.8,34.2,113.81,34.21", 1)):
        assert client.get(f"/api/collections/plot/items?{query}").get_json()["numberMatched"] == count


def test_what_has_no_geometry_is_where_its_county_is(app_of: Callable[..., Flask]) -> None:
    somewhere = PLOT.from_row({"id": "s", "name": "s", **LEAST, "precision": "county"})
    client = app_of([somewhere]).test_client()
    near = client.get("/api/collections/plot/items?bbox=113.8,34.2,113.9,34.3").get_json()
    assert [feature["geometry"] for feature in near["features"]] == [None]
    assert client.get("/api/collections/plot/items?bbox=10,10,11,11").get_json()["numberMatched"] == 0


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("2022-03-03", ["day", "month", "none", "quarter", "span", "year"]),
        ("2022-03-03T12:00:00Z", ["day", "month", "none", "quarter", "span", "year"]),
        ("2022-03-10/2022-03-20", ["month", "none", "quarter", "span", "year"]),
        ("2022-05-01/2022-06-01", ["none", "span", "year"]),
        ("../2022-03-02", ["month", "none", "quarter", "span", "year"]),
        ("/2021-12-31", ["none"]),
        ("2022-12-31/..", ["none", "year"]),
        ("2023-01-01/", ["none"]),
    ],
)
def test_time_is_a_stretch_as_long_as_it_is_uncertain(asked: str, ids: list[str], dated: FlaskClient) -> None:
    body = dated.get(f"/api/collections/event/items?datetime={asked}").get_json()
    assert [feature["id"] for feature in body["features"]] == ids


def test_a_limit_beyond_the_maximum_is_capped_and_said_so(client: FlaskClient) -> None:
    body = client.get("/api/collections/plot/items?limit=1000000").get_json()
    assert body["numberReturned"] == 35
    assert "10000" in body["notes"][0]
    assert "notes" not in client.get("/api/collections/plot/items?limit=10000").get_json()


def republish(app: Flask, features: list[Feature]) -> None:
    """Put another snapshot in the place of the one that is served."""
    here = app.extensions["relitu"]
    Shelf(here.config.snapshots).publish(features, here.kinds, here.world)
    here.look()


@pytest.mark.parametrize("query", ["", "filter=area_m2>0"])
def test_pages_stay_in_step_with_a_publication_in_between(query: str, app_of: Callable[..., Flask]) -> None:
    kept = [f"k{number:02}" for number in range(20)]
    app = app_of([plot(own_id) for own_id in [*kept, "a-gone", "k05-gone", "k12-gone"]])
    client = app.test_client()
    first = client.get(f"/api/collections/plot/items?limit=7&{query}").get_json()
    seen = [feature["id"] for feature in first["features"]]
    republish(app, [plot(own_id) for own_id in [*kept, "a-new", "k03-new", "k12-new", "z-new"]])
    body = first
    while address := link_of(body, "next"):
        body = client.get(address).get_json()
        seen += [feature["id"] for feature in body["features"]]
    assert len(set(seen)) == len(seen)
    assert set(kept) <= set(seen)
    assert {"k12-new", "z-new"} <= set(seen)
    assert "k12-gone" not in seen
    back = []
    while address := link_of(body, "prev"):
        body = client.get(address).get_json()
        back = [feature["id"] for feature in body["features"]] + back
    assert set(kept) - {feature["id"] for feature in first["features"]} <= set(back) | set(seen[-7:])
    assert len(set(back)) == len(back)


def test_pages_forwards_and_back_are_the_same(client: FlaskClient) -> None:
    address, forwards = "/api/collections/enterprise/items?limit=13", []
    while address:
        body = client.get(address).get_json()
        forwards.append([feature["id"] for feature in body["features"]])
        address = link_of(body, "next")
    backwards = [forwards[-1]]
    while address := link_of(body, "prev"):
        body = client.get(address).get_json()
        backwards.insert(0, [feature["id"] for feature in body["features"]])
    assert sum(map(len, forwards)) == body["numberMatched"]
    assert [each for page in backwards for each in page] == [each for page in forwards for each in page]


def test_an_answer_is_sent_once(client: FlaskClient) -> None:
    address = "/api/collections/plot/items?limit=2"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    page = client.get(address, headers={"If-None-Match": first.headers["ETag"], "Accept": HTML})
    assert page.status_code == 200
    head = client.head(address)
    assert head.status_code == 200
    assert head.get_data() == b""
    assert head.headers["ETag"] == first.headers["ETag"]


def test_other_origins_may_read_and_nothing_else(client: FlaskClient) -> None:
    for answer in (
        client.get("/api/collections/plot/items?limit=1", headers={"Origin": "https://other.example"}),
        client.get("/api/collections/plot/items?limit=x", headers={"Origin": "https://other.example"}),
        client.options("/api/collections/plot/items", headers={"Access-Control-Request-Method": "GET"}),
    ):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    posted = client.post("/api/collections/plot/items")
    assert posted.status_code == 401
    assert "Access-Control-Allow-Origin" not in posted.headers
    assert "Access-Control-Allow-Origin" not in client.get("/staff/login").headers


def test_links_stand_in_a_header_too(client: FlaskClient) -> None:
    answer = client.get("/api/collections/plot/items?limit=2")
    written = answer.headers["Link"]
    for rel in ("self", "alternate", "next", "collection", "http://www.opengis.net/def/rel/ogc/1.0/queryables"):
        assert f'rel="{rel}"' in written
    long = client.get("/api/collections/plot/items", query_string={"filter": "name <> '" + "长" * 2000 + "'"})
    assert len(long.headers["Link"]) < 2000
    assert 'rel="self"' not in long.headers["Link"]


def test_forms_that_are_not_offered(client: FlaskClient) -> None:
    assert client.get("/api/collections?f=xml").status_code == 400
    refused = client.get("/api/collections", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert refused.mimetype == "application/problem+json"
    page = client.get("/api/collections/none", headers={"Accept": HTML})
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_one_feature_for_a_person_is_its_page(client: FlaskClient) -> None:
    feature = client.get("/api/collections/plot/items?limit=1").get_json()["features"][0]
    there = client.get(f"/api/collections/plot/items/{feature['id']}?lang=en", headers={"Accept": HTML})
    assert there.status_code == 303
    assert client.get(there.headers["Location"]).status_code == 200
    assert "lang=en" in there.headers["Location"]


def test_what_is_not_known_is_null(client: FlaskClient) -> None:
    body = client.get("/api/collections/talk/items?limit=1000").get_json()
    values = [value for feature in body["features"] for value in feature["properties"].values()]
    assert "" not in values
    assert None in values
    schema = client.get("/api/collections/talk/schema").get_json()
    for name, value in body["features"][0]["properties"].items():
        kinds = schema["properties"][name]["type"]
        assert value is not None or "null" in kinds, name


def test_every_property_has_its_schema_and_every_schema_its_property(client: FlaskClient) -> None:
    for kind in default_kinds().names:
        schema = client.get(f"/api/collections/{kind}/schema").get_json()
        feature = client.get(f"/api/collections/{kind}/items?limit=1").get_json()["features"][0]
        assert set(feature["properties"]) | {"geometry"} == set(schema["properties"])
        asked = client.get(f"/api/collections/{kind}/queryables").get_json()
        assert asked["additionalProperties"] is False
        assert set(asked["properties"]) <= set(schema["properties"])
        assert "type" not in asked["properties"]["geometry"]


def test_terms_of_use_are_linked_where_they_are_stated(app_of: Callable[..., Flask]) -> None:
    stated = app_of([plot("a")], licence_url="https://www.example.gov.cn/licence").test_client()
    for address in ("/api/", "/api/collections", "/api/collections/plot"):
        assert link_of(stated.get(address).get_json(), "license") == "/licence"


def test_the_extent_of_a_collection(client: FlaskClient) -> None:
    extent = client.get("/api/collections/project").get_json()["extent"]
    start, end = extent["temporal"]["interval"][0]
    assert start < end
    assert json.dumps(extent).count("CRS84") == ("spatial" in extent)


@pytest.mark.parametrize("path", ["/api/collections/plot/items?f=html&limit=2", "/api/collections/plot?f=html"])
def test_every_column_of_a_page_has_its_cell(path: str, client: FlaskClient) -> None:
    page = client.get(path).get_data(as_text=True)
    heads, rows = page.count('role="columnheader"'), page.split("<tbody")[1].split("</tbody>")[0].split("<tr")[1:]
    assert heads > 5
    assert rows
    assert all(row.count('role="cell"') + row.count('role="rowheader"') == heads for row in rows)
