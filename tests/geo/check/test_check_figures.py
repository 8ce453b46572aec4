"""Declared areas, ranges, required fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.check.areas import DeclaredArea, judge
from geo.check.ranges import check_ranges
from geo.check.required import check_required, missing_to_publish
from geo.model import default_kinds, fields_of
from geo.model.fields import MU_IN_M2
from geo.model.finding import Severity

PLOT, PROJECT = default_kinds().get("plot"), default_kinds().get("project")


@pytest.mark.parametrize(
    ("share", "code", "severity"),
    [
        (0.004, None, None),
        (0.012, "area-mismatch-small", Severity.INFO),
        (-0.06, "area-mismatch", Severity.WARNING),
        (0.3, "area-mismatch", Severity.ERROR),
    ],
)
def test_a_difference_is_judged_by_its_share(share: float, code: str | None, severity: Severity | None) -> None:
    judged = judge(DeclaredArea(50_000 * (1 + share), "㎡"), 50_000)
    assert judged.m2 == 50_000 * (1 + share)
    assert (judged.spot.code if judged.spot else None) == code
    assert (judged.spot.finding.severity if judged.spot else None) is severity


def test_a_difference_is_told_absolute_and_per_cent() -> None:
    spot = judge(DeclaredArea(55_000, "㎡"), 50_000).spot
    assert spot is not None
    assert "+5,000.00 ㎡（+10.00%）" in spot.finding.message.zh


@pytest.mark.parametrize(
    ("number", "unit", "factor", "meant", "m2"),
    [
        (75, "", 1.0, "亩", 50_000),
        (5, "", 1.0, "公顷", 50_000),
        (0.05, "", 1.0, "平方公里", 50_000),
        (50_000, "亩", MU_IN_M2, "㎡", 50_000),
        (5, "亩", MU_IN_M2, "公顷", 50_000),
    ],
)
def test_mixed_up_units_are_recognised(number: float, unit: str, factor: float, meant: str, m2: float) -> None:
    judged = judge(DeclaredArea(number, unit, factor), 50_100)
    assert judged.m2 == pytest.approx(m2)
    assert judged.spot is not None
    assert judged.spot.code == "area-unit"
    assert judged.spot.finding.severity is (Severity.WARNING if unit else Severity.INFO)
    assert meant in judged.spot.finding.message.zh


def test_what_the_last_digit_hides_is_allowed() -> None:
    assert judge(DeclaredArea(0.77, "公顷", 1e4, 0.005), 7748).spot is None
    assert judge(DeclaredArea(0.7700, "公顷", 1e4, 0.00005), 7748).spot is not None


def test_without_a_boundary_there_is_nothing_to_compare() -> None:
    assert judge(DeclaredArea(75, "亩", MU_IN_M2), 0) == judge(DeclaredArea(75, "亩", MU_IN_M2), 0.0)
    assert judge(DeclaredArea(75, "亩", MU_IN_M2), 0).spot is None


@given(st.floats(200, 1e8), st.sampled_from([1.0, MU_IN_M2, 1e4, 1e6]))
def test_a_true_area_in_any_unit_is_kept(m2: float, factor: float) -> None:
    judged = judge(DeclaredArea(m2 / factor, "x", factor), m2)
    assert judged.spot is None
    assert judged.m2 == pytest.approx(m2)


def plot_columns(**values: object) -> dict[str, list[object]]:
    sound = {"far_min": 1.0, "far_max": 2.0, "density_max": 45.0, "green_min": 15.0, "term_years": 50.0, "area_m2": 5e4}
    return {name: [{**sound, **values}.get(name, field.empty())] for name, field in fields_of(PLOT).items()}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"far_min": 3.0}, "far-min-above-max"),
        ({"far_max": 20.0}, "value-implausible"),
        ({"far_max": 200.0}, "value-impossible"),
        ({"density_max": 0.45}, "value-implausible"),
        ({"green_min": 90.0}, "value-implausible"),
        ({"term_years": 70.0}, "value-implausible"),
        ({"term_years": 99.0}, "value-impossible"),
        ({"price_wan_mu": 250_000.0}, "value-impossible"),
        ({"intensity_wan_mu": 3.0}, "value-implausible"),
        ({"tax_wan_mu": 5_000.0}, "value-implausible"),
        ({"height_max_m": 1.0}, "value-implausible"),
        ({"area_m2": 84.0}, "value-implausible"),
    ],
)
def test_figures_out_of_range_are_found(values: dict[str, object], code: str) -> None:
    ((row, spot),) = check_ranges(PLOT, plot_columns(**values))
    assert (row, spot.code) == (0, code)
    assert spot.field in values
    assert spot.finding.severity is (Severity.WARNING if code == "value-implausible" else Severity.ERROR)


def test_sound_figures_and_none_at_all_are_fine() -> None:
    assert list(check_ranges(PLOT, plot_columns())) == []
    assert list(check_ranges(PLOT, {name: [field.empty()] for name, field in fields_of(PLOT).items()})) == []


def test_a_projects_bounds_are_in_order() -> None:
    columns = {name: [field.empty()] for name, field in fields_of(PROJECT).items()}
    columns |= {"amount_min_wan": [900.0], "amount_max_wan": [500.0]}
    assert [spot.code for _, spot in check_ranges(PROJECT, columns)] == ["amount-min-above-max"]


def test_missing_fields_are_errors_and_those_for_publication_warnings() -> None:
    columns = plot_columns(
        id="a", name="a", county="411082", precision="surveyed", source="s", code="a", status="reserve"
    )
    ((_, spot),) = check_required(PLOT, columns)
    assert (spot.code, spot.field, spot.finding.severity) == ("missing-for-publication", "land_use", Severity.WARNING)
    columns["status"] = [""]
    assert next((s.code, s.field) for _, s in check_required(PLOT, columns)) == ("missing-field", "status")
    assert [s.field for _, s in check_required(PLOT, columns, {0: {"status"}}, {"land_use"})] == []


def test_publication_waits_for_what_is_missing() -> None:
    row = {"id": "a", "name": "a", "county": "411082", "precision": "county", "source": "s", "code": "a"}
    plot = PLOT.from_row({**row, "status": "reserve", "area_m2": 900})
    (finding,) = missing_to_publish(plot)
    assert (finding.code, finding.where, finding.severity) == ("missing-for-publication", "a.land_use", Severity.ERROR)
    assert missing_to_publish(PLOT.from_row({**row, "status": "reserve", "area_m2": 900, "land_use": "M1"})) == []
