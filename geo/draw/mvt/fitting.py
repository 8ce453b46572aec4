"""From geometries on the grid of the whole map to outlines on the grid of a tile: clipped, rounded and still valid."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.draw.mvt.grid import HIGH, LOW, steps
from geo.draw.mvt.plain import Areas
from geo.draw.mvt.rings import Grid, Rings, no_rings
from geo.publish.levels import Outlines
from geo.publish.packed import counts_of, offsets_of
from geo.publish.shapes import DIMENSION, Geometries, Shapes

Rows = NDArray[np.intp]
MANY = 2000  # vertices above which cutting roughly first pays


def drawn(outlines: Outlines, rows: Rows, inside: NDArray[np.bool_], z: int, x: int, y: int) -> Rings:
    """What a tile shows of some rows of a table, oriented; `feature` is their number in `rows`.

    inside: which lie wholly within the tile and its buffer.
    """
    if not len(rows):
        return no_rings()
    if outlines.is_whole(z):
        return _drawn(outlines, outlines.whole, rows, inside, z, x, y)
    pieces = [
        _drawn(outlines, shapes, rows[numbers], inside[numbers], z, x, y).numbered(numbers)
        for shapes, numbers in outlines.at(z, rows)
    ]
    return pieces[0] if len(pieces) == 1 else Rings.joined(pieces)


def _drawn(outlines: Outlines, shapes: Shapes, rows: Rows, inside: NDArray[np.bool_], z: int, x: int, y: int) -> Rings:
    """The same of rows whose outlines stand in `shapes`."""
    areas = Areas.of(outlines, shapes, rows, inside)
    if not len(areas.numbers):
        return fitted(shapes.take(rows), z, x, y).oriented()
    found, left = areas.drawn(z, x, y)
    if len(areas.numbers) == len(rows) and not len(left):
        return found
    pieces = [found]
    others = np.ones(len(rows), np.bool_)
    others[areas.numbers] = False
    if others.any():
        own = others.nonzero()[0]
        pieces.append(fitted(shapes.take(rows[own]), z, x, y).oriented().numbered(own))
    if len(left):
        mended = _cut(_placed(shapes.take(rows[left]), z, x, y), left, snapped=True)
        pieces.append(mended.oriented())
    return Rings.joined(pieces)


def fitted(shapes: Shapes, z: int, x: int, y: int) -> Rings:
    """What a tile shows of `shapes` (on the grid of the whole map), none of which may be empty; `feature` is their number.

    Polygons are valid on the grid: where rounding makes one touch or cross itself it is snapped anew as a whole.
    """
    if not len(shapes):
        return no_rings()
    placed = _placed(shapes, z, x, y)
    start = shapes.vertices[shapes.rings[shapes.parts[:-1]]]
    low, high = np.minimum.reduceat(placed.xy, start), np.maximum.reduceat(placed.xy, start)
    inside = ((low >= LOW) & (high <= HIGH)).all(axis=1) | (DIMENSION[shapes.type] == 0)
    pieces: list[Rings] = []
    crossed: list[Grid] = []
    for rows, cut in ((np.flatnonzero(inside), False), (np.flatnonzero(~inside), True)):
        if len(rows):
            own = placed if len(rows) == len(shapes) else placed.take(rows)
            rounded = _cut(own, rows, snapped=False) if cut else _rounded(own, rows)
            pieces.append(rounded)
            crossed.append(_crossed(rounded))
    rest = np.sort(np.concatenate(crossed))
    if not len(rest):
        return pieces[0] if len(pieces) == 1 else Rings.joined(pieces)
    anew = _cut(placed.take(rest), rest, snapped=True)
    sound = np.ones(len(shapes), np.bool_)
    sound[rest] = False
    kept = [sound[piece.feature] for piece in pieces]
    return Rings.joined([*pieces, anew], [*kept, np.ones(len(anew), np.bool_)])


def _placed(shapes: Shapes, z: int, x: int, y: int) -> Shapes:
    """The same on the grid of a tile, not rounded."""
    return Shapes(shapes.type, shapes.parts, shapes.rings, shapes.vertices, steps(shapes.xy, z, x, y))


def _rounded(shapes: Shapes, numbers: NDArray[np.intp]) -> Rings:
    """All vertices on the grid, without clipping but of points."""
    row_of_part = np.arange(len(shapes)).repeat(counts_of(shapes.parts))
    part_of_ring = np.arange(len(row_of_part)).repeat(counts_of(shapes.rings))
    shell = np.zeros(len(part_of_ring), np.bool_)
    shell[shapes.rings[:-1]] = True
    feature = row_of_part[part_of_ring]
    dimension = DIMENSION[shapes.type][feature]
    xy = np.rint(shapes.xy).astype(np.int64)
    rings = Rings(numbers[feature], dimension, shell, shapes.vertices.astype(np.int64), xy)
    if (dimension == 0).any():
        rings = _points_together(rings)
    return rings.deduplicated().undegenerate()


def _points_together(rings: Rings) -> Rings:
    """The points within the tile, those of one feature in one ring."""
    single = np.flatnonzero(rings.dimension == 0)
    xy = rings.xy[rings.offsets[single]]
    within = ((xy >= LOW) & (xy <= HIGH)).all(axis=1)
    feature, count = np.unique(rings.feature[single[within]], return_counts=True)
    shell = np.ones(len(feature), np.bool_)
    points = Rings(feature, np.zeros(len(feature), np.int8), shell, offsets_of(count), xy[within])
    others = rings.take(np.flatnonzero(rings.dimension > 0))
    return Rings.joined([points, others]) if len(others) else points


def _crossed(rings: Rings) -> Grid:
    """The features whose polygons are no longer valid."""
    sure = rings.starlike()
    alike = rings.feature[1:] == rings.feature[:-1]
    sure[1:] &= ~alike
    sure[:-1] &= ~alike
    asked = np.unique(rings.feature[(rings.dimension == 2) & ~sure])
    if not len(asked):
        return asked
    chosen = rings.take(np.flatnonzero(np.isin(rings.feature, asked)))
    owner = np.searchsorted(asked, chosen.feature)
    parts = np.cumsum(chosen.shell) - 1
    ring_of_vertex = np.repeat(np.arange(len(chosen)), chosen.sizes)
    closed: Any = shapely.linearrings(chosen.xy.astype(np.float64), indices=ring_of_vertex)
    polygons: Any = shapely.polygons(closed, indices=parts)
    made = shapely.multipolygons(polygons, indices=owner[chosen.shell])
    wrong: Grid = asked[~shapely.is_valid(made)]
    return wrong


def _cut(shapes: Shapes, numbers: NDArray[np.intp], *, snapped: bool) -> Rings:
    """Clipped to the tile and its buffer; areas, where `snapped`, as a whole on the grid, so that they stay valid."""
    geometries = shapes.geometries()
    dimension = DIMENSION[shapes.type]
    geometries = _snapped(geometries) if snapped else shapely.clip_by_rect(geometries, LOW, LOW, HIGH, HIGH)
    parts, owner = _leaves(geometries)
    kept = (shapely.get_dimensions(parts) == dimension[owner]) & ~shapely.is_empty(parts)
    parts, owner = parts[kept], owner[kept]
    if not len(parts):
        return no_rings()
    own = Shapes.of(parts)
    found = _rounded(own, owner)
    return Rings(numbers[found.feature], found.dimension, found.shell, found.offsets, found.xy)


def _snapped(polygons: Geometries) -> Geometries:
    """Polygons clipped to the tile, with vertices on the grid and valid on it."""
    many = shapely.get_num_coordinates(polygons) > MANY
    if many.any():
        polygons[many] = shapely.clip_by_rect(polygons[many], LOW - 1, LOW - 1, HIGH + 1, HIGH + 1)
    wrong = ~shapely.is_valid(polygons)
    if wrong.any():
        polygons[wrong] = shapely.make_valid(polygons[wrong], method="structure", keep_collapsed=False)
    snapped: Geometries = shapely.intersection(polygons, shapely.box(LOW, LOW, HIGH, HIGH), grid_size=1.0)
    return snapped


def _leaves(geometries: Geometries) -> tuple[Geometries, NDArray[np.intp]]:
    """The parts of collections and of what is in them, and whose they are."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    inner, part = shapely.get_parts(parts, return_index=True)
    return inner, owner[part]
