"""Features of a box as GeoJSON, a hundred at most: requests a second against tipg and pygeoapi."""

from __future__ import annotations

import json
import statistics
import urllib.request
from collections.abc import Callable, Iterator

import numpy as np

from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Measured, NotMeasured, Unavailable
from tests.bench.peers import pygeoapi, tipg
from tests.bench.peers.serving import Server, relitu, requests_per_second

LIMIT = 100
SIDE = 0.1  # degrees of the box
BOXES = 2000
CONNECTIONS, SECONDS, ROUNDS = 8, 4, 3
OURS = "/api/collections/plot/items"
PEERS: dict[str, tuple[Callable[[Ground], Server], str, str]] = {
    "tipg": (tipg.running, tipg.ITEMS + "?f=geojson&", "≥ 15×"),
    "pygeoapi on PostgreSQL": (pygeoapi.on_postgres, pygeoapi.COLLECTION + "?f=json&", ""),
    "pygeoapi on GeoPackage": (pygeoapi.on_geopackage, pygeoapi.COLLECTION + "?f=json&", "≥ 30×"),
}


def measure(ground: Ground) -> Iterator[Measured | NotMeasured]:
    """Each peer against our server, in turns, each with one worker process and connections that are used once."""
    boxes = _boxes(ground)
    data = ground.made(LARGE).data
    with relitu(data) as ours:
        for name, (running, path, aim) in PEERS.items():
            try:
                theirs = running(ground)
            except Unavailable as missing:
                yield NotMeasured(f"against {name}", str(missing))
                continue
            asked = {
                server: [f"{at}bbox={box}&limit={LIMIT}" for box in boxes]
                for server, at in ((ours, OURS + "?"), (theirs, path))
            }
            told = " against ".join(_described(server, paths[:20]) for server, paths in asked.items())
            rates: dict[Server, list[float]] = {server: [] for server in asked}
            for seconds in (1, *[SECONDS] * ROUNDS):  # the first warms up
                for server, paths in asked.items():
                    rates[server].append(_rate(ground, server, paths, seconds))
            method = (
                f"{LARGE:,} plots, boxes of {SIDE}° around plots, limit {LIMIT}, {BOXES:,} addresses in turn; wrk, {CONNECTIONS} connections, each"
                f" used once; one worker process each; median of {ROUNDS} times {SECONDS} s, in turns; an answer holds {told}"
            )
            ours_rate, theirs_rate = (statistics.median(found[1:]) for found in rates.values())
            yield Measured("items of a box", ours_rate, "requests/s", method, name, theirs_rate, aim)


def _rate(ground: Ground, server: Server, paths: list[str], seconds: int) -> float:
    return requests_per_second(
        server.address,
        paths,
        folder=ground.folder,
        connections=CONNECTIONS,
        seconds=seconds,
        headers={"Connection": "close"},
    )


def _boxes(ground: Ground) -> list[str]:
    table = ground.made(LARGE).snapshot.table("plot")
    rows = np.random.default_rng(3).integers(0, table.located, BOXES)
    return [
        ",".join(f"{value:.5f}" for value in (*(middle - SIDE / 2), *(middle + SIDE / 2)))
        for middle in table.point[rows]
    ]


def _described(server: Server, paths: list[str]) -> str:
    """What answers hold, so that nobody is compared with an error."""
    matched, returned, size = [], [], []
    for path in paths:
        with urllib.request.urlopen(server.address + path, timeout=60) as answer:
            body = answer.read()
        found = json.loads(body)
        matched.append(found.get("numberMatched", np.nan))
        returned.append(len(found["features"]))
        size.append(len(body) / 1000)
    if not min(returned):
        raise RuntimeError(f"{server.address}{paths[0]} found nothing")
    of = "" if np.isnan(matched).all() else f" of {np.median(matched):,.0f}"
    return f"{np.median(returned):.0f}{of}, {np.median(size):.0f} kB"
