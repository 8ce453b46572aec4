"""A tile that is remembered, against nginx with the same bytes in a file."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from geo.draw.mvt import Layer
from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Measured, NotMeasured
from tests.bench.peers import nginx
from tests.bench.peers.serving import Server, relitu, requests_per_second
from tests.bench.tiles import places

BODY = 30_000  # bytes that are aimed for
CONNECTIONS, SECONDS, ROUNDS = 16, 2, 11  # many short turns: what else the machine does then meets both alike
WORKERS = 2
NAME = "tile.mvt"


def measure(ground: Ground) -> Iterator[Measured | NotMeasured]:
    """wrk on both in turns, the same body, as many worker processes each."""
    made = ground.made(LARGE)
    table = made.snapshot.table("plot")
    layer = Layer(table, ground.kinds.get("plot"), ground.world)
    drawn = {place: layer.tile(*place).gzipped for zoom in (10, 11, 12) for place in places(table, zoom, 8)}
    (z, x, y), body = min(drawn.items(), key=lambda found: abs(len(found[1]) - BODY))
    path = f"/tiles/{made.snapshot.version}/plot/{z}/{x}/{y}.mvt"
    with relitu(made.data, WORKERS) as ours, nginx.serving(ground.folder, NAME, body, WORKERS) as theirs:
        rates: dict[Server, list[float]] = {ours: [], theirs: []}
        for seconds in (2, *[SECONDS] * ROUNDS):  # the first warms up
            for server, at in ((ours, path), (theirs, f"/{NAME}")):
                rates[server].append(
                    requests_per_second(
                        server.address,
                        [at],
                        folder=ground.folder,
                        connections=CONNECTIONS,
                        seconds=seconds,
                        headers={"Accept-Encoding": "gzip"},
                    )
                )
    method = (
        f"wrk, {CONNECTIONS} connections kept alive, the client on the same cores; body {len(body) / 1000:.1f} kB, gzip; {WORKERS} worker processes"
        f" each; median of {ROUNDS} times {SECONDS} s, in turns"
    )
    mine, other = (statistics.median(found[1:]) for found in rates.values())
    yield Measured("cached tile", mine, "requests/s", method, "nginx, a file", other, aim="≥ 0.6×")
