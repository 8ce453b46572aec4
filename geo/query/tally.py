"""Counting how many rows have each code of a column, a piece of the rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from geo.publish.columns import Column, FlagColumn, TermColumn, TermsColumn
from geo.publish.packed import counts_of
from geo.query.masks import entries_of
from geo.query.selection import At, Mask

FEW = 9  # codes up to which looking for each of them is quicker than counting them together


class Tally(Protocol):
    """Counts of a column's codes over the rows that it was given, none of which may come twice."""

    @property
    def needed(self) -> bool:
        """Whether there can be anything to count."""

    def add(self, at: At) -> None:
        """Count these rows too."""

    def counts(self) -> Mapping[Any, int]:
        """How many rows have each code; codes that none has are left out."""


def tally_of(column: Column) -> Tally:
    """What counts the codes of a column; a flag holds `true` or `false`."""
    if isinstance(column, FlagColumn):
        return _Numbers(column.values.view(np.uint8), ("false", "true"))
    if isinstance(column, TermColumn):
        return _Terms(column)
    if isinstance(column, TermsColumn):
        return _Groups(column, np.arange(len(column.terms)), column.terms)
    raise TypeError(f"{type(column).__name__} holds no codes")


def year_tally(years: NDArray[np.int16]) -> Tally:
    """What counts the rows of each year."""
    return _Numbers(years, range(1 + int(years.max(initial=0))))


def node_tally(
    column: Column,
    groups: Mapping[str, tuple[str, str]],
    which: int,
    allowed: Callable[[tuple[str, ...]], Mask],
) -> Tally:
    """What counts the rows with a node of each chain (which = 0) or segment (which = 1).

    groups: chain and segment by node; allowed: the nodes that count, one entry each and a last one.
    """
    nodes = cast(TermsColumn, column)
    names = [groups.get(node, ("", ""))[which] for node in nodes.terms]
    known = tuple(dict.fromkeys(names))
    group_of = np.array([known.index(name) for name in names], np.intp)
    return _Groups(nodes, np.where(allowed(nodes.terms)[:-1], group_of, -1), known)


class _Numbers:
    """Small whole numbers, each under its own name."""

    def __init__(self, values: NDArray[Any], names: Any) -> None:
        self._values, self._names = values, names
        self._counts = np.zeros(len(names), np.int64)

    @property
    def needed(self) -> bool:
        return len(self._values) > 0

    def add(self, at: At) -> None:
        self._counts += np.bincount(self._values[at], minlength=len(self._counts))

    def counts(self) -> Mapping[Any, int]:
        return _named(self._names, self._counts)


class _Terms:
    """One code a row, -1 where the cell is empty."""

    def __init__(self, column: TermColumn) -> None:
        self._column = column
        self._counts = np.zeros(len(column.terms) + 1, np.int64)

    @property
    def needed(self) -> bool:
        return bool(self._column.terms)

    def add(self, at: At) -> None:
        codes = self._column.codes[at]
        if len(self._counts) <= FEW:
            # Adding to the same few numbers again and again makes the processor wait for itself.
            self._counts[1:] += [np.count_nonzero(codes == code) for code in range(len(self._counts) - 1)]
        else:
            self._counts += np.bincount(codes + 1, minlength=len(self._counts))

    def counts(self) -> Mapping[Any, int]:
        return _named(self._column.terms, self._counts[1:])


class _Groups:
    """Several codes a row, each of a group, or of none (-1); a row that has a group twice counts once."""

    def __init__(self, column: TermsColumn, group_of: NDArray[np.intp], names: tuple[str, ...]) -> None:
        self._column, self._group_of, self._names = column, group_of, names
        self._counts = np.zeros(len(names), np.int64)
        self._single = np.zeros(len(column.terms) + 1, np.int64)  # of rows with one code, by code

    @property
    def needed(self) -> bool:
        return len(self._column.codes) > 0

    def add(self, at: At) -> None:
        positions, offsets = entries_of(self._column.offsets, at)
        codes = self._column.codes[positions]
        many = offsets[1:] - offsets[:-1] > 1
        if not many.any():
            self._single += np.bincount(codes + 1, minlength=len(self._single))
            return
        groups = self._group_of[codes]
        row = np.repeat(np.arange(len(many)), counts_of(offsets))
        several = many[row]
        once = np.unique(row[several] * (len(self._names) + 1) + groups[several] + 1)
        groups = np.concatenate([groups[~several], once % (len(self._names) + 1) - 1])
        self._counts += np.bincount(groups + 1, minlength=len(self._names) + 1)[1:]

    def counts(self) -> Mapping[Any, int]:
        single = np.bincount(self._group_of + 1, self._single[1:], minlength=len(self._names) + 1)[1:]
        return _named(self._names, self._counts + single.astype(np.int64))


def _named(names: Any, counts: NDArray[np.int64]) -> dict[Any, int]:
    return {name: n for name, n in zip(names, counts.tolist(), strict=True) if n}
