"""Untangles rings whose points were listed in the wrong order."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.check.crossings import self_crossings
from geo.check.repair.outline import outlines_of
from geo.check.repair.proposal import Repair

MOST_POINTS = 300
MOST_TURNS = 600


def reordered(geometry: BaseGeometry) -> BaseGeometry | None:
    """The shape with the points of its crossing rings in an order in which they don't cross; all points stay.

    Two crossing sides are undone by walking the points between them backwards, which makes the ring shorter, until none is
    left. None where a ring is too long for that or still crosses.
    """
    flat = outlines_of(geometry)
    parts: dict[int, list[NDArray[np.float64]]] = {}
    for ring, part in enumerate(flat.part.tolist()):
        points = _untangled(flat.lonlat[flat.starts[ring] : flat.starts[ring + 1]])
        if points is None:
            return None
        parts.setdefault(part, []).append(points)
    polygons = [shapely.Polygon(rings[0], rings[1:]) for rings in parts.values()]
    if not polygons:
        return geometry
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _untangled(points: NDArray[np.float64]) -> NDArray[np.float64] | None:
    if shapely.is_valid(shapely.Polygon(points)):
        return points
    if len(points) > MOST_POINTS:
        return None
    ring = points[:-1].copy()
    for _ in range(MOST_TURNS):
        closed = np.vstack([ring, ring[:1]])
        pair = next(self_crossings(closed), None)
        if pair is None:
            return closed if shapely.is_valid(shapely.Polygon(closed)) else None
        first, second, _ = pair
        ring[first + 1 : second + 1] = ring[first + 1 : second + 1][::-1].copy()
    return None


REPAIR = Repair(
    "reorder",
    Label("重排点序", "Reorder the points"),
    frozenset({"ring-self-crossing"}),
    reordered,
    45,
    alternative=True,
)
