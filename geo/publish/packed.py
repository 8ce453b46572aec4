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
    offsets = np.empty(len(counts) + 1, np.int64)
    offsets[0] = 0
    np.add.accumulate(counts, out=offsets[1:])
    return offsets


def counts_of(offsets: Whole) -> NDArray[np.int64]:
    """How many entries each row holds."""
    counts: NDArray[np.int64] = np.subtract(offsets[1:], offsets[:-1], dtype=np.int64)
    return counts


def entries(offsets: Whole, rows: Whole) -> tuple[NDArray[np.int64], Offsets]:
    """Where the entries of `rows` stand, row after row, and the offsets of these rows among themselves."""
    start = offsets[rows].astype(np.int64)
    counts = offsets[rows + 1] - start
    own = offsets_of(counts)
    positions = (start - own[:-1]).repeat(counts)
    positions += np.arange(len(positions))
    return positions, own


def reordered(offsets: Offsets, data: NDArray[Any], order: Whole) -> tuple[Offsets, NDArray[Any]]:
    """The same rows in another order."""
    own = offsets_of(counts_of(offsets)[order])
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
