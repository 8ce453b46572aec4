"""OGC API – Tiles: row before column, the same tiles as elsewhere, all collections in one, metadata that fit."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import mapbox_vector_tile
import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely import Point, box

from geo.draw.mvt import MAX_ZOOM
from geo.model import Feature, default_kinds
from webmap.ogc.tiles import renamed

PLOT, PARK = default_kinds().get("plot"), default_kinds().get("park")
COMMON = {"county": "411082", "precision": "surveyed", "source": "t"}
ROW, COLUMN = 3266, 6686
BASE = "/api/collections/plot/tiles/WebMercatorQuad"


def plot(own_id: str, east: float = 0.0) -> Feature:
    more = {"area_m2": 1, "code": "A", "status": "available"}
    return PLOT.from_row(
        {"id": own_id, "name": own_id, **COMMON, **more}, box(113.82 + east, 34.22, 113.825 + east, 34.225)
    )


@pytest.fixture(scope="module")
def client(lasting_app_of: Callable[..., Flask]) -> FlaskClient:
    park = PARK.from_row({"id": "p", "name": "p", **COMMON}, Point(113.822, 34.223))
    made = lasting_app_of([plot("one"), plot("two", 0.006), park])
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made.test_client()


def test_a_tile_is_the_one_that_tilejson_gives(client: FlaskClient) -> None:
    (template,) = client.get("/tiles/plot.json").get_json()["tiles"]
    elsewhere = urlsplit(template).path.replace("{z}", "13").replace("{x}", str(COLUMN)).replace("{y}", str(ROW))
    own = client.get(f"{BASE}/13/{ROW}/{COLUMN}")
    assert own.mimetype == "application/vnd.mapbox-vector-tile"
    assert own.get_data() == client.get(elsewhere).get_data() != b""
    assert client.get(f"{BASE}/13/{COLUMN}/{ROW}").get_data() == b""
    again = client.get(f"{BASE}/13/{ROW}/{COLUMN}", headers={"If-None-Match": own.headers["ETag"]})
    assert again.status_code == 304
    packed = client.get(f"{BASE}/13/{ROW}/{COLUMN}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"


def test_a_tile_of_all_collections_has_a_layer_each(client: FlaskClient) -> None:
    whole = mapbox_vector_tile.decode(client.get(f"/api/tiles/WebMercatorQuad/13/{ROW}/{COLUMN}").get_data())
    assert set(whole) == {"plot", "park"}
    alone = mapbox_vector_tile.decode(client.get(f"{BASE}/13/{ROW}/{COLUMN}").get_data())
    assert whole["plot"]["features"] == alone["plot"]["features"]


def test_layers_of_a_tile_of_all_collections_have_names_of_their_own(client: FlaskClient) -> None:
    layers = [each["id"] for each in client.get("/api/tiles/WebMercatorQuad?f=tilejson").get_json()["vector_layers"]]
    assert len(layers) == len(set(layers))
    assert {"plot", "more_plot", "more_park"} <= set(layers)
    far = mapbox_vector_tile.decode(client.get("/api/tiles/WebMercatorQuad/3/3/6").get_data())
    for name in far:
        assert name in layers


def test_renaming_a_layer_leaves_all_else(client: FlaskClient) -> None:
    data = client.get(f"{BASE}/13/{ROW}/{COLUMN}").get_data()
    found = mapbox_vector_tile.decode(renamed(data, "plot", "an_other_name" * 20))
    assert found["an_other_name" * 20]["features"] == mapbox_vector_tile.decode(data)["plot"]["features"]
    assert renamed(data, "none", "x") == data


def test_tilejson_and_metadata_fit_the_tiles(client: FlaskClient) -> None:
    body = client.get(f"{BASE}?f=tilejson").get_json()
    assert body["tilejson"] == "3.0.0"
    address = body["tiles"][0].replace("{z}", "13").replace("{y}", str(ROW)).replace("{x}", str(COLUMN))
    assert client.get(urlsplit(address).path).get_data()
    metadata = client.get(BASE).get_json()
    assert metadata["dataType"] == "vector"
    (item,) = [link for link in metadata["links"] if link["rel"] == "item"]
    filled = item["href"].replace("{tileMatrix}", "13").replace("{tileRow}", str(ROW)).replace("{tileCol}", str(COLUMN))
    assert client.get(urlsplit(filled).path).get_data()
    (listed,) = client.get("/api/collections/plot/tiles").get_json()["tilesets"]
    assert listed["tileMatrixSetURI"] == metadata["tileMatrixSetURI"]
    filtered = client.get(f"{BASE}?f=tilejson&filter=name%3D'one'").get_json()["tiles"][0]
    assert "filter=name" in filtered


def test_the_matrix_set_is_that_of_the_standard(client: FlaskClient) -> None:
    body = client.get("/api/tileMatrixSets/WebMercatorQuad").get_json()
    first, last = body["tileMatrices"][0], body["tileMatrices"][-1]
    assert first["scaleDenominator"] == pytest.approx(559082264.028717, rel=1e-9)
    assert first["cellSize"] == pytest.approx(156543.033928041, rel=1e-9)
    assert first["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])
    assert (last["id"], last["matrixWidth"]) == (str(MAX_ZOOM), 2**MAX_ZOOM)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{BASE}/13/{ROW}/9999", 404),
        (f"{BASE}/21/0/0", 404),
        (f"{BASE}/0/1/0", 404),
        (f"{BASE}/x/0/0", 400),
        (f"{BASE}/-1/0/0", 400),
        (f"{BASE}/1.5/0/0", 400),
        ("/api/collections/plot/tiles/WorldCRS84Quad", 404),
        ("/api/collections/plot/tiles/WorldCRS84Quad/0/0/0", 404),
        ("/api/tileMatrixSets/none", 404),
        ("/api/collections/none/tiles", 404),
        (f"{BASE}/0/0/0?filter=nmae%3D1", 400),
        (f"{BASE}/0/0/0?crs=EPSG:4490", 400),
        ("/api/tiles/WebMercatorQuad/0/0/0?filter=demo", 400),
    ],
)
def test_a_tile_that_is_not_there(path: str, status: int, client: FlaskClient) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
