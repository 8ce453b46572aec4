"""What each further worker process costs in memory of its own, once it has answered everything."""

from __future__ import annotations

import re
import statistics
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Measured, NotMeasured
from tests.bench.peers.serving import Server, relitu
from tests.bench.tiles import FILTER, ZOOMS, places

WORKERS = 4
ROUNDS = 12  # with 4 workers the chance that one of them has missed an address is 3 %
QUERY = "&".join(f"{name}={value}" for name, value in FILTER)


def measure(ground: Ground) -> Iterator[Measured | NotMeasured]:
    """Private memory of each of several workers by /proc/PID/smaps_rollup; what they share is counted to none."""
    made = ground.made(LARGE)
    asked = _addresses(ground)
    with relitu(made.data, WORKERS) as server:
        for number in range(ROUNDS):
            for path in asked:
                _ask(server, path.replace("{n}", str(number)))
        private = sorted(_private_mb(pid) for pid in _descendants(server.process))[-WORKERS:]
    told = ", ".join(f"{found:.0f}" for found in private)
    method = (
        f"{LARGE:,} plots; median private memory (Private_Clean + Private_Dirty) of {WORKERS} workers of `relitu serve` after {ROUNDS} rounds of"
        f" {len(asked)} different requests on fresh connections (tiles, items, marks, summary, list, heat, each with and without filter); MB: {told}"
    )
    yield Measured("memory of its own, each further worker", statistics.median(private), "MB", method, aim="≤ 150 MB")


def _addresses(ground: Ground) -> list[str]:
    """One of each kind; {n} makes those of a round its own."""
    made = ground.made(LARGE)
    table = made.snapshot.table("plot")
    found = []
    for query in ("lang=zh", f"{QUERY}{{n}}"):
        for zoom in ZOOMS:
            z, x, y = places(table, zoom)[0]
            found.append(f"/tiles/{made.snapshot.version}/plot/{z}/{x}/{y}.mvt?{query}")
        found += [
            f"/api/collections/plot/items?bbox=113.{{n}},34.5,113.9,34.9&limit=100&{query}",
            f"/api/summary?{query}",
        ]
        found += [f"/api/marks?zoom={zoom}&within=113,34,114,35&{query}" for zoom in (8, 10, 12)]
        found += [f"/list?{query}", f"/api/heat?{query}", f"/?{query}"]
    return found


def _ask(server: Server, path: str) -> None:
    request = urllib.request.Request(server.address + path, headers={"Connection": "close"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").iterdir():
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found[1:]


def _private_mb(pid: int) -> float:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return sum(int(kb) for kb in re.findall(r"Private_(?:Clean|Dirty):\s+(\d+) kB", told)) / 1024
