"""GeoJSON as RFC 7946 has it, with the declaration's fields in its order."""

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from made import CHANGGE, everything, made, point, project
from shapely.geometry import shape

from geo.draw import geojson
from geo.model import default_kinds, fields_of
from geo.publish import geometry_json

SQUARE = shapely.Polygon([(113.8, 34.2), (113.8, 34.3), (113.9, 34.3), (113.9, 34.2)])  # clockwise
HOLED = SQUARE.difference(shapely.box(113.84, 34.24, 113.86, 34.26))
LINE = shapely.LineString([(113.8, 34.2), (114.0, 34.4)])


def one(selection, atlas, kind, lang="zh"):
    return geojson.feature(selection.snapshot.table(kind), 0, default_kinds().get(kind), atlas, lang)


def test_properties_are_the_declared_fields_in_their_order_then_the_names(drawn, atlas):
    found = one(drawn(project(2, id="p1", place="town", chains=["nev"], demo=True)), atlas, "project")
    assert list(found["properties"]) == [
        *fields_of(default_kinds().get("project")),
        "city",
        "county_name",
        "place_name",
    ]
    own = found["properties"]
    assert found["id"] == own["id"] == "p1"
    assert (own["county"], own["city"], own["county_name"], own["place_name"]) == (
        CHANGGE,
        "411000",
        "长葛市",
        "地town",
    )
    assert (own["amount_wan"], own["chains"], own["demo"], own["source"]) == (20_000, ["nev"], True, "test")
    json.dumps(found, allow_nan=False)


def test_names_follow_the_language(drawn, atlas):
    own = one(drawn(project(place="town")), atlas, "project", "en")["properties"]
    assert (own["county_name"], own["place_name"]) == ("Changge City", "town")


def test_what_is_not_located_has_no_geometry_and_no_place_no_name(drawn, atlas):
    found = one(drawn(project()), atlas, "project")
    assert found["geometry"] is None
    assert found["properties"]["place_name"] == ""
    assert found["properties"]["amount_wan"] is None


def test_rings_turn_left_outside_and_right_inside():
    found = shape(geometry_json.geometry(HOLED))
    assert found.exterior.is_ccw and not found.interiors[0].is_ccw
    assert found.equals(HOLED)


@given(st.floats(110, 117), st.floats(31, 37))
def test_coordinates_keep_seven_decimals_and_no_more(lon, lat):
    found = geometry_json.geometry(point(lon, lat))["coordinates"]
    assert found == pytest.approx((lon, lat), abs=5.1e-8)
    assert all(len(repr(degree).split(".")[1]) <= 7 for degree in found)


def test_shapes_are_areas_and_lines_largest_first_with_their_chains_colour(drawn, atlas):
    small = shapely.box(113.8, 34.2, 113.81, 34.21)
    selection = drawn(
        made("plot", id="small", geometry=small, chains=["nev"]),
        made("plot", id="large", geometry=SQUARE, demo=True),
        made("route", id="way", geometry=LINE),
        made("project", id="dot", geometry=point(113.8, 34.2)),
        made("project", id="nowhere"),
    )
    found = geojson.shapes(selection, atlas)
    assert [each["id"] for each in found["features"]] == ["route/way", "plot/large", "plot/small"]
    assert found["truncated"] == 0
    large, tiny = (each["properties"] for each in found["features"][1:])
    assert set(large) == {"id", "kind", "name", "chains", "colour", "demo"}
    assert (large["demo"], large["colour"]) == (True, geojson.NO_CHAIN_COLOUR)
    assert tiny["colour"] == atlas.chains.colour("nev")


@pytest.mark.parametrize(
    ("box", "ids"),
    [((113.0, 34.0, 113.79, 34.5), []), ((113.85, 34.22, 113.86, 34.23), ["p"]), ((113.9, 34.3, 115.0, 35.0), ["p"])],
)
def test_shapes_in_view_are_those_that_meet_it(drawn, atlas, box, ids):
    selection = drawn(made("plot", id="p", geometry=SQUARE))
    assert [each["properties"]["id"] for each in geojson.shapes(selection, atlas, within=box)["features"]] == ids


def test_too_many_shapes_are_cut_and_counted(drawn, atlas):
    plots = [made("plot", geometry=shapely.box(113.8, 34.2, 113.8 + size, 34.3)) for size in (0.01, 0.02, 0.03)]
    found = geojson.shapes(drawn(*plots), atlas, limit=2)
    assert [each["properties"]["id"] for each in found["features"]] == [plots[2].id, plots[1].id]
    assert found["truncated"] == 1


def test_a_kind_declared_elsewhere_is_drawn_like_any_other(snapshot_of, atlas):
    from dataclasses import dataclass
    from typing import Annotated, ClassVar

    from datasets.labels import Label
    from geo.model import Feature
    from geo.model.fields import Whole

    @dataclass(frozen=True, kw_only=True)
    class Talent(Feature):
        kind: ClassVar[str] = "talent"
        seats: Annotated[float | None, Whole(label=Label("名额", "Seats"))] = None

    row = {"id": "t", "name": "甲", "county": CHANGGE, "precision": "surveyed", "source": "test", "seats": 3}
    snapshot = snapshot_of([Talent.from_row(row, point(113.8, 34.2))], kinds=default_kinds().plus(Talent), world=atlas)
    found = geojson.feature(snapshot.table("talent"), 0, Talent, atlas)
    assert found["properties"]["seats"] == 3
    assert everything(snapshot).total == 1
