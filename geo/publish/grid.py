"""The grid of the whole Web-Mercator map in whole numbers, by which rows are told apart and drawn the same at every zoom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.publish.index import MAX_LATITUDE

BITS = 32  # of each axis: 9 mm at the equator
MOST = (1 << BITS) - 1


def world_grid(xy: NDArray[np.float64]) -> NDArray[np.uint32]:
    """The cells (n, 2) in which places (n, 2) in WGS-84 degrees lie, from the map's north-western corner; 0 for NaN.

    What lies beyond the map counts as lying on its edge.
    """
    steps = _steps(np.nan_to_num(xy, nan=-180.0))
    steps[:, np.isnan(xy[:, 0])] = 0
    return np.clip(steps, 0, MOST).astype(np.uint32).T  # each axis lies together: they are looked at one by one


def vertex_grid(xy: NDArray[np.float64]) -> NDArray[np.uint32]:
    """The corners (n, 2) of cells that lie nearest to places (n, 2) in WGS-84 degrees, none of them NaN."""
    return np.ascontiguousarray(np.clip(np.rint(_steps(xy)), 0, MOST).T.astype(np.uint32))


def _steps(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    # Each axis by itself: of spread values numpy may compute the last bit otherwise, and the same place has one cell.
    lon, lat = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    sine = np.sin(np.radians(np.clip(lat, -MAX_LATITUDE, MAX_LATITUDE)))
    return np.stack([(lon + 180) / 360, 0.5 - np.arctanh(sine) / (2 * np.pi)]) * (1 << BITS)
