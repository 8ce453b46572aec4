"""Building a snapshot of many plots and drawing vector tiles of it, against mapbox-vector-tile on the same features.

BENCH_LARGE=1 adds a million plots to the hundred thousand.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import datasets.world
from datasets.world import World
from geo.draw import geojson, mercator
from geo.draw.mvt import EXTENT, Layer, Tile
from geo.draw.mvt.grid import BUFFER, box_of, steps
from geo.model import default_kinds
from geo.publish import Snapshot, Table
from geo.query import Filter, select
from tests.bench.measured import Measured, median_ms

SIZES = (100_000, 1_000_000) if os.environ.get("BENCH_LARGE") == "1" else (100_000,)
ZOOMS = (8, 10, 12, 14)
TILES = 30
FILTER = [("status", "available"), ("price_min", "20")]
CROWD = 9086  # features of one tile, as many as others were measured with
BUILD = """
import resource, sys, time
from pathlib import Path
import datasets.world
from geo.model import default_kinds
from geo.publish import build
from tests.bench.made_plots import plots
world = datasets.world.load()
made = plots(int(sys.argv[1]), world)
start = time.perf_counter()
build(made, default_kinds(), world, Path(sys.argv[2]))
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(data: Path) -> Iterator[Measured]:
    """Build, size, tiles by zoom, and the encoder alone."""
    world = datasets.world.load()
    for size in SIZES:
        folder = data / f"made-{size}"
        folder.mkdir()
        yield from _built(size, folder)
        snapshot = Snapshot(folder)
        yield from _tiles(size, snapshot, world)
        if size == SIZES[0]:
            yield from _encoder(snapshot.table("plot"), world)


def _built(size: int, folder: Path) -> Iterator[Measured]:
    command = [sys.executable, "-c", BUILD, str(size), str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    seconds, most = map(float, answer.stdout.split())
    method = f"{size:,} made-up plots of 8 vertices, their making included, a process of its own"
    yield Measured(f"snapshot of {size:,} plots, build", seconds, "s", method)
    yield Measured(f"snapshot of {size:,} plots, most memory", most, "MB", method)
    total = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    yield Measured(f"snapshot of {size:,} plots, on disk", total, "MB", method)


def _tiles(size: int, snapshot: Snapshot, world: World) -> Iterator[Measured]:
    kinds, table = default_kinds(), snapshot.table("plot")
    layer = Layer(table, kinds.get("plot"), world)
    wanted = Filter.parse(FILTER, kinds, world)
    start = time.perf_counter()
    mask = select(wanted, snapshot, kinds, world).masks["plot"]
    yield Measured(f"filter over {size:,} plots", (time.perf_counter() - start) * 1000, "ms", "once, no tile")
    share = f"{np.count_nonzero(mask) / len(mask):.0%} of the plots"
    for zoom in ZOOMS:
        places = _places(table, zoom)
        for rows, name in ((None, "all"), (mask, "filtered")):
            took, made = _drawn(layer, places, rows)
            drawn, most = np.median([tile.drawn for tile in made]), max(len(tile.gzipped) for tile in made) / 1000
            method = (
                f"median of {TILES} tiles where plots are, clipping and budget included; {share if rows is mask else 'all plots'}; "
                f"{drawn:.0f} features drawn, largest tile {most:.0f} kB compressed"
            )
            yield Measured(f"tile z{zoom}, {size:,} plots, {name}", took, "ms", method)


def _places(table: Table, zoom: int) -> list[tuple[int, int, int]]:
    """Tiles in which a plot lies that was drawn at random: crowded ones come often."""
    rows = np.random.default_rng(zoom).integers(0, table.located, TILES)
    x, y = mercator.fraction(*table.point[rows].T)
    return [(zoom, int(across * 2**zoom), int(down * 2**zoom)) for across, down in zip(x, y, strict=True)]


def _drawn(
    layer: Layer, places: list[tuple[int, int, int]], mask: NDArray[np.bool_] | None
) -> tuple[float, list[Tile]]:
    layer.tile(*places[0], mask)
    times, made = [], []
    for place in places:
        start = time.perf_counter()
        made.append(layer.tile(*place, mask))
        times.append((time.perf_counter() - start) * 1000)
    return float(np.median(times)), made


def _encoder(table: Table, world: World) -> Iterator[Measured]:
    """Both encode the same features into one tile; the peer gets them projected and as shapes, and clips them itself."""
    what, peer = f"encoding {CROWD:,} plots", "mapbox-vector-tile"
    z, x, y = _crowded(table, 8)
    west, south, east, north = box_of(z, x, y, -BUFFER)
    inside = (table.bbox[:, :2] > (west, south)).all(axis=1) & (table.bbox[:, 2:] < (east, north)).all(axis=1)
    rows = np.flatnonzero(inside)[:CROWD]
    mask = np.zeros(table.rows, np.bool_)
    mask[rows] = True
    layer = Layer(table, default_kinds().get("plot"), world)
    ours = median_ms(lambda: layer.tile(z, x, y, mask, budget=10**9), 7)
    method = f"{len(rows):,} plots wholly in one tile, no budget, id, name, cluster, status and demo of each"
    try:
        reference: Any = importlib.import_module("mapbox_vector_tile")
    except ImportError:
        yield Measured(what, ours, "ms", f"{method}; {peer} not measured: it is not installed")
        return
    features = [
        {
            "geometry": _on_grid(table, row, z, x, y),
            "id": row + 1,
            "properties": {name: table.column(name)[row] for name in ("id", "name", "demo", "status")}
            | {"cluster": geojson.chain_colour(list(table.column("chains")[row]), world)},
        }
        for row in rows.tolist()
    ]
    options = {"extents": EXTENT, "y_coord_down": True}
    theirs = median_ms(lambda: reference.encode([{"name": "plot", "features": features}], default_options=options), 1)
    yield Measured(what, ours, "ms", method, peer, theirs, aim="≥ 35×")


def _crowded(table: Table, zoom: int) -> tuple[int, int, int]:
    """The tile in which most plots lie."""
    x, y = mercator.fraction(*table.point[: table.located].T)
    numbers, counts = np.unique((x * 2**zoom).astype(int) << zoom | (y * 2**zoom).astype(int), return_counts=True)
    most = int(numbers[np.argmax(counts)])
    return zoom, most >> zoom, most & (1 << zoom) - 1


def _on_grid(table: Table, row: int, z: int, x: int, y: int) -> Any:
    import shapely

    return shapely.transform(table.geometry(row), lambda xy: steps(xy, z, x, y))
