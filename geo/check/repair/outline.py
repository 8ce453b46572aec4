"""Taking points out of a shape's rings, and parts and rings out of a shape."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.check.outlines import Outlines


def outlines_of(geometry: BaseGeometry) -> Outlines:
    """The rings of one shape."""
    return Outlines.of(np.array([geometry], object))


def with_points(flat: Outlines, kept: NDArray[np.bool_]) -> BaseGeometry | None:
    """The shape whose rings have only the kept points; closing points are made anew.

    A hole with fewer than three points left goes, so does a part whose shell has; None where no part is left.
    """
    rings = []
    for ring in range(len(flat.starts) - 1):
        span = slice(flat.starts[ring], flat.starts[ring + 1] - 1)
        points = flat.lonlat[span][kept[span]]
        rings.append(np.vstack([points, points[:1]]) if len(points) >= 3 else None)
    return _assembled(flat, rings)


def with_rings(flat: Outlines, kept: NDArray[np.bool_]) -> BaseGeometry | None:
    """The shape with only the kept rings; a part goes with its shell. None where none is left."""
    ends = zip(flat.starts[:-1].tolist(), flat.starts[1:].tolist(), kept.tolist(), strict=True)
    return _assembled(flat, [flat.lonlat[start:end] if keep else None for start, end, keep in ends])


def _assembled(flat: Outlines, rings: list[NDArray[np.float64] | None]) -> BaseGeometry | None:
    parts: dict[int, tuple[NDArray[np.float64], list[NDArray[np.float64]]]] = {}
    for part, hole, points in zip(flat.part.tolist(), flat.hole.tolist(), rings, strict=True):
        if points is None:
            continue
        if not hole:
            parts[part] = (points, [])
        elif part in parts:
            parts[part][1].append(points)
    polygons = [shapely.Polygon(shell, holes) for shell, holes in parts.values()]
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
