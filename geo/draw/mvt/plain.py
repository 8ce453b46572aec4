"""Areas of one outline, which most are, on the grid of a tile: the same as `fitting` gives, in fewer steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

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
SAFE = 1.5  # steps of clearance: rounding moves two vertices by at most 1.42 together
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
Steps = NDArray[np.int32]
Closed = tuple[Rows, Grid, Steps]  # numbers, how many vertices each has, the closing one included, and these (2, m)


class Runs(NamedTuple):
    """Outlines as runs of vertices.

    numbers, size: whose they are, and how many vertices each has, none of them twice. begin: where the first stands in
    `xy` (2, m). step: 1 where the others follow it there, -1 where they stand before it.
    """

    numbers: Rows
    size: Grid
    begin: Grid
    step: Grid
    xy: Steps

    def merged(self, others: Runs) -> Runs:
        """These and others by their numbers."""
        numbers = np.concatenate([self.numbers, others.numbers])
        size = np.concatenate([self.size, others.size])
        begin = np.concatenate([self.begin, others.begin + self.xy.shape[1]])
        step = np.concatenate([self.step, others.step])
        order = numbers.argsort()
        xy = np.concatenate([self.xy, others.xy], axis=1)
        return Runs(numbers[order], size[order], begin[order], step[order], xy)

    def rings(self) -> Rings:
        """The same run by run, all forwards."""
        offsets = offsets_of(self.size)
        places = (self.begin - self.step * offsets[:-1]).repeat(self.size)
        places += self.step.repeat(self.size) * np.arange(len(places))
        return _shells(self.numbers, offsets, self.xy.take(places, axis=1))


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
            shells = _shells(self.numbers, offsets_of(size), _on_tile(self.xy, self.start, size, z, x, y))
            return shells, self.numbers[:0]
        asked, left = self._asked((~known).nonzero()[0], z, x, y)
        sure = known.nonzero()[0]
        if not len(sure):
            return asked.rings(), left
        size = self.size[sure] - 1
        vertices = _on_tile(self.xy, self.start[sure], size, z, x, y)
        own = Runs(self.numbers[sure], size, offsets_of(size)[:-1], np.ones(len(sure), np.int64), vertices)
        return own.merged(asked).rings(), left

    def _asked(self, chosen: Rows, z: int, x: int, y: int) -> tuple[Runs, Rows]:
        """What the tile shows of outlines that must be looked at; and the numbers of those left to `fitting`.

        One that crosses itself once it is rounded is left, as is what falls into several when it is cut.
        """
        (numbers, size, grid), left = self._closed(chosen, z, x, y)
        offsets = offsets_of(size)
        if not len(numbers):
            return Runs(numbers, size, size, size, grid), left
        moved = _moved(grid, offsets)
        distinct = np.add.reduceat(moved, offsets[:-1], dtype=np.int64)
        sound, doubled = _around_once(grid, distinct, offsets)
        seen = (np.abs(doubled) >= HALF) & (distinct >= LEAST)
        asked = (seen & ~sound).nonzero()[0]
        if len(asked):
            sound[asked] = shapely.is_valid(_polygons(*_parts(grid, offsets, asked)))
            left = np.concatenate([left, numbers[asked[~sound[asked]]]])
        if len(moved) > distinct.sum():
            grid, offsets = grid.take(moved.nonzero()[0], axis=1), offsets_of(distinct)
        kept = (sound & seen).nonzero()[0]
        backwards, size = doubled[kept] < 0, distinct[kept] - 1
        return Runs(numbers[kept], size, offsets[kept] + size * backwards, 1 - 2 * backwards, grid), left

    def _closed(self, chosen: Rows, z: int, x: int, y: int) -> tuple[Closed, Rows]:
        """Some of the outlines on the tile, cut and rounded, and the numbers of those that fall into several."""
        inside = self.inside[chosen]
        whole, crossing = chosen[inside], chosen[~inside]
        if not len(crossing):
            return self._rounded(whole, z, x, y), self.numbers[:0]
        cut, several = self._clipped(crossing, z, x, y)
        if not len(whole):
            return cut, several
        numbers, size, vertices = self._rounded(whole, z, x, y)
        both = np.concatenate([vertices, cut[2]], axis=1)
        return (np.concatenate([numbers, cut[0]]), np.concatenate([size, cut[1]]), both), several

    def _rounded(self, whole: Rows, z: int, x: int, y: int) -> Closed:
        """Outlines that lie wholly on the tile."""
        size = self.size[whole]
        return self.numbers[whole], size, _on_tile(self.xy, self.start[whole], size, z, x, y)

    def _clipped(self, crossing: Rows, z: int, x: int, y: int) -> tuple[Closed, Rows]:
        """What the tile shows of outlines that cross its edge, and the numbers of those that are several now."""
        size = self.size[crossing]
        vertices = steps(self.xy.take(_runs(self.start[crossing], size), axis=0), z, x, y)
        pieces = shapely.clip_by_rect(_polygons(vertices, offsets_of(size)), LOW, LOW, HIGH, HIGH)
        sizes = shapely.get_num_coordinates(pieces)
        single = shapely.get_type_id(pieces) == POLYGON
        single &= shapely.get_num_interior_rings(pieces) == 0
        filled = sizes > 0
        own = (single & filled).nonzero()[0]
        several = (filled & ~single).nonzero()[0]
        grid = np.rint(shapely.get_coordinates(pieces[own]).T).astype(np.int32)
        return (self.numbers[crossing[own]], sizes[own].astype(np.int64), grid), self.numbers[crossing[several]]


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


def _shells(numbers: Rows, offsets: Grid, xy: Steps) -> Rings:
    """Shells of the vertices xy (2, m)."""
    n = len(numbers)
    return Rings(numbers, np.full(n, 2, np.int8), np.ones(n, np.bool_), offsets, xy.T, single=True)


def _moved(grid: Steps, offsets: Grid) -> Flags:
    """Which vertices differ from the one before them in their ring."""
    moved = np.ones(grid.shape[1], np.bool_)
    np.not_equal(grid[0, 1:], grid[0, :-1], out=moved[1:])
    moved[1:] |= grid[1, 1:] != grid[1, :-1]
    moved[offsets[:-1]] = True
    return moved


def _around_once(grid: Steps, distinct: Grid, offsets: Grid) -> tuple[Flags, NDArray[np.float64]]:
    """Which closed rings run once around the mean of their vertices, and twice their areas, positive if clockwise.

    distinct: how many of its vertices differ from the one before. A ring that runs so cannot cross itself.
    """
    first, last, counts = offsets[:-1], offsets[1:] - 1, counts_of(offsets)
    means = np.add.reduceat(grid, first, axis=1, dtype=np.int64) / counts
    x, y = grid - means.repeat(counts, axis=1)
    cross = np.empty(len(x))
    np.multiply(x[:-1], y[1:], out=cross[:-1])
    cross[:-1] -= y[:-1] * x[1:]
    cross[last] = 0
    doubled = np.add.reduceat(cross, first)
    onwards = np.add.reduceat(cross > SURELY, first, dtype=np.int64)
    backwards = np.add.reduceat(cross < -SURELY, first, dtype=np.int64)
    upper = y > 0
    changed = np.empty(len(x), np.bool_)
    np.not_equal(upper[1:], upper[:-1], out=changed[:-1])
    changed[last] = False
    halves = np.add.reduceat(changed, first, dtype=np.int64)
    sound: Flags = (np.maximum(onwards, backwards) == distinct - 1) & (halves == 2) & (counts < MANY)
    return sound, doubled


def _parts(grid: Steps, offsets: Grid, numbers: Rows) -> tuple[Steps, Grid]:
    """Some of the closed rings: (k, 2) their vertices and the offsets into these."""
    at, own = entries(offsets, numbers)
    return grid.take(at, axis=1).T, own


def _polygons(xy: NDArray[Any], offsets: Grid) -> Geometries:
    """Closed rings (m, 2) as polygons."""
    vertices = np.ascontiguousarray(xy, np.float64)
    made: Geometries = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, vertices, (offsets, np.arange(len(offsets)))
    )
    return made
