"""Geometries as arrays: geometry → parts → rings → vertices, the same for points, lines and polygons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.publish.packed import Offsets, Whole, counts_of, entries, offsets_of, runs

Geometries = NDArray[np.object_]
NOTHING, POINT, LINE, RING, POLYGON, MULTIPOINT, MULTILINE, MULTIPOLYGON, COLLECTION = range(-1, 8)
DIMENSION = np.array([0, 1, 1, 2, 0, 1, 2, -1, -1], np.int8)  # by type; the last entry is that of NOTHING


@dataclass(frozen=True, eq=False)
class Shapes:
    """Geometries of any type, side by side.

    type: (n,) GEOS type numbers, -1 where there is no geometry. parts: (n + 1,) offsets into the parts, rings: into
    the rings, vertices: into `xy`. A point is a ring of one vertex, a line an open ring; a polygon's first ring is
    its shell, and the last vertex of its rings repeats the first. xy: (m, 2) float64 WGS-84 lon/lat, or places on a
    grid (`geo.publish.grid`).
    """

    type: NDArray[np.int8]
    parts: Whole
    rings: Whole
    vertices: Whole
    xy: NDArray[Any]

    def __len__(self) -> int:
        return len(self.type)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many vertices each has."""
        return counts_of(self.vertices[self.rings[self.parts]])

    @classmethod
    def of(cls, geometries: Geometries) -> Self:
        """The arrays of geometries that `fits` says they can hold; any other loses what does not fit."""
        kinds = shapely.get_type_id(geometries).astype(np.int8)
        parts, row_of_part = shapely.get_parts(geometries, return_index=True)
        closed = shapely.get_type_id(parts) == POLYGON
        shells, shell_of = shapely.get_rings(parts[closed], return_index=True)
        part_of_ring = np.concatenate([np.flatnonzero(closed)[shell_of], np.flatnonzero(~closed)])
        order = np.argsort(part_of_ring, kind="stable")
        rings = np.concatenate([shells, parts[~closed]])[order]
        xy, ring_of_vertex = shapely.get_coordinates(rings, return_index=True)
        return cls(
            kinds,
            _offsets(row_of_part, len(geometries)),
            _offsets(part_of_ring, len(parts)),
            _offsets(ring_of_vertex, len(rings)),
            xy,
        )

    @classmethod
    def joined(cls, pieces: Sequence[Shapes]) -> Self:
        """Several of them, one after the other."""
        return cls(
            np.concatenate([np.empty(0, np.int8), *(piece.type for piece in pieces)]),
            offsets_of(np.concatenate([np.empty(0, np.int64), *(counts_of(piece.parts) for piece in pieces)])),
            offsets_of(np.concatenate([np.empty(0, np.int64), *(counts_of(piece.rings) for piece in pieces)])),
            offsets_of(np.concatenate([np.empty(0, np.int64), *(counts_of(piece.vertices) for piece in pieces)])),
            np.concatenate([np.empty((0, 2)), *(piece.xy for piece in pieces)]),
        )

    def take(self, rows: Whole) -> Shapes:
        """Those of `rows`, in the order of `rows`."""
        part, parts = entries(self.parts, rows)
        ring, rings = entries(self.rings, part)
        vertex, vertices = entries(self.vertices, ring)
        return Shapes(self.type[rows], parts, rings, vertices, self.xy[vertex])

    def vertices_of(self, rows: Whole) -> tuple[NDArray[Any], Offsets]:
        """The vertices of `rows`, row after row, and the offsets of these rows among themselves."""
        starts, stops = (self.vertices[self.rings[self.parts[own]]] for own in (rows, rows + 1))
        positions, offsets = runs(starts, stops)
        return self.xy[positions], offsets

    def geometry(self, row: int) -> shapely.Geometry | None:
        """One of them; None where there is none."""
        kind = self.type[row]
        if kind == NOTHING:
            return None
        first, last = self.rings[self.parts[row]], self.rings[self.parts[row + 1]]
        if last - first == 1 and kind in _SIMPLE:
            simple: shapely.Geometry = _SIMPLE[int(kind)](self.xy[self.vertices[first] : self.vertices[last]])
            return simple
        made: shapely.Geometry = self.take(np.array([row])).geometries()[0]
        return made

    def geometries(self) -> Geometries:
        """All of them, (n,) objects; None where there is none."""
        if len(self.vertices) == len(self) + 1 > 1 and (self.type == POLYGON).all():  # of one ring each, as plots are
            ring_of_vertex = np.arange(len(self)).repeat(counts_of(self.vertices))
            return np.asarray(shapely.polygons(shapely.linearrings(self.xy, indices=ring_of_vertex)))
        made = np.full(len(self), None, object)
        row_of_part = np.repeat(np.arange(len(self)), counts_of(self.parts))
        pieces = self._pieces(DIMENSION[self.type][row_of_part])
        single = (self.type >= POINT) & (self.type <= POLYGON)
        made[single] = pieces[self.parts[:-1][single]]
        for kind, join in _MULTIPLE.items():
            rows = np.flatnonzero(self.type == kind)
            if len(rows):
                which, own = entries(self.parts, rows)
                made[rows] = join(pieces[which], indices=np.repeat(np.arange(len(rows)), counts_of(own)))
        return made

    def _pieces(self, dimension: NDArray[np.int8]) -> Geometries:
        """The parts as geometries."""
        pieces = np.full(len(dimension), None, object)
        for degree in np.unique(dimension).tolist():
            chosen = np.flatnonzero(dimension == degree)
            ring, rings = entries(self.rings, chosen)
            vertex, vertices = entries(self.vertices, ring)
            ring_of_vertex = np.repeat(np.arange(len(ring)), counts_of(vertices))
            if degree == 2:
                closed: Any = shapely.linearrings(self.xy[vertex], indices=ring_of_vertex)
                pieces[chosen] = shapely.polygons(closed, indices=np.repeat(np.arange(len(chosen)), counts_of(rings)))
            elif degree == 1:
                pieces[chosen] = shapely.linestrings(self.xy[vertex], indices=ring_of_vertex)
            else:
                pieces[chosen] = shapely.points(self.xy[vertex])
        return pieces


