"""Web-Mercator (EPSG:3857) as fractions of the whole map, and the boxes that views are cut to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]

TILE_PX = 256
MAX_LATITUDE = 85.0511287798066


def fraction(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Where points lie on the square map: x from west, y from north, both 0..1; lon/lat are WGS-84 degrees."""
    phi = np.radians(np.clip(lat, -MAX_LATITUDE, MAX_LATITUDE))
    return (lon + 180) / 360, (1 - np.arcsinh(np.tan(phi)) / np.pi) / 2


def degrees(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The WGS-84 lon/lat of places on the square map: the inverse of `fraction`."""
    return x * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))


def inside(lon: Floats, lat: Floats, box: Box) -> NDArray[np.bool_]:
    """Which points lie in `box` (west, south, east, north), its edges included."""
    west, south, east, north = box
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
