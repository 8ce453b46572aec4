"""The grid of a tile: 4096 steps a side from its north-western corner, y downwards."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.draw.mercator import MAX_LATITUDE, Box, Floats, degrees

EXTENT = 4096
BUFFER = 64  # steps drawn beyond each edge, so that outlines of up to 8 px of 512 do not show where a tile ends
MAX_ZOOM = 20  # a step is 9 mm there: nothing on a map is known any better
WORLD_BITS = 32  # of each axis of the grid of the whole map: the steps of the deepest tiles


def box_of(z: int, x: int, y: int, buffer: int = 0) -> Box:
    """West, south, east, north of a tile in WGS-84 degrees, with `buffer` steps around it."""
    edge = buffer / EXTENT
    at = np.array([x - edge, x + 1 + edge]) / 2**z, np.array([y - edge, y + 1 + edge]) / 2**z
    (west, east), (north, south) = degrees(*at)
    return float(west), float(south), float(east), float(north)


def steps(xy: NDArray[np.float64], z: int, x: int, y: int) -> Floats:
    """Where WGS-84 lon/lat (m, 2) lie on the grid of a tile, not rounded."""
    # The same as mercator.fraction to the last bits, but of functions that numpy computes several at a time.
    sine = np.sin(np.radians(np.clip(xy[:, 1], -MAX_LATITUDE, MAX_LATITUDE)))
    size = float(EXTENT << z)
    found = np.empty_like(xy)
    found[:, 0] = (xy[:, 0] + 180) * (size / 360) - x * EXTENT
    found[:, 1] = size / 2 - np.log((1 + sine) / (1 - sine)) * (size / (4 * np.pi)) - y * EXTENT
    return found
