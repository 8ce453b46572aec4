"""Areas of one outline, which most are, on the grid of a tile: the same as `fitting` gives, in fewer steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.draw.mvt.grid import HIGH, LOW, steps
from geo.draw.mvt.rings import Grid, Rings, no_rings
from geo.publish.packed import offsets_of
from geo.publish.shapes import POLYGON, Shapes

LEAST = 4  # vertices of a closed ring
SURELY = 1e-6  # a cross product that rounding of the middle cannot have made
MANY = 1000  # vertices beyond which a true cross product may be less than that
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
Floats = NDArray[np.float64]


def is_plain(shapes: Shapes, rows: Rows) -> Flags:
    """Which rows are areas of one outline."""
    first, last = shapes.rings[shapes.parts[rows]], shapes.rings[shapes.parts[rows + 1]]
    plain: Flags = (shapes.type[rows] == POLYGON) & (last - first == 1)
    return plain


def plain_rings(shapes: Shapes, rows: Rows, inside: Flags, z: int, x: int, y: int) -> tuple[Rings, Rows]:
    """The oriented outlines of areas of one outline, and the numbers of those that `fitting` has to look at.

    inside: which lie wholly within the tile and its buffer. An outline that runs once around the mean of its vertices,
    ever onwards, cannot cross itself; any other is left to `fitting`, as is what falls into several when it is cut.
    """
    first = shapes.rings[shapes.parts[rows]]
    start = shapes.vertices[first].astype(np.int64)
    size = shapes.vertices[first + 1] - start
    offsets = offsets_of(size)
    at = (start - offsets[:-1]).repeat(size)
    at += np.arange(len(at))
    xy = steps(shapes.xy.take(at, axis=0), z, x, y).T
    numbers = np.arange(len(rows))
    left = numbers[:0]
    if not inside.all():
        xy, size, left = _clipped(xy, size, inside)
        numbers = np.flatnonzero(size)
        size = size[numbers]
        offsets = offsets_of(size)
    if not len(numbers):
        return no_rings(), left
    grid = np.rint(xy).astype(np.int32)
    grid, size, offsets = _deduplicated(grid, size, offsets)
    sound, doubled = _around_once(grid, size, offsets)
    seen = (np.abs(doubled) >= 0.5) & (size >= LEAST)
    crossed = seen & ~sound
    if crossed.any():
        left = np.concatenate([left, numbers[crossed]])
    kept = np.flatnonzero(sound & seen)
    # One look-up leaves the others out, turns what runs the wrong way and drops the vertices that close a ring.
    forward = np.where(doubled[kept] > 0, 1, -1)
    n = size[kept] - 1
    own = offsets_of(n)
    begin = np.where(forward > 0, offsets[kept], offsets[kept] + n)
    at = (begin - forward * own[:-1]).repeat(n)
    at += forward.repeat(n) * np.arange(len(at))
    shell = np.ones(len(kept), np.bool_)
    rings = Rings(numbers[kept], np.full(len(kept), 2, np.int8), shell, own, grid.T[at].astype(np.int64))
    return rings, left


def _deduplicated(grid: NDArray[np.int32], size: Grid, offsets: Grid) -> tuple[NDArray[np.int32], Grid, Grid]:
    """Closed rings without vertices that repeat the one before them."""
    moved = np.ones(grid.shape[1], np.bool_)
    np.not_equal(grid[0, 1:], grid[0, :-1], out=moved[1:])
    moved[1:] |= grid[1, 1:] != grid[1, :-1]
    moved[offsets[:-1]] = True
    if moved.all():
        return grid, size, offsets
    size = np.add.reduceat(moved, offsets[:-1], dtype=np.int64)
    return grid[:, moved], size, offsets_of(size)


def _around_once(grid: NDArray[np.int32], size: Grid, offsets: Grid) -> tuple[Flags, Floats]:
    """Which closed rings run once around the mean of their vertices, and twice their areas, positive if clockwise."""
    first, last = offsets[:-1], offsets[1:] - 1
    x, y = (axis - (np.add.reduceat(axis, first, dtype=np.int64) / size).repeat(size) for axis in grid)
    cross = np.zeros(len(x))
    np.multiply(x[:-1], y[1:], out=cross[:-1])
    cross[:-1] -= y[:-1] * x[1:]
    cross[last] = 0
    doubled = np.add.reduceat(cross, first)
    onwards = np.add.reduceat(cross > SURELY, first, dtype=np.int64)
    backwards = np.add.reduceat(cross < -SURELY, first, dtype=np.int64)
    upper = y > 0
    changed = np.zeros(len(x), np.bool_)
    np.not_equal(upper[1:], upper[:-1], out=changed[:-1])
    changed[last] = False
    halves = np.add.reduceat(changed, first, dtype=np.int64)
    sound: Flags = (np.maximum(onwards, backwards) == size - 1) & (halves == 2) & (size < MANY)
    return sound, doubled


def _clipped(xy: Floats, size: Grid, inside: Flags) -> tuple[Floats, Grid, Rows]:
    """The outlines cut to the tile and its buffer, their sizes, and the numbers of those that are no single outline then.

    What lies elsewhere has the size 0, as have those.
    """
    outside = ~inside
    cut = np.flatnonzero(outside)
    of_vertex = outside.repeat(size)
    rings: Any = shapely.linearrings(xy.T[of_vertex], indices=np.arange(len(cut)).repeat(size[cut]))
    pieces = shapely.clip_by_rect(shapely.polygons(rings), LOW, LOW, HIGH, HIGH)
    single = shapely.get_type_id(pieces) == POLYGON
    single &= shapely.get_num_interior_rings(pieces) == 0
    left = cut[~single & ~shapely.is_empty(pieces)]
    found, owner = shapely.get_coordinates(shapely.get_exterior_ring(pieces[single]), return_index=True)
    size = size.copy()
    size[cut] = 0
    size[cut[single]] = np.bincount(owner, minlength=np.count_nonzero(single))
    made = np.empty((2, int(size.sum())))
    from_cut = outside.repeat(size)
    made[:, from_cut] = found.T
    made[:, ~from_cut] = xy[:, ~of_vertex]
    return made, size, left
