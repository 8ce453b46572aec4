"""Numbers as text and round numbers."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.draw.figures import figure, round_down, round_up, roundest


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (1000, "1,000"),
        (12.5, "12.5"),
        (0.00002, "0.00002"),
        (0.1 + 0.2, "0.3"),
        (1234.56789, "1,235"),
        (-1500, "-1,500"),
    ],
)
def test_numbers_read_well(value, text):
    assert figure(value) == text


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [(3, 9, 5), (17, 23, 20), (0.037, 0.041, 0.04), (99, 101, 100), (3, 4, 3), (1.31, 1.38, 1.35)],
)
def test_the_roundest_number_between_two(low, high, found):
    assert roundest(low, high) == found


@given(st.floats(1e-6, 1e9), st.floats(1e-6, 1e9))
def test_a_round_number_never_leaves_its_interval(a, b):
    low, high = sorted((a, b))
    assume(low < high)
    assert low <= roundest(low, high) < high


@given(st.floats(1e-6, 1e9))
def test_outer_bounds_hold_the_value(value):
    assert value * 0.69 <= round_down(value) <= value <= round_up(value) <= value * 1.1
    assert math.isfinite(round_down(value))
