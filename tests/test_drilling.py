"""A property in a drill stops in time, and never once it has failed."""

from __future__ import annotations

from typing import Any

import drilling
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


class Clock:
    """Goes on by a second with each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(drilling, "time", made)
    return made


def under(test: Any, seconds: float) -> Any:
    test.hypothesis.inner_test = drilling.stopping(test.hypothesis.inner_test, seconds)
    return test


def test_a_property_is_tried_until_its_time_is_up() -> None:
    seen: list[int] = []

    @settings(max_examples=300, database=None, derandomize=True)
    @given(st.integers())
    def anything(number: int) -> None:
        seen.append(number)

    under(anything, 40)()
    assert len(seen) == 41


def test_what_has_failed_is_tried_on_so_that_its_smallest_example_is_found() -> None:
    @settings(max_examples=300, database=None, derandomize=True)
    @given(st.integers(0, 10**6))
    def small(number: int) -> None:
        assert number < 1000, f"{number} is too large"

    with pytest.raises(AssertionError, match="1000 is too large"):
        under(small, 10)()