def fits(geometries: Geometries) -> NDArray[np.bool_]:
    """Which geometries `Shapes` holds exactly: no third dimension, no collections, nothing empty in them."""
    kinds = shapely.get_type_id(geometries)
    flat = ~(shapely.has_z(geometries) | shapely.has_m(geometries))
    parts, row_of_part = shapely.get_parts(geometries, return_index=True)
    hollow = np.zeros(len(geometries), np.bool_)
    hollow[row_of_part[shapely.is_empty(parts)]] = True
    held: NDArray[np.bool_] = flat & (kinds != RING) & (kinds != COLLECTION) & ~hollow & ~shapely.is_empty(geometries)
    return held


def drawable(geometry: shapely.Geometry) -> shapely.Geometry | None:
    """What a map can show of a geometry that does not fit: its parts of the highest dimension, flat; None of nothing."""
    flat = shapely.force_2d(geometry)
    parts: list[Any] = [part for part in _leaves(flat) if not shapely.is_empty(part)]
    if not parts:
        return None
    degree = max(shapely.get_dimensions(parts))
    chosen = [part for part in parts if shapely.get_dimensions(part) == degree]
    if degree == 1:
        chosen = [shapely.linestrings(shapely.get_coordinates(part)) for part in chosen]
    if len(chosen) == 1:
        one: shapely.Geometry = chosen[0]
        return one
    join = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[degree]
    several: shapely.Geometry = join(chosen)
    return several


def _leaves(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    parts = list(shapely.get_parts(geometry))
    if shapely.get_type_id(geometry) != COLLECTION:
        return parts
    return [leaf for part in parts for leaf in _leaves(part)]


def _offsets(owner: Whole, owners: int) -> NDArray[np.int64]:
    """The offsets of entries that say, in ascending order once sorted, whose they are."""
    return offsets_of(np.bincount(owner, minlength=owners))


_SIMPLE: dict[int, Any] = {
    POINT: lambda xy: shapely.points(xy[0]),
    LINE: shapely.linestrings,
    POLYGON: shapely.polygons,
}
_MULTIPLE: dict[int, Any] = {
    MULTIPOINT: shapely.multipoints,
    MULTILINE: shapely.multilinestrings,
    MULTIPOLYGON: shapely.multipolygons,
}
