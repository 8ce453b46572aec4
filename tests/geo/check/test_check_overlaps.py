"""Overlaps, codes that occur twice, and parcels that the record has already."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from parcels import array, polygon, square
from shapely.geometry.base import BaseGeometry

from geo.check.duplicates import check_codes, check_ids, check_recorded_codes
from geo.check.existing import Existing
from geo.check.outlines import areas_m2
from geo.check.overlaps import MOST_NEIGHBOURS, check_existing, check_within, near_pairs, same_shape
from geo.check.spot import Spot
from geo.model.finding import Severity

LOT = polygon(square(0, 0, 100))


def record(*shapes: BaseGeometry, state: str = "published", ids: Sequence[str] = ("old-1", "old-2")) -> Existing:
    count = len(shapes)
    codes = [f"OLD-{number}" for number in range(1, count + 1)]
    return Existing(ids[:count], ["旧地块"] * count, codes, ["411082"] * count, [state] * count, array(*shapes))


def within(*shapes: BaseGeometry) -> list[tuple[int, Spot]]:
    names = [f"甲{number}" for number in range(len(shapes))]
    return list(check_within(array(*shapes), areas_m2(array(*shapes)), [f"a#{n}" for n in names], names))


def against(
    existing: Existing, *shapes: BaseGeometry, ids: Sequence[str] = ("new-1", "new-2")
) -> list[tuple[int, Spot]]:
    return list(check_existing(array(*shapes), areas_m2(array(*shapes)), ids[: len(shapes)], existing))


def test_neighbours_that_share_a_border_do_not_overlap() -> None:
    assert within(LOT, polygon(square(100, 0, 100)), polygon(square(300, 0, 50))) == []


def test_an_overlap_is_told_at_both_with_area_share_and_place() -> None:
    found = within(LOT, polygon(square(80, 0, 100)))
    assert [row for row, _ in found] == [0, 1]
    spot = found[0][1]
    assert (spot.code, spot.finding.severity) == ("overlap-in-file", Severity.ERROR)
    assert "甲1" in spot.finding.message.zh
    assert "20.0" in spot.finding.message.zh
    assert areas_m2(array(spot.geometry))[0] == pytest.approx(2000, rel=0.01)


@pytest.mark.parametrize(
    ("depth", "code", "severity"),
    [
        (0.005, "overlap-in-file-small", Severity.INFO),
        (0.05, "overlap-in-file-small", Severity.INFO),
        (2.0, "overlap-in-file", Severity.WARNING),
        (10.0, "overlap-in-file", Severity.ERROR),
    ],
)
def test_how_grave_an_overlap_is_depends_on_its_share(depth: float, code: str, severity: Severity) -> None:
    (_, spot), _ = within(LOT, polygon(square(100 - depth, 0, 100)))
    assert (spot.code, spot.finding.severity) == (code, severity)


def test_rounding_is_no_overlap() -> None:
    assert within(LOT, polygon(square(100 - 5e-5, 0, 100))) == []


def test_overlaps_with_the_record_name_the_parcel_and_its_state() -> None:
    ((row, spot),) = against(record(polygon(square(90, 0, 100)), state="submitted"), LOT)
    assert (row, spot.code, spot.finding.severity) == (0, "overlap", Severity.ERROR)
    assert "待审" in spot.finding.message.zh
    assert "OLD-1" in spot.finding.message.en


@pytest.mark.parametrize("state", ["withdrawn", "rejected"])
def test_what_is_not_to_be_published_does_not_count(state: str) -> None:
    assert against(record(LOT, state=state), LOT) == []


def test_an_update_is_not_compared_with_itself_and_the_same_shape_is_unchanged() -> None:
    existing = record(LOT, ids=("new-1",))
    ((_, spot),) = against(existing, LOT)
    assert (spot.code, spot.finding.severity) == ("unchanged", Severity.INFO)
    assert against(existing, polygon(square(0, 0, 99))) == []


def test_a_shape_stays_the_same_wherever_its_ring_begins() -> None:
    turned = shapely.Polygon([*shapely.get_coordinates(LOT)[2:], *shapely.get_coordinates(LOT)[1:3]])
    assert same_shape(array(LOT, LOT), array(turned, shapely.reverse(LOT))).all()
    assert not same_shape(array(LOT), array(polygon(square(0, 0, 99.9))))[0]
    assert not same_shape(array(LOT, None), array(None, LOT)).any()


def test_parcels_with_one_outline_are_named_once_each() -> None:
    found = within(LOT, LOT, LOT)
    assert [(row, spot.code) for row, spot in found] == [(1, "same-shape-in-file"), (2, "same-shape-in-file")]
    assert "甲0" in found[0][1].finding.message.zh


def test_a_heap_of_parcels_is_bounded() -> None:
    heap = array(*(polygon(square(number / 100, 0, 100)) for number in range(300)))
    pairs = near_pairs(shapely.STRtree(list(heap)), heap)
    assert np.bincount(pairs[0]).tolist() == [MOST_NEIGHBOURS] * 300


def test_rounding_leaves_a_shape_the_same() -> None:
    rng = np.random.default_rng(2)
    corners = shapely.get_coordinates(LOT)[:4]
    shaken = [shapely.Polygon(corners + rng.uniform(-3e-8, 3e-8, (4, 2))) for _ in range(20)]
    assert same_shape(array(*[LOT] * 20), array(*shaken)).all()


def test_invalid_shapes_and_rows_without_one_are_passed_over() -> None:
    existing = record(polygon([(0, 0), (100, 100), (100, 0), (0, 100)]))
    assert against(existing, LOT) == []
    shapes = array(None, LOT, None)
    assert list(check_within(shapes, areas_m2(shapes), ["", "", ""], ["", "", ""])) == []


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 5)), min_size=2, max_size=6, unique=True)
)
def test_pairs_are_those_that_a_loop_finds(lots: list[tuple[int, int, int]]) -> None:
    shapes = [polygon(square(x * 10.0, y * 10.0, size * 10.0)) for x, y, size in lots]
    expected = {
        (one, two)
        for one, first in enumerate(shapes)
        for two, second in enumerate(shapes)
        if one != two and areas_m2(array(shapely.intersection(first, second)))[0] > 1
    }
    pairs = [(row, spot) for row, spot in within(*shapes)]
    assert len(pairs) == len(expected)
    assert np.bincount([row for row, _ in pairs], minlength=len(shapes)).tolist() == [
        sum(one == row for one, _ in expected) for row in range(len(shapes))
    ]


def test_codes_are_unique_within_a_county() -> None:
    found = list(check_codes(["A", "A", "", "", "A"], ["1", "1", "1", "1", "2"], list("vwxyz")))
    assert [(row, spot.code) for row, spot in found] == [(0, "duplicate-code"), (1, "duplicate-code")]
    assert "w" in found[0][1].finding.message.zh


def test_ids_are_unique() -> None:
    found = list(check_ids(["a", "a", "", ""], ["X", "Y", "", ""], list("wxyz")))
    assert [(row, spot.code) for row, spot in found] == [(0, "duplicate-id"), (1, "duplicate-id")]


def test_a_code_of_another_feature_is_in_use() -> None:
    existing = record(LOT)
    ((row, spot),) = check_recorded_codes(["new", "old-1"], ["OLD-1", "OLD-1"], ["411082"] * 2, existing)
    assert (row, spot.code) == (0, "code-in-use")
    assert list(check_recorded_codes(["new"], ["OLD-1"], ["410882"], existing)) == []
