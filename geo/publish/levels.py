"""Outlines of many vertices in fewer, for maps that show them from afar: worked out while publishing, not for each tile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.publish.grid import BITS
from geo.publish.packed import counts_of, offsets_of
from geo.publish.shapes import DIMENSION, Geometries, Shapes

LEVELS = (11, 8, 5)  # the deepest tile zoom that each is drawn at, the finest first
MANY = 100  # vertices up to which an outline has no further levels
WORTH = 0.5  # of the vertices of the level before: a level that needs more is not kept
STEP_BITS = 12  # a tile has 4096 steps a side
TOLERANCE = 0.25  # of a step: with rounding to whole ones, and the levels before, no outline is more than a step off
CAREFULLY = 10_000  # vertices up to which an outline is thinned without ever letting it cross itself, if need be
SHARES = (1, 1 / 8, 1 / 64)  # of the tolerance that are tried
LINE, RING = 2, 4  # vertices that there must at least be
Rows = NDArray[np.intp]


def generalised(shapes: Shapes) -> Iterator[tuple[int, Shapes]]:
    """For each zoom of LEVELS what is drawn of `shapes` (on the grid of the whole map) up to there; nothing of most rows.

    Vertices are left out, none is moved, and an area stays valid. Each level is made of the one before; a row without
    one is drawn as at the next deeper level. What a row has depends on its own geometry alone.
    """
    many = np.flatnonzero((shapes.sizes > MANY) & (DIMENSION[shapes.type] > 0))
    outlines = shapes.take(many).geometries()
    for zoom in LEVELS:
        made = np.full(len(shapes), None, object)
        before = shapely.get_num_coordinates(outlines)
        asked = np.flatnonzero(before > MANY)
        simpler = _simpler(outlines[asked], TOLERANCE * (1 << BITS - STEP_BITS - zoom))
        worth = shapely.get_num_coordinates(simpler) <= WORTH * before[asked]
        outlines[asked[worth]] = made[many[asked[worth]]] = simpler[worth]
        yield zoom, Shapes.of(made)


def _simpler(outlines: Geometries, tolerance: float) -> Geometries:
    """The same in as few vertices as stay within the tolerance.

    To leave out vertices and look afterwards is much quicker than never to let anything cross, and nearly always enough.
    What crosses itself however little is left out, and has too many vertices to go carefully, stays as it is.
    """
    found = outlines.copy()
    left = np.arange(len(outlines))
    for share in SHARES:
        thinned = _thinned(outlines[left], tolerance * share)
        sound = shapely.is_valid(thinned)  # None is not
        found[left[sound]] = thinned[sound]
        left = left[~sound]
    few = left[shapely.get_num_coordinates(outlines[left]) <= CAREFULLY]
    found[few] = shapely.simplify(outlines[few], tolerance, preserve_topology=True)
    return found


def _thinned(outlines: Geometries, tolerance: float) -> Geometries:
    """The same, each ring by itself, without what is too small to be a ring then; None where nothing is left."""
    shapes = Shapes.of(outlines)
    ring_of_vertex = np.arange(len(shapes.vertices) - 1).repeat(counts_of(shapes.vertices))
    lines: Any = shapely.linestrings(shapes.xy, indices=ring_of_vertex)
    lines = shapely.simplify(lines, tolerance, preserve_topology=False)
    part_of_ring = np.arange(len(shapes.rings) - 1).repeat(counts_of(shapes.rings))
    row_of_part = np.arange(len(shapes)).repeat(counts_of(shapes.parts))
    least = np.where(DIMENSION[shapes.type] == 2, RING, LINE)[row_of_part[part_of_ring]]
    kept = shapely.get_num_coordinates(lines) >= least
    shell = np.zeros(len(kept), np.bool_)
    shell[shapes.rings[:-1]] = True
    kept &= kept[np.maximum.accumulate(np.where(shell, np.arange(len(kept)), 0))]
    xy, owner = shapely.get_coordinates(lines[kept], return_index=True)
    per_part = np.bincount(part_of_ring[kept], minlength=len(row_of_part))
    per_row = np.bincount(row_of_part[per_part > 0], minlength=len(shapes))
    left = Shapes(
        np.where(per_row > 0, shapes.type, np.int8(-1)),
        offsets_of(per_row),
        offsets_of(per_part[per_part > 0]),
        offsets_of(np.bincount(owner, minlength=np.count_nonzero(kept))),
        xy,
    )
    return left.geometries()


class Outlines:
    """What a map draws of a table's rows, on the grid of the whole map.

    whole: all vertices. first: (n + 1,) the first of each row. clearance: (n,) that of `geo.publish.outline` for the
    areas of one outline. levels: by zoom; a row that has nothing there is drawn as at the next deeper level.
    """

    def __init__(
        self, whole: Shapes, first: NDArray[np.int64], clearance: NDArray[np.float32], levels: Mapping[int, Shapes]
    ) -> None:
        self.whole, self.first, self.clearance = whole, first, clearance
        self._levels = {zoom: level for zoom, level in sorted(levels.items()) if len(level.xy)}

    def at(self, zoom: int, rows: Rows) -> list[tuple[Shapes, Rows]]:
        """Where the outlines of `rows` are found that a tile of `zoom` draws, and for which numbers among `rows`."""
        found: list[tuple[Shapes, Rows]] = []
        left = np.arange(len(rows))
        for deepest, level in self._levels.items():
            if zoom <= deepest:
                own = rows[left]
                held = level.parts[own + 1] > level.parts[own]
                if held.any():
                    found.append((level, left[held]))
                    left = left[~held]
        if len(left) or not found:
            found.append((self.whole, left))
        return found

    def is_whole(self, zoom: int) -> bool:
        """Whether a tile of `zoom` draws all vertices of every row."""
        return all(zoom > deepest for deepest in self._levels)

    def vertices(self, zoom: int, rows: Rows) -> NDArray[np.int64]:
        """How many vertices a tile of `zoom` reads of each row."""
        if self.is_whole(zoom):
            return self.first[rows + 1] - self.first[rows]
        counts = np.empty(len(rows), np.int64)
        for shapes, numbers in self.at(zoom, rows):
            start, stop = (
                shapes.vertices[shapes.rings[shapes.parts[own]]] for own in (rows[numbers], rows[numbers] + 1)
            )
            counts[numbers] = stop - start
        return counts
