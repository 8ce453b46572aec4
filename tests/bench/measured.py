"""One measurement and how it is written down."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """A figure, what it is compared with (empty if with nothing), their ratio and how both were measured."""

    what: str
    ours: float
    unit: str
    method: str
    peer: str = ""
    theirs: float | None = None
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times ours theirs is."""
        return None if self.theirs is None else self.theirs / self.ours

    def line(self) -> str:
        """A row of the report's table."""
        compared = "" if self.theirs is None else f"{self.peer}: {self.theirs:.4g} {self.unit}"
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}×"
        return f"| {self.what} | {self.ours:.4g} {self.unit} | {compared} | {ratio} | {self.aim} | {self.method} |"


def median_ms(call: Callable[[], object], repeats: int = 30) -> float:
    """The median of `repeats` calls, after one to warm up."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
