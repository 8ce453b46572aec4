"""Which way rings run, and outlines as GeoJSON wants them (RFC 7946 §3.1.6)."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.publish.packed import counts_of
from geo.publish.shapes import MULTIPOLYGON, POLYGON, Shapes

DOUBTFUL = 1e-9  # the share of the area's terms below which their sum may be rounding
Mask = NDArray[np.bool_]


def right_handed(shapes: Shapes) -> NDArray[np.float64]:
    """All vertices, those of shells running counter-clockwise and those of holes clockwise."""
    count = counts_of(shapes.vertices)
    closed = ((shapes.type == POLYGON) | (shapes.type == MULTIPOLYGON)).repeat(counts_of(shapes.parts))
    closed = closed.repeat(counts_of(shapes.rings))
    if not closed.any():
        return shapes.xy
    shell = np.zeros(len(count), np.bool_)
    shell[shapes.rings[:-1][counts_of(shapes.rings) > 0]] = True
    wrong = closed & (_counter_clockwise(shapes, closed) != shell)
    if not wrong.any():
        return shapes.xy
    ends, place = (shapes.vertices[:-1] + shapes.vertices[1:] - 1).repeat(count), np.arange(len(shapes.xy))
    return shapes.xy[np.where(wrong.repeat(count), ends - place, place)]


def _counter_clockwise(shapes: Shapes, closed: Mask) -> Mask:
    """Which rings run counter-clockwise; closed: those that are asked about, the others' verdicts mean nothing.

    By the sign of the area; where rounding could turn it, GEOS decides.
    """
    starts, count = shapes.vertices[:-1], counts_of(shapes.vertices)
    xy = shapes.xy - shapes.xy[starts].repeat(count, axis=0)  # small numbers: nothing is lost in the products
    twice = np.zeros(len(xy))
    # The first vertex of each ring is (0, 0) here, so that what runs from one ring into the next adds nothing.
    twice[:-1] = xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]
    area, most = np.add.reduceat(twice, starts), np.add.reduceat(np.abs(twice), starts)
    found: Mask = area > 0
    for ring in np.flatnonzero(closed & (np.abs(area) <= DOUBTFUL * most)).tolist():
        found[ring] = shapely.is_ccw(shapely.linearrings(shapes.xy[starts[ring] : starts[ring] + count[ring]]))
    return found
