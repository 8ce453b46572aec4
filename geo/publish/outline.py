"""What is known of outlines before any tile is drawn: which way their rings run, and how coarse a grid they stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.publish.packed import counts_of
from geo.publish.shapes import DIMENSION, POLYGON, Shapes

MANY = 1000  # vertices beyond which an outline is looked at in each tile


def wound(shapes: Shapes) -> Shapes:
    """The same with shells clockwise and holes counter-clockwise on a plane whose y runs downwards, as tiles have them."""
    if not len(shapes.xy):
        return shapes
    first, sizes = shapes.vertices[:-1], counts_of(shapes.vertices)
    x, y = (np.subtract(axis, axis[first].repeat(sizes), dtype=np.float64) for axis in shapes.xy.T)
    cross = np.zeros(len(x))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[shapes.vertices[1:] - 1] = 0
    shell = np.zeros(len(first), np.bool_)
    shell[shapes.rings[:-1]] = True
    part_of_ring = np.arange(len(shapes.rings) - 1).repeat(counts_of(shapes.rings))
    row_of_part = np.arange(len(shapes)).repeat(counts_of(shapes.parts))
    area = DIMENSION[shapes.type][row_of_part[part_of_ring]] == 2
    turned = (area & ((np.add.reduceat(cross, first) > 0) != shell)).repeat(sizes)
    at = np.arange(len(x))
    mirror = (shapes.vertices[:-1] + shapes.vertices[1:] - 1).repeat(sizes)
    return replace(shapes, xy=shapes.xy[np.where(turned, mirror - at, at)])


def clearances(shapes: Shapes) -> NDArray[np.float32]:
    """(n,) by how much a vertex of a valid area of one outline must at least be moved to touch another part of it.

    In the plane's own unit; 0 of everything else, outlines that name a vertex twice in a row among it. Where all vertices move by less than half of it the area stays valid,
    runs the same way, and no two vertices fall together.
    """
    found = np.zeros(len(shapes), np.float32)
    rings = counts_of(shapes.rings[shapes.parts])
    rows = np.flatnonzero((shapes.type == POLYGON) & (rings == 1) & (shapes.sizes <= MANY))
    outlines = shapes.take(rows).geometries()
    valid = shapely.is_valid(outlines)
    single = shapely.remove_repeated_points(outlines[valid])
    valid[valid] = shapely.get_num_coordinates(single) == shapely.get_num_coordinates(outlines[valid])
    found[rows[valid]] = shapely.minimum_clearance(outlines[valid])
    return found
