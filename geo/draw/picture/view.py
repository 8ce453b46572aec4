"""Which part of the world a picture shows, and where on it things lie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from datasets.world import World
from geo.draw import mercator
from geo.draw.marks import Mark
from geo.draw.mercator import Floats
from geo.draw.picture.paper import Box

MAY_LIE_OUTSIDE = 0.02  # cities that together hold no more than this share do not widen the view, as on the map
FIT_MOST = 11.0
CLOSE_MOST = 14.5
MIN_ZOOM, MAX_ZOOM = 3.0, 18.0
EQUATOR_M = 40_075_016.686


@dataclass(frozen=True)
class View:
    """A Web-Mercator view. frame: the rectangle of the map on the picture, whose middle shows lon/lat (WGS-84)."""

    lon: float
    lat: float
    zoom: float
    frame: Box

    @property
    def world_px(self) -> float:
        """The width of the whole world."""
        return float(mercator.TILE_PX * 2**self.zoom)

    def pixels(self, lonlat: Floats) -> Floats:
        """Where points (n, 2) WGS-84 lie on the picture."""
        x, y = mercator.fraction(lonlat[:, 0], lonlat[:, 1])
        x0, y0 = mercator.fraction(np.array([self.lon]), np.array([self.lat]))
        middle = ((self.frame.left + self.frame.right) / 2, (self.frame.top + self.frame.bottom) / 2)
        return np.column_stack([(x - x0) * self.world_px + middle[0], (y - y0) * self.world_px + middle[1]])

    def bounds(self, margin: float = 0) -> mercator.Box:
        """West, south, east, north of the frame and `margin` pixels around it."""
        x0, y0 = mercator.fraction(np.array([self.lon]), np.array([self.lat]))
        across = (self.frame.width / 2 + margin) / self.world_px
        down = (self.frame.height / 2 + margin) / self.world_px
        lon, lat = mercator.degrees(x0 + np.array([-across, across]), y0 + np.array([down, -down]))
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    @property
    def metres_per_pixel(self) -> float:
        """On the ground in the middle of the view."""
        return float(EQUATOR_M * np.cos(np.radians(self.lat)) / self.world_px)


def fitted(box: mercator.Box, frame: Box, clear: tuple[float, float, float, float], most: float = FIT_MOST) -> View:
    """The view that shows `box` as large as can be, `clear` pixels (left, top, right, bottom) of the frame left free."""
    west, south, east, north = box
    x, y = mercator.fraction(np.array([west, east]), np.array([south, north]))
    left, top, right, bottom = clear
    room = (max(frame.width - left - right, 40.0), max(frame.height - top - bottom, 40.0))
    spans = (max(float(x[1] - x[0]), 1e-9), max(float(y[0] - y[1]), 1e-9))
    zoom = min(float(np.log2(room[i] / mercator.TILE_PX / spans[i])) for i in (0, 1))
    zoom = round(min(max(zoom, MIN_ZOOM), most), 3)
    world = mercator.TILE_PX * 2**zoom
    lon, lat = mercator.degrees(
        np.array([x.mean() + (right - left) / 2 / world]), np.array([y.mean() + (bottom - top) / 2 / world])
    )
    return View(float(lon[0]), float(lat[0]), zoom, frame)


def extent(units: Iterable[Mark], world: World) -> mercator.Box:
    """The box of the counties and cities that hold what is selected, a few far ones left out; all where nothing is.

    units: the marks of the whole selection by county and city.
    """
    known = world.boundaries
    counts = {mark.id: mark.n for mark in units}
    by_city: dict[str, int] = {}
    for code, n in counts.items():
        city = known.city_of(code)
        by_city[city] = by_city.get(city, 0) + n
    spare, kept = MAY_LIE_OUTSIDE * sum(counts.values()), set(by_city)
    for city, n in sorted(by_city.items(), key=lambda entry: (entry[1], entry[0])):
        if n > spare or len(kept) == 1:
            break
        spare -= n
        kept.discard(city)
    counties = [code for code in counts if code in known.counties and known.city_of(code) in kept]
    covered = {known.city_of(code) for code in counties}
    cities = [code for code in counts if code not in known.counties and code in kept - covered]
    boxes = [known.unit(code).bbox for code in (*counties, *cities)] or [c.bbox for c in known.counties.values()]
    sides = np.array(boxes)
    return (*sides[:, :2].min(axis=0).tolist(), *sides[:, 2:].max(axis=0).tolist())
