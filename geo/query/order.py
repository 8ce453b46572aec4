"""A few rows out of the middle of an order, without sorting all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.publish import Table
from geo.query.selection import Listed, Rows

Keys = Sequence[NDArray[Any]]
SHORT = 2048  # entries up to which sorting all is quickest
HEAD = 8192  # rows of a table's order that are kept once they were asked for

_heads: WeakKeyDictionary[Table, dict[object, Listed]] = WeakKeyDictionary()


def placed(keys: Keys, start: int, stop: int) -> Listed:
    """Where the entries stand that sorting by `keys` puts at the places from `start` to before `stop`, in that order.

    keys: arrays of one length, the weightiest first; NaN comes behind every number. What no key tells apart stays in
    the order in which it stands.
    """
    count = len(keys[0])
    stop = min(stop, count)
    if start >= stop:
        return np.empty(0, np.intp)
    if count <= SHORT:
        return np.lexsort(keys[::-1])[start:stop]
    key, rest = keys[0], keys[1:]
    low, high = np.partition(key, (start, stop - 1))[[start, stop - 1]]
    lowest, highest = _same(key, low), _same(key, high)
    before = int(np.count_nonzero(_less(key, low)))
    parts = [_part(rest, np.flatnonzero(lowest), start - before, stop - before)]
    if not _same(low, high):
        between = np.flatnonzero(_less(low, key) & _less(key, high))
        parts.append(between[np.lexsort([each[between] for each in keys[::-1]])])
        before += int(np.count_nonzero(lowest)) + len(between)
        parts.append(_part(rest, np.flatnonzero(highest), 0, stop - before))
    return np.concatenate(parts)


def first_of(
    table: Table, rows: Rows, order: object, keys_of: Callable[[Listed | slice], Keys], start: int, stop: int
) -> Listed:
    """The rows at the places from `start` to before `stop` among the chosen `rows` of a table, in an order.

    order: names the order; keys_of: the keys by which it sorts the rows that it is given.
    """
    if rows.few is None and stop <= HEAD:
        kept = _heads.setdefault(table, {})
        if order not in kept:
            kept[order] = placed(keys_of(slice(None)), 0, HEAD)
        head = kept[order] if rows.all else kept[order][rows.mask[kept[order]]]
        if len(head) >= min(stop, rows.count):
            return head[start:stop]
    listed = rows.listed
    return listed[placed(keys_of(slice(None) if rows.all else listed), start, stop)]


def by_id(table: Table, rows: Rows, start: int, stop: int) -> Listed:
    """The rows at the places from `start` to before `stop` among the chosen `rows` of a table, in the order of ids."""
    if rows.all:
        return table.id_order[start:stop].astype(np.intp)
    if rows.few is not None:
        return rows.few[placed([table.id_rank[rows.few]], start, stop)]
    mask, found = rows.mask, [np.empty(0, np.intp)]
    passed, size = 0, 4 * max(stop - start, 1)
    first = 0
    while first < table.rows and passed < stop:
        piece = table.id_order[first : first + size]
        chosen = piece[mask[piece]]
        found.append(chosen[max(0, start - passed) : max(0, stop - passed)].astype(np.intp))
        passed += len(chosen)
        first, size = first + size, min(2 * size, 1 << 16)
    return np.concatenate(found)


def _part(keys: Keys, entries: Listed, start: int, stop: int) -> Listed:
    """The same among `entries`, which the keys before have not told apart."""
    if not keys:
        return entries[start:stop]
    return entries[placed([key[entries] for key in keys], start, stop)]


def _less(low: Any, high: Any) -> NDArray[np.bool_]:
    """Whether something stands before something else; NaN stands before nothing."""
    found: NDArray[np.bool_] = (low < high) | (np.isnan(high) & ~np.isnan(low))
    return found


def _same(one: Any, other: Any) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (one == other) | (np.isnan(one) & np.isnan(other))
    return found
