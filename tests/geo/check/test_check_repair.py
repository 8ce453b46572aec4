"""Repairs: the result lacks the fault, a second repair changes nothing, the figures told are true, nothing is lost."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from parcels import ORIGIN, array, parts, placed, polygon, square
from shapely.geometry.base import BaseGeometry

from geo.check.outlines import areas_m2
from geo.check.repair import all_repairs, proposals, repair
from geo.check.rings import check_rings
from geo.model import default_kinds

PLOT = default_kinds().get("plot")
CLEAN = polygon(square(0, 0, 100), square(20, 20, 30))
BROKEN: dict[str, list[BaseGeometry]] = {
    "close": [placed(shapely.LineString(square(0, 0, 40))), placed(shapely.LinearRing(square(0, 0, 40)))],
    "areas-only": [shapely.GeometryCollection([CLEAN, shapely.Point(ORIGIN)])],
    "remove-duplicate-points": [
        polygon([(0, 0), (40, 0), (40.004, 0), (40.001, 0), (40, 40), (0, 40), (0, 0.002)]),
        parts(polygon(square(0, 0, 40)), polygon([(50, 0), (60, 0), (60, 0), (50, 0)])),
    ],
    "remove-spikes": [
        polygon([(0, 0), (40, 0), (40, 20), (90, 20.1), (40, 20.2), (40, 40), (0, 40)]),
        polygon([(0, 0), (40, 0), (40, 40), (40, 90), (40, 40), (0, 40)]),
    ],
    "make-valid": [
        polygon([(0, 0), (100, 100), (100, 0), (0, 80)]),
        polygon(square(0, 0, 40), square(30, 30, 20)),
        polygon(square(0, 0, 40), square(50, 50, 10)),
        parts(polygon(square(0, 0, 40)), polygon(square(30, 30, 40))),
    ],
    "reorder": [polygon([(0, 0), (100, 100), (100, 0), (0, 80)])],
    "drop-slivers": [
        parts(polygon(square(0, 0, 40)), polygon(square(60, 60, 0.5))),
        polygon(square(0, 0, 40), square(10, 10, 0.5)),
    ],
}
CASES = [(name, shape) for name, shapes in BROKEN.items() for shape in shapes]


def codes(geometry: BaseGeometry) -> set[str]:
    return {spot.code for _, spot in check_rings(array(geometry), PLOT)}


def test_every_repair_is_tried_here() -> None:
    assert set(BROKEN) == set(all_repairs())


@pytest.mark.parametrize(("name", "shape"), CASES)
def test_the_result_lacks_the_fault_and_stays(name: str, shape: BaseGeometry) -> None:
    own = all_repairs()[name].codes
    assert codes(shape) & own
    mended = repair(name, shape)
    assert mended is not None
    assert not codes(mended) & own
    again = repair(name, mended)
    assert again is not None
    assert shapely.equals_exact(again, mended, 0)


@pytest.mark.parametrize(("name", "shape"), CASES)
def test_a_proposal_tells_true_figures(name: str, shape: BaseGeometry) -> None:
    before = shapely.to_wkb(shape)
    found = {each.code: each for each in proposals(shape, codes(shape))}
    proposal = found[name]
    assert shapely.to_wkb(shape) == before == shapely.to_wkb(proposal.before)
    assert areas_m2(array(proposal.after))[0] == pytest.approx(proposal.area_after)
    assert areas_m2(array(proposal.before))[0] == pytest.approx(proposal.area_before)
    assert proposal.label.zh != proposal.label.en
    assert set(proposal.payload("en")) == {"code", "label", "before", "after", "area_before", "area_after", "moved_m"}


def test_a_spikes_length_is_how_far_the_outline_moves() -> None:
    (proposal,) = proposals(BROKEN["remove-spikes"][0], {"spike"})
    assert proposal.moved_m == pytest.approx(50, rel=0.01)
    (doubled,) = proposals(BROKEN["remove-duplicate-points"][0], {"duplicate-point"})
    assert doubled.moved_m < 0.01


def test_reordering_a_bow_tie_gives_the_quadrangle() -> None:
    mended = repair("reorder", BROKEN["reorder"][0])
    quadrangle = polygon([(0, 0), (100, 0), (100, 100), (0, 80)])
    assert shapely.equals(mended, quadrangle)


def test_several_faults_are_offered_together() -> None:
    spiked = polygon([(0, 0), (40, 0), (40, 0), (40, 40), (40, 90), (40, 40), (0, 40)])
    found = {each.code: each for each in proposals(spiked, codes(spiked))}
    assert codes(found["all"].after) == set()
    step = spiked
    for name in found["all"].repairs:
        step = repair(name, step) or step
    assert shapely.equals_exact(step, found["all"].after, 0)


def test_a_clean_parcel_is_offered_nothing() -> None:
    assert proposals(CLEAN, codes(CLEAN)) == []
    assert proposals(CLEAN, {"spike", "ring-self-crossing"}) == []
    assert proposals(None, {"spike"}) == []
    assert proposals(polygon(square(0, 0, 0.5)), {"sliver"}) == []


def test_closing_nests_lines() -> None:
    lines = placed(shapely.MultiLineString([square(0, 0, 40), square(10, 10, 10)]))
    mended = repair("close", lines)
    assert mended is not None
    assert shapely.get_num_interior_rings(mended) == 1


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=4, max_size=8))
def test_any_ring_that_a_repair_takes_on_loses_the_fault(points: list[tuple[int, int]]) -> None:
    shape = polygon([(x * 10.0, y * 10.0) for x, y in points])
    told = codes(shape)
    assume(told)
    for each in all_repairs().values():
        if each.codes & told:
            mended = each.apply(shape)
            if mended is None:
                continue
            assert not codes(mended) & each.codes
            again = each.apply(mended)
            assert again is not None
            assert shapely.equals_exact(again, mended, 0)
