"""Areas of one outline, which most are, on the grid of a tile: the same as `fitting` gives, in fewer steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.draw.mvt.grid import HIGH, LOW, MAX_ZOOM, origin, steps
from geo.draw.mvt.rings import Grid, Rings
from geo.publish.levels import Outlines
from geo.publish.packed import counts_of, entries, offsets_of
from geo.publish.shapes import POLYGON, Geometries, Shapes

HALF = 0.5  # of a square step: the least area of a triangle, doubled, is one
LEAST = 4  # vertices of a closed ring
SURELY = 1e-6  # a cross product that rounding of the middle cannot have made
MANY = 1000  # vertices beyond which a true cross product may be less than that
FEW = 64  # outlines up to which asking for each is quicker than a look at all vertices
SAFE = 1.5  # steps of clearance: rounding moves two vertices by at most 1.42 together
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
Steps = NDArray[np.int32]
Drawn = tuple[Rows, Grid, Steps]  # numbers, how many vertices each has, and these (2, m)


@dataclass(frozen=True, eq=False)
class Areas:
    """The areas of one outline among some rows of a table.

    numbers: theirs among the rows. start, size: where their vertices stand in `xy` (the grid of the whole map), the
    closing one included. clearance: as `geo.publish.outline` knows it, 0 where nothing is known. inside: which lie
    wholly within the tile and its buffer.
    """

    xy: NDArray[np.uint32]
    numbers: Rows
    start: Grid
    size: Grid
    clearance: NDArray[np.float32]
    inside: Flags

    @classmethod
    def of(cls, outlines: Outlines, shapes: Shapes, rows: Rows, inside: Flags) -> Areas:
        """Those of `rows`, as they stand in `shapes`: all vertices of `outlines`, or one of its levels."""
        numbers = np.arange(len(rows))
        if shapes is outlines.whole:
            clearance = outlines.clearance[rows]
            if not clearance.all():
                numbers = clearance.nonzero()[0]
                rows, inside, clearance = rows[numbers], inside[numbers], clearance[numbers]
            start = outlines.first[rows]
            return cls(shapes.xy, numbers, start, outlines.first[rows + 1] - start, clearance, inside)
        ring = shapes.rings[shapes.parts[rows]]
        numbers = ((shapes.type[rows] == POLYGON) & (shapes.rings[shapes.parts[rows + 1]] - ring == 1)).nonzero()[0]
        ring = ring[numbers]
        start = shapes.vertices[ring].astype(np.int64)
        nothing = np.zeros(len(numbers), np.float32)
        return cls(shapes.xy, numbers, start, shapes.vertices[ring + 1] - start, nothing, inside[numbers])

    def drawn(self, z: int, x: int, y: int) -> tuple[Rings, Rows]:
        """The oriented outlines on a tile, and the numbers of those that `fitting` has to look at.

        An outline that is clear enough of itself for the steps of this zoom cannot be broken by rounding.
        """
        known = self.inside & (self.clearance > SAFE * (1 << MAX_ZOOM - z))
        if known.all():
            size = self.size - 1
            return _rings(self.numbers, size, _on_tile(self.xy, self.start, size, z, x, y)), self.numbers[:0]
        asked, left = self._asked((~known).nonzero()[0], z, x, y)
        sure = known.nonzero()[0]
        if not len(sure):
            return _rings(*asked), left
        size = self.size[sure] - 1
        numbers, sizes = np.concatenate([self.numbers[sure], asked[0]]), np.concatenate([size, asked[1]])
        found = np.concatenate([_on_tile(self.xy, self.start[sure], size, z, x, y), asked[2]], axis=1)
        order = numbers.argsort()
        begin = offsets_of(sizes)[order]
        return _rings(numbers[order], sizes[order], found.take(_runs(begin, sizes[order]), axis=1)), left

    def _steps(self, chosen: Rows, size: Grid, z: int, x: int, y: int) -> NDArray[np.float64]:
        """(m, 2) the vertices of some of the outlines on the tile's grid, not rounded."""
        return steps(self.xy.take(_runs(self.start[chosen], size), axis=0), z, x, y)

    def _asked(self, chosen: Rows, z: int, x: int, y: int) -> tuple[Drawn, Rows]:
        """What the tile shows of outlines that must be looked at; and the numbers of those left to `fitting`.

        One that crosses itself once it is rounded is left, as is what falls into several when it is cut.
        """
        inside = self.inside[chosen]
        whole, crossing = chosen[inside], chosen[~inside]
        numbers, size = self.numbers[whole], self.size[whole]
        grid = _on_tile(self.xy, self.start[whole], size, z, x, y)
        left = numbers[:0]
        if len(crossing):
            own, sizes, vertices, several = self._clipped(crossing, z, x, y)
            numbers, left = np.concatenate([numbers, self.numbers[own]]), self.numbers[several]
            size, grid = np.concatenate([size, sizes]), np.concatenate([grid, vertices], axis=1)
        if not len(numbers):
            return (numbers, size, grid), left
        offsets = offsets_of(size)
        moved = _moved(grid, offsets)
        size = np.add.reduceat(moved, offsets[:-1], dtype=np.int64)
        sound, doubled = (_valid if len(numbers) <= FEW else _around_once)(grid, size, offsets)
        seen = (np.abs(doubled) >= HALF) & (size >= LEAST)
        asked = (seen & ~sound).nonzero()[0]
        if len(asked):
            if len(numbers) > FEW:
                sound[asked] = shapely.is_valid(_polygons(grid, offsets, asked))
            left = np.concatenate([left, numbers[asked[~sound[asked]]]])
        kept = (sound & seen).nonzero()[0]
        # One look-up leaves the others out, turns what runs the wrong way and drops the vertices that close a ring.
        distinct = offsets_of(size)
        forward: Grid = np.where(doubled[kept] > 0, np.int64(1), np.int64(-1))
        n: Grid = size[kept] - 1
        begin: Grid = distinct[kept] + n * (forward < 0)
        places: Grid = (begin - forward * offsets_of(n)[:-1]).repeat(n)
        places += forward.repeat(n) * np.arange(len(places))
        if len(moved) > distinct[-1]:
            places = moved.nonzero()[0][places]
        return (numbers[kept], n, grid.take(places, axis=1)), left

    def _clipped(self, crossing: Rows, z: int, x: int, y: int) -> tuple[Rows, Grid, Steps, Rows]:
        """What the tile shows of outlines that cross its edge: whose, how many vertices, and these; which are several now."""
        size = self.size[crossing]
        rings: Any = shapely.linearrings(
            self._steps(crossing, size, z, x, y), indices=np.arange(len(crossing)).repeat(size)
        )
        pieces = shapely.clip_by_rect(shapely.polygons(rings), LOW, LOW, HIGH, HIGH)
        single = shapely.get_type_id(pieces) == POLYGON
        single &= shapely.get_num_interior_rings(pieces) == 0
        empty = shapely.is_empty(pieces)
        several = crossing[~(single | empty)]
        single &= ~empty
        own = crossing[single]
        found, owner = shapely.get_coordinates(shapely.get_exterior_ring(pieces[single]), return_index=True)
        return own, np.bincount(owner, minlength=len(own)), np.rint(found.T).astype(np.int32), several


