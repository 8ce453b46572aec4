"""Which rows' texts hold a word: a search through the bytes of all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.publish.columns import TextColumn
from geo.publish.packed import entries
from geo.query.selection import Listed

PIECE = 1 << 18  # bytes looked at together: they and what is found in them stay in the processor's cache
WORD = 8  # bytes tested at once for any hit
TOGETHER = 3  # bytes of the word compared throughout; the others only where these stand
SAMPLE = 1 << 12


def containing(column: TextColumn, words: list[str], among: Listed | None = None) -> Listed:
    """The rows, ascending, whose text holds every one of the words, which must not be empty.

    among: the only rows asked about (ascending); None for all.
    """
    found = among
    for word in sorted(words, key=lambda word: -len(word.encode())):
        if found is None:
            found = _rows_with(column, word.encode())
        else:
            found = found[_rows_with(_texts(column, found), word.encode())]
    return np.arange(len(column.offsets) - 1) if found is None else found


def _texts(column: TextColumn, rows: Listed) -> TextColumn:
    """The texts of some rows."""
    if len(rows) and len(rows) == rows[-1] - rows[0] + 1:
        own = column.offsets[rows[0] : rows[-1] + 2]
        return TextColumn(own - own[0], column.data[own[0] : own[-1]])
    positions, offsets = entries(column.offsets, rows)
    return TextColumn(offsets, column.data[positions])


def _rows_with(column: TextColumn, word: bytes) -> Listed:
    """The rows that hold `word`. UTF-8 synchronises itself, so that equal bytes are equal characters. The rows' texts
    lie end to end without a gap: a hit counts only where it ends in the row in which it begins."""
    offsets, data = column.offsets, column.data
    if len(data) < len(word):
        return np.empty(0, np.intp)
    search = _Search(data, word)
    found = [np.empty(0, np.intp)]
    for start in range(0, len(data) - len(word) + 1, PIECE):
        hits = start + search.hits(data[start : start + PIECE + len(word) - 1])
        if len(hits):
            hits = hits.astype(offsets.dtype)  # else the offsets would be turned into the hits' type, all of them
            first = int(np.searchsorted(offsets, hits[0], side="right")) - 1
            last = int(np.searchsorted(offsets, hits[-1], side="right"))
            rows = first + np.searchsorted(offsets[first : last + 1], hits, side="right") - 1
            rows = rows[hits + len(word) <= offsets[rows + 1]]
            found.append(rows[np.diff(rows, prepend=-1) > 0])
    rows = np.concatenate(found)
    return rows[np.diff(rows, prepend=-1) > 0]


class _Search:
    """Looks for a word in one piece of bytes after the other, in the same two pieces of memory."""

    def __init__(self, data: NDArray[np.uint8], word: bytes) -> None:
        self._word = word
        # Bytes that are rare in the data go first: few places are left where the others need be looked at.
        seen = np.bincount(np.concatenate([data[at : at + SAMPLE] for at in range(0, len(data), len(data) // 16 + 1)]))
        rarity = dict(enumerate(seen.tolist()))
        self._places = sorted(range(len(word)), key=lambda place: rarity.get(word[place], 0))
        self._hits, self._more = np.zeros(PIECE, np.bool_), np.empty(PIECE, np.bool_)

    def hits(self, data: NDArray[np.uint8]) -> Listed:
        """Where the word begins in at most PIECE places of `data`."""
        word, length = self._word, len(data) - len(self._word) + 1
        hits, more = self._hits[:length], self._more[:length]
        self._hits[length:] = False
        for place in self._places[:TOGETHER]:
            out = hits if place == self._places[0] else more
            np.equal(data[place : place + length], word[place], out=out)
            if out is more:
                np.logical_and(hits, more, out=hits)
        # Hits are rare: eight bytes at a time say where there is any.
        some = np.flatnonzero(self._hits.view(np.uint64) != 0)
        own = np.flatnonzero(self._hits.reshape(-1, WORD)[some])
        found: Listed = some[own // WORD] * WORD + own % WORD
        for place in self._places[TOGETHER:]:
            found = found[data[found + place] == word[place]]
        return found
