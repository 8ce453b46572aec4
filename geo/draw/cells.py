"""Cells of the map's grid, in which features that have a geometry stand together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.draw import mercator
from geo.draw.gathering import Codes
from geo.draw.mercator import Floats
from geo.query.selection import Selection

SEPARATE_ZOOM = 15
CELL_PX = 64
CELL_BITS = 32  # lines and columns of cells, negative ones too, stay within a number of 64 bits
SAME_PLACE_DECIMALS = 7  # about a centimetre: points closer than that can never be told apart on the map


@dataclass(frozen=True)
class LeftOut:
    """What an answer leaves out because it would be too large: how many marks, and the features that they stand for."""

    marks: int
    features: int


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells that hold features, one entry each. of: the cell of every feature, -1 where it is in none of these.

    ids: `zoom/x/y`. number: how many features; first: one of them. middle: (n, 2) WGS-84 lon/lat, the mean of their
    points; bounds: (n, 4) west south east north around them.
    """

    of: Codes
    ids: list[str]
    number: Codes
    first: Codes
    middle: Floats
    bounds: Floats

    def only(self, kept: NDArray[np.bool_]) -> Cells:
        """The cells that `kept` (one entry each) picks."""
        number = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
        return replace(
            self,
            of=number[self.of],
            ids=[one for one, keep in zip(self.ids, kept.tolist(), strict=True) if keep],
            number=self.number[kept],
            first=self.first[kept],
            middle=self.middle[kept],
            bounds=self.bounds[kept],
        )


def rows_near(selection: Selection, zoom: int, within: mercator.Box | None) -> dict[str, Codes]:
    """By kind the selected rows with a geometry that may stand in a cell that meets `within`; None for everywhere."""
    tables = {kind: selection.snapshot.table(kind) for kind in selection.kinds}
    if within is None:
        chosen = {kind: selection.rows(kind) for kind in tables}
        return {kind: chosen[kind][: np.searchsorted(chosen[kind], table.located)] for kind, table in tables.items()}
    cell = CELL_PX / mercator.TILE_PX / 2**zoom
    x, y = mercator.fraction(np.array(within[::2]), np.array(within[1::2]))
    (west, east), (south, north) = mercator.degrees(x + np.array([-cell, cell]), y + np.array([cell, -cell]))
    # What lies beyond the square map stands in its first and last line of cells.
    south, north = (-90 if south < -mercator.MAX_LATITUDE else south), (90 if north > mercator.MAX_LATITUDE else north)
    found = {}
    for kind, table in tables.items():
        near = table.meeting(float(west), float(south), float(east), float(north))
        found[kind] = near[selection.masks[kind][near]]
    return found


def cells_of(point: Floats, zoom: int, within: mercator.Box | None, limit: int) -> tuple[Cells, LeftOut]:
    """The cells of points (n, 2) that meet `within`: of them the `limit` that hold the most, and what else there is."""
    column, line = _grid(point, zoom)
    here = np.arange(len(point)) if within is None else np.flatnonzero(_near(column, line, zoom, within))
    _, first, inverse, number = np.unique(
        (column[here] << CELL_BITS) + line[here], return_index=True, return_inverse=True, return_counts=True
    )
    every, left_out = inverse, LeftOut(0, 0)
    if len(number) > limit:
        kept = np.sort(np.argsort(-number, kind="stable")[:limit])
        left_out = LeftOut(len(number) - limit, int(number.sum() - number[kept].sum()))
        own = np.full(len(number), -1, np.intp)
        own[kept] = np.arange(limit)
        every = own[inverse]
        first, number = first[kept], number[kept]
    of = np.full(len(point), -1, np.intp)
    of[here] = every
    first = here[first]
    shown = of >= 0
    cell, members = of[shown], point[shown]
    low, high = _bounds(cell, members, len(number))
    # The mean may leave its members' box by the last bit.
    middle = np.array([np.bincount(cell, degree, minlength=len(number)) / number for degree in members.T])
    ids = [f"{zoom}/{x}/{y}" for x, y in zip(column[first].tolist(), line[first].tolist(), strict=True)]
    return Cells(of, ids, number, first, np.clip(middle, low.T, high.T).T, np.hstack([low, high])), left_out


def _grid(point: Floats, zoom: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Column and line of the cell that each point (n, 2) falls into."""
    lon, lat = point.T
    if zoom >= SEPARATE_ZOOM:
        scale = 10**SAME_PLACE_DECIMALS
        return np.rint(lon * scale).astype(np.int64), np.rint(lat * scale).astype(np.int64)
    x, y = mercator.fraction(lon, lat)
    scale = 2**zoom * mercator.TILE_PX // CELL_PX
    return np.floor(x * scale).astype(np.int64), np.floor(y * scale).astype(np.int64)


def _near(column: NDArray[np.int64], line: NDArray[np.int64], zoom: int, within: mercator.Box) -> NDArray[np.bool_]:
    """Which cells meet `within`: a cell at its edge must stay whole, or its mark would move as one pans."""
    west, south, east, north = within
    columns, lines = _grid(np.array([(west, south), (east, north)]), zoom)
    across = (column >= columns.min()) & (column <= columns.max())
    near: NDArray[np.bool_] = across & (line >= lines.min()) & (line <= lines.max())
    return near


def _bounds(cell: Codes, point: Floats, cells: int) -> tuple[Floats, Floats]:
    """The south-western and north-eastern corners of each cell's members, (cells, 2) lon/lat."""
    if not cells:
        return np.empty((0, 2)), np.empty((0, 2))
    order = np.argsort(cell, kind="stable")
    starts = np.searchsorted(cell[order], np.arange(cells))
    return np.minimum.reduceat(point[order], starts), np.maximum.reduceat(point[order], starts)
