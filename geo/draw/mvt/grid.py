"""The grid of a tile: 4096 steps a side from its north-western corner, y downwards."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from geo.draw.mercator import MAX_LATITUDE, Box, Floats

EXTENT = 4096
BUFFER = 64  # steps drawn beyond each edge, so that outlines of up to 8 px of 512 do not show where a tile ends
LOW, HIGH = -BUFFER, EXTENT + BUFFER  # what is drawn of either axis
MAX_ZOOM = 20  # a step is 9 mm there: nothing on a map is known any better
WORLD_BITS = 32  # of each axis of the grid of the whole map: the steps of the deepest tiles


def box_of(z: int, x: int, y: int, buffer: int = 0) -> Box:
    """West, south, east, north of a tile in WGS-84 degrees, with `buffer` steps around it."""
    edge = buffer / EXTENT
    west, east = ((x + at) / 2**z * 360 - 180 for at in (-edge, 1 + edge))
    north, south = (
        math.degrees(math.atan(math.sinh(math.pi * (1 - (y + at) / 2 ** (z - 1))))) for at in (-edge, 1 + edge)
    )
    return west, south, east, north


def steps(xy: NDArray[np.float64], z: int, x: int, y: int) -> Floats:
    """Where WGS-84 lon/lat (m, 2) lie on the grid of a tile, not rounded."""
    # The same as mercator.fraction to the last bits, but of functions that numpy computes several at a time.
    sine = np.sin(np.radians(np.clip(xy[:, 1], -MAX_LATITUDE, MAX_LATITUDE)))
    size = float(EXTENT << z)
    found = np.empty((2, len(xy)))
    found[0] = (xy[:, 0] + 180) * (size / 360) - x * EXTENT
    found[1] = size / 2 - np.log((1 + sine) / (1 - sine)) * (size / (4 * np.pi)) - y * EXTENT
    return found.T
