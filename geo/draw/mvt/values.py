"""What a layer says about its features: each text once, the features holding numbers of keys and values."""

from __future__ import annotations

from typing import Any

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
        self._chains = _lists(table, "chains")
        self.clusters = clusters = tuple(world.chains.clusters)
        known = world.chains.chains
        of = [clusters.index(known[chain].cluster) if chain in known else -1 for chain in self._chains.terms]
        self._cluster_of = np.array([*of, -1], np.int64)
        term = leading_term(kind)
        self.keys = ("id", "name", "demo", "cluster", *([term] if term else []))
        columns: list[tuple[NDArray[np.integer[Any]], list[bytes]]] = [
            (_flags(table, "demo").values.astype(np.intp), [FALSE, TRUE])
        ]
        columns.append((self.cluster(np.arange(table.rows)), _encoded(clusters)))
        if term:
            leading = _terms(table, term)
            columns.append((leading.codes, _encoded(leading.terms)))
        self._coded = [b"", *(value for _, values in columns for value in values)]
        small = np.uint8 if len(self._coded) <= 1 << 8 else np.int32
        self._numbers = [table.name_number(lang) for lang in ("en", "zh")]
        self._codes = np.zeros((table.rows, len(columns)), small)
        used = 0
        for number, (codes, values) in enumerate(columns):
            self._codes[:, number] = np.where(codes >= 0, codes + (used + 1), 0)
            used += len(values)

    def tags(self, rows: Rows, lang: str) -> tuple[Numbers, bytes]:
        """(rows, keys) the number of each one's value, -1 for none, and the values."""
        n = len(rows)
        name, names, texts = self._names(rows, lang)
        codes = self._codes.take(rows, axis=0)
        met = np.bincount(codes.ravel(), minlength=len(self._coded)) > 0
        met[0] = False
        number = np.add.accumulate(met, dtype=np.int64) + (n + names - 1)
        number[0] = -1
        table = np.empty((n, len(self.keys)), np.int64)
        table[:, 0] = np.arange(n)
        np.add(name, n, out=table[:, 1])
        table[:, 2:] = number[codes]
        coded = [self._coded[each] for each in met.nonzero()[0].tolist()]
        return table, b"".join([wire.column_values(self._id, rows), texts, *coded])

    def _names(self, rows: Rows, lang: str) -> tuple[Numbers, int, bytes]:
        """The number of each row's name, how many names there are, and the names."""
        same = self._numbers[lang == "zh"][rows]
        same = same - same.min()
        keeper = np.empty(int(same.max()) + 1, np.int64)  # only what is written to takes memory
        each = np.arange(len(rows))
        keeper[same] = each
        kept = keeper[same]
        own = kept == each
        number, chosen = (np.add.accumulate(own, dtype=np.int64) - 1)[kept], rows[own]
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
