"""The shifted longitudes and latitudes of Chinese web maps: GCJ-02 (Amap, Tencent) and BD-09 (Baidu).

No authority publishes the formulas; these are the ones in common use, as `prcoords` (CC0) writes them, and the tests hold
them against it. Henan is shifted by 495-632 m, its middle by some 575 m. All arrays are float64 of shape (n, 2), lon/lat in degrees.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

SEMI_MAJOR = 6378245.0  # Krassovsky's ellipsoid, although the degrees are WGS-84's
ECCENTRICITY_SQUARED = 0.00669342162296594323
CHINA = (72.004, 0.8293, 137.8347, 55.8271)  # west, south, east, north: outside it GCJ-02 equals WGS-84
BAIDU_OFFSET = np.array([0.0065, 0.0060])
SETTLED = 1e-10  # degrees: what is left after the step that was no longer than this is below a micrometre
BLOCK = 16_384  # points inverted at a time, so that they stay in the processor's cache
MOST_STEPS = 20  # five to eight are needed


def in_china(lonlat: Points) -> NDArray[np.bool_]:
    """Which points the shift applies to: those within the rectangle that the web maps use for China."""
    lon, lat = lonlat.T
    west, south, east, north = CHINA
    result: NDArray[np.bool_] = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
    return result


def wgs_to_gcj(lonlat: Points) -> Points:
    """GCJ-02 of WGS-84 points; outside China the same."""
    return np.where(in_china(lonlat)[:, None], _shift(lonlat), lonlat)


def gcj_to_wgs(lonlat: Points) -> Points:
    """WGS-84 of GCJ-02 points, to better than 0.01 mm; outside China the same.

    Along the rectangle's edge the shift tears the plane, and no inverse is exact there.
    """
    found = _inverse(_shift, lonlat)
    return np.where(in_china(found)[:, None], found, lonlat)


def wgs_to_bd(lonlat: Points) -> Points:
    """BD-09 of WGS-84 points. Baidu's own offset applies everywhere, also outside China."""
    return _baidu(wgs_to_gcj(lonlat))


def bd_to_wgs(lonlat: Points) -> Points:
    """WGS-84 of BD-09 points, to better than 0.01 mm."""
    return gcj_to_wgs(_inverse(_baidu, lonlat))


def _inverse(forward: Callable[[Points], Points], shifted: Points) -> Points:
    """By fixed point: both shifts change slowly over the ground, so that each step is at least 50 times nearer."""
    found = shifted.copy()
    for start in range(0, len(shifted), BLOCK):
        block, wanted = found[start : start + BLOCK], shifted[start : start + BLOCK]
        for _ in range(MOST_STEPS):
            error = forward(block) - wanted
            block -= error
            if not np.abs(error).max() > SETTLED:
                break
    return found


def _waves(u: Points, *terms: tuple[float, float]) -> Points:
    total: Points = np.zeros_like(u)
    for amplitude, per_pi in terms:
        total += amplitude * np.sin(u * (np.pi / per_pi))
    return total * (20 / 3)


def _shift(lonlat: Points) -> Points:
    lon, lat = lonlat.T
    x, y = lon - 105, lat - 35
    root = np.sqrt(np.abs(x))
    fast = _waves(x, (2.0, 1 / 6), (2.0, 1 / 2))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += fast + _waves(y, (2.0, 1), (4.0, 3), (16.0, 12), (32.0, 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += fast + _waves(x, (2.0, 1), (4.0, 3), (15.0, 12), (30.0, 30))
    phi = np.radians(lat)
    magic = 1 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    metres_per_lat = np.radians(SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED) / magic**1.5)
    metres_per_lon = np.radians(SEMI_MAJOR * np.cos(phi) / np.sqrt(magic))
    return np.column_stack([lon + east / metres_per_lon, lat + north / metres_per_lat])


def _baidu(lonlat: Points) -> Points:
    x, y = lonlat.T
    radius = np.hypot(x, y) + 0.00002 * np.sin(np.radians(y) * 3000)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(np.radians(x) * 3000)
    turned: Points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + BAIDU_OFFSET
    return turned