def _runs(start: Grid, size: Grid) -> Grid:
    """The numbers from each `start` on, `size` each; start may have one more at its end."""
    own = offsets_of(size)[:-1]
    at: Grid = (start[: len(own)] - own).repeat(size)
    at += np.arange(len(at))
    return at


def _on_tile(xy: NDArray[np.uint32], start: Grid, size: Grid, z: int, x: int, y: int) -> Steps:
    """(2, m) the vertices of runs of `xy`, rounded to steps of a tile."""
    taken = xy.take(_runs(start, size), axis=0)
    shift = MAX_ZOOM - z
    half = 1 << shift >> 1
    found = np.empty((2, len(taken)), np.int32)
    for axis, corner in enumerate(origin(z, x, y)):
        own = taken[:, axis].astype(np.int64)
        own -= corner - half
        own >>= shift
        found[axis] = own
    return found


def _rings(numbers: Rows, size: Grid, xy: Steps) -> Rings:
    """Shells of the vertices xy (2, m)."""
    n = len(numbers)
    return Rings(numbers, np.full(n, 2, np.int8), np.ones(n, np.bool_), offsets_of(size), xy.T, single=True)


def _moved(grid: Steps, offsets: Grid) -> Flags:
    """Which vertices differ from the one before them in their ring."""
    moved = np.ones(grid.shape[1], np.bool_)
    np.not_equal(grid[0, 1:], grid[0, :-1], out=moved[1:])
    moved[1:] |= grid[1, 1:] != grid[1, :-1]
    moved[offsets[:-1]] = True
    return moved


def _around_once(grid: Steps, size: Grid, offsets: Grid) -> tuple[Flags, NDArray[np.float64]]:
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


def _valid(grid: Steps, size: Grid, offsets: Grid) -> tuple[Flags, NDArray[np.float64]]:
    """Which closed rings are valid areas, and twice their areas, positive if clockwise."""
    rings: Any = shapely.linearrings(grid.T, indices=np.arange(len(size)).repeat(counts_of(offsets)))
    areas = shapely.polygons(rings)
    doubled: NDArray[np.float64] = 2 * shapely.area(areas)
    doubled[~shapely.is_ccw(rings)] *= -1
    return shapely.is_valid(areas), doubled


def _polygons(xy: Steps, offsets: Grid, numbers: Rows) -> Geometries:
    """Some of the outlines as polygons."""
    at, own = entries(offsets, numbers)
    rings: Any = shapely.linearrings(xy[:, at].T, indices=np.arange(len(numbers)).repeat(counts_of(own)))
    polygons: Geometries = shapely.polygons(rings)
    return polygons
