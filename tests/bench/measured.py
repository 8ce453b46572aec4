"""One measurement, what it is held against, and how it is written down."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

AIM = re.compile(r"(?P<sign>[≥≤]) (?P<number>[\d.]+) ?(?P<unit>×|[^\s(]+)")


@dataclass(frozen=True)
class Measured:
    """A figure, what it is compared with (empty if with nothing), their ratio and how both were measured.

    unit: of both; one that ends in "/s" is better the higher it is, every other the lower. aim: "≥ 4×" is about the
    ratio, "≤ 300 ms" (in the row's own unit) about our figure; words may follow in brackets.
    """

    what: str
    ours: float
    unit: str
    method: str
    peer: str = ""
    theirs: float | None = None
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times as good as the peer we are: above 1 we are better."""
        if self.theirs is None:
            return None
        return self.ours / self.theirs if self.unit.endswith("/s") else self.theirs / self.ours

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        found = AIM.match(self.aim)
        if found is None:
            return None
        about_ratio = found["unit"] == "×" and self.unit != "×"
        reached = self.ratio if about_ratio else self.ours
        if reached is None or (not about_ratio and found["unit"] != self.unit):
            raise ValueError(f"the aim {self.aim!r} says nothing about {self.what!r}, measured in {self.unit}")
        limit = float(found["number"])
        return reached >= limit if found["sign"] == "≥" else reached <= limit

    def payload(self) -> dict[str, Any]:
        """The JSON form."""
        return {**vars(self), "ratio": self.ratio, "met": self.met}

    def line(self) -> str:
        """A row of the report's table."""
        compared = "" if self.theirs is None else f"{self.peer}: {figure(self.theirs)} {self.unit}"
        ratio = "" if self.ratio is None else f"{figure(self.ratio)}×"
        aim = self.aim if self.met is None else f"{self.aim}: {'met' if self.met else '**not met**'}"
        return f"| {self.what} | {figure(self.ours)} {self.unit} | {compared} | {ratio} | {aim} | {self.method} |"


@dataclass(frozen=True)
class NotMeasured:
    """What could not be measured here, and why."""

    what: str
    reason: str


class Unavailable(RuntimeError):
    """A peer or a means of measuring that this machine does not have; says which and the way out."""


def figure(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def median_ms(call: Callable[[], object], repeats: int = 30) -> float:
    """The median of `repeats` calls, after one to warm up."""
    call()
    return statistics.median(once_ms(call) for _ in range(repeats))


def once_ms(call: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds that one call takes."""
    start = clock()
    call()
    return (clock() - start) * 1000


def busy_ms(call: Callable[[], object]) -> float:
    """Milliseconds of the processor that one call takes in this thread: what else the machine does counts less."""
    return once_ms(call, time.thread_time)


def side_by_side_ms(
    calls: list[Callable[[], object]], repeats: int = 30, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """The median of each of `calls`, which take turns, so that what else the machine does falls on all alike."""
    for call in calls:
        call()
    rounds = [[once_ms(call, clock) for call in calls] for _ in range(repeats)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]
