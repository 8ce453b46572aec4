"""Outlines on a tile's grid: valid, wound as the format asks, and nowhere a step away from where they belong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from geo.draw import mercator
from geo.draw.mvt.features import command_counts, put_commands
from geo.draw.mvt.fitting import fitted
from geo.draw.mvt.grid import EXTENT, HIGH, LOW, box_of, steps
from geo.draw.mvt.rings import Rings
from geo.publish.grid import vertex_grid
from geo.publish.shapes import Shapes

Z, X, Y = 12, 3332, 1624
FRAME = box(LOW, LOW, HIGH, HIGH)
STEP = 1.0


def in_degrees(shape, z=Z, x=X, y=Y):
    """A geometry on the grid of a tile as one in WGS-84 degrees."""

    def turned(xy):
        lon, lat = mercator.degrees((xy[:, 0] / EXTENT + x) / 2**z, (xy[:, 1] / EXTENT + y) / 2**z)
        return np.column_stack([lon, lat])

    return shapely.transform(shape, turned)


def drawn(*shapes, at=(Z, X, Y)) -> Rings:
    """The oriented rings of geometries that are given on the grid."""
    found = Shapes.of(np.array([*(in_degrees(shape, *at) for shape in shapes), None], object)[:-1])
    return fitted(replace(found, xy=vertex_grid(found.xy)), *at).oriented()


def commands(rings: Rings):
    """The geometry's integers of all rings, one after the other, and how many each has."""
    counts = command_counts(rings)
    out = np.zeros(counts.sum(), np.int32)
    put_commands(out, np.cumsum(counts) - counts, rings)
    return out, counts


def polygons(rings: Rings, feature: int = 0):
    """A feature's rings as one multipolygon on the grid."""
    found: list[tuple[np.ndarray, list[np.ndarray]]] = []
    for number in np.flatnonzero(rings.feature == feature):
        xy = rings.xy[rings.offsets[number] : rings.offsets[number + 1]]
        if rings.shell[number]:
            found.append((xy, []))
        else:
            found[-1][1].append(xy)
    return MultiPolygon([Polygon(shell, holes) for shell, holes in found])


corners = st.tuples(st.integers(-9000, 13000), st.integers(-9000, 13000)).map(lambda xy: (xy[0] / 2.7, xy[1] / 2.7))
near = st.tuples(st.floats(-4, 4), st.floats(-4, 4))
tangles = st.lists(corners, min_size=3, max_size=9) | st.builds(
    lambda at, offsets: [(at[0] + dx, at[1] + dy) for dx, dy in offsets],
    corners,
    st.lists(near, min_size=3, max_size=7),
)


@st.composite
def areas(draw):
    """Valid areas of any sort: with holes, of several parts, that touch themselves, needles and specks."""
    made = shapely.make_valid(Polygon(draw(tangles)))
    parts = [part for part in shapely.get_parts(made) if part.geom_type == "Polygon" and part.area > 1e-6]
    hole = draw(st.booleans())
    if hole:
        parts = [
            part.difference(shapely.affinity.scale(shapely.box(*part.bounds), 0.3, 0.3)) if part.area > 50 else part
            for part in parts
        ]
    flat = [leaf for part in parts for leaf in shapely.get_parts(part) if leaf.geom_type == "Polygon"]
    whole = shapely.union_all(flat)
    return whole if whole.geom_type in ("Polygon", "MultiPolygon") and shapely.is_valid(whole) else Polygon()


@given(shape=areas())
def test_an_area_stays_valid_and_within_a_step_of_where_it_belongs(shape):
    if shape.is_empty:
        return
    rings = drawn(shape)
    assert (rings.xy >= LOW).all()
    assert (rings.xy <= HIGH).all()
    found = polygons(rings)
    assert shapely.is_valid(found), shapely.is_valid_reason(found)
    clipped = shape.intersection(FRAME)
    assert found.difference(clipped.buffer(STEP)).area < 1e-6
    assert clipped.buffer(-STEP).difference(found).area < 1e-6


@given(shape=areas())
def test_shells_run_clockwise_on_the_screen_and_holes_the_other_way(shape):
    if shape.is_empty:
        return
    rings = drawn(shape)
    assert ((rings.areas > 0) == rings.shell).all()
    assert not len(rings) or rings.shell[0]


@given(points=st.lists(corners, min_size=2, max_size=9))
def test_a_line_stays_within_a_step_of_where_it_belongs(points):
    line = LineString(points)
    if not line.length:
        return
    rings = drawn(line)
    clipped = line.intersection(FRAME)
    for start, stop in zip(rings.offsets, rings.offsets[1:], strict=False):
        assert stop - start >= 2
        assert clipped.buffer(STEP).covers(LineString(rings.xy[start:stop]))
    whole = shapely.union_all(
        [LineString(rings.xy[a:b]) for a, b in zip(rings.offsets, rings.offsets[1:], strict=False)]
    )
    # What is shorter than a step may vanish.
    assert clipped.length < 4 or clipped.difference(whole.buffer(STEP + 0.5)).length < 4


