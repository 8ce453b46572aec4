"""Texts in a filter: dictionary-coded, so that what is asked of a text is asked once of each different one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geo.publish.columns import TermColumn, TextColumn
from geo.publish.packed import counts_of
from geo.query.cql2.ternary import Mask, Ternary
from geo.query.words import containing

ESCAPE = "\\"


@dataclass(frozen=True, eq=False)
class Texts:
    """A text a row: codes into `terms`, -1 where there is none. `column` is where they were read, if as they stand."""

    codes: NDArray[np.int32]
    terms: Sequence[str]

    @classmethod
    def of_terms(cls, column: TermColumn) -> Self:
        """A column of codes, as the texts that they are."""
        empty = np.array([*(not term for term in column.terms), True])
        return cls(np.where(empty[column.codes], np.int32(-1), column.codes), column.terms)

    @classmethod
    def of_column(cls, column: TextColumn) -> Self:
        """A column of texts, each different one decoded once; costs about a second for a million rows."""
        blob, ends = column.data.tobytes(), column.offsets.tolist()
        book: dict[bytes, int] = {b"": -1}
        codes = np.empty(len(ends) - 1, np.int32)
        for row in range(len(ends) - 1):
            codes[row] = book.setdefault(blob[ends[row] : ends[row + 1]], len(book) - 1)
        return cls(codes, [text.decode() for text in book if text])

    def where(self, verdict: Callable[[str], bool]) -> Ternary:
        """What is said of each text; unknown where there is none."""
        table = np.array([*map(verdict, self.terms), False], np.bool_)
        return Ternary.of(table[self.codes], self.codes >= 0)

    def mapped(self, change: Callable[[str], str]) -> Texts:
        """The same texts changed."""
        return Texts(self.codes, [change(term) for term in self.terms])

    def ranks(self, other: Texts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers for both that stand in the order of their texts; only where both have one do they mean anything."""
        order = {term: rank for rank, term in enumerate(sorted({*self.terms, *other.terms}))}
        mine, theirs = (np.array([*(order[t] for t in each.terms), -1], np.int64) for each in (self, other))
        return mine[self.codes], theirs[other.codes]


def present(column: TextColumn) -> Mask:
    """Which rows have a text."""
    return counts_of(column.offsets) > 0


def equal_to(column: TextColumn, wanted: str) -> Ternary:
    """Which rows are just this text, without decoding any."""
    counts, sought = counts_of(column.offsets), np.frombuffer(wanted.encode(), np.uint8)
    yes = np.zeros(len(counts), np.bool_)
    rows = np.flatnonzero(counts == len(sought))
    for place, byte in enumerate(sought.tolist()):
        rows = rows[column.data[column.offsets[rows].astype(np.int64) + place] == byte]
    yes[rows] = True
    return Ternary.of(yes, counts > 0)


def like(column: TextColumn, pattern: str) -> Ternary:
    """Which rows match a pattern of LIKE: rows that lack one of its plain parts are not looked at."""
    known, parts = present(column), list(dict.fromkeys(plain_parts(pattern)))
    yes = np.zeros(len(known), np.bool_)
    rows = containing(column, parts) if parts else np.flatnonzero(known)
    pieces = _pieces(pattern)
    if pieces[:1] == [None] and pieces[-1:] == [None] and len(parts) == 1 and pieces[1:-1] == list(parts[0]):
        yes[rows] = True  # %part%: that it is there is all
        return Ternary.of(yes, known)
    matches = matcher(pattern)
    yes[[row for row in rows.tolist() if matches(column[row])]] = True
    return Ternary.of(yes, known)


def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text matches a pattern of LIKE: `%` any characters, `_` one, a backslash takes their meaning away.

    Runs in time proportional to text times pattern, whatever the pattern is.
    """
    pieces = _pieces(pattern)
    if not any(piece is None for piece in pieces):
        fixed = re.compile("".join(map(_fixed, pieces)), re.DOTALL)
        return lambda text: fixed.fullmatch(text) is not None
    first, *middle, last = _between_any(pieces)

    def matches(text: str) -> bool:
        # Without backtracking: each part is taken where it first comes, which leaves the most to those behind it.
        start = first.match(text)
        if start is None:
            return False
        at = start.end()
        for part in middle:
            found = part.search(text, at)
            if found is None:
                return False
            at = found.end()
        return any(last.fullmatch(text, begin) is not None for begin in _last_begin(last, text, at))

    return matches


def plain_parts(pattern: str) -> list[str]:
    """The stretches of a pattern that stand for themselves."""
    parts = [""]
    for piece in _pieces(pattern):
        if piece:
            parts[-1] += piece
        else:
            parts.append("")
    return [part for part in parts if part]


def fold_case(text: str) -> str:
    """A text without the difference of upper and lower case (Unicode case folding)."""
    return text.casefold()


def fold_accents(text: str) -> str:
    """A text without accents: decomposed, the marks that take no room of their own left out."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


def _pieces(pattern: str) -> list[str | None]:
    """One entry a character: itself, "" for any one, None for any number."""
    found: list[str | None] = []
    escaped = False
    for character in pattern:
        if not escaped and character == ESCAPE:
            escaped = True
            continue
        found.append({"%": None, "_": ""}.get(character, character) if not escaped else character)
        escaped = False
    return [*found, ESCAPE] if escaped else found


def _fixed(piece: str | None) -> str:
    return re.escape(piece) if piece else "."


def _between_any(pieces: list[str | None]) -> list[re.Pattern[str]]:
    parts: list[str] = [""]
    for piece in pieces:
        if piece is None:
            parts.append("")
        else:
            parts[-1] += _fixed(piece)
    return [re.compile(part, re.DOTALL) for part in parts]


def _last_begin(last: re.Pattern[str], text: str, at: int) -> list[int]:
    """Where the last part must begin so that it ends with the text: it takes one character for each of its own."""
    length = len(re.sub(r"\\(.)", r"\1", last.pattern, flags=re.DOTALL))
    return [len(text) - length] if len(text) - length >= at else []
