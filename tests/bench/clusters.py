"""Clusters of a view, computed by the server for any filter, against supercluster, which indexes all points first."""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.draw import mercator
from geo.draw.marks import marks
from geo.query import Filter, select
from geo.query.selection import Selection
from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Measured, NotMeasured, Unavailable, once_ms
from tests.bench.peers.places import NODE_MODULES, PREPARE, program
from tests.bench.tiles import FILTER

SCRIPT = Path(__file__).parent / "peers" / "supercluster.mjs"
ZOOM = 12
SCREEN = (1440, 900)  # pixels
LOADS, VIEWS = 3, 12
Box = tuple[float, float, float, float]


class Peer:
    """A running node that clusters."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def load(self, path: Path) -> float:
        """Milliseconds for indexing the points of a file."""
        return float(self._ask(f"load {path}")["ms"])

    def view(self, box: Box, zoom: int) -> tuple[float, int]:
        """Milliseconds for listing the clusters of a view, and their number."""
        answer = self._ask(f"view {' '.join(map(str, box))} {zoom}")
        return float(answer["ms"]), int(answer["n"])

    def _ask(self, line: str) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the peer has no pipes")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def measure(ground: Ground) -> Iterator[Measured | NotMeasured]:
    """A view with the same filter as before, and a view under a new filter."""
    snapshot = ground.made(LARGE).snapshot
    table = snapshot.table("plot")
    wanted = Filter.parse(FILTER, ground.kinds, ground.world)
    boxes = _views(table.point[: table.located])
    with _peer() as peer:
        for name, asked in (("filtered", wanted), ("all", Filter())):
            mask = select(asked, snapshot, ground.kinds, ground.world).masks["plot"]
            points = ground.folder / "points.bin"
            np.ascontiguousarray(table.point[: table.located][mask[: table.located]]).tofile(points)
            number = int(np.count_nonzero(mask))
            yield from _compared(ground, peer, points, boxes, asked, f"{name}, {number:,} points")


def _compared(
    ground: Ground, peer: Peer, points: Path, boxes: list[Box], wanted: Filter, name: str
) -> Iterator[Measured]:
    snapshot = ground.made(LARGE).snapshot

    def selected() -> Selection:
        return select(wanted, snapshot, ground.kinds, ground.world)

    fresh: tuple[list[float], list[float]] = ([], [])
    for _ in range(LOADS):
        fresh[0].append(once_ms(lambda: marks(selected(), ground.world, ZOOM, boxes[0])))
        fresh[1].append(peer.load(points) + peer.view(boxes[0], ZOOM)[0])
    selection = selected()
    again: tuple[list[float], list[float]] = ([], [])
    numbers: tuple[list[int], list[int]] = ([], [])
    for box in boxes:
        found: list[int] = []
        again[0].append(once_ms(lambda b=box, f=found: f.append(len(marks(selection, ground.world, ZOOM, b)))))
        took, number = peer.view(box, ZOOM)
        again[1].append(took)
        numbers[0].append(found[0])
        numbers[1].append(number)
    mine, other = (statistics.median(number) for number in numbers)
    shown = f"zoom {ZOOM}, {SCREEN[0]} × {SCREEN[1]} pixels, cells of 64: {mine:.0f} marks against {other:.0f}"
    yield Measured(
        f"clusters of a view under a new filter: {name}",
        statistics.median(fresh[0]),
        "ms",
        f"{shown}; ours filters and clusters on the server, with the mix of chains; the peer in node indexes the points, found and sent beforehand,"
        f" and lists the view; median of {LOADS} in turns",
        "supercluster, load + getClusters",
        statistics.median(fresh[1]),
    )
    yield Measured(
        f"clusters of a further view: {name}",
        statistics.median(again[0]),
        "ms",
        f"{shown}; nothing is indexed on our side, the peer's index stands; median of {len(boxes)} views in turns",
        "supercluster, getClusters",
        statistics.median(again[1]),
    )


def _views(point: NDArray[np.float64]) -> list[Box]:
    """Boxes of a screen around points drawn at random."""
    middles = point[np.random.default_rng(5).integers(0, len(point), VIEWS)]
    degrees_px = 360 / (mercator.TILE_PX * 2**ZOOM)
    made = []
    for lon, lat in middles.tolist():
        across = SCREEN[0] / 2 * degrees_px
        up = SCREEN[1] / 2 * degrees_px * np.cos(np.radians(lat))
        made.append((lon - across, lat - up, lon + across, lat + up))
    return made


@contextmanager
def _peer() -> Iterator[Peer]:
    if not (NODE_MODULES / "supercluster").exists():
        raise Unavailable(f"supercluster is not installed; {PREPARE}")
    command = [program("node"), "--max-old-space-size=6000", str(SCRIPT), str(NODE_MODULES.parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Peer(process)
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait(30)
