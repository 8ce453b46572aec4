"""A county as ground to build on: where its sites lie and where a block or a point still fits."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

import shapely
from shapely import affinity
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from datasets.boundaries import County
from datasets.boundaries.units import geodesic_km2
from datasets.demo.blocks import Block
from datasets.demo.plane import Plane
from datasets.errors import DatasetError
from datasets.labels import Label

MARGIN_M = 700  # the border polygons are generalised; keep more than the 500 m that is promised
STREET_M = 60
STEP_M = 250
REACH_M = 12_000
APART_M = 150
TRIES = 400


@dataclass(frozen=True, slots=True)
class Site:
    """A place where industry gathers: a point in metres and the bearing of its street grid in degrees."""

    at: Point
    bearing: float


@dataclass(slots=True)
class Ground:
    """One county in metres, with what has been placed on it so far."""

    county: County
    plane: Plane
    usable: BaseGeometry
    sites: tuple[Site, ...]
    blocks: list[Block] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)

    @classmethod
    def of(cls, county: County, sites: int, rng: Random) -> Ground:
        """The ground of `county` with `sites` sites, well apart and well inside."""
        plane = Plane.around(county.geometry)
        usable = plane.flat(county.geometry).buffer(-MARGIN_M)
        across = math.sqrt(county.area_km2) * 1000
        core = usable.buffer(-0.06 * across)
        if core.is_empty:
            raise no_room(county)
        shapely.prepare(usable)
        return cls(county, plane, usable, tuple(_sites(core, sites, 0.28 * across, rng)))

    def place_block(self, block: Block, site: Site, area_m2: float) -> Block:
        """`block` set down near `site`, clear of all others, in lon/lat degrees, with `area_m2` on the ellipsoid.

        Raises DatasetError where the county has no room for it.
        """
        for east, north in _SPIRAL:
            offset = affinity.rotate(Point(east, north), site.bearing, origin=(0, 0))
            laid = affinity.translate(block, site.at.x + offset.x, site.at.y + offset.y)
            if self._is_free(laid):
                exact = self._sized(laid, area_m2)
                self.blocks.append(exact)
                return self.plane.earth(exact)
        raise no_room(self.county)

    def place_point(self, site: Site, spread_m: float, rng: Random) -> Point:
        """A point near `site` apart from all others, in lon/lat degrees; DatasetError where there is no room."""
        for attempt in range(TRIES):
            spread = spread_m * (1 + attempt / 20)
            point = Point(rng.gauss(site.at.x, spread), rng.gauss(site.at.y, spread))
            if self.usable.contains(point) and all(point.distance(each) >= APART_M for each in self.points):
                self.points.append(point)
                return self.plane.earth(point)
        raise no_room(self.county)

    def _is_free(self, laid: Block) -> bool:
        return self.usable.contains(laid) and all(laid.distance(each) >= STREET_M for each in self.blocks)

    def _sized(self, laid: Block, area_m2: float) -> Block:
        """`laid`, swollen or shrunk a trifle: the plane's areas differ from the ellipsoid's by some per mille."""
        for _ in range(4):
            factor = math.sqrt(area_m2 / (geodesic_km2(self.plane.earth(laid)) * 1e6))
            laid = affinity.scale(laid, factor, factor)
        return laid


def no_room(county: County) -> DatasetError:
    """The error for a county that cannot take its share of the demonstration data."""
    return DatasetError(
        Label(
            zh=f"演示数据放不进{county.name.zh}（{county.adcode}）的边界。请改用随附的边界，或加 --no-demo。",
            en=f"The demonstration data do not fit into {county.name.en} ({county.adcode}). "
            "Use the boundaries that ship with the package, or start with --no-demo.",
        )
    )


def _sites(core: BaseGeometry, count: int, spacing: float, rng: Random) -> list[Site]:
    """Random places in `core`, at least `spacing` metres apart, closer only where they would not fit."""
    west, south, east, north = core.bounds
    found: list[Site] = []
    while len(found) < count:
        for _ in range(TRIES):
            point = Point(rng.uniform(west, east), rng.uniform(south, north))
            if core.contains(point) and all(point.distance(site.at) >= spacing for site in found):
                found.append(Site(point, rng.uniform(-30, 30)))
                break
        else:
            spacing *= 0.8
    return found


def _spiral() -> list[tuple[float, float]]:
    steps = range(-REACH_M, REACH_M + 1, STEP_M)
    lattice = [(float(east), float(north)) for east in steps for north in steps]
    return sorted(lattice, key=lambda at: (math.hypot(*at), at))


_SPIRAL = _spiral()
