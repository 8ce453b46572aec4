"""Columns to fields, cells to stored values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets import vocab
from datasets.world import World
from geo.check.aliases import ALIASES, mapped
from geo.check.cells import Cell, reader
from geo.check.values import values_of
from geo.model import Feature, default_kinds, fields_of
from geo.model.fields import MU_IN_M2
from geo.model.finding import Severity

PLOT, PROJECT, ROUTE = (default_kinds().get(name) for name in ("plot", "project", "route"))


def cell(world: World, kind: type[Feature], name: str, raw: object, unit: str = "", own: bool = False) -> Cell:
    return reader(name, fields_of(kind)[name], world, unit, own)(raw)


def fields(kind: type[Feature], *headings: str) -> dict[str, tuple[str, str]]:
    return {name: (each[0].heading, each[0].unit) for name, each in mapped(headings, kind).sources.items()}


@pytest.mark.parametrize("kind", default_kinds())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_our_own_headings_map_to_their_fields(kind: type[Feature], lang: str) -> None:
    for name, field in fields_of(kind).items():
        label = field.label.text(lang)
        unit = field.unit.text(lang) if field.unit else ""
        heading = f"{label}（{unit}）" if unit and lang == "zh" else f"{label} ({unit})" if unit else label
        alone = {"id", "code"} if (kind is PLOT and name == "id") else {name}
        assert set(mapped([heading], kind).sources) == alone, heading
        assert set(mapped([name], kind).sources) == alone


def test_every_alias_belongs_to_a_declared_field() -> None:
    declared = {name for kind in default_kinds() for name in fields_of(kind)}
    assert set(ALIASES) <= declared


@pytest.mark.parametrize(
    ("heading", "field", "unit"),
    [
        ("面积（亩）", "area_m2", "亩"),
        ("用地面积(公顷)", "area_m2", "公顷"),
        ("面积_亩", "area_m2", "亩"),
        ("地块面积", "area_m2", ""),
        ("DKBH", "code", ""),
        ("地块编", "code", ""),
        ("height_max", "height_max_m", ""),
        (" 地块\n编号 ", "code", ""),
        ("起始价（元/㎡）", "price_wan_mu", "元/㎡"),
        ("Plot code", "code", ""),
    ],
)
def test_headings_as_offices_write_them(heading: str, field: str, unit: str) -> None:
    assert fields(PLOT, heading) == {field: (heading, unit)}


def test_the_likelier_of_two_columns_goes_first_and_strangers_are_told() -> None:
    found = mapped(["地块用途", "地类编码", "杂项", "容积率", "序号", "geom"], PLOT)
    assert [source.heading for source in found.sources["land_use"]] == ["地类编码", "地块用途"]
    assert found.unknown == ("杂项",)
    assert found.far == ("容积率",)


def test_a_number_may_be_the_plots_code_only_where_there_is_no_other() -> None:
    assert set(mapped(["编号"], PLOT).sources) == {"id", "code"}
    assert set(mapped(["编号", "地块编号"], PLOT).sources) == {"id", "code"}
    assert set(mapped(["编号"], PROJECT).sources) == {"id"}


@pytest.mark.parametrize(
    ("name", "raw", "unit", "value"),
    [
        ("area_m2", "约84亩", "", 84 * MU_IN_M2),
        ("area_m2", "0.77公顷", "", 7700),
        ("area_m2", 84, "亩", 84 * MU_IN_M2),
        ("area_m2", "12,345.6", "㎡", 12345.6),
        ("price_wan_mu", "300元/㎡", "", 20),
        ("price_wan_mu", 300.0, "元/㎡", 20),
        ("density_max", "45%", "", 45),
        ("term_years", "50年", "", 50),
        ("height_max_m", "24米", "", 24),
        ("far_max", "≤2.5", "", 2.5),
        ("area_m2", "待定", "", None),
    ],
)
def test_quantities_come_in_stored_units(world: World, name: str, raw: object, unit: str, value: float | None) -> None:
    found = cell(world, PLOT, name, raw, unit)
    assert found.value == (None if value is None else pytest.approx(value))


def test_amounts_of_money_bring_their_currency(world: World) -> None:
    assert cell(world, PROJECT, "amount_wan", "11亿元").value == pytest.approx(110_000)
    dollars = cell(world, PROJECT, "amount_wan", "2亿美元")
    assert (dollars.value, dollars.currency) == (pytest.approx(20_000), "USD")
    assert cell(world, ROUTE, "length_km", "12.5公里").value == pytest.approx(12.5)


@pytest.mark.parametrize(
    ("name", "raw", "code", "severity"),
    [
        ("area_m2", "约84亩", "approximate-value", Severity.WARNING),
        ("area_m2", "0.77公顷", "unit-in-text", Severity.INFO),
        ("area_m2", "80-90亩", "range-for-value", Severity.ERROR),
        ("area_m2", "很大", "quantity-unclear", Severity.ERROR),
        ("area_m2", -5, "unreadable-value", Severity.ERROR),
        ("area_m2", float("inf"), "unreadable-value", Severity.ERROR),
        ("term_years", 49.5, "unreadable-value", Severity.ERROR),
        ("as_of", "去年", "unreadable-value", Severity.ERROR),
        ("land_use", "M9", "unknown-term", Severity.ERROR),
        ("land_use", "一类工业用地", "ambiguous-term", Severity.WARNING),
        ("county", "亚特兰蒂斯", "unknown-county", Severity.ERROR),
        ("chains", "炼金术", "unknown-chain", Severity.WARNING),
        ("nodes", "炼金术", "unknown-node", Severity.WARNING),
        ("place", "亚特兰蒂斯", "unknown-place", Severity.WARNING),
    ],
)
def test_what_is_odd_about_a_cell_is_told(world: World, name: str, raw: object, code: str, severity: Severity) -> None:
    (spot,) = cell(world, PLOT, name, raw).spots
    assert (spot.code, spot.field, spot.finding.severity) == (code, name, severity)
    assert spot.finding.message.zh != spot.finding.message.en


@pytest.mark.parametrize(
    ("raw", "value"),
    [("M1", "M1"), ("m1", "M1"), (1001, "1001"), (1001.0, "1001"), ("1001 工业用地", "1001"), ("工业用地（1001）", "1001"),
     ("M1 一类工业用地", "M1"), ("100101一类工业用地", "100101"), ("新型产业用地", "M0"), ("Industrial land", "1001")],
)  # fmt: skip
def test_land_use_by_code_label_or_both(world: World, raw: object, value: str) -> None:
    found = cell(world, PLOT, "land_use", raw)
    assert (found.value, found.spots) == (value, ())


def test_near_codes_are_suggested(world: World) -> None:
    (spot,) = cell(world, PLOT, "land_use", "100109").spots
    assert "100101" in spot.finding.message.zh
    (spot,) = cell(world, PLOT, "status", "可供应").spots
    assert "available 可供" in spot.finding.message.zh


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", default_kinds())
def test_all_labels_that_mean_one_thing_are_read_back(world: World, kind: type[Feature], lang: str) -> None:
    for name, field in fields_of(kind).items():
        for term in vocab.load(field.vocabulary) if hasattr(field, "vocabulary") else ():
            found = cell(world, kind, name, term.label.text(lang))
            assert found.value == term.code or term.code in found.others


@pytest.mark.parametrize(
    "raw", ["411082", 411082, 411082.0, "411082000000", "长葛市", "长葛", "河南省许昌市长葛市", "Changge City"]
)
def test_counties_by_code_and_name(world: World, raw: object) -> None:
    assert cell(world, PLOT, "county", raw).value == "411082"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2022-03-03", "2022-03-03"),
        ("2022/3/3", "2022-03-03"),
        ("2022年3月", "2022-03"),
        ("2022年3月5日", "2022-03-05"),
        ("2022年", "2022"),
        (2022, "2022"),
        (20220303, "2022-03-03"),
        (datetime(2022, 3, 3, 8), "2022-03-03"),
        (date(2022, 3, 3), "2022-03-03"),
        ("2022-03-03 00:00:00", "2022-03-03"),
        ("2022-Q1", "2022-Q1"),
    ],
)
def test_dates_as_people_and_spreadsheets_write_them(world: World, raw: object, value: str) -> None:
    assert cell(world, PLOT, "as_of", raw).value == value


def test_the_guard_against_formulas_comes_off(world: World) -> None:
    assert cell(world, PLOT, "note", "'=1+1").value == "=1+1"
    assert cell(world, PLOT, "note", "'tis").value == "'tis"


def test_markup_stays_text(world: World) -> None:
    script = "<script>alert(1)</script>"
    assert cell(world, PLOT, "name", script).value == script


def columns(world: World, rows: list[dict[str, object]], kind: type[Feature] = PLOT) -> Any:
    headings = list(dict.fromkeys(key for row in rows for key in row))
    return values_of(rows, kind, world, mapped(headings, kind), lambda: None)


@pytest.mark.parametrize(
    ("raw", "low", "high"),
    [("1.0-2.5", 1, 2.5), ("≥1.2", 1.2, None), ("不高于3.0", None, 3), (2.0, None, 2), ("", None, None)],
)
def test_one_column_of_both_bounds(world: World, raw: object, low: float | None, high: float | None) -> None:
    found = columns(world, [{"容积率": raw}]).columns
    assert (found["far_min"], found["far_max"]) == ([low], [high])


def test_an_unclear_floor_area_ratio_is_told(world: World) -> None:
    found = columns(world, [{"容积率": "看情况"}])
    assert [(row, spot.code) for row, spot in found.spots] == [(0, "unreadable-value")]


def test_the_second_column_fills_what_the_first_leaves_blank(world: World) -> None:
    found = columns(world, [{"地类编码": "", "地块用途": "M2"}, {"地类编码": "1001", "地块用途": "M2"}])
    assert found.columns["land_use"] == ["M2", "1001"]


def test_a_currency_in_the_amount_fills_an_empty_column(world: World) -> None:
    found = columns(world, [{"总投资": "2亿美元"}, {"总投资": "3亿元"}, {"总投资": 5.0}], PROJECT)
    assert found.columns["currency"] == ["USD", "CNY", ""]
    assert found.bare == {"amount_wan": "总投资"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.floats(0, 1e7), st.integers(0, 10**6)), min_size=1, max_size=20),
    st.sampled_from(["", "亩", "公顷"]),
)
def test_a_column_at_once_says_what_its_cells_say(world: World, raws: list[object], unit: str) -> None:
    heading = f"面积（{unit}）" if unit else "面积"
    found = columns(world, [{heading: raw} for raw in raws]).columns["area_m2"]
    alone = [None if raw is None else cell(world, PLOT, "area_m2", raw, unit).value for raw in raws]
    assert found == [None if value is None else pytest.approx(value, rel=1e-9, abs=1e-8) for value in alone]


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.lists(st.text(max_size=5), max_size=3)
    ),
    st.sampled_from([(kind, name) for kind in (PLOT, PROJECT, ROUTE) for name in fields_of(kind)]),
    st.sampled_from(["", "亩", "万元", "?"]),
)
def test_no_cell_makes_it_fall(world: World, raw: object, field: tuple[type[Feature], str], unit: str) -> None:
    kind, name = field
    found = columns(world, [{name: raw}], kind)
    assert len(found.columns[name]) == 1
    cell(world, kind, name, raw, unit)


def test_a_name_of_several_counties_is_not_guessed(world: World) -> None:
    (spot,) = cell(world, PLOT, "county", "Qi County").spots  # 杞县 410221 and 淇县 410622
    assert (spot.code, spot.finding.severity) == ("ambiguous-county", Severity.ERROR)
    assert cell(world, PLOT, "county", "淇县").value == "410622"
