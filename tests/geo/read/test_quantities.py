"""Quantities out of text: what people type, in the stored unit, and a word where it is not clear."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.read.numerals import numeral
from geo.read.quantities import area_candidates, parsed
from geo.read.units import KINDS

MU = 2000 / 3


@pytest.mark.parametrize(
    ("text", "of", "value", "unit"),
    [
        ("84.5亩", "area", 84.5 * MU, "亩"),
        ("0.77公顷", "area", 7700, "公顷"),
        ("12公顷(180亩)", "area", 120_000, "公顷"),
        ("12公顷（合180亩）", "area", 120_000, "公顷"),
        ("1,200㎡", "area", 1200, "㎡"),
        ("1200 m2", "area", 1200, "m2"),
        ("3.5km2", "area", 3_500_000, "km2"),
        ("2平方公里", "area", 2_000_000, "平方公里"),
        ("5.6万平方米", "area", 56_000, "万平方米"),
        ("1.2 ha", "area", 12_000, "ha"),
        ("１２０亩", "area", 80_000, "亩"),
        ("一百二十亩", "area", 80_000, "亩"),
        ("11亿元", "money", 110_000, "亿元"),
        ("500万", "money", 500, "万"),
        ("一亿二千万元", "money", 12_000, "元"),
        ("35000元", "money", 3.5, "元"),
        ("50万元/亩", "price", 50, "万元/亩"),
        ("50万/亩", "price", 50, "万/亩"),
        ("225元/㎡", "price", 15, "元/㎡"),
        ("每平方米225元", "price", 15, "元/平方米"),
        ("1.5", "ratio", 1.5, ""),
        ("40%", "percent", 40, "%"),
        ("24米", "length", 24, "米"),
        ("50年", "years", 50, "年"),
        ("-5", "ratio", -5, ""),
    ],
)
def test_clear_quantities(text: str, of: str, value: float, unit: str) -> None:
    read = parsed(text, of)
    assert read is not None
    assert read.value == pytest.approx(value)
    assert (read.unit, read.findings, read.approximate) == (unit, (), False)


def test_the_currency_is_told() -> None:
    read = parsed("3000万美元", "money")
    assert read is not None and (read.value, read.currency) == (3000, "USD")


@pytest.mark.parametrize("text", ["约84亩", "84亩左右", "近84亩", "84余亩", "八十四多亩", "大约84 亩", "~84亩"])
def test_approximate(text: str) -> None:
    read = parsed(text, "area")
    assert read is not None and read.value == pytest.approx(56_000)
    assert read.approximate and read.findings == ()


@pytest.mark.parametrize(
    ("text", "of", "low", "high"),
    [
        ("1.0-2.5", "ratio", 1.0, 2.5),
        ("1.0～2.5", "ratio", 1.0, 2.5),
        ("1.0至2.5", "ratio", 1.0, 2.5),
        ("1.0≤容积率≤2.5", "ratio", 1.0, 2.5),
        ("不低于1.0且不超过2.5", "ratio", 1.0, 2.5),
        ("60-90亩", "area", 40_000, 60_000),
        ("30%-45%", "percent", 30, 45),
    ],
)
def test_a_range_has_bounds_and_no_value(text: str, of: str, low: float, high: float) -> None:
    read = parsed(text, of)
    assert read is not None and read.value is None
    assert (read.low, read.high) == (pytest.approx(low), pytest.approx(high))
    assert [finding.code for finding in read.findings] == ["quantity-range"]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("≥300万元/亩", 300, None), ("不超过300万元/亩", None, 300), ("300万元/亩以上", 300, None)],
)
def test_a_bound_keeps_its_side(text: str, low: float | None, high: float | None) -> None:
    read = parsed(text, "price")
    assert read is not None and (read.value, read.low, read.high, read.findings) == (300, low, high, ())


@pytest.mark.parametrize("text", ["", "  ", "-", "—", "/", "待定", "N/A", None])
def test_nothing_said(text: object) -> None:
    assert parsed(text, "area") is None


@pytest.mark.parametrize("text", ["详见附件", "84亩、12亩", "1.2.3亩", "12,5亩", "x" * 500, "9" * 400, "万亩"])
def test_unclear_is_no_value_and_an_error(text: str) -> None:
    read = parsed(text, "area", "a.csv:3")
    assert read is not None and read.value is None
    assert [(f.code, f.severity.value, f.where) for f in read.findings] == [("quantity-unclear", "error", "a.csv:3")]


@pytest.mark.parametrize(
    ("text", "of", "code"),
    [
        ("84", "area", "unit-assumed"),
        ("12公顷(200亩)", "area", "quantity-contradicts"),
        ("84.5亩(含代征道路)", "area", "quantity-extra-text"),
        ("0.4", "percent", "fraction-as-percent"),
    ],
)
def test_clear_but_odd_is_warned_of(text: str, of: str, code: str) -> None:
    read = parsed(text, of, "a.csv:3")
    assert read is not None and read.value is not None
    assert [(f.code, f.severity.value) for f in read.findings] == [(code, "warning")]


@pytest.mark.parametrize(
    ("text", "of", "unit", "value"),
    [
        ("84", "area", "亩", 56_000),
        ("84", "area", "(亩)".strip("()"), 56_000),
        ("1.5", "money", "亿元", 15_000),
        ("225", "price", "元/㎡", 15),
        ("0.77公顷", "area", "亩", 7700),
    ],
)
def test_the_headings_unit_holds_where_the_cell_has_none(text: str, of: str, unit: str, value: float) -> None:
    read = parsed(text, of, unit=unit)
    assert read is not None and read.value == pytest.approx(value) and read.findings == ()


def test_area_candidates() -> None:
    assert area_candidates("0.77公顷") == {"公顷": 7700}
    assert area_candidates("0.77") == {"公顷": 7700, "㎡": 0.77, "亩": pytest.approx(0.77 * MU)}
    assert area_candidates("12公顷(180亩)") == {"公顷": 120_000}
    assert area_candidates("不详") == area_candidates("") == area_candidates(None) == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("一百二十", 120),
        ("两千零五", 2005),
        ("一万二千", 12_000),
        ("三点五", 3.5),
        ("二〇二六", 2026),
        ("一亿", 1e8),
    ],
)
def test_numerals(text: str, value: float) -> None:
    assert numeral(text) == value


PIECES = st.sampled_from(
    [*"0123456789.,-~≥≤万亿亩%()（）约余多一二十百点半", "公顷", "元/㎡", "e+9", "以上", "1e308", "每亩", "元"]
)


@settings(max_examples=500, deadline=500)
@given(
    st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join)),
    st.sampled_from(KINDS),
    st.text(max_size=5),
)
@example("点", "area", "")
@example("1万" * 90, "money", "亩")
def test_no_text_crashes_it(text: str, of: str, unit: str) -> None:
    read = parsed(text, of, "x", unit)
    assert read is None or read.value is not None or read.findings
    area_candidates(text)


@given(st.floats(min_value=0.01, max_value=1e6).map(lambda value: round(value, 2)))
def test_a_number_and_its_unit_read_back(value: float) -> None:
    for unit, factor in (("亩", MU), ("公顷", 1e4), ("㎡", 1.0)):
        read = parsed(f"{value:,.2f}{unit}", "area")
        assert read is not None and read.value == pytest.approx(value * factor)
