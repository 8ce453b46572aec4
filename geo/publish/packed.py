"""Rows of differing length laid end to end: row i holds the entries offsets[i] to offsets[i + 1]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.integer[Any]]
Offsets = NDArray[np.int64]
BLOCK = 1 << 22  # entries gathered at a time, so that their positions stay small beside what is gathered


def offsets_of(counts: Whole | Sequence[int]) -> Offsets:
    """The offsets, one more than there are rows, of rows that hold so many entries each."""
    offsets = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def spread(start: Whole, offsets: Offsets) -> NDArray[np.int64]:
    """The positions start[i], start[i] + 1, … of all entries of all rows, as many a row as `offsets` say."""
    positions: NDArray[np.int64] = np.arange(offsets[-1]) + np.repeat(start - offsets[:-1], np.diff(offsets))
    return positions


def entries(offsets: Whole, rows: Whole) -> tuple[NDArray[np.int64], Offsets]:
    """Where the entries of `rows` stand, row after row, and the offsets of these rows among themselves."""
    start = offsets[rows].astype(np.int64)
    own = offsets_of(offsets[rows + 1] - start)
    return spread(start, own), own


def reordered(offsets: Offsets, data: NDArray[Any], order: Whole) -> tuple[Offsets, NDArray[Any]]:
    """The same rows in another order."""
    own = offsets_of(np.diff(offsets)[order])
    moved = np.empty(len(data), data.dtype)
    first = 0
    while first < len(order):
        last = max(first + 1, int(np.searchsorted(own, own[first] + BLOCK, side="right")) - 1)
        positions, _ = entries(offsets, order[first:last])
        moved[own[first] : own[last]] = data[positions]
        first = last
    return own, moved


def smallest(offsets: Whole) -> Whole:
    """Offsets in 32 bits where they fit."""
    return offsets.astype(np.int32) if offsets[-1] <= np.iinfo(np.int32).max else offsets
