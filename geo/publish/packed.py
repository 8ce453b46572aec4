"""Rows of differing length laid end to end: row i holds the entries offsets[i] to offsets[i + 1]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.integer[Any]]
Offsets = NDArray[np.int64]


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
    return runs(offsets[rows], offsets[rows + 1])


def runs(starts: Whole, stops: Whole) -> tuple[NDArray[np.int64], Offsets]:
    """The numbers from each start up to its stop, one run after the other, and the offsets of the runs."""
    start = starts.astype(np.int64)
    counts = stops - start
    own = offsets_of(counts)
    positions = (start - own[:-1]).repeat(counts)
    positions += np.arange(len(positions))
    return positions, own
