"""Rings to polygons: containment decides, faults are named, and a million vertices take no time."""

from __future__ import annotations

import time
from itertools import permutations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model.finding import Severity
from geo.read.rings import MOST_VERTICES, Assembled, Ring, assembled


def ring(
    points: list[tuple[float, float]], number: str = "", closes: bool | None = None, where: str = "a.txt:5"
) -> Ring:
    return Ring(np.array(points, dtype=np.float64).reshape(-1, 2), where, number, closes)


def square(x: float, y: float, side: float) -> list[tuple[float, float]]:
    return [(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)]


def codes(result: Assembled) -> list[str]:
    return [finding.code for finding in result.findings]


OUTER, HOLE, ISLAND, APART = square(0, 0, 100), square(20, 20, 50), square(30, 30, 10), square(200, 0, 50)


@pytest.mark.parametrize("order", list(permutations([OUTER, HOLE, ISLAND, APART])))
def test_parts_holes_and_islands_in_any_order(order: tuple[list[tuple[float, float]], ...]) -> None:
    result = assembled([ring(points) for points in order])
    geometry = result.geometry
    assert geometry is not None and geometry.geom_type == "MultiPolygon" and result.findings == ()
    assert shapely.is_valid(geometry)
    assert geometry.area == pytest.approx(10_000 - 2500 + 100 + 2500)
    assert [len(part.interiors) for part in geometry.geoms] == [int(p == OUTER) for p in order if p != HOLE]


def test_direction_and_vertices_are_kept() -> None:
    geometry = assembled([ring(OUTER), ring(HOLE)]).geometry
    assert geometry is not None
    assert list(geometry.exterior.coords) == OUTER and list(geometry.interiors[0].coords) == HOLE


def test_touching_neighbours_are_parts_and_a_touching_hole_is_a_hole() -> None:
    parts = assembled([ring(square(0, 0, 10)), ring(square(10, 0, 10))]).geometry
    assert parts is not None and parts.geom_type == "MultiPolygon"
    holed = assembled([ring(square(0, 0, 10)), ring([(0, 0), (5, 2), (2, 5), (0, 0)])]).geometry
    assert holed is not None and len(holed.interiors) == 1


@pytest.mark.parametrize("closes", [None, True, False])
def test_an_absent_closing_point_is_no_fault(closes: bool | None) -> None:
    result = assembled([ring(OUTER[:-1], closes=closes if closes is not True else None)])
    assert result.findings == ()
    assert result.geometry is not None and list(result.geometry.exterior.coords) == OUTER


@pytest.mark.parametrize(
    ("scale", "moved", "closes", "code"),
    [
        (1, 0.03, None, "ring-not-closed-exactly"),
        (1, 0.5, True, "ring-not-closed-exactly"),
        (1, 0.09, False, "ring-not-closed-exactly"),
        (1, 0.51, True, "closing-point-differs"),
        (1e-5, 4.9e-6, True, "ring-not-closed-exactly"),
        (1e-5, 6e-6, True, "closing-point-differs"),
        (1, 0.4, False, ""),
        (1, 0.6, None, ""),
    ],
)
def test_closing_nearly(scale: float, moved: float, closes: bool | None, code: str) -> None:
    base = (500_000.0, 3_770_000.0) if scale == 1 else (114.0, 34.0)
    points = [(base[0] + x * scale, base[1] + y * scale) for x, y in OUTER[:-1]]
    result = assembled([ring([*points, (points[0][0] + moved, points[0][1])], closes=closes)])
    assert codes(result) == ([code] if code else [])
    assert result.geometry is not None
    assert len(result.geometry.exterior.coords) == (5 if code == "ring-not-closed-exactly" else 6)
    severity = Severity.ERROR if code == "closing-point-differs" else Severity.WARNING
    assert all(f.severity is severity and f.where == "a.txt:5" for f in result.findings)


def test_a_densely_digitised_ring_keeps_its_last_corner() -> None:
    turn = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    circle = np.c_[500_000 + 30 * np.cos(turn), 3_770_000 + 30 * np.sin(turn)]
    result = assembled([Ring(circle, "a")])
    assert result.findings == () and result.geometry is not None and len(result.geometry.exterior.coords) == 1001


