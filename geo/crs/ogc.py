"""Coordinate systems as OGC web services name them: by URI, with the axes in the order of their definition.

GCJ-02 and BD-09 have no definition there and are not offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import shapely

from datasets.labels import Label
from geo.crs.systems import System, systems
from geo.crs.transform import from_wgs84, to_wgs84

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84H = "http://www.opengis.net/def/crs/OGC/0/CRS84h"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
Bounds = tuple[float, float, float, float]

DEGREE_DECIMALS = 7  # about a centimetre
METRE_DECIMALS = 3


@dataclass(frozen=True)
class OgcCrs:
    """A system under its URI. swapped: the definition has northing or latitude first; system: None for CRS84 itself."""

    uri: str
    label: Label
    swapped: bool = False
    system: System | None = None

    @property
    def geographic(self) -> bool:
        """Whether its numbers are degrees."""
        return self.system is None or self.system.kind == "geographic"

    @property
    def decimals(self) -> int:
        """How many decimals say a place to about a centimetre or better."""
        return DEGREE_DECIMALS if self.geographic else METRE_DECIMALS

    def to_lonlat(self, shape: shapely.Geometry) -> shapely.Geometry:
        """The WGS-84 lon/lat of a shape with easting or longitude first. Raises OutOfDomain."""
        system = self.system or systems()["EPSG:4326"]
        moved: shapely.Geometry = shapely.transform(shape, lambda xy: to_wgs84(system, xy))
        return moved

    def from_lonlat(self, shape: shapely.Geometry) -> shapely.Geometry:
        """A WGS-84 lon/lat shape in this system, its axes in the order of the definition. Raises OutOfDomain."""
        if self.system is None:
            return shape
        system = self.system

        def move(
            xy: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
        ) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
            moved = from_wgs84(system, xy)
            return moved[:, ::-1] if self.swapped else moved

        found: shapely.Geometry = shapely.transform(shape, move)
        return found


@lru_cache(maxsize=16)
def offered(bounds: Bounds) -> Mapping[str, OgcCrs]:
    """The systems by URI for data within `bounds` (west, south, east, north in degrees), CRS84 first.

    WGS 84, CGCS2000, Web Mercator, and every CGCS2000 Gauss-Krüger zone that reaches into the bounds, 3 and 6 degrees
    wide, with the zone's number in its eastings and without.
    """
    found = [OgcCrs(CRS84, Label("WGS-84 经纬度（经度在前）", "WGS 84 longitude/latitude"))]
    for system in systems().values():
        if system.epsg is None or not (system.kind != "gauss-kruger" or _reaches(system, bounds)):
            continue
        found.append(OgcCrs(f"{EPSG}{system.epsg}", system.label, system.kind != "web-mercator", system))
    order = {f"{EPSG}{code}": rank for rank, code in enumerate((4326, 4490, 3857))}
    found[1:] = sorted(found[1:], key=lambda crs: order.get(crs.uri, len(order)))
    return MappingProxyType({crs.uri: crs for crs in found})


def _reaches(system: System, bounds: Bounds) -> bool:
    if system.meridian is None or system.width is None:
        return False
    half = system.width / 2
    return system.meridian - half < bounds[2] and system.meridian + half > bounds[0]
