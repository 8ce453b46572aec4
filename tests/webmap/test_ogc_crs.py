"""OGC API – Features, Part 2: coordinates in every system that is offered, their axes as EPSG has them (against pyproj)."""

from __future__ import annotations

from collections.abc import Callable

import pyproj
import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely import Polygon, box
from shapely.geometry import shape

from geo.crs.ogc import CRS84, EPSG, offered
from geo.model import Feature, default_kinds

PLOT = default_kinds().get("plot")
LEAST = {"county": "411082", "precision": "surveyed", "source": "t", "area_m2": 1, "code": "A", "status": "available"}
HENAN = (110.35, 31.38, 116.65, 36.37)
CORNERS = [(113.82, 34.22), (113.83, 34.22), (113.83, 34.23), (113.82, 34.23), (113.82, 34.22)]


def plot(own_id: str, outline: Polygon) -> Feature:
    return PLOT.from_row({"id": own_id, "name": own_id, **LEAST}, outline)


@pytest.fixture(scope="module")
def client(lasting_app_of: Callable[..., Flask]) -> FlaskClient:
    made = lasting_app_of([plot("a", Polygon(CORNERS)), plot("far", box(115.6, 33.0, 115.61, 33.01))])
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made.test_client()


def test_what_is_offered_covers_the_province_and_no_more() -> None:
    found = {int(uri.rpartition("/")[2]) for uri in offered(HENAN) if uri != CRS84}
    three, six = {4525, 4526, 4527, 4546, 4547, 4548}, {4497, 4498, 4508, 4509}
    assert found == {4326, 4490, 3857} | three | six


@pytest.mark.parametrize("uri", list(offered((73.5, 18.0, 135.1, 53.6))))
def test_axes_and_numbers_are_those_of_the_registry(uri: str) -> None:
    """Control points over China, each within 1 mm (or 1e-8 degrees) of PROJ's answer in authority axis order."""
    crs = offered((73.5, 18.0, 135.1, 53.6))[uri]
    name = "OGC:CRS84" if uri == CRS84 else f"EPSG:{uri.rpartition('/')[2]}"
    definition = pyproj.CRS(name)
    first = definition.axis_info[0].direction
    assert crs.swapped == (first == "north")
    datum = 4326 if uri in (CRS84, f"{EPSG}4326", f"{EPSG}3857") else 4490
    meridian = crs.system.meridian if crs.system and crs.system.meridian else 113.0
    asked = pyproj.Transformer.from_crs(datum, definition)
    for lon, lat in ((meridian, 34.0), (meridian + 1.4, 30.5), (meridian - 1.4, 40.25), (meridian + 0.001, 22.0)):
        wanted = asked.transform(lat, lon)
        (found,) = crs.from_lonlat(shape({"type": "Point", "coordinates": [lon, lat]})).coords
        assert found == pytest.approx(wanted, abs=1e-8 if crs.geographic else 1e-3)
        turned = found[::-1] if crs.swapped else found
        back = crs.to_lonlat(shape({"type": "Point", "coordinates": turned}))
        assert (back.x, back.y) == pytest.approx((lon, lat), abs=1e-8)


@pytest.mark.parametrize("uri", list(offered(HENAN)))
def test_a_feature_in_every_system(uri: str, client: FlaskClient) -> None:
    crs = offered(HENAN)[uri]
    answer = client.get("/api/collections/plot/items", query_string={"crs": uri, "filter": "id = 'a'"})
    assert answer.headers["Content-Crs"] == f"<{uri}>"
    ring = answer.get_json()["features"][0]["geometry"]["coordinates"][0]
    name = "OGC:CRS84" if uri == CRS84 else f"EPSG:{uri.rpartition('/')[2]}"
    datum = 4326 if uri in (CRS84, f"{EPSG}4326", f"{EPSG}3857") else 4490
    to = pyproj.Transformer.from_crs(datum, name)
    wanted = [to.transform(lat, lon) for lon, lat in CORNERS]
    for one, other in zip(sorted(ring), sorted(map(list, wanted)), strict=True):
        assert one == pytest.approx(other, abs=1e-7 if crs.geographic else 1e-3)
    alone = client.get("/api/collections/plot/items/a", query_string={"crs": uri})
    assert alone.headers["Content-Crs"] == f"<{uri}>"
    assert alone.get_json()["geometry"]["coordinates"][0] == ring