def test_repeated_closing_points() -> None:
    result = assembled([ring([*OUTER, OUTER[0], OUTER[0]])])
    assert result.findings == () and result.geometry is not None
    assert list(result.geometry.exterior.coords) == OUTER


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([], "ring-too-few-points"),
        ([(1, 2)], "ring-too-few-points"),
        ([(1, 2), (3, 4), (1, 2)], "ring-too-few-points"),
        ([(1, 2), (3, 4), (3, 4), (1, 2), (3, 4), (1, 2)], "ring-too-few-points"),
        ([(1, 2), (3, float("nan")), (5, 6), (1, 2)], "coordinate-not-finite"),
        ([(1, 2), (3, float("inf")), (5, 6), (1, 2)], "coordinate-not-finite"),
        ([(1, 2), (3, 1e300), (5, 6), (1, 2)], "coordinate-out-of-range"),
    ],
)
def test_rings_that_cannot_be_are_errors_with_their_number(points: list[tuple[float, float]], code: str) -> None:
    result = assembled([ring(OUTER, "1"), ring(points, "2", where="a.txt:11")])
    (finding,) = result.findings
    assert (finding.code, finding.severity, finding.where) == (code, Severity.ERROR, "a.txt:11")
    assert "2" in finding.message.zh and "2" in finding.message.en
    assert result.geometry is not None and result.geometry.area == 10_000
    assert assembled([ring(points)]).geometry is None


def test_self_crossing_is_kept_as_it_is() -> None:
    bowtie = [(0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0), (0.0, 0.0)]
    result = assembled([ring(bowtie)])
    assert result.findings == () and result.geometry is not None
    assert list(result.geometry.exterior.coords) == bowtie and not result.geometry.is_valid


def test_a_repeated_ring_does_not_swallow_itself() -> None:
    turned = [*OUTER[2:], *OUTER[1:3]]
    result = assembled([ring(OUTER), ring(turned[::-1], where="a.txt:9")])
    assert [(f.code, f.where) for f in result.findings] == [("ring-repeated", "a.txt:9")]
    assert result.geometry is not None and result.geometry.area == 10_000


def test_nothing_gives_nothing() -> None:
    assert assembled([]) == (None, ())


def circle(count: int, radius: float = 1000.0) -> Ring:
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return Ring(np.c_[500_000 + radius * np.cos(turn), 3_770_000 + radius * np.sin(turn)], "a")


def test_a_million_vertices() -> None:
    began = time.process_time()
    result = assembled([circle(MOST_VERTICES), circle(900_000, 500)])
    assert time.process_time() - began < 5
    assert codes(result) == ["ring-very-long", "ring-very-long"]
    assert result.geometry is not None and len(result.geometry.interiors) == 1
    too_long = assembled([circle(MOST_VERTICES + 1)])
    assert (codes(too_long), too_long.geometry) == (["ring-too-long"], None)


def test_many_rings_and_rings_deep_in_one_another() -> None:
    began = time.process_time()
    apart = [ring(square(x * 10, y * 10, 5)) for x in range(70) for y in range(70)]
    assert len(shapely.get_parts(assembled(apart).geometry)) == 4900
    deep = [ring(square(-size, -size, 2 * size)) for size in range(1, 1001)]
    assert len(shapely.get_parts(assembled(deep).geometry)) == 500
    assert codes(assembled([ring(square(-size, -size, 2 * size)) for size in range(1, 6000)])) == [
        "rings-too-entangled"
    ]
    assert time.process_time() - began < 15


NUMBERS = st.one_of(st.integers(-5, 5).map(float), st.floats(allow_nan=True, allow_infinity=True))
RINGS = st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=8), max_size=5)


@settings(max_examples=300, deadline=500)
@given(RINGS, st.sampled_from([None, True, False]))
def test_no_rings_crash_it(rings: list[list[tuple[float, float]]], closes: bool | None) -> None:
    result = assembled([ring(points, closes=closes) for points in rings])
    assert result.geometry is not None or not rings or result.findings


@settings(max_examples=100, deadline=1000)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 3)), max_size=8, unique=True), st.randoms()
)
def test_containment_is_the_even_odd_rule(cells: list[tuple[int, int, int]], shuffler: object) -> None:
    rings = [square(x * 10 + depth, y * 10 + depth, 10 - 2 * depth - 0.5) for x, y, depth in cells]
    shuffler.shuffle(rings)  # type: ignore[attr-defined]
    expected: shapely.Geometry = shapely.Polygon()
    for points in rings:
        expected = shapely.symmetric_difference(expected, shapely.Polygon(points))
    geometry = assembled([ring(points) for points in rings]).geometry or shapely.Polygon()
    assert shapely.is_valid(geometry)
    assert geometry.area == pytest.approx(expected.area)
