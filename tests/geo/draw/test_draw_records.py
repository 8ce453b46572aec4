"""Many rows at once give what each gives alone, to the last byte of JSON."""

import json

import numpy as np
import orjson
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import CHANGGE, XUCHANG, made

from geo.draw import feature_text, geojson
from geo.model import default_kinds
from geo.publish import geometry_json

CORNERS = [(113.8, 34.2), (113.8, 34.3), (113.9, 34.3), (113.9, 34.2)]
SQUARE = shapely.Polygon(CORNERS)
HOLED = SQUARE.difference(shapely.box(113.84, 34.24, 113.86, 34.26))
FAR = shapely.box(114.1, 34.123456789, 114.2, 34.2)
SHAPES = (
    None,
    shapely.Point(113.8, 34.2),
    shapely.LineString([(113.8, 34.2), (114.0, 34.4)]),
    SQUARE,
    shapely.Polygon(CORNERS[::-1]),
    HOLED,
    shapely.MultiPolygon([HOLED, FAR]),
    shapely.MultiPolygon([FAR, shapely.Polygon(CORNERS[::-1])]),
    shapely.MultiLineString([[(113, 34), (114, 34)], [(113, 35), (113.5, 35.123456789), (114, 35)]]),
    shapely.MultiPoint([(113, 34), (114, 34)]),
    shapely.Point(113.8, 34.2, 12.0),
    shapely.GeometryCollection([SQUARE, shapely.Point(113, 34)]),
    shapely.Polygon([(113, 34), (114, 35), (114, 34), (113, 35)]),  # crosses itself
)
features = st.builds(
    lambda kind, shape, county, place, chains, name, demo: made(
        kind, geometry=shape, county=county, place=place, chains=chains, name=name, demo=demo
    ),
    st.sampled_from(["plot", "project", "park", "route", "target"]),
    st.sampled_from(SHAPES),
    st.sampled_from([CHANGGE, XUCHANG]),
    st.sampled_from(["", "town", "nowhere"]),
    st.lists(st.sampled_from(["nev", "superhard-materials"]), max_size=2, unique=True),
    st.sampled_from(["甲", 'quote"\\', "tab\t", "𠮷"]),
    st.booleans(),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(features, max_size=12),
    st.sampled_from(["zh", "en"]),
    st.sets(st.sampled_from(["id", "name", "name_en", "place_name", "county_name", "source", "as_of"])),
    st.randoms(use_true_random=False),
)
def test_features_are_those_of_each_row_in_the_order_asked_for(drawn, atlas, chosen, lang, wanted, random):
    snapshot = drawn(*chosen).snapshot
    for kind in snapshot.kinds:
        table, declared = snapshot.table(kind), default_kinds().get(kind)
        rows = list(range(table.rows))
        random.shuffle(rows)
        rows = rows[: random.randint(0, len(rows))]
        chosen_rows = np.array(rows, np.intp)
        one_by_one = [geojson.feature(table, row, declared, atlas, lang) for row in rows]
        for each in one_by_one:
            each["properties"] = {name: None if said == "" else said for name, said in each["properties"].items()}
        ready = feature_text.features(table, chosen_rows, declared, atlas, lang)
        table.feature_text = None  # as in a snapshot of an older format
        assert feature_text.features(table, chosen_rows, declared, atlas, lang) == ready
        by_column = feature_text.features(table, chosen_rows, declared, atlas, lang, geojson.property_labels(declared))
        assert ready == by_column == orjson.dumps(one_by_one)
        for each in one_by_one:
            each["geometry"] = None
            each["properties"] = {name: said for name, said in each["properties"].items() if name in wanted}
        nulls = [b"null"] * len(rows)
        written = feature_text.features(table, chosen_rows, declared, atlas, lang, wanted, nulls)
        assert written == orjson.dumps(one_by_one)


corners = st.tuples(st.floats(113.0, 113.001), st.floats(34.0, 34.001))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(corners, min_size=3, max_size=3, unique=True), min_size=1, max_size=5))
def test_shells_run_counter_clockwise_however_thin(drawn, atlas, triangles):
    shapes = [shape for shape in map(shapely.Polygon, triangles) if shape.is_valid and shape.area > 0]
    if not shapes:
        return
    table = drawn(
        *(made("plot", id=f"p{number:02}", geometry=shape) for number, shape in enumerate(shapes))
    ).snapshot.table("plot")
    together = geojson.geometries(table, np.arange(table.rows), 12)
    one_by_one = [geometry_json.geometry(table.geometry(row), 12) for row in range(table.rows)]
    assert json.loads(orjson.dumps(together, option=orjson.OPT_SERIALIZE_NUMPY)) == json.loads(json.dumps(one_by_one))
