"""How long `relitu serve` takes until it answers."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measured import Measured
from tests.bench.served import served

STARTS = 5


def measure(data: Path) -> Iterator[Measured]:
    """Seconds from the start of the process to the first 200 of /readyz."""
    seconds = []
    for _ in range(STARTS):
        with served(data) as server:
            seconds.append(server.seconds)
    method = f"median of {STARTS} starts, process start to 200 of /readyz, facts and demonstration data"
    yield Measured("serve ready", statistics.median(seconds), "s", method, aim="≤ 3 s")
