"""What a tile holds but does not draw one by one: counted and summed by the cells of a grid in the tile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.draw.investment import CNY
from geo.draw.mvt import wire
from geo.draw.mvt.features import features
from geo.draw.mvt.grid import EXTENT, WORLD_BITS
from geo.draw.mvt.rings import Rings
from geo.draw.repeats import first_records
from geo.publish import Table
from geo.publish.columns import NumberColumn, TermColumn

MORE = "more"
CELL_BITS = 3
CELLS = 1 << 2 * CELL_BITS  # 8 × 8: half a thumb's breadth a side on a phone
AREA, AMOUNT = "area_m2", "amount_wan"
Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a tile that hold anything. at: (k, 2) steps, the mean of the places; counts, by_cluster: features."""

    at: Numbers
    counts: Numbers
    by_cluster: Numbers
    sums: dict[str, NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Held:
    """Rows of a tile and the number of the cell of each, row by row from the north-western corner."""

    rows: Rows
    cell: NDArray[np.uint8]


class Rest:
    """Counts and sums rows of a table by cell.

    Each row is counted in the tile and the cell of its point only, so that numbers of neighbouring tiles add up to
    that of the tile above them. Amounts are those in yuan; of records that say the same of one project (`same_as`)
    one counts: the one that the others refer to where it is selected, else the first.
    """

    def __init__(self, table: Table, clusters: tuple[str, ...], cluster: NDArray[np.int8]) -> None:
        """cluster: for each row the number of its cluster in `clusters`, -1 for none."""
        self._clusters = clusters
        self._cluster = cluster
        self._grid = table.point_grid
        columns = {name: table.column(name) for name in (AREA, AMOUNT) if name in table.names}
        self._sums = {name: column.values for name, column in columns.items() if isinstance(column, NumberColumn)}
        self._members, self._records = _repeated(table)
        self._yuan = _yuan(table)

    @property
    def fields(self) -> dict[str, str]:
        """The attributes with their types, as TileJSON lists them."""
        return dict.fromkeys(("n", *self._sums, *(f"c.{cluster}" for cluster in self._clusters)), "Number")

    def of_tile(self, z: int, x: int, y: int, rows: Rows) -> Held:
        """Those of `rows` whose point lies in the tile."""
        shift = WORLD_BITS - z - CELL_BITS
        across, down = (axis[rows] >> shift for axis in self._grid.T)
        own = (across >> CELL_BITS == x) & (down >> CELL_BITS == y)
        if not own.all():
            rows, across, down = rows[own], across[own], down[own]
        low = (1 << CELL_BITS) - 1
        return Held(rows, ((down & low) << CELL_BITS | across & low).astype(np.uint8))

    def layer(self, z: int, held: Held, mask: Mask | None) -> bytes:
        """The layer `more` of a tile; held: those of the tile that are not drawn, of the rows selected by `mask`."""
        return _encoded(self.cells(z, held, mask), self._clusters) if len(held.rows) else b""

    def cells(self, z: int, held: Held, mask: Mask | None) -> Cells:
        """The cells of one tile."""
        rows, cell = held.rows, held.cell
        # Neighbours in the table are neighbours on the map: a cell's rows stand in a few runs, summed one after the other.
        start = np.concatenate([[0], np.flatnonzero(cell[1:] != cell[:-1]) + 1])
        of_run = cell[start]

        def summed(values: NDArray[Any]) -> NDArray[np.float64]:
            return np.asarray(np.bincount(of_run, np.add.reduceat(values, start, dtype=np.float64), CELLS), np.float64)

        counts = np.bincount(of_run, np.diff(np.append(start, len(rows))), CELLS).astype(np.int64)
        full = np.flatnonzero(counts)
        side = WORLD_BITS - z
        within = (axis[rows] & (1 << side) - 1 for axis in self._grid.T)
        means = np.array([summed(axis)[full] / counts[full] for axis in within])
        # Rounded down, so that the point stays in its cell.
        at = np.floor(means.T * (EXTENT / (1 << side))).astype(np.int64)
        size = len(self._clusters) + 1
        by_cluster = np.bincount(cell * np.intp(size) + self._cluster[rows] + 1, minlength=CELLS * size)
        sums = {}
        for name in self._sums:
            values = self._values(name, rows, mask)
            unknown = np.isnan(values)
            if unknown.any():
                values[unknown] = 0
                told = summed(~unknown)[full] > 0
            else:
                told = np.ones(len(full), np.bool_)
            sums[name] = np.where(told, summed(values)[full], np.nan)
        return Cells(at, counts[full], by_cluster.reshape(CELLS, size)[full, 1:], sums)

    def _values(self, name: str, rows: Rows, mask: Mask | None) -> NDArray[np.float64]:
        values = self._sums[name][rows]
        if name == AMOUNT:
            if self._yuan is not None:
                values[~self._yuan[rows]] = np.nan
            if len(self._members):
                values[np.isin(rows, self._counted_elsewhere(mask))] = np.nan
        return values

    def _counted_elsewhere(self, mask: Mask | None) -> Rows:
        """The rows whose amount counts with another selected record of the same project."""
        told = ~np.isnan(self._sums[AMOUNT][self._members])
        if self._yuan is not None:
            told &= self._yuan[self._members]
        if mask is not None:
            told &= mask[self._members]
        members, records = self._members[told], self._records[told]
        again = np.zeros(len(members), np.bool_)
        again[1:] = records[1:] == records[:-1]
        return members[again]


def _repeated(table: Table) -> tuple[Rows, Rows]:
    """The rows of projects with several records and the record of each: together, the one to be counted first."""
    record = first_records(table)
    rows = np.flatnonzero(np.bincount(record, minlength=table.rows)[record] > 1)
    order = np.lexsort((rows, record[rows] != rows, record[rows]))
    return rows[order], record[rows[order]]


def _yuan(table: Table) -> Mask | None:
    """Which amounts are in yuan; None where the kind knows no other money."""
    column = table.column("currency") if "currency" in table.names else None
    if not isinstance(column, TermColumn):
        return None
    return np.array([*(term == CNY for term in column.terms), False])[column.codes]


def _encoded(cells: Cells, clusters: tuple[str, ...]) -> bytes:
    """The layer: a point a cell, its numbers as attributes; what is not known or zero is left out."""
    counted = np.column_stack([cells.counts, cells.by_cluster])
    whole, number = np.unique(counted, return_inverse=True)
    number = np.where(counted > 0, number.reshape(counted.shape), -1)
    values = [wire.message(4, wire.varint(5 << 3) + wire.varint(each)) for each in whole.tolist()]
    columns = [number[:, :1]]
    for sums in cells.sums.values():
        known = ~np.isnan(sums)
        columns.append(np.where(known, len(values) + np.cumsum(known) - 1, -1)[:, None])
        values += [wire.message(4, wire.double(each)) for each in sums[known].tolist()]
    keys = ("n", *cells.sums, *(f"c.{cluster}" for cluster in clusters))
    table = np.hstack([*columns, number[:, 1:]])
    each = np.arange(len(table) + 1)
    points = Rings(each[:-1], np.zeros(len(table), np.int8), np.ones(len(table), np.bool_), each, cells.at)
    return wire.layer(MORE, features(each[1:], points, table), keys, b"".join(values), EXTENT)
