"""Every finding about rings is provoked, names its place, and a clean parcel has none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from parcels import ORIGIN, array, parts, placed, polygon, square
from shapely.geometry.base import BaseGeometry

from geo.check.crossings import MOST_RINGS, REASONS, reason
from geo.check.rings import MANY_POINTS, MOST_SPOTS, check_rings
from geo.check.spot import Spot
from geo.model import Feature, default_kinds
from geo.model.finding import Severity

PLOT, PARK = default_kinds().get("plot"), default_kinds().get("park")
CLEAN = polygon(square(0, 0, 100), square(20, 20, 30))


def spots(geometry: BaseGeometry | None, kind: type[Feature] = PLOT) -> list[Spot]:
    return [spot for _, spot in check_rings(array(geometry), kind, array(geometry))]


def codes(geometry: BaseGeometry | None) -> set[str]:
    return {spot.code for spot in spots(geometry)}


def long_ring() -> BaseGeometry:
    turn = np.linspace(0, 2 * np.pi, MANY_POINTS + 1, endpoint=False)
    return placed(shapely.Polygon(5000 * np.column_stack([np.cos(turn), np.sin(turn)])))


BAD: dict[str, tuple[Callable[[], BaseGeometry | None], Severity]] = {
    "ring-self-crossing": (lambda: polygon([(0, 0), (100, 100), (100, 0), (0, 80)]), Severity.ERROR),
    "ring-touches-itself": (lambda: polygon([(0, 0), (40, 0), (40, 40), (20, 0), (0, 40)]), Severity.ERROR),
    "hole-outside": (lambda: polygon(square(0, 0, 40), square(50, 50, 10)), Severity.ERROR),
    "hole-crosses-shell": (lambda: polygon(square(0, 0, 40), square(30, 30, 20)), Severity.ERROR),
    "ring-repeated": (lambda: polygon(square(0, 0, 40), square(5, 5, 10), square(5, 5, 10)), Severity.ERROR),
    "holes-nested": (lambda: polygon(square(0, 0, 90), square(10, 10, 50), square(20, 20, 10)), Severity.ERROR),
    "holes-overlap": (lambda: polygon(square(0, 0, 90), square(10, 10, 50), square(40, 40, 40)), Severity.ERROR),
    "shells-nested": (lambda: parts(polygon(square(0, 0, 40)), polygon(square(10, 10, 10))), Severity.ERROR),
    "parts-overlap": (lambda: parts(polygon(square(0, 0, 40)), polygon(square(30, 30, 40))), Severity.ERROR),
    "interior-disconnected": (
        lambda: polygon(square(0, 0, 40), [(0, 0), (20, 40), (40, 0), (20, 20)]),
        Severity.ERROR,
    ),
    "ring-too-few-points": (lambda: polygon([(0, 0), (40, 0), (40, 0), (0, 0)]), Severity.ERROR),
    "duplicate-point": (lambda: polygon([(0, 0), (40, 0), (40.004, 0), (40, 40), (0, 40)]), Severity.WARNING),
    "spike": (
        lambda: polygon([(0, 0), (40, 0), (40, 20), (90, 20.1), (40, 20.2), (40, 40), (0, 40)]),
        Severity.WARNING,
    ),
    "sliver": (lambda: parts(polygon(square(0, 0, 40)), polygon(square(60, 60, 0.5))), Severity.WARNING),
    "parcel-tiny": (lambda: polygon(square(0, 0, 0.5)), Severity.ERROR),
    "ring-very-long": (long_ring, Severity.WARNING),
    "z-ignored": (lambda: shapely.force_3d(CLEAN, 80.0), Severity.INFO),
    "m-ignored": (
        lambda: shapely.from_wkt("POLYGON M ((113.8 34.2 1, 113.81 34.2 1, 113.81 34.21 1, 113.8 34.2 1))"),
        Severity.INFO,
    ),
    "geometry-empty": (shapely.Polygon, Severity.ERROR),
    "geometry-absent": (lambda: None, Severity.WARNING),
    "geometry-mixed": (lambda: shapely.GeometryCollection([CLEAN, shapely.Point(ORIGIN)]), Severity.ERROR),
    "point-for-area": (lambda: shapely.Point(ORIGIN), Severity.WARNING),
    "line-for-area": (lambda: placed(shapely.LinearRing(square(0, 0, 40))), Severity.WARNING),
    "ring-not-closed": (lambda: placed(shapely.LineString(square(0, 0, 40))), Severity.ERROR),
}


@pytest.mark.parametrize("code", BAD)
def test_each_fault_is_found_and_named_in_both_languages(code: str) -> None:
    make, severity = BAD[code]
    found = [spot for spot in spots(make()) if spot.code == code]
    assert found, f"{code} is not among {codes(make())}"
    assert found[0].finding.severity is severity
    assert found[0].finding.message.zh != found[0].finding.message.en


@pytest.mark.parametrize("code", [code for code in BAD if code not in {"geometry-absent", "geometry-empty"}])
def test_other_faults_are_not_made_up(code: str) -> None:
    alongside = {"ring-self-crossing": {"spike"}}
    assert codes(BAD[code][0]()) <= {code, *alongside.get(code, ())}


def test_a_clean_parcel_has_no_findings() -> None:
    island = parts(CLEAN, polygon(square(25, 25, 10)))
    assert spots(CLEAN) == []
    assert spots(island) == []
    assert spots(None, PARK) == []
    assert spots(shapely.Point(ORIGIN), PARK) == []


def test_a_crossing_is_where_the_sides_cross() -> None:
    (spot,) = spots(polygon([(0, 0), (100, 100), (100, 0), (0, 100)]))
    middle = placed(shapely.Point(50, 50))
    assert shapely.distance(spot.geometry, middle) < 1e-7
    assert (spot.ring, spot.point) == (1, 1)


def test_a_doubled_point_is_named_by_ring_number_and_coordinates() -> None:
    given_in_metres = shapely.Polygon(
        square(500000, 3780000, 99), [[(500010, 3780010), (500020, 3780010), (500020, 3780010), (500020, 3780020)]]
    )
    shape = placed(shapely.transform(given_in_metres, lambda xy: xy - (500000, 3780000)))
    ((_, spot),) = check_rings(array(shape), PLOT, array(given_in_metres))
    assert (spot.ring, spot.point, spot.at) == (2, 3, (500020, 3780010))
    assert "500020.000, 3780010.000" in spot.finding.message.zh


def test_many_of_a_kind_are_told_with_a_count() -> None:
    ring = [(x, 0.0) for x in range(60) for _ in range(2)] + [(60, 60), (0, 60)]
    found = [spot for spot in spots(polygon(ring)) if spot.code == "duplicate-point"]
    assert len(found) == MOST_SPOTS
    assert "40" in found[-1].finding.message.zh


@pytest.mark.parametrize("wkt", ["POLYGON((0 0,1 1,1 0,0 1,0 0))", "POLYGON((0 0,4 0,4 4,0 0),(8 8,9 8,9 9,8 8))"])
def test_shapelys_reasons_have_words(wkt: str) -> None:
    name, words, place = reason(shapely.from_wkt(wkt))
    assert words is REASONS[name]
    assert place is not None


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=4, max_size=9), st.booleans())
def test_whatever_is_invalid_has_an_error_and_what_is_valid_has_no_error_of_form(
    points: list[tuple[int, int]], hole: bool
) -> None:
    shape = polygon([(x * 10.0, y * 10.0) for x, y in points], *([square(20, 20, 30)] if hole else []))
    errors = {spot.code for spot in spots(shape) if spot.finding.severity is Severity.ERROR}
    if shapely.is_valid(shape):
        # Corners in one line may after projection enclose a hair: valid, and told as the sliver it is.
        assert errors <= {"parcel-tiny"}
    else:
        assert errors


def test_too_many_rings_to_compare_still_have_an_error() -> None:
    holes = [square(10 + number % 70 * 80, 10 + number // 70 * 80, 90) for number in range(MOST_RINGS)]
    (spot,) = spots(polygon(square(0, 0, 6000), *holes))
    assert (spot.code, spot.finding.severity) == ("geometry-invalid", Severity.ERROR)
    assert spot.geometry is not None
