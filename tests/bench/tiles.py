"""Vector tiles of the snapshot against PostGIS's ST_AsMVT, the same plots, filter, clipping and attributes on both sides."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
from numpy.typing import NDArray

from geo.draw import mercator
from geo.draw.mvt import EXTENT, Layer
from geo.publish import Table
from geo.query import Filter, select
from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Measured, NotMeasured, Unavailable, figure, once_ms
from tests.bench.mvt_content import features_in
from tests.bench.peers import postgis

ZOOMS = (8, 10, 12, 14)
AIMS = {8: "≥ 4×", 10: "≥ 6×", 12: "≥ 2.5×", 14: "≥ 1×"}
TILES = 30
ROUNDS = (
    3  # of which each tile's best counts on either side: a busy machine interrupts two processes more often than one
)
FILTER = [("status", "available"), ("price_min", "20")]
BUFFER = 64  # steps of the grid, ours and the peer's
UNLIMITED = 10**9
WHERE = "AND status = 'available' AND price_wan_mu >= 20"
TILE_SQL = """
WITH drawn AS (
  SELECT gid, id, name, cluster, status, demo,
    ST_AsMVTGeom(geom, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), {extent}, {buffer}, true) AS geom
  FROM plots_mercator
  WHERE geom && ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => {margin}) {where}
)
SELECT ST_AsMVT(drawn, 'plot', {extent}, 'geom', 'gid') FROM drawn WHERE geom IS NOT NULL
"""
Place = tuple[int, int, int]


@dataclass(frozen=True)
class Drawn:
    """A tile of either side: features, bytes."""

    features: int
    bytes: int


def measure(ground: Ground) -> Iterator[Measured | NotMeasured]:
    """Medians by zoom, all plots and filtered ones; the same features, and what is served of them."""
    table = ground.made(LARGE).snapshot.table("plot")
    layer = Layer(table, ground.kinds.get("plot"), ground.world)
    mask = mask_of(ground)
    share = f"filter of {np.count_nonzero(mask) / len(mask):.0%} of the rows"
    try:
        database = postgis.filled(ground)
    except Unavailable as missing:
        yield NotMeasured("against PostGIS ST_AsMVT", str(missing))
        return
    with psycopg.connect(database.url, autocommit=True, prepare_threshold=1) as connection:
        for rows, name in ((mask, "filtered"), (None, "all")):
            for zoom in ZOOMS:
                told = share if rows is mask else "no filter"
                yield from _zoom(layer, rows, connection, places(table, zoom), name, told)


def _zoom(
    layer: Layer,
    mask: NDArray[np.bool_] | None,
    connection: psycopg.Connection,
    where: list[Place],
    name: str,
    told: str,
) -> Iterator[Measured]:
    sql = TILE_SQL.format(
        extent=EXTENT, buffer=BUFFER, margin=BUFFER / EXTENT, where="" if mask is None else WHERE
    ).encode()
    whole, served, theirs = [], [], []
    made: list[tuple[Drawn, Drawn, Drawn]] = []

    def ask(place: Place) -> bytes:
        with connection.cursor(binary=True) as cursor:
            row = cursor.execute(sql, dict(zip("zxy", place, strict=True))).fetchone()
        return bytes(row[0]) if row and row[0] else b""

    for place in where:
        mine, small, other = layer.tile(*place, mask, budget=UNLIMITED), layer.tile(*place, mask), ask(place)
        made.append(
            (
                Drawn(features_in(mine.data, "plot"), len(mine.data)),
                Drawn(features_in(small.data, "plot"), len(small.gzipped)),
                Drawn(features_in(other), len(other)),
            )
        )
    busy: tuple[list[float], list[float]] = ([], [])
    backend = connection.info.backend_pid
    for place in where:
        sides = (
            lambda at=place: layer.tile(*at, mask, budget=UNLIMITED),
            lambda at=place: ask(at),
            lambda at=place: layer.tile(*at, mask).gzipped,
        )
        rounds = []
        for _ in range(ROUNDS):
            before = time.thread_time(), _process_s(backend)
            mine = once_ms(sides[0])
            between = time.thread_time()
            other = once_ms(sides[1])
            busy[0].append((between - before[0]) * 1000)
            busy[1].append((_process_s(backend) - before[1]) * 1000)
            rounds.append((mine, other, once_ms(sides[2])))
        for kept, times in zip((whole, theirs, served), zip(*rounds, strict=True), strict=True):
            kept.append(min(times))
    used = " and ".join(figure(statistics.median(each)) for each in busy)
    zoom, peer = where[0][0], "PostGIS ST_AsMVT"
    features, size = _medians(made, 0)
    other_features, other_size = _medians(made, 2)
    method = (
        f"{LARGE:,} plots, {told}; median of {len(where)} tiles where plots are, each warm and the best of {ROUNDS} in turns; clipped with {BUFFER}/{EXTENT} around,"
        f" same attributes, not compressed; {features:,.0f} features ({other_features:,.0f}), {size / 1000:.3g} kB ({other_size / 1000:.3g}); processor time {used} ms, the peer's"
        " parallel workers not counted"
    )
    aim = AIMS[zoom] if mask is not None else ""
    yield Measured(
        f"tile z{zoom}, {name}, same features",
        statistics.median(whole),
        "ms",
        method,
        peer,
        statistics.median(theirs),
        aim,
    )
    features, size = _medians(made, 1)
    yield Measured(
        f"tile z{zoom}, {name}, as served",
        statistics.median(served),
        "ms",
        f"the same tiles as they are served: at most 100 kB, compressed ({features:,.0f} features, {size / 1000:.3g} kB); the peer's neither",
        peer,
        statistics.median(theirs),
    )


def _process_s(pid: int) -> float:
    """The processor time of a process, as Linux counts it; what else runs does not lengthen it."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def _medians(made: list[tuple[Drawn, Drawn, Drawn]], side: int) -> tuple[float, float]:
    return (
        statistics.median(tiles[side].features for tiles in made),
        statistics.median(tiles[side].bytes for tiles in made),
    )


def mask_of(ground: Ground, plots: int = LARGE, provinces: int = 1) -> NDArray[np.bool_]:
    """The rows that FILTER selects."""
    snapshot = ground.made(plots, provinces).snapshot
    wanted = Filter.parse(FILTER, ground.kinds, ground.world)
    return select(wanted, snapshot, ground.kinds, ground.world).masks["plot"]


def places(table: Table, zoom: int, number: int = TILES) -> list[Place]:
    """Tiles in which a plot lies that was drawn at random: crowded ones come often."""
    rows = np.random.default_rng(zoom).integers(0, table.located, number)
    x, y = mercator.fraction(*table.point[rows].T)
    return [(zoom, int(across * 2**zoom), int(down * 2**zoom)) for across, down in zip(x, y, strict=True)]
