"""What a layer says about its features: each text once, the features holding numbers of keys and values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from datasets.world import World
from geo.draw.mvt import wire
from geo.model import Feature, fields_of
from geo.model.fields import Term
from geo.publish import Table
from geo.publish.columns import FlagColumn, TermColumn, TermsColumn, TextColumn

Numbers = NDArray[np.int64]
Rows = NDArray[np.intp]
FALSE, TRUE = (wire.message(4, wire.varint(7 << 3) + wire.varint(flag)) for flag in (0, 1))


def leading_term(kind: type[Feature]) -> str:
    """The field by which features of this kind are told apart: its first listed list of codes, "" if it has none."""
    declared = fields_of(kind).items()
    named = (name for name, field in declared if isinstance(field, Term) and field.listed and field.filter == "any")
    return next(named, "")


class Values:
    """The attributes of a table's rows; `keys` are their names, `clusters` those of chains in the world's order."""

    def __init__(self, table: Table, kind: type[Feature], world: World) -> None:
        self._table = table
        self._id, self._name, self._english = (_texts(table, name) for name in ("id", "name", "name_en"))
        self._demo = _flags(table, "demo")
        self._chains = _lists(table, "chains")
        self.clusters = clusters = tuple(world.chains.clusters)
        known = world.chains.chains
        of = [clusters.index(known[chain].cluster) if chain in known else -1 for chain in self._chains.terms]
        self._cluster_of = np.array([*of, -1], np.int64)
        term = leading_term(kind)
        self._term = _terms(table, term) if term else None
        self._clusters = _encoded(clusters)
        self._terms = _encoded(self._term.terms) if self._term else []
        self.keys = ("id", "name", "demo", "cluster", *([term] if term else []))

    def tags(self, rows: Rows, lang: str) -> tuple[Numbers, Numbers, bytes]:
        """Pairs of key and value of all `rows`, one after the other, how many numbers each row has, and the values."""
        n = len(rows)
        name, names, texts = self._names(rows, lang)
        codes = [(self._demo.values[rows].astype(np.int64), [FALSE, TRUE]), (self.cluster(rows), self._clusters)]
        if self._term:
            codes.append((self._term.codes[rows].astype(np.int64), self._terms))
        table = np.empty((n, len(self.keys)), np.int64)
        table[:, 0] = np.arange(n)
        table[:, 1] = n + name
        pieces, used = [wire.column_values(self._id, rows), texts], n + names
        for column, (code, encoded) in enumerate(codes, 2):
            met = np.flatnonzero(np.bincount(code + 1, minlength=len(encoded) + 1)[1:])
            number = np.full(len(encoded) + 1, -1, np.int64)
            number[met] = used + np.arange(len(met))
            table[:, column] = number[code]
            pieces += [encoded[each] for each in met.tolist()]
            used += len(met)
        return (*wire.tags(table), b"".join(pieces))

    def _names(self, rows: Rows, lang: str) -> tuple[Numbers, int, bytes]:
        """The number of each row's name, how many names there are, and the names."""
        same = self._table.name_number(lang)[rows]
        low = int(same.min())
        keeper = np.empty(int(same.max()) - low + 1, np.int64)  # only what is written to takes memory
        keeper[same - low] = np.arange(len(rows))
        kept = keeper[same - low]
        own = kept == np.arange(len(rows))
        number, chosen = (np.cumsum(own) - 1)[kept], rows[own]
        if lang == "zh":
            return number, len(chosen), wire.column_values(self._name, chosen)
        shown = [(self._english[row] or self._name[row]).encode() for row in chosen.tolist()]
        return number, len(chosen), wire.text_values(shown)

    def cluster(self, rows: Rows) -> Numbers:
        """The cluster of each row's first chain, as a place in `clusters`; -1 where there is none."""
        if not len(self._chains.codes):
            return np.full(len(rows), -1, np.int64)
        start, stop = self._chains.offsets[rows], self._chains.offsets[rows + 1]
        first = self._chains.codes[np.minimum(start, len(self._chains.codes) - 1)]
        return self._cluster_of[np.where(stop > start, first, -1)]


def _encoded(terms: tuple[str, ...]) -> list[bytes]:
    return [wire.text_values([term.encode()]) for term in terms]


def _texts(table: Table, name: str) -> TextColumn:
    column = table.column(name)
    if not isinstance(column, TextColumn):
        raise TypeError(f"{table.kind}.{name} is no column of texts")
    return column


def _terms(table: Table, name: str) -> TermColumn:
    column = table.column(name)
    if not isinstance(column, TermColumn):
        raise TypeError(f"{table.kind}.{name} is no column of terms")
    return column


def _lists(table: Table, name: str) -> TermsColumn:
    column = table.column(name)
    if not isinstance(column, TermsColumn):
        raise TypeError(f"{table.kind}.{name} is no column of several terms")
    return column


def _flags(table: Table, name: str) -> FlagColumn:
    column = table.column(name)
    if not isinstance(column, FlagColumn):
        raise TypeError(f"{table.kind}.{name} is no column of flags")
    return column
