"""A flat piece of the Earth in metres, good enough to lay out a county (within 0.3 % over 40 km)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

_G = TypeVar("_G", bound=BaseGeometry)
# A hundredth of a millimetre: fine enough for areas to add up to the square metre.
_DECIMALS = 10


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of a centre (`lon`, `lat`, WGS-84 degrees); `scale` is metres a degree along each."""

    lon: float
    lat: float
    scale: tuple[float, float]

    @classmethod
    def around(cls, geometry: BaseGeometry) -> Plane:
        """The plane that touches the Earth in the middle of `geometry` (WGS-84 lon/lat degrees)."""
        west, south, east, north = geometry.bounds
        lat = (south + north) / 2
        phi = math.radians(lat)
        # Series of the WGS-84 ellipsoid: Snyder 1987, "Map Projections: A Working Manual", p. 25.
        a_degree_east = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
        a_degree_north = 111132.954 - 559.822 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
        return cls((west + east) / 2, lat, (a_degree_east, a_degree_north))

    def flat(self, geometry: _G) -> _G:
        """`geometry` (lon/lat degrees) in metres of this plane."""
        return shapely.transform(geometry, lambda at: (at - self._centre()) * np.array(self.scale))

    def earth(self, geometry: _G) -> _G:
        """`geometry` (metres of this plane) in WGS-84 lon/lat degrees."""
        return shapely.transform(geometry, lambda at: np.round(at / np.array(self.scale) + self._centre(), _DECIMALS))

    def _centre(self) -> NDArray[np.float64]:
        return np.array([self.lon, self.lat])
