"""Areas of one outline, which most are, on the grid of a tile: the same as `fitting` gives, in fewer steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.draw.mvt.grid import HIGH, LOW, steps
from geo.draw.mvt.rings import Grid, Rings
from geo.publish.packed import counts_of, entries, offsets_of
from geo.publish.shapes import POLYGON, Geometries, Shapes

HALF = 0.5  # of a square step: the least area of a triangle, doubled, is one
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
    ever onwards, cannot cross itself; any other is asked whether it does. One that does is left to `fitting`, as is what
    falls into several when it is cut.
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
        cut = (~inside).nonzero()[0]
        xy, sizes, left = _clipped(xy, offsets, cut)
        numbers = np.concatenate([numbers, cut[sizes.nonzero()[0]]])
        size = np.concatenate([size, sizes[sizes > 0]])
        offsets = offsets_of(size)
    grid = np.rint(xy).astype(np.int32)
    moved = _moved(grid, offsets)
    size = np.add.reduceat(moved, offsets[:-1], dtype=np.int64)
    sound, doubled = _around_once(grid, size, offsets)
    seen = (np.abs(doubled) >= HALF) & (size >= LEAST)
    asked = (seen & ~sound).nonzero()[0]
    if len(asked):
        sound[asked] = shapely.is_valid(_polygons(grid, offsets, asked))
        left = np.concatenate([left, numbers[asked[~sound[asked]]]])
    kept = (sound & seen).nonzero()[0]
    if len(numbers) > len(rows):
        kept = kept[np.argsort(numbers[kept])]
    # One look-up leaves the others out, turns what runs the wrong way and drops the vertices that close a ring.
    distinct = offsets_of(size)
    forward: Grid = np.where(doubled[kept] > 0, np.int64(1), np.int64(-1))
    n: Grid = size[kept] - 1
    own = offsets_of(n)
    begin: Grid = distinct[kept] + n * (forward < 0)
    places: Grid = (begin - forward * own[:-1]).repeat(n)
    places += forward.repeat(n) * np.arange(len(places))
    if len(moved) > distinct[-1]:
        places = moved.nonzero()[0][places]
    shell = np.ones(len(kept), np.bool_)
    return Rings(numbers[kept], np.full(len(kept), 2, np.int8), shell, own, grid.take(places, axis=1).T), left


def _moved(grid: NDArray[np.int32], offsets: Grid) -> Flags:
    """Which vertices differ from the one before them in their ring."""
    moved = np.ones(grid.shape[1], np.bool_)
    np.not_equal(grid[0, 1:], grid[0, :-1], out=moved[1:])
    moved[1:] |= grid[1, 1:] != grid[1, :-1]
    moved[offsets[:-1]] = True
    return moved


def _around_once(grid: NDArray[np.int32], size: Grid, offsets: Grid) -> tuple[Flags, Floats]:
    """Which closed rings run once around the mean of their vertices, and twice their areas, positive if clockwise.

    size: how many of its vertices differ from the one before.
    """
    first, last, counts = offsets[:-1], offsets[1:] - 1, counts_of(offsets)
    x, y = (axis - (np.add.reduceat(axis, first, dtype=np.int64) / counts).repeat(counts) for axis in grid)
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
    sound: Flags = (np.maximum(onwards, backwards) == size - 1) & (halves == 2) & (counts < MANY)
    return sound, doubled


def _clipped(xy: Floats, offsets: Grid, cut: Rows) -> tuple[Floats, Grid, Rows]:
    """All vertices, those of the outlines `cut` to the tile behind the others; how many these have; which are several now.

    Where an outline was before it is cut nothing is left; one that lies elsewhere, or has become several, has size 0.
    """
    pieces = shapely.clip_by_rect(_polygons(xy, offsets, cut), LOW, LOW, HIGH, HIGH)
    single = shapely.get_type_id(pieces) == POLYGON
    single &= shapely.get_num_interior_rings(pieces) == 0
    several = cut[~(single | shapely.is_empty(pieces))]
    found, owner = shapely.get_coordinates(shapely.get_exterior_ring(pieces[single]), return_index=True)
    sizes = np.zeros(len(cut), np.int64)
    sizes[single] = np.bincount(owner, minlength=np.count_nonzero(single))
    xy[:, entries(offsets, cut)[0]] = 0
    return np.concatenate([xy, found.T], axis=1), sizes, several


def _polygons(xy: NDArray[Any], offsets: Grid, numbers: Rows) -> Geometries:
    """Some of the outlines as polygons."""
    at, own = entries(offsets, numbers)
    rings: Any = shapely.linearrings(xy[:, at].T, indices=np.arange(len(numbers)).repeat(counts_of(own)))
    polygons: Geometries = shapely.polygons(rings)
    return polygons
