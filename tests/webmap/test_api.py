"""The API: GeoJSON items with paging, counts that agree with one another, errors that name the parameter."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from geo.model import default_kinds

COMMON = {"name", "county", "county_name", "chains", "precision", "source", "demo"}
OF_KIND = {"project": {"amount_wan", "stage", "signed_on", "investor"}, "plot": {"area_m2", "status"}}


@pytest.mark.parametrize("kind", default_kinds().names)
def test_items_hold_what_is_promised(kind: str, client: FlaskClient) -> None:
    answer = client.get(f"/api/collections/{kind}/items?limit=1000")
    assert answer.status_code == 200
    assert answer.mimetype == "application/geo+json"
    body = answer.get_json()
    assert body["type"] == "FeatureCollection"
    assert body["numberMatched"] == body["numberReturned"] == len(body["features"]) > 0
    for feature in body["features"]:
        assert COMMON | OF_KIND.get(kind, set()) <= set(feature["properties"])
        assert len(feature["properties"]["county"]) == 6
        exact = feature["properties"]["precision"] in ("surveyed", "address")
        assert (feature["geometry"] is not None) == exact


def test_the_demonstration_data_are_those_of_the_printed_map(client: FlaskClient) -> None:
    counts = {}
    for kind in ("route", "park", "plot", "opportunity"):
        features = client.get(f"/api/collections/{kind}/items?limit=1000").get_json()["features"]
        demo = [feature for feature in features if feature["properties"]["demo"]]
        counts[kind] = len(demo)
        assert all(feature["properties"]["county"].startswith("4110") for feature in demo)
        assert all("演示" in feature["properties"]["name"] for feature in demo)
        if kind == "plot":
            assert sum(feature["properties"]["area_m2"] for feature in demo) == pytest.approx(135e6, abs=1)
    assert counts == {"route": 38, "park": 68, "plot": 35, "opportunity": 48}


def test_pages_follow_one_another_without_gap_or_repeat(client: FlaskClient) -> None:
    whole = client.get("/api/collections/enterprise/items?limit=1000").get_json()
    seen = []
    address = "/api/collections/enterprise/items?limit=7"
    while address:
        page = client.get(address).get_json()
        assert page["numberMatched"] == whole["numberMatched"]
        seen += [feature["id"] for feature in page["features"]]
        links = {link["rel"]: link["href"] for link in page["links"]}
        parts = urlsplit(links.get("next", ""))
        address = f"{parts.path}?{parts.query}" if parts.path else ""
    assert seen == [feature["id"] for feature in whole["features"]]


def test_previous_leads_back(client: FlaskClient) -> None:
    page = client.get("/api/collections/project/items?limit=5&offset=7&city=410800").get_json()
    (previous,) = [link["href"] for link in page["links"] if link["rel"] == "prev"]
    assert "city=410800" in previous
    before = client.get("/api/collections/project/items?limit=5&offset=2&city=410800").get_json()
    assert [each["id"] for each in client.get(previous).get_json()["features"]] == [
        each["id"] for each in before["features"]
    ]


def test_one_item_and_its_absence(client: FlaskClient) -> None:
    first = client.get("/api/collections/project/items?limit=1").get_json()["features"][0]
    alone = client.get(f"/api/collections/project/items/{first['id']}").get_json()
    assert alone["properties"] == first["properties"]
    missing = client.get("/api/collections/project/items/none")
    assert missing.status_code == 404
    assert missing.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("chain=unobtainium", "chain"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=113,35,114,34", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("county=99", "county"),
        ("kind=castle", "kind"),
        ("amount_min=viel", "amount_min"),
        ("colour=red", "colour"),
        ("limit=0", "limit"),
        ("limit=-3", "limit"),
        ("offset=-1", "offset"),
        ("lang=fr", "lang"),
        ("year_from=2023&year_to=2020", "year_from"),
        ("near=113,34", "near"),
    ],
)
def test_a_bad_parameter_is_named(query: str, name: str, client: FlaskClient) -> None:
    answer = client.get(f"/api/collections/project/items?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == 400
    assert name in [parameter["name"] for parameter in problem["parameters"]]
    assert name in problem["detail"]


def test_problems_speak_the_readers_language(client: FlaskClient) -> None:
    chinese = client.get("/api/summary?chain=unobtainium").get_json()
    english = client.get("/api/summary?chain=unobtainium&lang=en").get_json()
    assert chinese["title"] == "请求有误"
    assert english["title"] == "Bad request"


@pytest.mark.parametrize(
    "query", ["", "city=410800", "kind=project&stage=signed", "q=长葛", "year_from=2021&year_to=2022"]
)
@pytest.mark.parametrize("zoom", [7, 9, 10, 11, 14, 17])
def test_map_counts_and_items_agree_to_the_number(query: str, zoom: int, client: FlaskClient) -> None:
    summary = client.get(f"/api/summary?{query}").get_json()
    marks = client.get(f"/api/marks?zoom={zoom}&{query}").get_json()["marks"]
    assert sum(mark["n"] for mark in marks) == summary["total"] == sum(summary["kinds"].values())
    for kind, count in summary["kinds"].items():
        items = client.get(f"/api/collections/{kind}/items?limit=1&{query}").get_json()
        assert items["numberMatched"] == count


def test_an_answer_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/api/summary?city=411000")
    again = client.get("/api/summary?city=411000", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.get_data() == b""
    other = client.get("/api/summary?city=410800", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_heat_and_choropleth_answer(client: FlaskClient) -> None:
    heat = client.get("/api/heat?scale=sqrt").get_json()
    assert heat["projects"] > 0
    picture = client.get(heat["image"])
    assert picture.mimetype == "image/png"
    assert "immutable" in picture.headers["Cache-Control"]
    for measure in ("projects", "amount", "density"):
        answer = client.get(f"/api/choropleth?measure={measure}").get_json()
        assert answer["legend"]
        assert answer["unit"]["zh"]
    assert client.get("/api/choropleth?measure=colour").status_code == 400
    assert client.get("/api/heat?scale=cubic").status_code == 400


def test_health_and_readiness(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz").get_json()
    assert ready["status"] == "ready"
    assert ready["features"]["plot"] == 35


def test_an_unknown_address_is_a_problem(client: FlaskClient) -> None:
    assert client.get("/api/none").get_json()["status"] == 404
    assert client.post("/api/summary").status_code == 405


def test_a_fault_inside_tells_nothing(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret path")

    monkeypatch.setattr("webmap.views.api_map.totals", fail)
    answer = client.get("/api/summary?q=never-asked-before")
    assert answer.status_code == 500
    assert "secret" not in answer.get_data(as_text=True)
