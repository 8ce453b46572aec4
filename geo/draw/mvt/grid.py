"""The grid of a tile: 4096 steps a side from its north-western corner, y downwards."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from geo.draw.mercator import Box, Floats

EXTENT = 4096
BUFFER = 64  # steps drawn beyond each edge, so that outlines of up to 8 px of 512 do not show where a tile ends
LOW, HIGH = -BUFFER, EXTENT + BUFFER  # what is drawn of either axis
MAX_ZOOM = 20  # a step is 9 mm there: nothing on a map is known any better
WORLD_BITS = 32  # of each axis of the grid of the whole map: the steps of the deepest tiles


def box_of(z: int, x: int, y: int, buffer: int = 0) -> Box:
    """West, south, east, north of a tile in WGS-84 degrees, with `buffer` steps around it."""
    edge, side = buffer / EXTENT, 2**z
    west, east = (x - edge) / side * 360 - 180, (x + 1 + edge) / side * 360 - 180
    return west, _latitude((y + 1 + edge) / side), east, _latitude((y - edge) / side)


def _latitude(down: float) -> float:
    """Degrees at a part of the map's height, from its northern edge."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


def steps(grid: NDArray[np.uint32], z: int, x: int, y: int) -> Floats:
    """Where places (m, 2) of the grid of the whole map lie on that of a tile, exactly, not rounded."""
    across, down = origin(z, x, y)
    found = np.empty((2, len(grid)))
    np.subtract(grid[:, 0], across, out=found[0], casting="unsafe", dtype=np.float64)
    np.subtract(grid[:, 1], down, out=found[1], casting="unsafe", dtype=np.float64)
    found *= 1 / (1 << MAX_ZOOM - z)
    return found.T


def origin(z: int, x: int, y: int) -> tuple[int, int]:
    """The north-western corner of a tile on the grid of the whole map."""
    return x << WORLD_BITS - z, y << WORLD_BITS - z
