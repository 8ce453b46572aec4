"""How long `relitu serve` takes until it answers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measured import Measured
from tests.browser.browser_session import serving

STARTS = 5


def measure(data: Path) -> Iterator[Measured]:
    """Seconds from the start of the process to the first 200 of /readyz."""
    seconds = []
    for _ in range(STARTS):
        start = time.perf_counter()
        with serving(data):
            seconds.append(time.perf_counter() - start)
    method = f"median of {STARTS} starts, process start to 200 of /readyz, facts and demonstration data"
    yield Measured("serve ready", statistics.median(seconds), "s", method, aim="≤ 3 s")
