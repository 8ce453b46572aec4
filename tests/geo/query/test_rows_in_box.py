"""What a box holds, told by the index's boxes but for its corners, is what GEOS says of each geometry."""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, box

from geo.model import default_kinds
from geo.query.cql2.shapes import related_rows, rows_in_box

LEAST = {"county": "411082", "precision": "surveyed", "source": "t", "area_m2": 1, "code": "A", "status": "available"}
CORNERS = ((113.5, 34.2), (113.5, 34.3), (113.6, 34.3), (113.6, 34.2))


def shapes() -> list[shapely.Geometry]:
    """A field of small areas, and beside it all that a box can meet without a vertex in it."""
    random = np.random.default_rng(7)
    field = [
        box(*(at := random.uniform((113.4, 34.1), (113.7, 34.4))), *(at + random.uniform(0.001, 0.03, 2)))
        for _ in range(600)
    ]
    diagonal = [LineString([(113.4, 34.1 + step), (113.7, 34.4 + step)]) for step in (-0.11, -0.1, 0, 0.1, 0.11)]
    triangles = [shapely.Polygon([(x, y), (x + 0.02, y), (x, y + 0.02)]) for x, y in CORNERS]
    around = box(113.3, 34.0, 113.8, 34.5)
    return [
        *field,
        *diagonal,
        *triangles,
        *(affinity.rotate(each, 180) for each in triangles),
        around,
        around.difference(box(113.45, 34.15, 113.65, 34.35)),
        MultiPoint([(113.4, 34.25), (113.7, 34.25)]),
        MultiPolygon([box(113.4, 34.1, 113.42, 34.12), box(113.68, 34.38, 113.7, 34.4)]),
        GeometryCollection([Point(113.4, 34.4), LineString([(113.5, 34.19), (113.61, 34.3)])]),
        *(Point(*corner) for corner in CORNERS),
    ]


@pytest.fixture(scope="module")
def table(snapshot_of):
    kind = default_kinds().get("plot")
    rows = enumerate(shapes())
    return snapshot_of([kind.from_row({"id": f"p{n}", "name": f"{n}", **LEAST}, shape) for n, shape in rows]).table(
        "plot"
    )


edges = st.one_of(st.sampled_from([113.5, 113.6, 113.45, 113.65, 113.7]), st.floats(113.35, 113.75))
sides = st.one_of(st.sampled_from([34.2, 34.3, 34.15, 34.35, 34.4]), st.floats(34.05, 34.45))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(edges, edges).map(sorted), st.tuples(sides, sides).map(sorted))
def test_rows_are_those_that_share_a_point_with_the_box(table, lons, lats):
    (west, east), (south, north) = lons, lats
    if west == east or south == north:
        return
    every = np.arange(table.located)
    meant = every[shapely.intersects(box(west, south, east, north), table.geometries(every))]
    assert rows_in_box(table, west, south, east, north).tolist() == meant.tolist()
    assert related_rows("intersects", table, box(west, south, east, north)).tolist() == meant.tolist()
    inside = every[shapely.contains(box(west, south, east, north), table.geometries(every))]
    assert related_rows("within", table, box(west, south, east, north)).tolist() == inside.tolist()
