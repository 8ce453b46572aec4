"""The selected projects' money: what is known in yuan, from which stage on it counts as signed, and where it is.

Amounts in other currencies are never converted: no source gives a rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from datasets import vocab
from datasets.labels import Label
from geo.draw.gathering import Codes
from geo.draw.repeats import repeats
from geo.model.kinds.project import Project
from geo.publish import Table
from geo.publish.columns import FlagColumn, NumberColumn, TermColumn
from geo.query.masks import term_table
from geo.query.selection import At, Selection

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WAN_IN_YI = 10_000.0
HUNDRED_MILLION_YUAN = Label("亿元", "100M CNY")
CNY = "CNY"
FIRST_SIGNED = "signed"


@dataclass(frozen=True, eq=False)
class Investment:
    """One entry a selected project of a piece of them.

    wan: 万元, NaN where the source gives none in yuan (a sum without a currency is none). foreign: it gives one in
    another currency. signed: the stage is 签约 or a later one. unit, place: positions in `units` (adcodes) and
    `places` (gazetteer ids; -1 for none); at: the rows in the table. counted: wan is known, and no other selected
    record of the same project gives it already; weighs: the same of the signed ones alone.
    """

    table: Table
    at: At
    units: tuple[str, ...]
    places: tuple[str, ...]
    wan: Floats
    foreign: Flags
    signed: Flags
    demo: Flags
    unit: Codes
    place: Codes
    counted: Flags
    weighs: Flags

    @property
    def known(self) -> Flags:
        """Which projects have an amount in yuan."""
        return ~np.isnan(self.wan)

    @property
    def repeated(self) -> Flags:
        """Which amounts in yuan belong to a project whose amount another selected record gives already."""
        return self.known & ~self.counted

    def points(self, chosen: Codes) -> Floats:
        """(n, 2) WGS-84 lon/lat of some of the projects; NaN where one has no geometry."""
        rows = self.at.start + chosen if isinstance(self.at, slice) else self.at[chosen]
        return self.table.point[rows]


@dataclass(frozen=True, eq=False)
class Money:
    """The selected projects by the county or city that they name, one entry each of `units` (adcodes).

    number: how many; known: how many amounts in yuan count, each project's once; wan: their sum in 万元. Over all of
    them: unknown amounts, those in other currencies, those that repeat another record's, and demonstration data.
    """

    units: tuple[str, ...]
    number: Codes
    known: Codes
    wan: Floats
    unknown: int
    foreign: int
    repeated: int
    demo: int


@cache
def signed_stages() -> frozenset[str]:
    """The stages that stand at or after 签约 in the vocabulary's order: 洽谈、意向 and 谋划 are not among them.

    A halted project stands behind them all: its contract was signed, so it counts.
    """
    stages = vocab.load("stage")
    return frozenset(term.code for term in stages if term.order >= stages.get(FIRST_SIGNED).order)


def investments(selection: Selection) -> Iterator[Investment]:
    """The money of the selected projects, some of them at a time, so that memory does not grow with their number."""
    kind = Project.kind
    if kind not in selection.kinds or kind not in selection.snapshot.kinds:
        return
    table, chosen = selection.snapshot.table(kind), selection.chosen(kind)
    columns = Columns(table)
    some = chosen.mask[columns.repeats.rows] if len(columns.repeats.rows) else np.empty(0, np.bool_)
    again = columns.repeats.again(some & columns.known(columns.repeats.rows))
    signed = some & columns.known(columns.repeats.rows) & columns.signed(columns.repeats.rows)
    again_signed = columns.repeats.again(signed)
    for at in chosen.pieces():
        wan, known, is_signed = columns.wan(at), columns.known(at), columns.signed(at)
        yield Investment(
            table=table,
            at=at,
            units=columns.county.terms,
            places=columns.places,
            wan=wan,
            foreign=columns.foreign(at),
            signed=is_signed,
            demo=columns.demo.values[at],
            unit=columns.county.codes[at].astype(np.intp),
            place=columns.place(at),
            counted=_less(known, at, again),
            weighs=_less(known & is_signed, at, again_signed),
        )


def money(selection: Selection) -> Money:
    """The amounts of the selected projects by county and city."""
    units: tuple[str, ...] = ()
    number = known = np.empty(0, np.intp)
    wan = np.empty(0)
    unknown = foreign = repeated = demo = 0
    for piece in investments(selection):
        if not units:
            units = piece.units
            number, known, wan = np.zeros(len(units), np.intp), np.zeros(len(units), np.intp), np.zeros(len(units))
        number += np.bincount(piece.unit, minlength=len(units))
        counted = piece.unit[piece.counted]
        known += np.bincount(counted, minlength=len(units))
        wan += np.bincount(counted, piece.wan[piece.counted], minlength=len(units))
        unknown += int(np.count_nonzero(~piece.known & ~piece.foreign))
        foreign += int(np.count_nonzero(piece.foreign))
        repeated += int(np.count_nonzero(piece.repeated))
        demo += int(np.count_nonzero(piece.demo))
    return Money(units, number, known, wan, unknown, foreign, repeated, demo)


class Columns:
    """What the table of projects says of money, asked for some rows at a time; the words are those of `Investment`."""

    def __init__(self, table: Table) -> None:
        amounts, demo = table.column("amount_wan"), table.column("demo")
        if not isinstance(amounts, NumberColumn) or not isinstance(demo, FlagColumn):
            raise TypeError("project.amount_wan holds no numbers, or project.demo no flags")
        self._amounts, self.demo = amounts.values, demo
        self.county, self.repeats = _terms(table, "county"), repeats(table)
        self._place, self._stage, self._currency = (_terms(table, name) for name in ("place", "stage", "currency"))
        self.places = self._place.terms
        self._is_signed = term_table(self._stage.terms, signed_stages().__contains__)
        self._is_yuan = term_table(self._currency.terms, CNY.__eq__)

    def wan(self, at: At) -> Floats:
        """万元; NaN where none are known."""
        return np.where(self._is_yuan[self._currency.codes[at]], self._amounts[at], np.nan)

    def known(self, at: At) -> Flags:
        """Whether there is an amount in yuan."""
        return self._is_yuan[self._currency.codes[at]] & ~np.isnan(self._amounts[at])

    def foreign(self, at: At) -> Flags:
        """Whether there is one in another currency."""
        currency = self._currency.codes[at]
        return ~self._is_yuan[currency] & (currency >= 0) & ~np.isnan(self._amounts[at])

    def signed(self, at: At) -> Flags:
        """Whether the stage is 签约 or a later one."""
        return self._is_signed[self._stage.codes[at]]

    def place(self, at: At) -> Codes:
        """Positions in `places`, -1 for none."""
        return self._place.codes[at].astype(np.intp)


def _terms(table: Table, name: str) -> TermColumn:
    column = table.column(name)
    if not isinstance(column, TermColumn):
        raise TypeError(f"{table.kind}.{name} is no column of terms")
    return column


def _less(flags: Flags, at: At, rows: Codes) -> Flags:
    """The flags of the rows `at`, down where one of these `rows` (ascending) stands."""
    if not len(rows):
        return flags
    if isinstance(at, slice):
        own = rows[(rows >= at.start) & (rows < at.stop)] - at.start
    else:
        own = np.flatnonzero(np.isin(at, rows, assume_unique=True))
    left = flags.copy()
    left[own] = False
    return left