def test_a_line_that_leaves_and_comes_back_is_cut_into_two():
    rings = drawn(LineString([(100, 100), (100, -900), (900, -900), (900, 100)]))
    assert rings.sizes.tolist() == [2, 2]
    assert rings.xy.tolist() == [[100, 100], [100, LOW], [900, LOW], [900, 100]]


def test_points_of_one_feature_stand_together_and_those_elsewhere_are_left_out():
    rings = drawn(MultiPoint([(5, 6), (9000, 9000), (7, 8)]), Point(1, 2), Point(-9000, 0))
    assert rings.feature.tolist() == [0, 1]
    assert rings.xy.tolist() == [[5, 6], [7, 8], [1, 2]]
    values, counts = commands(rings)
    assert counts.tolist() == [5, 3]
    assert values.tolist() == [2 << 3 | 1, 10, 12, 4, 4, 1 << 3 | 1, 2, 4]


def test_the_commands_are_those_of_the_specification():
    """The square and the line of MVT 2.1, 4.3.5."""
    rings = drawn(Polygon([(3, 6), (8, 12), (20, 34)]), LineString([(2, 2), (2, 10), (10, 10)]))
    values, counts = commands(rings)
    assert counts.tolist() == [9, 8]
    assert values[9:].tolist() == [9, 4, 4, 18, 0, 16, 16, 0]
    assert sorted(map(tuple, rings.xy[:3].tolist())) == [(3, 6), (8, 12), (20, 34)]
    assert (values[0], values[3], values[8]) == (9, 18, 15)


def test_a_hole_smaller_than_a_step_goes_and_a_speck_goes_with_its_holes():
    square, speck = box(100, 100, 300, 300), box(500, 500, 500.2, 500.2)
    holed = square.difference(box(200.1, 200.1, 200.3, 200.3))
    rings = drawn(holed, speck.difference(box(500.05, 500.05, 500.1, 500.1)))
    assert rings.feature.tolist() == [0]
    assert rings.shell.tolist() == [True]


def test_a_needle_that_rounding_makes_cross_itself_is_snapped_anew():
    bow = Polygon([(10, 10), (60.4, 10.45), (110, 10), (110, 10.8), (60.4, 10.55), (10, 10.8), (9, 20), (8, 10)])
    rings = drawn(bow)
    assert shapely.is_valid(polygons(rings))


def test_an_area_larger_than_the_tile_fills_it():
    rings = drawn(box(-1e5, -1e5, 1e5, 1e5))
    assert polygons(rings).equals(FRAME)


def test_an_invalid_area_is_mended_and_drawn():
    bow_tie = Polygon([(0, 0), (100, 100), (100, 0), (0, 60)])
    mended = shapely.make_valid(bow_tie)
    assert polygons(drawn(bow_tie)).symmetric_difference(mended).area < STEP * mended.length
    across = shapely.affinity.scale(bow_tie, 60, 60)
    found = polygons(drawn(across))
    assert shapely.is_valid(found)
    assert found.symmetric_difference(shapely.make_valid(across).intersection(FRAME)).area < STEP * found.length


def test_mending_may_leave_less_than_an_area():
    """Cut by the grid's own digits this one falls into an area and a line."""
    rings = drawn(Polygon([(0, 0), (0, 2), (1, 0), (2.22e-16, 1)]), Polygon([(0, 0), (9, 0), (9, 9), (9, 0), (9, -9)]))
    assert shapely.is_valid(polygons(rings))
    assert shapely.is_valid(polygons(rings, 1))


def test_many_vertices_are_cut_to_the_tile():
    angle = np.linspace(0, 2 * np.pi, 50_000, endpoint=False)
    radius = 20_000 + 300 * np.sin(900 * angle)
    star = Polygon(np.column_stack([2000 + radius * np.cos(angle), 22_000 + radius * np.sin(angle)]))
    found = polygons(drawn(star))
    clipped = star.intersection(FRAME)
    assert shapely.is_valid(found)
    assert found.difference(clipped.buffer(STEP)).area < 1e-6
    assert clipped.buffer(-STEP).difference(found).area < 1e-6


@pytest.mark.parametrize("z", [0, 5, 12, 20])
@pytest.mark.parametrize("lat", [-85.0, -34.0, 0.0, 34.0, 84.9])
def test_the_grid_is_web_mercator(z, lat):
    lon = 113.25
    x, y = (float(part[0]) for part in mercator.fraction(np.array([lon]), np.array([lat])))
    tile = int(x * 2**z), int(y * 2**z)
    ((across, down),) = steps(vertex_grid(np.array([[lon, lat]])), z, *tile)
    assert across == pytest.approx((x * 2**z - tile[0]) * EXTENT, abs=0.51 / 2 ** (20 - z))
    assert down == pytest.approx((y * 2**z - tile[1]) * EXTENT, abs=0.51 / 2 ** (20 - z))
    west, south, east, north = box_of(z, *tile)
    assert west <= lon < east
    assert south < lat <= north
