"""Records that say the same of one project: each counts as a feature, but its money only once."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.draw.gathering import Codes
from geo.publish import Table
from geo.publish.columns import TermColumn

_known: WeakKeyDictionary[Table, Repeats] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Repeats:
    """The rows, ascending, of projects that have several records, and the row of each project's first record."""

    rows: Codes
    record: Codes

    def again(self, among: NDArray[np.bool_]) -> Codes:
        """The rows, ascending, whose project has another record in `among` (one entry each of `rows`) that goes
        before: the one that the others refer to, else the first."""
        chosen = np.flatnonzero(among)
        rows, record = self.rows[chosen], self.record[chosen]
        order = np.lexsort((rows, record != rows, record))
        rows, record = rows[order], record[order]
        return np.sort(rows[1:][record[1:] == record[:-1]])


def repeats(table: Table) -> Repeats:
    """The repeats of a table, worked out once."""
    if table not in _known:
        record = first_records(table)
        rows = np.flatnonzero(np.bincount(record, minlength=table.rows)[record] > 1)
        _known[table] = Repeats(rows, record[rows])
    return _known[table]


def first_records(table: Table) -> Codes:
    """For each row the row that `same_as` leads to in the end: itself where it names no other.

    Records that name one another in a circle go by the first of them.
    """
    first = np.arange(table.rows)
    column = table.column("same_as") if "same_as" in table.names else None
    if not isinstance(column, TermColumn) or not column.terms:
        return first
    rows = [table.row_of(other) for other in column.terms]
    named = np.array([*(-1 if row is None else row for row in rows), -1], np.intp)[column.codes]
    for row in np.flatnonzero(named >= 0).tolist():
        first[row] = _end(row, named)
    return first


def _end(row: int, named: Codes) -> int:
    passed: list[int] = []
    while named[row] >= 0:
        passed.append(row)
        row = int(named[row])
        if row in passed:
            return min(passed[passed.index(row) :])
    return row
