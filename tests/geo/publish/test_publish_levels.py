"""Outlines of many vertices: in fewer from afar, a function of their own geometry, and never far from where they belong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geo.publish.grid import vertex_grid
from geo.publish.levels import LEVELS, MANY, Outlines, generalised
from geo.publish.outline import clearances, wound
from geo.publish.shapes import Shapes

MILLION = 1_000_000
AT = 2.0**31


def star(vertices: int, radius: float, waves: int = 17, at: float = AT) -> Polygon:
    """A wavy outline on the grid of the map."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    far = radius * (1 + 0.1 * np.sin(waves * angle))
    return Polygon(np.rint(np.column_stack([at + far * np.cos(angle), at + far * np.sin(angle)])))


def shapes_of(*geometries: shapely.Geometry) -> Shapes:
    """The arrays of geometries on the grid of the map."""
    found = Shapes.of(np.array([*geometries, None], object)[:-1])
    return replace(found, xy=found.xy.astype(np.uint32))


def outlines_of(*geometries: shapely.Geometry) -> Outlines:
    """What is kept of them."""
    whole = shapes_of(*geometries)
    first = whole.vertices[whole.rings[whole.parts]].astype(np.int64)
    return Outlines(whole, first, clearances(whole), dict(generalised(whole)))


def test_a_million_vertices_cost_little_from_afar() -> None:
    outlines = outlines_of(star(MILLION, 2.0**24), box(1, 1, 9, 9))
    rows = np.array([1, 0])
    read = [outlines.vertices(zoom, rows).tolist() for zoom in (0, 5, 8, 11, 12)]
    assert [own for own, _ in read] == [5] * 5
    many = [count for _, count in read]
    assert many[0] == many[1] < 600
    assert many[1] < many[2] < 2000
    assert many[2] < many[3] < 6000
    assert many[4] == MILLION + 1


@pytest.mark.parametrize("waves", [3, 12, 40])
def test_levels_stay_valid_and_within_a_fraction_of_a_step(waves: int) -> None:
    holed = star(5000, 2.0**24, waves).difference(star(2000, 2.0**22, waves))
    several = MultiPolygon([star(3000, 2.0**23, waves), star(3000, 2.0**23, waves, AT + 2**25)])
    line = LineString(star(4000, 2.0**24, waves).exterior)
    for shape in (holed, several, line):
        met = 0
        for zoom, level in generalised(shapes_of(shape)):
            (simpler,) = level.geometries()
            if simpler is None:
                continue
            met += 1
            assert shapely.is_valid(simpler)
            assert shapely.hausdorff_distance(shape, simpler) < 0.3 * 2 ** (20 - zoom)
            assert set(map(tuple, shapely.get_coordinates(simpler))) <= set(map(tuple, shapely.get_coordinates(shape)))
        assert met


def test_few_vertices_points_and_what_gains_nothing_have_no_level() -> None:
    jagged = Polygon([(AT + x * 2**20, AT + (x % 2) * 2**25) for x in range(200)] + [(AT + 2**27, AT - 2**27)])
    rows = shapes_of(star(MANY - 1, 2.0**24), Point(AT, AT), jagged)
    for _, level in generalised(rows):
        assert not len(level.xy)
    assert Outlines(rows, rows.parts, clearances(rows), dict(generalised(rows))).is_whole(0)


def test_a_level_depends_on_its_own_row_alone() -> None:
    alone, together = (
        outlines_of(star(3000, 2.0**23)),
        outlines_of(box(1, 1, 9, 9), star(500, 9e6), star(3000, 2.0**23)),
    )
    for zoom in LEVELS:
        ((one, _),) = alone.at(zoom, np.array([0]))
        ((other, _),) = together.at(zoom, np.array([2]))
        assert one.take(np.array([0])).xy.tolist() == other.take(np.array([2])).xy.tolist()


corners = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000)), min_size=3, max_size=12)


@given(corners=corners, seed=st.integers(0, 9))
@settings(max_examples=200)
def test_an_outline_stands_what_its_clearance_promises(corners: list[tuple[int, int]], seed: int) -> None:
    area = Polygon(corners)
    (clearance,) = clearances(shapes_of(area)).tolist()
    ring = np.array(area.exterior.coords)
    twice = bool((ring[1:] == ring[:-1]).all(axis=1).any())
    assert (clearance > 0) == (shapely.is_valid(area) and not twice)
    if not clearance:
        return
    draw = np.random.default_rng(seed)
    for _ in range(5):
        moves = draw.normal(size=(len(ring) - 1, 2))
        moves *= 0.49 * clearance / np.hypot(*moves.T)[:, None]
        moved = Polygon(ring[:-1] + moves)
        assert shapely.is_valid(moved)
        assert shapely.is_ccw(moved.exterior) == shapely.is_ccw(area.exterior)


def test_shells_run_clockwise_on_the_map_and_holes_the_other_way() -> None:
    holed = box(0, 0, 90, 90).difference(box(10, 10, 20, 20))
    both = shapes_of(holed, shapely.reverse(holed), LineString([(0, 0), (5, 0), (5, 5), (0, 5)]))
    xy = wound(both).xy
    rings = [xy[start:stop] for start, stop in zip(both.vertices, both.vertices[1:], strict=False)]
    assert [shapely.is_ccw(shapely.linearrings(ring)).item() for ring in rings[:4]] == [True, False, True, False]
    assert rings[4].tolist() == [[0, 0], [5, 0], [5, 5], [0, 5]]


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=40))
def test_the_cell_of_a_place_does_not_depend_on_the_company(places: list[tuple[float, float]]) -> None:
    together = vertex_grid(np.array(places))
    assert together.tolist() == [vertex_grid(np.array([place])).tolist()[0] for place in places]
