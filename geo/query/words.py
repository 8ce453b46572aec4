"""Which rows' texts hold a word: a search through the bytes of all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.publish.columns import TextColumn
from geo.publish.packed import Whole, entries
from geo.query.selection import Listed, Mask, Rows

PIECE = 1 << 18  # bytes looked at together: they and what is found in them stay in the processor's cache
WORD = 8  # bytes tested at once for any hit
SAMPLES, SAMPLE = 16, 1 << 12  # pieces of the texts, and their bytes, that show which bytes of a word are rare
TOGETHER = 3
SINGLE = 3  # hits are looked at one by one while there are fewer than one in so many rows


def containing(column: TextColumn, words: Sequence[str], among: Listed | None = None) -> Listed:
    """The rows, ascending, whose text holds every one of the words, which must not be empty.

    among: the only rows asked about (ascending); None for all.
    """
    found = Rows(len(column.offsets) - 1, listed=among)
    for word in longest_first(words):
        if (few := found.few) is None:
            found = found.both(rows_with(column, word))
        else:
            found = Rows(len(column.offsets) - 1, listed=few[holders(column, few, word)])
    return found.listed


def longest_first(words: Sequence[str]) -> list[str]:
    """The words, the longer ones, which fewer rows hold, before the others."""
    return sorted(words, key=lambda word: -len(word.encode()))


def holders(column: TextColumn, rows: Listed, word: str) -> Mask:
    """Which of these rows (ascending) hold `word`, one entry each; every one of them is read by itself."""
    return rows_with(_texts(column, rows), word).mask


def rows_with(column: TextColumn, word: str) -> Rows:
    """The rows that hold `word`. UTF-8 synchronises itself, so that equal bytes are equal characters."""
    offsets, data, sought = column.offsets, column.data, word.encode()
    rows = len(offsets) - 1
    if len(data) < len(sought):
        return Rows.none(rows)
    cuts = _cuts(offsets)
    search = _Search(data, sought, int(np.diff(offsets[cuts]).max()))
    mask: Mask | None = None  # of the pieces in which many rows hold it
    single = [np.empty(0, np.intp)]
    for first, last in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        own = offsets[first : last + 1]
        if search.is_rare(data[own[0] : own[-1]], last - first):
            single.append(int(own[0]) + search.hits())
        else:
            mask = np.zeros(rows, np.bool_) if mask is None else mask
            mask[first:last] = search.held(own - own[0])
    listed = _whole(offsets, search.confirmed(np.concatenate(single)), len(sought))
    if mask is None:
        return Rows(rows, listed=listed)
    mask[listed] = True
    return Rows(rows, mask=mask)


def _whole(offsets: Whole, hits: Listed, length: int) -> Listed:
    """The rows of hits (ascending). The rows' texts lie end to end: a hit counts only where it ends in its row."""
    # Of the offsets' own type: else they would all be turned into another.
    rows = np.searchsorted(offsets, hits.astype(offsets.dtype), side="right") - 1
    rows = rows[hits + length <= offsets[rows + 1]]
    return rows[np.diff(rows, prepend=-1) > 0]


def _cuts(offsets: Whole) -> Listed:
    """The rows with which pieces begin, about PIECE bytes each, and the end of the last one."""
    # Of the offsets' own type: else they would all be turned into another.
    starts = np.arange(0, int(offsets[-1]), PIECE).astype(offsets.dtype)
    cuts: Listed = np.unique(np.append(np.searchsorted(offsets, starts), len(offsets) - 1))
    return cuts


def _texts(column: TextColumn, rows: Listed) -> TextColumn:
    """The texts of some rows."""
    if len(rows) and len(rows) == rows[-1] - rows[0] + 1:
        own = column.offsets[rows[0] : rows[-1] + 2]
        return TextColumn(own - own[0], column.data[own[0] : own[-1]])
    positions, offsets = entries(column.offsets, rows)
    return TextColumn(offsets, column.data[positions])


def _telling(data: NDArray[np.uint8], word: bytes) -> list[int]:
    """The places of the word, first those that leave the fewest hits together: the others need be looked at there only.

    The rarest byte alone is no guide to the next one: bytes of one character go together.
    """
    starts = range(0, len(data), len(data) // SAMPLES + 1)
    some = np.concatenate([data[at : at + SAMPLE] for at in starts])
    length = max(0, len(some) - len(word) + 1)
    left, others = np.ones(length, np.bool_), list(range(len(word)))
    first: list[int] = []
    while others and len(first) < TOGETHER:
        each = [left & (some[place : place + length] == word[place]) for place in others]
        numbers = [np.count_nonzero(hits) for hits in each]
        best = numbers.index(min(numbers))
        left = each[best]
        first.append(others.pop(best))
        if not numbers[best]:
            break
    return first + others


class _Search:
    """Looks for a word in one piece of rows after the other, in the same two pieces of memory."""

    def __init__(self, data: NDArray[np.uint8], word: bytes, most: int) -> None:
        """most: bytes of a piece."""
        self._data, self._word = data, word
        self._places = _telling(data, word)
        whole = most + -most % WORD
        self._hits, self._more = np.zeros(whole, np.bool_), np.empty(whole, np.bool_)

    def is_rare(self, data: NDArray[np.uint8], rows: int) -> bool:
        """Compare a piece of so many rows: either until hits are rare, then whether they are so is left to
        `confirmed`, or with the whole word."""
        length = max(0, len(data) - len(self._word) + 1)
        hits, more = self._hits[:length], self._more[:length]
        self._hits[length:] = False
        for place in self._places:
            out = hits if place == self._places[0] else more
            np.equal(data[place : place + length], self._word[place], out=out)
            if out is more:
                np.logical_and(hits, more, out=hits)
            if np.count_nonzero(hits) * SINGLE < rows:
                return True
        return False

    def hits(self) -> Listed:
        """Where in the piece the word may begin."""
        # Eight bytes at a time say where there is any.
        some = np.flatnonzero(self._hits.view(np.uint64) != 0)
        own = np.flatnonzero(self._hits.reshape(-1, WORD)[some])
        found: Listed = some[own // WORD] * WORD + own % WORD
        return found

    def confirmed(self, hits: Listed) -> Listed:
        """Those of the hits, counted from the beginning of all texts, where the whole word stands."""
        for place in self._places[1:]:
            hits = hits[self._data[hits + place] == self._word[place]]
        return hits

    def held(self, offsets: Whole) -> Mask:
        """Whether each row of the piece has a hit that ends in it."""
        hits = self._hits[: offsets[-1]]
        for before in range(1, len(self._word)):
            hits[offsets[np.searchsorted(offsets, before) :] - before] = False
        starts = offsets[:-1]
        filled = starts < offsets[1:]
        if filled.all():
            found: Mask = np.logical_or.reduceat(hits, starts)
            return found
        found = np.zeros(len(starts), np.bool_)
        if filled.any():
            found[filled] = np.logical_or.reduceat(hits, starts[filled])
        return found
