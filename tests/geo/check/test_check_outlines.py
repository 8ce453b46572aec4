"""Vectorised areas against pyproj's, corners and ring numbers."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from parcels import array, parts, polygon, square
from pyproj import Geod

from geo.check.corners import Corners
from geo.check.outlines import Outlines, areas_m2, in_metres

WGS84 = Geod(ellps="WGS84")


@settings(max_examples=60, deadline=None)
@given(
    lon=st.floats(110, 117),
    lat=st.floats(31, 37),
    size=st.floats(2e-4, 0.4),
    radii=st.lists(st.floats(0.4, 1), min_size=3, max_size=12),
)
def test_areas_are_those_of_the_ellipsoid(lon: float, lat: float, size: float, radii: list[float]) -> None:
    turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    ring = np.column_stack([np.cos(turn), np.sin(turn)]) * np.array(radii)[:, None] * size + (lon, lat)
    shape = shapely.Polygon(ring)
    exact = abs(WGS84.geometry_area_perimeter(shape)[0])
    assert areas_m2(array(shape))[0] == pytest.approx(exact, rel=2e-6)


def test_holes_are_taken_off_and_what_is_no_area_has_none() -> None:
    whole, hole = polygon(square(0, 0, 100)), polygon(square(0, 0, 100), square(20, 20, 50))
    areas = areas_m2(array(whole, hole, None, shapely.Point(113, 34), shapely.Polygon()))
    assert areas[0] - areas[1] == pytest.approx(2500, rel=0.01)
    assert areas[2:].tolist() == [0, 0, 0]


def test_rings_are_numbered_within_their_feature() -> None:
    first = polygon(square(0, 0, 100), square(10, 10, 5))
    second = parts(polygon(square(0, 0, 9)), polygon(square(20, 0, 9), square(22, 2, 3)))
    flat = Outlines.of(array(None, first, second))
    assert flat.feature.tolist() == [1, 1, 2, 2, 2]
    assert flat.number.tolist() == [1, 2, 1, 2, 3]
    assert flat.hole.tolist() == [False, True, False, False, True]


def test_a_closing_point_is_no_repetition_but_one_before_it_is() -> None:
    plain = Corners.of(Outlines.of(array(polygon(square(0, 0, 100)))))
    assert plain.repeats.size == 0
    assert plain.counts.tolist() == [4]
    early = Corners.of(Outlines.of(array(polygon([*square(0, 0, 100), (0, 0.005)]))))
    assert early.repeats.tolist() == [4]
    assert early.counts.tolist() == [4]


def test_metres_are_metres() -> None:
    flat = in_metres(polygon(square(0, 0, 100)))
    assert shapely.length(flat) == pytest.approx(400, rel=0.005)
