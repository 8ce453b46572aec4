"""Heat: no weight is lost, none lies where it is not known to be, and only signed yuan count."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import CHANGGE, HUIJI, JIAOZUO, QINYANG, XUCHANG, YUZHOU, made, point, project

from geo.draw.heat import heat
from geo.draw.heat_grid import EXACT_SIGMA_M, PLACE_SIGMA_M
from geo.query.faults import BadParameters

AT = (113.8, 34.2)


def mass(found):
    return float(found.density.sum()) * found.grid.cell_km2


projects = st.builds(
    lambda yi, unit, at, place: project(yi, county=unit, place=place, geometry=None if at is None else point(*at)),
    st.floats(0.01, 1000),
    st.sampled_from([CHANGGE, YUZHOU, QINYANG, HUIJI, XUCHANG, JIAOZUO]),
    st.none()
    | st.tuples(st.floats(110.4, 116.6), st.floats(31.4, 36.3))
    | st.sampled_from([(100.0, 20.0), (116.65, 36.36)]),
    st.sampled_from(["", "town", "zone", "seat"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(projects, min_size=1, max_size=12))
def test_the_integral_is_the_amount(drawn, atlas, grid, chosen):
    found = heat(drawn(*chosen), atlas, grid)
    assert found.amount == pytest.approx(sum(each.amount_wan for each in chosen) / 10_000)
    assert mass(found) == pytest.approx(found.amount, rel=0.005)
    assert found.projects == len(chosen)


def spread_of(found):
    """Root mean square distance from the centre of mass along one axis, in metres, and the centre as (row, column)."""
    rows, columns = np.indices(found.density.shape)
    weight = found.density / found.density.sum()
    centre = (float((rows * weight).sum()), float((columns * weight).sum()))
    variance = (((rows - centre[0]) ** 2 + (columns - centre[1]) ** 2) * weight).sum() / 2
    return float(np.sqrt(variance)) * found.grid.cell_m, centre


@pytest.mark.parametrize(
    ("fields", "sigma"),
    [({"geometry": point(*AT)}, EXACT_SIGMA_M), ({"place": "town"}, PLACE_SIGMA_M)],
)
def test_a_kernel_has_the_documented_width_and_peak(drawn, atlas, grid, fields, sigma):
    found = heat(drawn(project(10, **fields)), atlas, grid)
    assert spread_of(found)[0] == pytest.approx(sigma, rel=0.02)
    # A Gaussian's peak: weight / (2 π sigma²), here in 亿元/km².
    assert found.max == pytest.approx(10 / (2 * np.pi * (sigma / 1000) ** 2), rel=0.03)


def test_a_point_weighs_where_it_is(drawn, atlas, grid):
    found = heat(drawn(project(10, geometry=point(*AT))), atlas, grid)
    line, column = np.unravel_index(found.picture.values.argmax(), found.picture.values.shape)
    (south, west), (north, east) = found.payload()["bounds"]
    rows, columns = found.picture.values.shape
    assert west + (column + 0.5) / columns * (east - west) == pytest.approx(AT[0], abs=0.01)
    assert north - (line + 0.5) / rows * (north - south) == pytest.approx(AT[1], abs=0.01)


@pytest.mark.parametrize("unit", [CHANGGE, XUCHANG])
def test_what_is_only_known_to_an_area_lies_evenly_over_it(drawn, atlas, grid, unit):
    found = heat(drawn(project(100, county=unit)), atlas, grid)
    members = {unit} if unit in atlas.boundaries.counties else set(atlas.boundaries.unit(unit).counties)
    numbers = [number for number, code in enumerate(grid.codes) if code in members]
    share = found.density[np.isin(grid.county, numbers)].sum() / found.density.sum()
    assert share > 0.6  # the rest is what the blur carries over the border
    # Blurring can only lower it.
    even = 100 / atlas.boundaries.unit(unit).area_km2
    assert 0.7 * even < found.max <= 1.02 * even


def test_a_place_that_stands_for_its_county_is_no_point(drawn, atlas, grid):
    seat = heat(drawn(project(100, place="seat")), atlas, grid)
    assert seat.counts["county"] == 1
    assert np.allclose(seat.density, heat(drawn(project(100)), atlas, grid).density)


def test_a_point_far_outside_is_not_believed(drawn, atlas, grid):
    found = heat(drawn(project(100, geometry=point(100, 20))), atlas, grid)
    assert (found.counts["point"], found.counts["county"]) == (0, 1)


@pytest.mark.parametrize(
    ("stage", "weighs"),
    [("talks", 0), ("intent", 0), ("planned", 0), ("signed", 1), ("started", 1), ("full", 1), ("stalled", 1)],
)
def test_only_what_is_signed_weighs(drawn, atlas, grid, stage, weighs):
    found = heat(drawn(project(5, stage=stage)), atlas, grid)
    assert (found.projects, found.counts["before_signing"]) == (weighs, 1 - weighs)
    assert mass(found) == pytest.approx(5 * weighs)


def test_what_does_not_weigh_is_counted_and_said(drawn, atlas, grid):
    selection = drawn(
        project(1),
        project(2, stage="talks"),
        project(),
        project(amount_wan=5, currency="USD"),
        project(3, demo=True),
        made("park", amount_wan=100_000),
    )
    payload = heat(selection, atlas, grid).payload()
    assert (payload["projects"], payload["amount_wan"]) == (2, 40_000)
    assert [payload["counts"][key] for key in ("before_signing", "amount_unknown", "other_money")] == [1, 1, 1]
    assert "签约前 1 个，金额不详 1 个，外币 1 个" in payload["note"]
    assert "1 个演示项目" in payload["note"]
    json.dumps(payload, allow_nan=False)


def test_nothing_to_show_is_a_clear_picture(drawn, atlas, grid):
    found = heat(drawn(project(stage="talks")), atlas, grid)
    payload = found.payload()
    assert (payload["max"], payload["legend"], payload["projects"]) == (0, [], 0)
    assert found.png().startswith(b"\x89PNG")


def test_an_unknown_scale_is_named_with_the_way_out(drawn, atlas, grid):
    with pytest.raises(BadParameters, match=r"scale cannot be 'cubic'; known are linear, sqrt, log"):
        heat(drawn(), atlas, grid, "cubic")


def test_cells_are_equal_in_area(atlas, grid):
    cells = np.bincount(grid.county[grid.county >= 0])
    areas = [county.area_km2 for county in atlas.boundaries.counties.values()]
    assert cells.sum() * grid.cell_km2 == pytest.approx(sum(areas), rel=0.001)
    large = [at for at, area in enumerate(areas) if area > 1000]
    assert np.allclose(cells[large] * grid.cell_km2, np.array(areas)[large], rtol=0.02)
