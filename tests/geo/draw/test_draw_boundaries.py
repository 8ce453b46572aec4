"""The base map: light, valid, with borders that neighbours share."""

import gzip
import json

import pytest
import shapely
from shapely.geometry import shape

from geo.draw.boundaries import base_map


@pytest.fixture(scope="module")
def drawn_map(atlas):
    return base_map(atlas)


def test_the_counties_fit_the_first_view(drawn_map):
    text = json.dumps(drawn_map, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(gzip.compress(text, 6)) <= 90_000


def test_every_county_is_there_with_its_labels(drawn_map, atlas):
    features = drawn_map["counties"]["features"]
    assert [each["id"] for each in features] == list(atlas.boundaries.counties)
    changge = next(each["properties"] for each in features if each["id"] == "411082")
    assert changge["anchor"] == pytest.approx(atlas.boundaries.unit("411082").anchor, abs=1e-4)
    assert {key: changge[key] for key in ("adcode", "name", "short", "city")} == {
        "adcode": "411082",
        "name": "长葛市",
        "short": "长葛",
        "city": "411000",
    }
    assert changge["area_km2"] == pytest.approx(635.7, rel=0.01)


def test_borders_stay_shared_and_polygons_valid(drawn_map):
    shapes = [shape(each["geometry"]) for each in drawn_map["counties"]["features"]]
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


def test_areas_are_about_those_of_the_source(drawn_map, atlas):
    for each in drawn_map["counties"]["features"]:
        own = atlas.boundaries.counties[each["id"]].geometry
        assert shape(each["geometry"]).symmetric_difference(own).area < 0.05 * own.area, each["id"]


def test_rings_follow_the_right_hand_rule(drawn_map):
    for each in drawn_map["counties"]["features"]:
        assert all(part.exterior.is_ccw for part in shapely.get_parts(shape(each["geometry"])))


def test_cities_come_with_their_counties(drawn_map, atlas):
    xuchang = next(each for each in drawn_map["cities"] if each["adcode"] == "411000")
    assert xuchang["name"] == "许昌市" and "411082" in xuchang["counties"]
    assert xuchang["bounds"] == pytest.approx(atlas.boundaries.unit("411000").bbox, abs=1e-4)


def test_english_names_on_request(atlas):
    names = {each["id"]: each["properties"] for each in base_map(atlas, "en")["counties"]["features"]}
    assert (names["411082"]["name"], names["411082"]["short"]) == ("Changge City", "Changge")
