"""The catalogue for portals and search engines: complete, true, and without made-up features among the facts."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from shapely import box

from geo.model import default_kinds

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def linked(page: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


def test_every_kind_has_its_data_set_and_every_link_answers(client: FlaskClient) -> None:
    catalogue = json.loads(client.get("/data.jsonld").data)
    assert catalogue["@type"] == "dcat:Catalog"
    kinds = {each["dct:identifier"] for each in catalogue["dcat:dataset"]}
    assert kinds == {kind.kind for kind in default_kinds()}
    for dataset in catalogue["dcat:dataset"]:
        assert dataset["dcat:distribution"]
        for each in dataset["dcat:distribution"]:
            href = each["dcat:accessURL"]["@id"]
            answer = client.get(href.replace("http://localhost", ""), query_string={"q": "none of them"}, buffered=True)
            assert (answer.status_code, bool(answer.data)) == (200, True), href
            assert answer.mimetype == each["dcat:mediaType"].partition(";")[0], href


def test_the_page_says_the_same_to_search_engines(client: FlaskClient) -> None:
    page = client.get("/data").get_data(as_text=True)
    catalogue = linked(page)
    assert catalogue["@type"] == "DataCatalog"
    assert len(catalogue["dataset"]) == len(default_kinds())
    plots = next(each for each in catalogue["dataset"] if each["url"].endswith("#plot"))
    assert "35项为演示数据" in plots["description"]
    assert 'id="plot"' in page
    assert "管理单位尚未声明" in page


def test_a_licence_is_said_everywhere(app_of: Callable[..., Flask]) -> None:
    row = {"id": "a", "name": "甲", "code": "A-1", "county": "411082", "precision": "surveyed", "source": "d:1"}
    plot = (
        default_kinds()
        .get("plot")
        .from_row({**row, "status": "available", "area_m2": 1e6}, box(113.8, 34.2, 113.81, 34.21))
    )
    address = "https://creativecommons.org/licenses/by/4.0/"
    client = app_of([plot], licence="CC BY 4.0", licence_url=address).test_client()
    assert f'<a href="{address}" rel="license noopener">CC BY 4.0</a>' in client.get("/data").get_data(as_text=True)
    (dataset,) = json.loads(client.get("/data.jsonld").data)["dcat:dataset"]
    assert dataset["dct:license"] == {"@id": address}
    assert json.loads(client.get("/export/plot.geojson").data)["metadata"]["licence"] == "CC BY 4.0"


def test_a_fact_is_a_place_and_demonstration_data_is_not(client: FlaskClient) -> None:
    items = json.loads(client.get("/api/collections/park/items?limit=1000").data)["features"]
    fact = next(each for each in items if not each["properties"]["demo"])
    made = next(each for each in items if each["properties"]["demo"])
    page = client.get(f"/f/park/{fact['id']}").get_data(as_text=True)
    place = linked(page)
    assert (place["@type"], place["name"]) == ("Place", fact["properties"]["name"])
    assert ("geo" in place) == (fact["geometry"] is not None)
    assert "noindex" not in page
    demo = client.get(f"/f/park/{made['id']}").get_data(as_text=True)
    assert "ld+json" not in demo
    assert '<meta name="robots" content="noindex">' in demo


def test_the_sitemap_names_every_fact_once_and_each_page_answers(client: FlaskClient) -> None:
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").get_data(as_text=True)
    index = ET.fromstring(client.get("/sitemap.xml").data)  # noqa: S314
    parts = [each.text or "" for each in index.findall(".//s:loc", NS)]
    assert parts == ["http://localhost/sitemap-1.xml"]
    places = ET.fromstring(client.get("/sitemap-1.xml").data)  # noqa: S314
    addresses = [each.text or "" for each in places.findall(".//s:loc", NS)]
    assert len(set(addresses)) == len(addresses)
    features = [address for address in addresses if "/f/" in address]
    demo = facts = 0
    for kind in default_kinds():
        items = json.loads(client.get(f"/api/collections/{kind.kind}/items?limit=1000").data)["features"]
        demo += sum(each["properties"]["demo"] for each in items)
        facts += sum(not each["properties"]["demo"] for each in items)
    assert demo
    assert len(features) == facts
    for address in [*addresses[:40], *addresses[-5:]]:
        assert client.get(address.replace("http://localhost", "")).status_code == 200, address
    assert client.get("/sitemap-2.xml").status_code == 404


def test_an_empty_installation_has_a_catalogue_too(app_of: Callable[..., Flask]) -> None:
    client = app_of([]).test_client()
    assert json.loads(client.get("/data.jsonld").data)["dcat:dataset"] == []
    assert client.get("/data").status_code == 200
    assert client.get("/sitemap-1.xml").status_code == 200


def test_a_shapefile_can_be_asked_for_by_the_name_of_its_file(client: FlaskClient) -> None:
    told = []
    for name in ("shp", "shp.zip"):
        answer = client.get(f"/export/plot.{name}?county=411082")
        assert answer.data.startswith(b"PK")
        told.append((answer.status_code, answer.mimetype, answer.headers["Content-Disposition"]))
    assert told[0] == told[1]
    assert client.get("/export/plot.csv.zip").status_code == 404
