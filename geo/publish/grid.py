"""The grid of the whole Web-Mercator map in whole numbers, by which rows are told apart the same at every zoom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.publish.index import MAX_LATITUDE

BITS = 32  # of each axis: 9 mm at the equator


def world_grid(xy: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Places (n, 2) in WGS-84 degrees as steps from the map's north-western corner, rounded down; 0 for NaN.

    What lies beyond the map counts as lying on its edge.
    """
    lon, lat = np.nan_to_num(xy, nan=-180.0).T
    sine = np.sin(np.radians(np.clip(lat, -MAX_LATITUDE, MAX_LATITUDE)))
    fraction = np.stack([(lon + 180) / 360, 0.5 - np.arctanh(sine) / (2 * np.pi)])
    steps: NDArray[np.uint32] = np.clip(fraction * (1 << BITS), 0, (1 << BITS) - 1).astype(np.uint32)
    steps[:, np.isnan(xy[:, 0])] = 0
    return steps.T  # each axis lies together: they are looked at one by one
