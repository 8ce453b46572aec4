"""One declaration is enough: a kind that only this test declares is stored, filtered, listed, described and served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely import Point

from datasets.labels import Label
from geo.model import Feature, default_kinds
from geo.model.fields import Number, Term


@dataclass(frozen=True, kw_only=True)
class Talent(Feature):
    """Sought talent: a kind that the product does not have."""

    kind: ClassVar[str] = "talent"
    title: ClassVar[Label] = Label("人才需求", "Talent need")
    plural: ClassVar[Label] = Label("人才需求", "Talent needs")

    level: Annotated[str, Term(label=Label("层次", "Level"), vocabulary="park_level", filter="any", listed=True)] = ""
    posts: Annotated[float | None, Number(label=Label("岗位数", "Posts"), filter="range", listed=True)] = None


KINDS = default_kinds().plus(Talent)


def talent(number: int, **values: object) -> Feature:
    row = {"id": f"t{number}", "name": f"人才{number}", "county": "411082", "precision": "address", "source": "d:1"}
    return Talent.from_row({**row, "as_of": "2026-01", **values}, Point(113.8, 34.2))


@pytest.fixture
def client(app_of: Callable[..., Flask]) -> FlaskClient:
    features = [talent(1, level="national", posts=3), talent(2, level="county", posts=30), talent(3)]
    return app_of(features, KINDS).test_client()


def test_it_is_served(client: FlaskClient) -> None:
    answer = client.get("/api/collections/talent/items").get_json()
    assert answer["numberMatched"] == 3
    assert answer["features"][0]["properties"]["level"] == "national"
    assert answer["features"][0]["properties"]["posts"] == 3


@pytest.mark.parametrize(
    ("query", "matched"),
    [("level=national", 1), ("level=national,county", 2), ("posts_min=10", 1), ("posts_max=10&kind=talent", 1)],
)
def test_its_filters_work_without_being_listed_anywhere(client: FlaskClient, query: str, matched: int) -> None:
    assert client.get(f"/api/collections/talent/items?{query}").get_json()["numberMatched"] == matched
    assert client.get(f"/api/summary?{query}").get_json()["kinds"]["talent"] == matched


def test_its_facets_are_counted(client: FlaskClient) -> None:
    facets = client.get("/api/summary").get_json()["facets"]
    assert facets["kind"] == {"talent": 3}
    assert facets["level"] == {"national": 1, "county": 1}


def test_it_is_described(client: FlaskClient) -> None:
    collections = client.get("/api/collections?lang=en").get_json()["collections"]
    assert "Talent needs" in [collection["title"] for collection in collections]
    schema = client.get("/api/collections/talent/schema").get_json()
    assert schema["properties"]["posts"]["title"] == "岗位数"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_stands_in_the_list_and_has_its_page(client: FlaskClient, lang: str) -> None:
    listing = client.get(f"/list?kind=talent&lang={lang}").get_data(as_text=True)
    assert "人才1" in listing
    assert {"zh": "岗位数", "en": "Posts"}[lang] in listing
    page = client.get(f"/f/talent/t2?lang={lang}").get_data(as_text=True)
    assert {"zh": "层次", "en": "Level"}[lang] in page


def test_it_is_on_the_map_and_among_the_filters(client: FlaskClient) -> None:
    marks = client.get("/api/marks?zoom=9&kind=talent").get_json()["marks"]
    assert sum(mark["n"] for mark in marks) == 3
    assert "人才需求" in client.get("/").get_data(as_text=True)


def test_it_can_be_exported(client: FlaskClient) -> None:
    text = client.get("/export/talent.csv").get_data(as_text=True)
    assert "岗位数" in text
    assert "人才2" in text
