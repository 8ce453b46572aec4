"""Further boxes of a request for items: answered ahead of Flask, and the same to the letter as Flask's answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import MultiPoint, Point, box

from geo.model import Feature, default_kinds
from geo.publish import Shelf
from webmap.serving import front as fronts
from webmap.serving.further import MOST, box_apart

AT = "/api/collections/plot/items"
PLOT = default_kinds().get("plot")
LEAST = {"precision": "surveyed", "source": "t", "area_m2": 1, "code": "A", "status": "available"}
SHAPES = (
    *(
        box(113.80 + east / 50, 34.20 + north / 50, 113.815 + east / 50, 34.212 + north / 50)
        for east in range(4)
        for north in range(4)
    ),
    Point(113.85, 34.25),
    MultiPoint([(113.80, 34.20), (113.88, 34.28)]),
    None,
)
DECODE: dict[str, Callable[[bytes], bytes]] = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


def plots(shapes: tuple[Any, ...] = SHAPES) -> list[Feature]:
    rows = enumerate(shapes)
    return [
        PLOT.from_row({"id": f"p{n:02}", "name": f"地块{n}", "county": "411082", **LEAST}, shape) for n, shape in rows
    ]


@pytest.fixture(scope="module")
def both(lasting_app_of: Callable[..., Flask]) -> tuple[Flask, Flask]:
    """Two applications of the same data; the second asks Flask each time."""
    found = lasting_app_of(plots()), lasting_app_of(plots())
    slow = found[1].extensions[fronts.EXTENSION]
    slow.further.answer = lambda *_: None
    return found


def told(app: Flask, address: str, headers: dict[str, str]) -> tuple[int, dict[str, str], Any]:
    """Status, headers and content of an answer."""
    answer = app.test_client().get(address, headers=headers)
    body = DECODE[answer.headers.get("Content-Encoding", "")](answer.data)
    content = json.loads(body) if body[:1] == b"{" else body
    moment = {"Date", "Content-Length"} if "Content-Encoding" in answer.headers else {"Date"}
    if isinstance(content, dict):
        content.pop("timeStamp", None)
    return answer.status_code, {name: value for name, value in answer.headers if name not in moment}, content


edges = st.sampled_from([113.7, 113.8, 113.81, 113.815, 113.82, 113.8351, 113.85, 113.88, 114.0])
sides = st.sampled_from([34.1, 34.2, 34.21, 34.212, 34.22, 34.2351, 34.25, 34.28, 34.4])
boxes = st.one_of(
    st.tuples(edges, sides, edges, sides).map(lambda found: ",".join(map(str, found))),
    st.sampled_from(
        ["", "1,2,3", "a,b,c,d", "113,34,114,35,0,9", " 113.8,34.2,113.9,34.3 ", "-200,0,0,1", "113,34,114,1e9"]
    ),
)
QUERIES = (
    "bbox={}",
    "limit=3&bbox={}",
    "bbox={}&limit=3&offset=2",
    "bbox={}&after=p03&limit=2&lang=en",
    "bbox={}&properties=name,county_name&skipGeometry=true",
    "crs=EPSG:4490&bbox={}",
    "crs=EPSG:4526&bbox={}&limit=20000",
    "bbox={}&bbox-crs=EPSG:4490",
    "bbox={}&county=411082&name=%E5%9C%B0%E5%9D%973",
    "bbox={}&filter=area_m2%3E0",
    "bbox={}&f=json&v=0",
    "bbox={}&bbox=113,34,114,35",
    "bbox={}&unknown=1",
    "bbox={}&f=html",
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(QUERIES), boxes, boxes, st.sampled_from(["", "gzip", "br", "gzip, br"]))
def test_answers_are_those_that_flask_gives(
    both: tuple[Flask, Flask], query: str, first: str, second: str, how: str
) -> None:
    headers = {"Accept-Encoding": how} if how else {}
    fast, slow = both
    for own in (first, second, quote(second)):
        address = f"{AT}?{query.format(own)}"
        assert told(fast, address, headers) == told(slow, address, headers)


@pytest.fixture
def app(app_of: Callable[..., Flask]) -> Flask:
    return app_of(plots())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_flask_is_asked_once_for_a_map_that_is_moved(client: FlaskClient, asked: list[str]) -> None:
    for east in range(5):
        answer = client.get(f"{AT}?bbox=113.8,34.2,113.8{east + 1},34.3&limit=2")
        assert answer.get_json()["numberReturned"] == 2
    assert len(asked) == 1
    client.get(f"{AT}?bbox=113.8,34.2,113.9,34.3&limit=3")
    client.get(f"{AT}?bbox=113.8,34.2,113.9,34.35&limit=2", headers={"Accept": "application/json"})
    client.get(f"{AT}?bbox=113.8,34.2,113.9,34.35&limit=2", headers={"Host": "other.example"})
    client.get(f"{AT}?bbox=113.8,34.2,113.9,34.36&limit=2", headers={"If-None-Match": '"a"'})
    client.get(f"{AT}?bbox=113.8,34.2,113.9,34.37&limit=2", headers={"Authorization": "Basic eDp5"})
    client.head(f"{AT}?bbox=113.8,34.2,113.9,34.38&limit=2")
    assert len(asked) == 7


def test_what_is_answered_is_kept_and_counted_like_any_answer(
    app: Flask, client: FlaskClient, asked: list[str]
) -> None:
    for _ in range(2):
        for north in (3, 4):
            assert client.get(f"{AT}?bbox=113.8,34.2,113.9,34.{north}").status_code == 200
    again = client.get(f"{AT}?bbox=113.8,34.2,113.9,34.4")
    same = client.get(f"{AT}?bbox=113.8,34.2,113.9,34.4", headers={"If-None-Match": again.headers["ETag"]})
    assert (len(asked), same.status_code) == (1, 304)
    assert len(app.extensions[fronts.EXTENSION].kept) == 2


def test_a_new_version_is_answered_by_flask_first(app: Flask, client: FlaskClient, asked: list[str]) -> None:
    site = app.extensions["relitu"]
    for version, number in enumerate((len(SHAPES) - 3, 1), start=1):
        for north in (5, 6):
            body = client.get(f"{AT}?bbox=113.79,34.19,113.9,34.{north}&skipGeometry=true").get_json()
            assert body["numberMatched"] >= number
        assert len(asked) == version
        Shelf(site.config.snapshots).publish(plots(SHAPES[:1]), site.kinds, site.world)
        site.look()
    assert body["numberMatched"] == 1
    assert not [
        left
        for left in app.extensions[fronts.EXTENSION].further._left.values()
        if left.version != site.snapshot.version
    ]


def test_no_more_ways_are_held_than_a_few(app: Flask, client: FlaskClient) -> None:
    for limit in range(1, MOST + 10):
        client.get(f"{AT}?bbox=113.8,34.2,113.9,34.3&limit={limit}")
    assert len(app.extensions[fronts.EXTENSION].further._left) == MOST


@pytest.mark.parametrize(
    ("query", "apart"),
    [
        ("bbox=1,2,3,4", ("bbox=", "1,2,3,4")),
        ("a=1&bbox=1%2C2&b=2", ("a=1&bbox=&b=2", "1,2")),
        ("bbox-crs=x&bbox=1+2", ("bbox-crs=x&bbox=", "1 2")),
        ("bbox=1&bbox=2", None),
        ("bbox=1&a=b&bbox=2", None),
        ("xbbox=1", None),
        ("xbbox=1&bbox=2", None),
        ("a=bbox=1", None),
        ("", None),
    ],
)
def test_one_box_is_told_apart(query: str, apart: tuple[str, str] | None) -> None:
    assert box_apart(query) == apart


def test_whatever_goes_wrong_is_flasks_to_tell(app: Flask, client: FlaskClient, asked: list[str]) -> None:
    client.get(f"{AT}?bbox=113.8,34.2,113.9,34.3&crs=EPSG:4526")
    assert client.get(f"{AT}?bbox=113.8,34.2,113.9,34.31&crs=EPSG:4526").status_code == 200
    assert len(asked) == 1

    def broken(*_: object) -> None:
        raise RuntimeError

    further = app.extensions[fronts.EXTENSION].further
    further._left = {key: replace(left, way=broken) for key, left in further._left.items()}
    assert client.get(f"{AT}?bbox=113.8,34.2,113.9,34.32&crs=EPSG:4526").status_code == 200
    assert len(asked) == 2
