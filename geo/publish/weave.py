"""Putting new rows into orders that stand already, and taking old ones out, without sorting all of them again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.publish.columns import TextColumn
from geo.publish.index import Boxes, along_curve
from geo.publish.pile import Source

Numbers = NDArray[np.int64]


def texts_of(source: Source, name: str) -> TextColumn:
    """A column of texts of a source."""
    return TextColumn(source.array(f"{name}.offsets"), source.array(f"{name}.data"))


def woven(standing: NDArray[Any], at: Sequence[int] | Numbers, coming: Numbers, gone: NDArray[np.bool_]) -> Numbers:
    """`standing` with `coming` put in before the places `at` (ascending), and without the numbers that are `gone`."""
    order: Numbers = standing.astype(np.int64)
    if len(coming):
        order = np.insert(order, np.asarray(at, np.int64), coming)
    return order[~gone[order]] if gone.any() else order


def along_rows(source: Source, boxes: Boxes, ids: Sequence[str]) -> tuple[Numbers, Numbers]:
    """New rows in their order, and before which row of `source` each belongs: by the curve, then by id."""
    curve = along_curve(boxes)
    by_id = np.empty(len(ids), np.int64)
    by_id[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    coming = np.lexsort((by_id, curve))
    standing = source.array("bbox")
    if not len(standing):
        return coming, np.zeros(len(coming), np.int64)
    located = int(np.searchsorted(np.isnan(standing[:, 0]), True))
    wanted = curve[coming]

    def edge(side: Callable[[Any, Any], NDArray[np.bool_]]) -> Numbers:
        low, high = np.zeros(len(wanted), np.int64), np.full(len(wanted), located)
        while len(asked := np.flatnonzero(low < high)):
            middle = (low[asked] + high[asked]) // 2
            lower = side(along_curve(standing[middle]), wanted[asked])
            low[asked[lower]], high[asked[~lower]] = middle[lower] + 1, middle[~lower]
        return low

    first, last = edge(np.less), edge(np.less_equal)
    last[wanted == np.iinfo(np.int64).max] = len(standing)
    at, known = first, texts_of(source, "id")
    for number in np.flatnonzero(first < last).tolist():
        own = ids[int(coming[number])]
        at[number] = bisect_left(known, own, int(first[number]), int(last[number]))
    return coming, at


def along_ids(source: Source, ids: Sequence[str]) -> tuple[Numbers, list[int]]:
    """New rows by id, and before which place of the order by id of `source` each belongs."""
    coming = sorted(range(len(ids)), key=ids.__getitem__)
    order, known = source.array("id.order"), texts_of(source, "id")
    at = [bisect_left(order, ids[number], key=lambda row: known[row]) if len(order) else 0 for number in coming]
    return np.array(coming, np.int64), at
