"""Pages of features that stay in step while the record changes.

Features come in the order of their ids, and a link to the next or previous page names the id at which this page ends or
begins. A publication in between may add features or take some away, but what it leaves alone is met exactly once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from geo.publish import Table
from geo.publish.packed import Whole
from geo.query.selection import Mask, Rows

FEW = 20_000  # rows up to which sorting them is quicker than walking along the order of all
PIECE = 4096


@dataclass(frozen=True)
class Page:
    """Rows in the order of their ids; whether there are selected ones before and behind them."""

    rows: list[int]
    before: bool
    behind: bool


def page_of(table: Table, rows: Rows, limit: int, after: str = "", before: str = "", offset: int = 0) -> Page:
    """At most `limit` of `rows`: those behind the id `after`, or right before the id `before`, or from `offset` on.

    The ids need not exist (any more). Without any of the three the first ones come.
    """
    ordered = _ordered(table, rows, None if after or before else offset + limit + 1)
    ids = table.column("id")
    if before:
        at = bisect_left(ordered.order, before, key=lambda row: str(ids[row]))
        found = ordered.backwards(at, limit + 1)
        return Page(found[:limit][::-1], len(found) > limit, ordered.any_from(at))
    if offset:
        found = ordered.skipping(offset, limit + 1)
        return Page(found[:limit], True, len(found) > limit)
    at = bisect_right(ordered.order, after, key=lambda row: str(ids[row])) if after else 0
    found = ordered.forwards(at, limit + 1)
    return Page(found[:limit], bool(after) and ordered.any_before(at), len(found) > limit)


@dataclass(frozen=True)
class _Ordered:
    """Rows in the order of their ids, and which of them are selected (None: all)."""

    order: Whole
    mask: Mask | None

    def forwards(self, start: int, count: int) -> list[int]:
        if self.mask is None:
            return self._selected(self.order[start : start + count])
        found: list[int] = []
        for first in range(start, len(self.order), PIECE):
            found += self._selected(self.order[first : first + PIECE])
            if len(found) >= count:
                break
        return found[:count]

    def backwards(self, stop: int, count: int) -> list[int]:
        found: list[int] = []
        for last in range(stop, 0, -PIECE):
            found += self._selected(self.order[max(0, last - PIECE) : last])[::-1]
            if len(found) >= count:
                break
        return found[:count]

    def skipping(self, offset: int, count: int) -> list[int]:
        if self.mask is None:
            return self.forwards(offset, count)
        found: list[int] = self.order[self.mask[self.order]][offset : offset + count].tolist()
        return found

    def any_from(self, start: int) -> bool:
        return bool(self.forwards(start, 1))

    def any_before(self, stop: int) -> bool:
        return bool(self.backwards(stop, 1))

    def _selected(self, rows: Whole) -> list[int]:
        chosen = rows if self.mask is None else rows[self.mask[rows]]
        found: list[int] = chosen.tolist()
        return found


def _ordered(table: Table, rows: Rows, most: int | None) -> _Ordered:
    """most: how many of the first ones are asked for, where nothing behind them is."""
    if rows.all:
        return _Ordered(table.id_order, None)
    few = rows.few
    if few is not None and len(few) <= FEW:
        rank = table.id_rank[few]
        if most is not None and most < len(few):
            first = np.flatnonzero(rank <= np.partition(rank, most - 1)[most - 1])  # quicker than sorting out places
            few, rank = few[first], rank[first]
        return _Ordered(few[np.argsort(rank)], None)
    return _Ordered(table.id_order, rows.mask)
