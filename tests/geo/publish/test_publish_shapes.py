"""Geometries as arrays: what goes in comes out to the last bit, alone, picked and all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from made_projects import project
from shapely import (
    GeometryCollection,
    LinearRing,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)

from datasets.world import World
from geo.publish import Snapshot
from geo.publish.shapes import Shapes, drawable, fits

degrees = st.tuples(st.floats(-180, 180), st.floats(-85, 85))
lines = st.lists(degrees, min_size=2, max_size=6).map(LineString)
rings = st.lists(degrees, min_size=3, max_size=6)
polygons = st.builds(Polygon, rings, st.lists(rings, max_size=2))
plain = st.one_of(
    st.none(),
    degrees.map(Point),
    lines,
    polygons,
    st.lists(degrees, min_size=1, max_size=4).map(MultiPoint),
    st.lists(lines, min_size=1, max_size=3).map(MultiLineString),
    st.lists(polygons, min_size=1, max_size=3).map(MultiPolygon),
)
ODD = [
    Point(113, 35, 7.5),
    LinearRing([(0, 0), (1, 0), (1, 1)]),
    GeometryCollection([Point(1, 2), LineString([(0, 0), (1, 1)])]),
    GeometryCollection([MultiPolygon([Polygon([(0, 0), (1, 0), (1, 1)])]), Point(5, 5)]),
    Polygon(),
    shapely.from_wkt("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), EMPTY)"),
    GeometryCollection(),
]


def same(one: shapely.Geometry | None, other: shapely.Geometry | None) -> bool:
    """Whether both are the same to the last bit, or both nothing."""
    return bool(shapely.to_wkb(one) == shapely.to_wkb(other))


def array_of(*geometries: shapely.Geometry | None) -> np.ndarray:
    """An array of objects, even of none."""
    return np.array([*geometries, None], object)[:-1]


@given(made=st.lists(plain, max_size=6), data=st.data())
def test_every_plain_geometry_comes_back_exactly(made: list[shapely.Geometry | None], data: st.DataObject) -> None:
    geometries = array_of(*made)
    assert fits(geometries[~shapely.is_missing(geometries)]).all()
    shapes = Shapes.of(geometries)
    assert all(same(shapes.geometry(row), geometry) for row, geometry in enumerate(made))
    assert all(map(same, shapes.geometries(), made))
    if made:
        rows = np.array(data.draw(st.lists(st.integers(0, len(made) - 1), max_size=6)), np.int64)
        assert all(map(same, shapes.take(rows).geometries(), geometries[rows]))
        halves = Shapes.joined([Shapes.of(geometries[: len(made) // 2]), Shapes.of(geometries[len(made) // 2 :])])
        assert all(map(same, halves.geometries(), made))


@pytest.mark.parametrize("odd", ODD, ids=lambda geometry: geometry.wkt[:30])
def test_what_arrays_cannot_hold_comes_back_exactly_all_the_same(
    odd: shapely.Geometry, tiny: World, snapshot_of: Callable[..., Snapshot]
) -> None:
    assert not fits(array_of(odd)).any()
    rows = [replace(project("odd"), geometry=odd), replace(project("plain"), geometry=Point(113, 35)), project("none")]
    table = snapshot_of(rows, world=tiny).table("project")
    found = {row.id: table.row_of(row.id) for row in rows}
    picked = np.array([found["none"], found["odd"], found["plain"], found["odd"]])
    expected = [None, odd, Point(113, 35), odd]
    assert all(same(table.geometry(row), geometry) for row, geometry in zip(picked.tolist(), expected, strict=True))
    assert all(map(same, table.geometries(picked), expected))


def test_of_odd_geometries_the_largest_parts_are_drawn() -> None:
    found = [drawable(odd) for odd in ODD]
    assert [geometry and geometry.geom_type for geometry in found] == [
        "Point",
        "LineString",
        "LineString",
        "Polygon",
        None,
        "Polygon",
        None,
    ]
    assert found[0] == Point(113, 35)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(made=[shapely.MultiPolygon([shapely.Polygon([(0, 0), (0, 0), (5e-324, 1), (0, 0)])])], box=((0, 0), (1, 1)))
@given(made=st.lists(plain, max_size=40), box=st.tuples(degrees, degrees))
def test_the_index_finds_what_a_look_at_every_row_finds(
    made: list[shapely.Geometry | None],
    box: tuple[tuple[float, float], tuple[float, float]],
    tiny: World,
    snapshot_of: Callable[..., Snapshot],
) -> None:
    rows = [replace(project(f"p{number}"), geometry=geometry) for number, geometry in enumerate(made)]
    table = snapshot_of(rows, world=tiny).table("project")
    (west, east), (south, north) = (sorted(edge) for edge in zip(*box, strict=True))
    own = table.bbox
    brute = (own[:, 0] <= east) & (own[:, 2] >= west) & (own[:, 1] <= north) & (own[:, 3] >= south)
    assert table.meeting(west, south, east, north).tolist() == np.flatnonzero(brute).tolist()
    assert table.located == np.count_nonzero(~np.isnan(own[:, 0]))
    assert np.isnan(own[table.located :]).all()


@pytest.mark.parametrize("size", [0, 1, 16, 17, 300, 5000])
def test_the_index_holds_at_any_size(size: int, tiny: World, snapshot_of: Callable[..., Snapshot]) -> None:
    draw = np.random.default_rng(size)
    points = draw.uniform((110, 31), (117, 37), (size, 2))
    rows = [replace(project(f"p{number}"), geometry=Point(at)) for number, at in enumerate(points)]
    table = snapshot_of(rows, world=tiny).table("project")
    for _ in range(20):
        (west, east), (south, north) = np.sort(draw.uniform(110, 117, 2)), np.sort(draw.uniform(31, 37, 2))
        own = table.bbox
        brute = (own[:, 0] <= east) & (own[:, 2] >= west) & (own[:, 1] <= north) & (own[:, 3] >= south)
        assert table.meeting(west, south, east, north).tolist() == np.flatnonzero(brute).tolist()
    whole = (*points.min(axis=0), *points.max(axis=0)) if size else None
    assert table.bounds == whole


def test_neighbours_on_the_map_are_neighbours_in_the_table(tiny: World, snapshot_of: Callable[..., Snapshot]) -> None:
    draw = np.random.default_rng(1)
    rows = [
        replace(project(f"p{number}"), geometry=Point(at))
        for number, at in enumerate(draw.uniform((112, 33), (114, 35), (4096, 2)))
    ]
    table = snapshot_of(rows, world=tiny).table("project")
    found = table.meeting(112.5, 33.5, 112.75, 33.75)
    assert len(found) > 40
    runs = 1 + np.count_nonzero(np.diff(found) > 1)
    assert runs < len(found) / 4


def test_ids_lead_to_rows_and_back(tiny: World, snapshot_of: Callable[..., Snapshot]) -> None:
    rows = [project(f"甲-{number * 7919 % 1000:03}") for number in range(300)]
    table = snapshot_of(rows, world=tiny).table("project")
    ids = table.column("id")
    assert all(ids[table.row_of(row.id) or 0] == row.id for row in rows)
    assert table.row_of("甲-x") is None
    mask = np.zeros(table.rows, bool)
    mask[::3] = True
    chosen = [ids[row] for row in table.by_id(mask).tolist()]
    assert chosen == sorted(chosen)
    assert len(chosen) == 100
