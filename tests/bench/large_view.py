"""The first look at a map of a million plots."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from tests.bench.first_view import READY, look
from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Measured
from tests.bench.peers.serving import relitu
from tests.browser.browser_session import chromium

TURNS = 5
AIMS = {"kB": ("on the wire", "≤ 250 kB"), "ms": ("ready", "≤ 1500 ms"), "heap_MB": ("JS heap", "≤ 120 MB")}


def measure(ground: Ground) -> Iterator[Measured]:
    """Bytes, time to ready and heap, once after a start and then with a warm server."""
    with relitu(ground.made(LARGE).data) as server, chromium() as browser:
        first = look(browser, f"{server.address}/?kind=plot", READY)
        views = [look(browser, f"{server.address}/?kind=plot", READY) for _ in range(TURNS)]
    for key, (what, aim) in AIMS.items():
        unit = key.removeprefix("heap_")
        method = f"Chromium, 1440×900, empty cache, /?kind=plot; median of {TURNS} with a server that has answered once; the very first: {first[key]:.0f} {unit}"
        yield Measured(
            f"{LARGE:,} plots, first view, {what}",
            statistics.median(view[key] for view in views),
            unit,
            method,
            aim=aim,
        )
