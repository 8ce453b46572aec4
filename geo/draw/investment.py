"""The selected projects' money: what is known in yuan, from which stage on it counts as signed, and where it is.

Amounts in other currencies are never converted: no source gives a rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from datasets import vocab
from datasets.labels import Label
from geo.draw.gathering import CodeBook, Codes, term_codes
from geo.draw.repeats import first_records
from geo.model.kinds.project import Project
from geo.publish.columns import FlagColumn, NumberColumn
from geo.query.selection import Selection

WAN_IN_YI = 10_000.0
HUNDRED_MILLION_YUAN = Label("亿元", "100M CNY")
CNY = "CNY"
FIRST_SIGNED = "signed"


@dataclass(frozen=True, eq=False)
class Investment:
    """One entry a selected project.

    amount: 亿元, NaN where the source gives none in yuan (a sum without a currency is none). foreign: it gives one in
    another currency. signed: the
    stage is 签约 or a later one. unit, place: positions in `units` (adcodes) and `places` (gazetteer ids; -1 for
    none). point: (n, 2) WGS-84 lon/lat, NaN where the project has no geometry. row: in the table; record: the row
    of the record of the same project that `same_as` leads to, its own where there is none.
    """

    units: tuple[str, ...]
    places: tuple[str, ...]
    amount: NDArray[np.float64]
    foreign: NDArray[np.bool_]
    signed: NDArray[np.bool_]
    demo: NDArray[np.bool_]
    unit: Codes
    place: Codes
    point: NDArray[np.float64]
    row: Codes
    record: Codes

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which projects have an amount in yuan."""
        return ~np.isnan(self.amount)

    @property
    def repeated(self) -> NDArray[np.bool_]:
        """Which amounts in yuan belong to a project whose amount another selected record gives already."""
        return self.known & ~self.once(self.known)

    def once(self, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """One record of every project that has any in `among`: the one that the others refer to, else the first."""
        chosen = np.flatnonzero(among)
        order = chosen[np.lexsort((chosen, self.record[chosen] != self.row[chosen], self.record[chosen]))]
        kept = np.zeros(len(among), np.bool_)
        kept[order[np.unique(self.record[order], return_index=True)[1]]] = True
        return kept


@cache
def signed_stages() -> frozenset[str]:
    """The stages that stand at or after 签约 in the vocabulary's order: 洽谈、意向 and 谋划 are not among them.

    A halted project stands behind them all: its contract was signed, so it counts.
    """
    stages = vocab.load("stage")
    return frozenset(term.code for term in stages if term.order >= stages.get(FIRST_SIGNED).order)


def investment(selection: Selection) -> Investment:
    """The money of the selected projects; empty where the snapshot has no projects."""
    kind = Project.kind
    if kind not in selection.masks:
        none, off = np.empty(0, np.intp), np.empty(0, np.bool_)
        return Investment((), (), np.empty(0), off, off, off, none, none, np.empty((0, 2)), none, none)
    table, rows = selection.snapshot.table(kind), selection.rows(kind)
    amounts, demo = table.column("amount_wan"), table.column("demo")
    if not isinstance(amounts, NumberColumn) or not isinstance(demo, FlagColumn):
        raise TypeError("project.amount_wan holds no numbers, or project.demo no flags")
    currencies, stages, units, places = CodeBook(CNY), CodeBook(), CodeBook(), CodeBook()
    wan = amounts.values[rows]
    currency = term_codes(table, "currency", rows, currencies)
    yuan = currency == currencies.numbers((CNY,))[0]
    stage = term_codes(table, "stage", rows, stages)
    signed = np.array([*(term in signed_stages() for term in stages.terms), False], np.bool_)
    return Investment(
        unit=term_codes(table, "county", rows, units),
        place=term_codes(table, "place", rows, places),
        units=units.terms,
        places=places.terms,
        amount=np.where(yuan, wan / WAN_IN_YI, np.nan),
        foreign=~yuan & (currency >= 0) & ~np.isnan(wan),
        signed=signed[stage],
        demo=demo.values[rows],
        point=table.point[rows],
        row=rows,
        record=first_records(table)[rows],
    )
