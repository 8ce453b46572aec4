"""The encoder alone, against mapbox-vector-tile on the same features."""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from geo.draw import geojson, mercator
from geo.draw.mvt import EXTENT, Layer
from geo.draw.mvt.grid import BUFFER, box_of, steps
from geo.publish import Table
from geo.publish.grid import vertex_grid
from tests.bench.ground import Ground
from tests.bench.measured import Measured, NotMeasured, side_by_side_ms
from tests.bench.tiles import UNLIMITED, Place

CROWD = 9086  # features of one tile, as many as others were measured with
PLOTS = 100_000
ROUNDS = 5


def measure(ground: Ground) -> Iterator[Measured | NotMeasured]:
    """Both encode the same features into one tile; the peer gets them projected and as shapes, and clips them itself."""
    what, peer = f"encoding {CROWD:,} plots", "mapbox-vector-tile"
    try:
        reference: Any = importlib.import_module("mapbox_vector_tile")
    except ImportError:
        yield NotMeasured(f"{what} against {peer}", "it is not installed; it comes with tests/requirements.lock")
        return
    table = ground.made(PLOTS).snapshot.table("plot")
    z, x, y = _crowded(table, 8)
    west, south, east, north = box_of(z, x, y, -BUFFER)
    inside = (table.bbox[:, :2] > (west, south)).all(axis=1) & (table.bbox[:, 2:] < (east, north)).all(axis=1)
    rows = np.flatnonzero(inside)[:CROWD]
    mask = np.zeros(table.rows, np.bool_)
    mask[rows] = True
    layer = Layer(table, ground.kinds.get("plot"), ground.world)
    features = [
        {
            "geometry": shapely.transform(table.geometry(row), lambda xy: steps(vertex_grid(xy), z, x, y)),
            "id": row + 1,
            "properties": {name: table.column(name)[row] for name in ("id", "name", "demo", "status")}
            | {"cluster": geojson.chain_colour(list(table.column("chains")[row]), ground.world)},
        }
        for row in rows.tolist()
    ]
    options = {"extents": EXTENT, "y_coord_down": True}
    ours, theirs = side_by_side_ms(
        [
            lambda: layer.tile(z, x, y, mask, budget=UNLIMITED),
            lambda: reference.encode([{"name": "plot", "features": features}], default_options=options),
        ],
        ROUNDS,
        time.thread_time,
    )
    method = (
        f"{len(rows):,} plots wholly in one tile, not compressed; id, name, cluster, status and demo of each; ours finds, projects, clips and"
        f" encodes, the peer gets projected shapes and dictionaries ready-made and encodes; median of {ROUNDS} in turns, processor time"
    )
    yield Measured(what, ours, "ms", method, peer, theirs, aim="≥ 35×")


def _crowded(table: Table, zoom: int) -> Place:
    """The tile in which most plots lie."""
    x, y = mercator.fraction(*table.point[: table.located].T)
    numbers, counts = np.unique((x * 2**zoom).astype(int) << zoom | (y * 2**zoom).astype(int), return_counts=True)
    most = int(numbers[np.argmax(counts)])
    return zoom, most >> zoom, most & (1 << zoom) - 1
