"""Tiles over HTTP: where TileJSON says they are, under the filter, kept for ever, compressed once."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely import box

from geo.draw import mvt
from geo.model import Feature, default_kinds
from webmap.remembering import Remembered

PLOT = default_kinds().get("plot")
LEAST = {"county": "411082", "precision": "surveyed", "source": "t", "area_m2": 1, "code": "A"}
TILE = "13/6686/3266"


def plot(own_id: str, status: str = "available", east: float = 0.0) -> Feature:
    """A plot in Changge."""
    shape = box(113.82 + east, 34.22, 113.825 + east, 34.225)
    return PLOT.from_row({"id": own_id, "name": own_id, "status": status, **LEAST}, shape)


@pytest.fixture
def app(app_of: Callable[..., Flask]) -> Flask:
    made = app_of([plot("one"), plot("two", "granted", 0.006)])
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address(client: FlaskClient, query: str = "", tile: str = TILE) -> str:
    """The address of a tile as TileJSON gives it."""
    (template,) = client.get(f"/tiles/plot.json{query}").get_json()["tiles"]
    parts = urlsplit(template)
    for name, number in zip("zxy", tile.split("/"), strict=True):
        parts = parts._replace(path=parts.path.replace(f"{{{name}}}", number))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_tilejson_says_where_tiles_are_and_what_is_in_them(client: FlaskClient) -> None:
    body = client.get("/tiles/plot.json").get_json()
    assert (body["tilejson"], body["scheme"], body["minzoom"]) == ("3.0.0", "xyz", 0)
    assert body["bounds"] == pytest.approx([113.82, 34.22, 113.831, 34.225])
    plots, more = body["vector_layers"]
    assert (plots["id"], more["id"]) == ("plot", "more")
    assert set(plots["fields"]) == {"id", "name", "demo", "cluster", "status"}
    assert body["tiles"][0].startswith("http://localhost/tiles/")


def test_a_kind_without_anything_located_has_tilejson_too(client: FlaskClient) -> None:
    assert client.get("/tiles/park.json").get_json()["bounds"] == [-180, -85.0511, 180, 85.0511]


def test_a_tile_is_compressed_and_may_be_kept_for_ever(client: FlaskClient) -> None:
    answer = client.get(address(client), headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = client.get(address(client), headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(answer.data) == plain.data
    assert b"\x0a\x04plot" in plain.data
    again = client.get(address(client), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_tile_shows_what_the_filter_selects(client: FlaskClient) -> None:
    def ids(query: str) -> tuple[bool, bool]:
        data = client.get(address(client, query), headers={"Accept-Encoding": "identity"}).data
        return b"\x0a\x03one" in data, b"\x0a\x03two" in data

    assert ids("") == (True, True)
    assert ids("?status=granted") == (False, True)
    assert ids("?status=available&lang=en") == (True, False)
    assert ids("?q=nowhere") == (False, False)
    assert "lang=en" in address(client, "?status=granted&lang=en")


def test_a_tile_is_made_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    real = mvt.Layer.tile
    monkeypatch.setattr(mvt.Layer, "tile", lambda *args, **more: made.append(args[1:4]) or real(*args, **more))
    for query in ("", "", "?status=granted", "", "?status=granted"):
        client.get(address(client, query))
    assert made == [(13, 6686, 3266)] * 2


def test_an_empty_tile_is_an_answer(client: FlaskClient) -> None:
    answer = client.get(address(client, tile="13/0/0"), headers={"Accept-Encoding": "identity"})
    assert (answer.status_code, answer.data) == (200, b"")


def test_another_version_is_refused_with_the_current_one(client: FlaskClient, app: Flask) -> None:
    answer = client.get(f"/tiles/0123456789abcdef/plot/{TILE}.mvt")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    body = answer.get_json()
    current = app.extensions["relitu"].snapshot.version
    assert body["current"] == current
    assert current in body["detail"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "tile", ["3/8/0", "3/0/8", "21/0/0", "-1/0/0", "3/x/1", "3/-1/1", "3/1.5/1", "3/٣/1", "9" * 40 + "/0/0"]
)
def test_a_tile_that_does_not_exist_is_named(tile: str, client: FlaskClient) -> None:
    answer = client.get(address(client, tile=tile))
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    (fault,) = answer.get_json()["parameters"]
    assert (fault["name"], fault["value"]) == ("tile", tile)


@pytest.mark.parametrize(
    "path",
    ["/tiles/plot.json?colour=red", "/tiles/v/plot/0/0/0.mvt?status=nice", "/tiles/v/plot/0/0/0.mvt?bbox=170,0,-170,1"],
)
def test_a_wrong_filter_is_named(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert len(answer.get_json()["parameters"]) == 1


@pytest.mark.parametrize("path", ["/tiles/castle.json", "/tiles/v/castle/0/0/0.mvt"])
def test_an_unknown_kind_is_named(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "castle" in answer.get_json()["detail"]


def test_what_is_remembered_stays_within_its_bounds() -> None:
    kept = Remembered(3, 100)
    assert kept.get(("a",), lambda: b"x" * 60, len) == b"x" * 60
    assert kept.get(("b",), lambda: b"y" * 60, len) == b"y" * 60
    assert kept.bytes == 60
    made: list[str] = []
    kept.get(("b",), lambda: made.append("b"))
    kept.get(("a",), lambda: made.append("a"))
    assert made == ["a"]
    assert len(kept.get(("huge",), lambda: b"z" * 101, len)) == 101
    assert kept.bytes == 60
    for number in range(5):
        kept.get((number,), lambda: None)
    assert kept.bytes == 0
