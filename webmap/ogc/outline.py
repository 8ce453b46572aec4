"""A small drawing of where a collection lies: the cities' outlines and the collection's box."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from datasets.world import World

WIDTH = 320.0
TOLERANCE_M = 3000.0


@dataclass(frozen=True)
class Outline:
    """A drawing in its own units. paths: one closed outline a city (SVG path data)."""

    width: float
    height: float
    west: float
    north: float
    across: float
    down: float
    paths: tuple[str, ...]

    def box(self, bounds: tuple[float, float, float, float]) -> Mapping[str, float]:
        """x, y, width and height of a box of degrees, at least a few units in size, within the drawing."""
        west, south, east, north = bounds
        left, right = ((lon - self.west) * self.across for lon in (west, east))
        top, bottom = ((self.north - lat) * self.down for lat in (north, south))
        x, y = max(0.0, left - 3), max(0.0, top - 3)
        return {
            "x": round(x, 1),
            "y": round(y, 1),
            "width": round(min(self.width, right + 3) - x, 1),
            "height": round(min(self.height, bottom + 3) - y, 1),
        }


def outline(world: World) -> Outline:
    """The drawing of all counties, joined by city."""
    thin = world.boundaries.simplified(TOLERANCE_M)
    west, south, east, north = shapely.total_bounds(list(thin.values())).tolist()
    across = WIDTH / (east - west)
    down = across / math.cos(math.radians((south + north) / 2))
    groups: dict[str, list[shapely.Geometry]] = {}
    for adcode, shape in thin.items():
        groups.setdefault(world.boundaries.counties[adcode].city, []).append(shape)
    paths = tuple(_path(shapely.union_all(shapes), west, north, across, down) for shapes in groups.values())
    return Outline(WIDTH, round((north - south) * down, 1), west, north, across, down, paths)


def _path(shape: shapely.Geometry, west: float, north: float, across: float, down: float) -> str:
    found = []
    for ring in shapely.get_rings(shape):
        xy = (shapely.get_coordinates(ring) - (west, north)) * (across, -down)
        found.append("M" + "L".join(f"{x:g} {y:g}" for x, y in np.round(xy, 1)[:-1]) + "Z")
    return "".join(found)