@pytest.mark.parametrize("uri", list(offered(HENAN)))
def test_a_box_in_every_system(uri: str, client: FlaskClient) -> None:
    crs = offered(HENAN)[uri]
    (low,) = crs.from_lonlat(shape({"type": "Point", "coordinates": [113.81, 34.21]})).coords
    (high,) = crs.from_lonlat(shape({"type": "Point", "coordinates": [113.815, 34.24]})).coords
    (over,) = crs.from_lonlat(shape({"type": "Point", "coordinates": [113.825, 34.24]})).coords
    for corner, ids in ((high, []), (over, ["a"])):
        query = {"bbox": ",".join(map(repr, (*low, *corner))), "bbox-crs": uri}
        body = client.get("/api/collections/plot/items", query_string=query).get_json()
        assert [feature["id"] for feature in body["features"]] == ids, query
        filtered = f"S_INTERSECTS(geometry,BBOX({query['bbox']}))"
        same = client.get(
            "/api/collections/plot/items", query_string={"filter": filtered, "filter-crs": uri}
        ).get_json()
        assert [feature["id"] for feature in same["features"]] == ids, filtered


@pytest.mark.parametrize("uri", list(offered(HENAN)))
@pytest.mark.parametrize(
    ("west", "east", "south", "north"),
    [(113.825, 113.825, 34.225, 34.225), (113.825, 113.825, 34.21, 34.24), (113.81, 113.84, 34.225, 34.225)],
)
def test_a_box_without_width_or_height(
    uri: str, west: float, east: float, south: float, north: float, client: FlaskClient
) -> None:
    crs = offered(HENAN)[uri]
    corners = [
        crs.from_lonlat(shape({"type": "Point", "coordinates": at})).coords[0] for at in ((west, south), (east, north))
    ]
    if not crs.geographic and (west, south) != (east, north):
        # In a plane a meridian is no straight line: the corners are put on one.
        axis = int(crs.swapped == (west == east))
        corners[1] = tuple(corners[0][n] if n == axis else corners[1][n] for n in (0, 1))
    query = {"bbox": ",".join(map(repr, (*corners[0], *corners[1]))), "bbox-crs": uri}
    answer = client.get("/api/collections/plot/items", query_string=query)
    assert [feature["id"] for feature in answer.get_json()["features"]] == ["a"], query


@pytest.mark.parametrize("param", ["crs", "bbox-crs", "filter-crs"])
@pytest.mark.parametrize(
    "value", ["EPSG:2381", f"{EPSG}2381", "GCJ-02", "BD-09", "nonsense", "", "EPSG:4513", "http://x/'; DROP TABLE"]
)
def test_a_system_that_is_not_offered(param: str, value: str, client: FlaskClient) -> None:
    query = {param: value, "bbox": "113,34,114,35"}
    answer = client.get("/api/collections/plot/items", query_string=query)
    assert answer.status_code == 400
    fault = answer.get_json()["parameters"][0]
    assert fault["name"] == param
    assert CRS84 in fault["message"]


def test_a_place_that_the_system_cannot_hold_is_named(app_of: Callable[..., Flask]) -> None:
    far = app_of([plot("urumqi", box(87.6, 43.8, 87.61, 43.81))]).test_client()
    answer = far.get("/api/collections/plot/items?crs=EPSG:4526&lang=en")
    assert answer.status_code == 400
    (fault,) = answer.get_json()["parameters"]
    assert fault["name"] == "crs"
    assert "urumqi" in fault["message"]
    assert far.get("/api/collections/plot/items?crs=EPSG:4490").status_code == 200


@pytest.mark.parametrize("short", ["EPSG:4490", "[EPSG:4490]", "https://www.opengis.net/def/crs/EPSG/0/4490"])
def test_other_ways_to_write_a_system(short: str, client: FlaskClient) -> None:
    answer = client.get("/api/collections/plot/items", query_string={"crs": short})
    assert answer.headers["Content-Crs"] == f"<{EPSG}4490>"


def test_the_collections_say_which_systems_there_are(client: FlaskClient) -> None:
    body = client.get("/api/collections").get_json()
    plots = next(each for each in body["collections"] if each["id"] == "plot")
    assert plots["crs"] == body["crs"]
    assert plots["storageCrs"] in plots["crs"]
    assert plots["crs"][0] == CRS84
