"""Choropleths: what is counted where, what is zero, what is unknown, and colours that stay apart."""

import json
from itertools import pairwise

import pytest
from made import CHANGGE, HUIJI, JIYUAN, QINYANG, XUCHANG, YUZHOU, made, point, project
from sight import VISIONS, distance, lightness

from geo.draw.choropleth import DARK_RAMP, DARK_ZERO_COLOUR, MEASURES, NO_DATA_COLOUR, RAMP, ZERO_COLOUR, choropleth
from geo.query.faults import BadParameters


def test_projects_are_counted_by_county_and_all_others_are_zero(drawn, atlas):
    selection = drawn(
        project(2, county=CHANGGE),
        project(county=CHANGGE, geometry=point(113.8, 34.2)),
        project(county=YUZHOU, place="town"),
        made("park", county=QINYANG),
    )
    found = choropleth(selection, atlas, "projects")
    assert {code: n for code, n in found.values.items() if n} == {CHANGGE: 2, YUZHOU: 1}
    assert len(found.values) == len(atlas.boundaries.counties)
    assert None not in found.values.values()


def test_one_project_is_one_project_in_english(drawn, atlas):
    selection = drawn(project(county=CHANGGE), project(county=YUZHOU), project(county=YUZHOU))
    labels = [row["label"] for row in choropleth(selection, atlas, "projects", lang="en").legend]
    assert labels == ["1 project", "2 projects", "0 projects"]


def test_amounts_add_up_in_yi_and_are_unknown_where_no_project_names_one(drawn, atlas):
    selection = drawn(project(2), project(0.5), project(), project(county=YUZHOU), project(0, county=QINYANG))
    values = choropleth(selection, atlas, "amount").values
    assert (values[CHANGGE], values[YUZHOU], values[QINYANG], values[HUIJI]) == (2.5, None, 0, None)


def test_density_is_the_amount_per_square_kilometre_of_the_county(drawn, atlas):
    found = choropleth(drawn(project(63.57)), atlas, "density")
    assert found.values[CHANGGE] == pytest.approx(1000, rel=0.01)  # 635,700 万元 on 635.7 km²
    assert found.unit.zh == "万元/平方公里"


def test_foreign_money_is_not_yuan(drawn, atlas):
    found = choropleth(drawn(project(amount_wan=300, currency="USD"), project(1)), atlas, "amount")
    assert found.values[CHANGGE] == 1
    assert "1 个为外币" in found.note


def test_what_is_known_only_to_a_city_is_reported_apart(drawn, atlas):
    found = choropleth(drawn(project(3, county=XUCHANG), project(county=XUCHANG), project(1, county=JIYUAN)), atlas)
    assert found.outside == {XUCHANG: {"projects": 2, "amount_wan": 30_000, "amount_known": 1}}
    assert found.values[JIYUAN] == 1


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("method", ["fisher", "quantile"])
def test_legend_and_breaks_hold_every_county_once(drawn, atlas, measure, method):
    counties = list(atlas.boundaries.counties)
    selection = drawn(
        *(project(n**1.7, county=county) for n, county in enumerate(counties[:40], 1) for _ in range(n % 7))
    )
    found = choropleth(selection, atlas, measure, method)
    assert sum(row["n"] for row in found.legend) == len(counties)
    assert len(found.colours) == len(found.breaks) - 1 <= 5
    positive = [value for value in found.values.values() if value]
    assert found.breaks[0] <= min(positive) and max(positive) <= found.breaks[-1]
    for at, (low, high) in enumerate(pairwise(found.breaks)):
        inside = [v for v in positive if (v > low or at == 0) and v <= high]
        assert found.legend[at]["n"] == len(inside) > 0
    json.dumps(found.payload(), allow_nan=False)


def test_labels_have_separators_units_and_no_gap_between_counts(drawn, atlas):
    counts = {CHANGGE: 1, YUZHOU: 2, QINYANG: 4, HUIJI: 9}
    selection = drawn(*(project(county=county) for county, n in counts.items() for _ in range(n)))
    assert [row["label"] for row in choropleth(selection, atlas).legend] == ["1 个", "2 个", "3–5 个", "6–9 个", "0 个"]
    rich = choropleth(drawn(project(1500), project(150, county=YUZHOU)), atlas, "amount", lang="en")
    assert [row["label"] for row in rich.legend] == [
        "150–1,000 (100M CNY)",
        "1,000–1,500 (100M CNY)",
        "No data (no project with a known amount)",
    ]


def test_nothing_selected_still_has_a_legend(drawn, atlas):
    found = choropleth(drawn(), atlas)
    assert (found.breaks, found.colours) == ([], [])
    assert [row["label"] for row in found.legend] == ["0 个"]


def test_demonstration_projects_are_named_as_such(drawn, atlas):
    assert "1 个演示项目" in choropleth(drawn(project(demo=True), project()), atlas).note


@pytest.mark.parametrize(
    ("measure", "method", "param"), [("money", "fisher", "measure"), ("amount", "jenks", "classes")]
)
def test_unknown_choices_are_named_with_the_way_out(drawn, atlas, measure, method, param):
    with pytest.raises(BadParameters) as caught:
        choropleth(drawn(), atlas, measure, method)
    (fault,) = caught.value.faults
    assert fault.param == param
    for known in MEASURES if param == "measure" else ("fisher", "quantile"):
        assert known in fault.message.zh and known in fault.message.en


@pytest.mark.parametrize("vision", VISIONS)
def test_colours_are_told_apart_by_every_reader(vision):
    assert [lightness(colour) for colour in RAMP] == sorted(map(lightness, RAMP), reverse=True)
    assert min(distance(a, b, vision) for a, b in pairwise(RAMP)) >= 0.09
    for other in (*RAMP, ZERO_COLOUR):
        assert distance(NO_DATA_COLOUR, other, vision) >= 0.06, other
    assert distance(ZERO_COLOUR, RAMP[0], vision) >= 0.1


@pytest.mark.parametrize("vision", VISIONS)
def test_colours_on_dark_ground_are_told_apart_too(vision):
    assert [lightness(colour) for colour in DARK_RAMP] == sorted(map(lightness, DARK_RAMP))
    assert min(distance(a, b, vision) for a, b in pairwise((DARK_ZERO_COLOUR, *DARK_RAMP))) >= 0.09
