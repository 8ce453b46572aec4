"""Which entries of two arrays, laid end to end, come out in which order: whole runs where there are such, else one by one.

Entries are numbered through both arrays: those of the second follow those of the first. Neither is ever copied whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.publish.packed import Whole, offsets_of

Piece = slice | NDArray[np.int64]
RUN = 512  # neighbours that are worth being copied as one
ROWS = 1 << 14  # entries that are picked one by one at a time
BLOCK = 1 << 20  # entries that are copied or looked up at a time


def plan_of(order: NDArray[np.int64], first: int) -> list[Piece]:
    """The pieces of `order`, which are numbers of entries of two arrays; the first array has `first` of them."""
    breaks = np.flatnonzero((np.diff(order) != 1) | (order[1:] == first)) + 1
    starts, stops = np.concatenate([[0], breaks]), np.concatenate([breaks, [len(order)]])
    pieces: list[Piece] = []
    done = 0
    for run in np.flatnonzero(stops - starts >= RUN).tolist():
        start, stop = int(starts[run]), int(stops[run])
        pieces += (order[at : min(at + ROWS, start)] for at in range(done, start, ROWS))
        pieces += [
            slice(at, min(at + BLOCK, int(order[stop - 1]) + 1))
            for at in range(int(order[start]), int(order[stop - 1]) + 1, BLOCK)
        ]
        done = stop
    pieces += (order[at : at + ROWS] for at in range(done, len(order), ROWS))
    return pieces


class Pair:
    """Two arrays whose entries are numbered through."""

    def __init__(self, first: NDArray[Any], second: NDArray[Any]) -> None:
        self._first, self._second = first, second

    def take(self, piece: Piece) -> NDArray[Any]:
        """The entries of a piece."""
        size = len(self._first)
        taken: NDArray[Any]
        if isinstance(piece, slice):
            taken = self._first[piece] if piece.stop <= size else self._second[piece.start - size : piece.stop - size]
            return taken
        own = piece < size
        if own.all():
            taken = self._first[piece]
        elif not own.any():
            taken = self._second[piece - size]
        else:
            taken = np.empty((len(piece), *self._first.shape[1:]), self._first.dtype)
            taken[own] = self._first[piece[own]]
            taken[~own] = self._second[piece[~own] - size]
        return taken


class Recoded(Pair):
    """Two arrays of codes, each with a dictionary of its own, as codes of a third."""

    def __init__(
        self, first: NDArray[Any], second: NDArray[Any], codes: NDArray[np.int32], others: NDArray[np.int32]
    ) -> None:
        """codes, others: the new code of each old one, and at their end -1, which stands for none."""
        super().__init__(first, second)
        self._codes, self._others = codes, others

    def take(self, piece: Piece) -> NDArray[Any]:
        size = len(self._first)
        taken: NDArray[Any]
        if isinstance(piece, slice):
            codes = self._codes if piece.stop <= size else self._others
            taken = codes[super().take(piece)]
            return taken
        old, own = super().take(piece), piece < size
        taken = np.where(own, self._codes.take(old, mode="wrap"), self._others.take(old, mode="wrap"))
        return taken


class Branching:
    """Two arrays of offsets: which entries of the level below belong to an entry of the level above."""

    def __init__(self, first: Whole, second: Whole) -> None:
        self._first, self._second = first, second
        self._upper, self._lower = len(first) - 1, int(first[-1])

    def total(self, pieces: Iterable[Piece]) -> int:
        """How many entries of the level below belong to all of `pieces`."""
        found = 0
        for piece in pieces:
            start, stop = self._span(piece)
            found += int(np.subtract(stop, start, dtype=np.int64).sum())
        return found

    def below(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The pieces of the level below."""
        for piece in pieces:
            start, stop = self._span(piece)
            if isinstance(piece, slice):
                first, last = int(start), int(stop)
                yield from (slice(at, min(at + BLOCK, last)) for at in range(first, last, BLOCK))
            else:
                yield from _spread(start, stop - start)

    def offsets(self, pieces: Iterable[Piece]) -> Iterator[NDArray[np.int64]]:
        """The offsets of the entries of `pieces` among themselves."""
        running = 0
        yield np.zeros(1, np.int64)
        for piece in pieces:
            if isinstance(piece, slice):
                own, at = (
                    (self._first, piece.start)
                    if piece.stop <= self._upper
                    else (self._second, piece.start - self._upper)
                )
                ends = own[at + 1 : at + 1 + piece.stop - piece.start] - np.int64(int(own[at]) - running)
            else:
                start, stop = self._span(piece)
                ends = np.cumsum(stop - start, dtype=np.int64) + running
            if len(ends):
                running = int(ends[-1])
                yield ends

    def _span(self, piece: Piece) -> tuple[Any, Any]:
        """First and last (one behind) entry below, of a run as a whole or of each entry."""
        if isinstance(piece, slice):
            if piece.stop <= self._upper:
                return np.int64(self._first[piece.start]), np.int64(self._first[piece.stop])
            start, stop = self._second[piece.start - self._upper], self._second[piece.stop - self._upper]
            return np.int64(start) + self._lower, np.int64(stop) + self._lower
        own = piece < self._upper
        if own.all():
            return self._first[piece].astype(np.int64), self._first[piece + 1].astype(np.int64)
        start, stop = np.empty(len(piece), np.int64), np.empty(len(piece), np.int64)
        start[own], stop[own] = self._first[piece[own]], self._first[piece[own] + 1]
        other = piece[~own] - self._upper
        start[~own], stop[~own] = self._second[other] + self._lower, self._second[other + 1] + self._lower
        return start, stop


def _spread(start: NDArray[np.int64], counts: NDArray[np.int64]) -> Iterator[Piece]:
    """The numbers from each `start` on, so many each, in blocks; what is a block by itself comes as a run."""
    offsets = offsets_of(counts)
    first = 0
    while first < len(counts):
        last = int(np.searchsorted(offsets, offsets[first] + BLOCK, side="right")) - 1
        if last <= first:
            begin, end = int(start[first]), int(start[first] + counts[first])
            yield from (slice(at, min(at + BLOCK, end)) for at in range(begin, end, BLOCK))
            first += 1
            continue
        numbers = (start[first:last] - (offsets[first:last] - offsets[first])).repeat(counts[first:last])
        numbers += np.arange(len(numbers))
        if len(numbers):
            yield numbers
        first = last
