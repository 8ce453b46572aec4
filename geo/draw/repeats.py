"""Records that say the same of one project: each counts as a feature, but its money only once."""

from __future__ import annotations

import numpy as np

from geo.draw.gathering import Codes
from geo.publish import Table
from geo.publish.columns import TermColumn


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
