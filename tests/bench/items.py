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
BOXES = 8000  # of each go: more than can be asked for in it, so that nothing is answered from a cache
CONNECTIONS, SECONDS, ROUNDS = 8, 4, 3
WORKERS = (1, 2)
OURS = "/api/collections/plot/items"
PEERS: dict[str, tuple[Callable[[Ground, int], Server], str, str]] = {
    "tipg": (tipg.running, tipg.ITEMS + "?f=geojson&", "≥ 15×"),
    "pygeoapi on PostgreSQL": (pygeoapi.on_postgres, pygeoapi.COLLECTION + "?f=json&", ""),
    "pygeoapi on GeoPackage": (pygeoapi.on_geopackage, pygeoapi.COLLECTION + "?f=json&", "≥ 30×"),
}


def measure(ground: Ground) -> Iterator[Measured | NotMeasured]:
    """Each peer against our server, in turns, with one worker process each and with two, and connections that are used once."""
    for workers in WORKERS:
        yield from _measured(ground, workers)


def _measured(ground: Ground, workers: int) -> Iterator[Measured | NotMeasured]:
    data, told_workers = ground.made(LARGE).data, "one worker" if workers == 1 else f"{workers} workers"
    with relitu(data, workers) as ours:
        for turn, (name, (running, path, aim)) in enumerate(PEERS.items(), start=10 * workers):
            try:
                theirs = running(ground, workers)
            except Unavailable as missing:
                yield NotMeasured(f"against {name}", str(missing))
                continue
            asked = {ours: f"{OURS}?", theirs: path}
            seen = _boxes(ground, turn * 100, 20)
            told = " against ".join(_described(server, _paths(at, seen)) for server, at in asked.items())
            rates: dict[Server, list[float]] = {server: [] for server in asked}
            for go, seconds in enumerate((1, *[SECONDS] * ROUNDS)):  # the first warms up
                boxes = _boxes(ground, turn * 100 + go + 1, BOXES)
                for server, at in asked.items():
                    rates[server].append(_rate(ground, server, _paths(at, boxes), seconds))
            method = (
                f"{LARGE:,} plots, boxes of {SIDE}° around plots, limit {LIMIT}, ours with all properties, the peer with the ten of its table, no address twice; wrk, {CONNECTIONS} connections, each"
                f" used once; {told_workers} (process) each; median of {ROUNDS} times {SECONDS} s, in turns; an answer holds {told}"
            )
            ours_rate, theirs_rate = (statistics.median(found[1:]) for found in rates.values())
            yield Measured(f"items of a box, {told_workers}", ours_rate, "requests/s", method, name, theirs_rate, aim)


def _rate(ground: Ground, server: Server, paths: list[str], seconds: int) -> float:
    return requests_per_second(
        server.address,
        paths,
        folder=ground.folder,
        connections=CONNECTIONS,
        seconds=seconds,
        headers={"Connection": "close"},
    )


def _paths(at: str, boxes: list[str]) -> list[str]:
    return [f"{at}bbox={box}&limit={LIMIT}" for box in boxes]


def _boxes(ground: Ground, seed: int, number: int) -> list[str]:
    """Boxes around plots drawn at random, and a little beside them, so that hardly two are the same."""
    table, draw = ground.made(LARGE).snapshot.table("plot"), np.random.default_rng(seed)
    middles = table.point[draw.integers(0, table.located, number)] + draw.uniform(-0.01, 0.01, (number, 2))
    corners = np.hstack([middles - SIDE / 2, middles + SIDE / 2]).tolist()
    return [",".join(f"{value:.5f}" for value in corner) for corner in corners]


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
