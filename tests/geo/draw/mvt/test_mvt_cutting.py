"""A single outline cut in plain numbers: what it is sure of is what the library cuts."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from geo.draw.mvt.cutting import cut
from geo.draw.mvt.grid import HIGH, LOW

FRAME = box(LOW, LOW, HIGH, HIGH)
corner = st.tuples(st.integers(-3000, 7000), st.integers(-3000, 7000)).map(lambda xy: (xy[0] / 1.7, xy[1] / 1.7))


@given(st.lists(corner, min_size=3, max_size=9))
def test_what_is_sure_is_within_a_step_of_the_clipped_area(corners):
    area = Polygon(corners)
    found = cut(list(area.exterior.coords))
    if found is None or not shapely.is_valid(area):
        return
    clipped = area.intersection(FRAME)
    if not found:
        assert clipped.buffer(-1).is_empty
        return
    made = Polygon(found)
    assert shapely.is_valid(made)
    assert shapely.is_ccw(made.exterior)  # clockwise where y runs downwards
    assert made.difference(clipped.buffer(1)).area < 1e-6
    assert clipped.buffer(-1).difference(made).area < 1e-6


@pytest.mark.parametrize(
    ("ring", "expected"),
    [
        (box(-500, 100, 200, 300), [(LOW, 100), (200, 100), (200, 300), (LOW, 300)]),
        (box(HIGH - 10, HIGH - 20, 9000, 9000), [(4150, 4140), (4160, 4140), (4160, 4160), (4150, 4160)]),
        (box(-1e5, -1e5, 1e5, 1e5), [(LOW, LOW), (HIGH, LOW), (HIGH, HIGH), (LOW, HIGH)]),
        (box(5000, 5000, 6000, 6000), []),
        (box(HIGH - 0.2, 10, 5000, 20), []),
    ],
)
def test_an_outline_is_cut_at_the_buffer(ring, expected):
    found = cut(list(ring.exterior.coords))
    start = found.index(expected[0]) if expected else 0
    assert found[start:] + found[:start] == expected


def test_what_falls_into_several_is_not_sure():
    fork = Polygon([(100, 100), (-500, 100), (-500, 900), (100, 900), (100, 700), (-300, 700), (-300, 300), (100, 300)])
    assert len(shapely.get_parts(fork.intersection(FRAME))) == 2
    assert cut(list(fork.exterior.coords)) is None
