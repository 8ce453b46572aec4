"""A selection in a few numbers, as a page shows them large: how many of each kind, their area, their investment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.draw.totals import totals
from geo.model import Feature, fields_of
from geo.model.fields import Area
from geo.publish.columns import FlagColumn, NumberColumn
from geo.query import Selection
from webmap.present import quantities
from webmap.present.areas import MONEY_DIGITS
from webmap.present.reader import Reader

INVESTED = "project"


@dataclass(frozen=True)
class Sum:
    """A sum in its unit; `note` says how many features state what it adds up."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class KindFigure:
    """What a selection holds of one kind: how many, of them demonstration data, and what they add up to."""

    label: str
    n: str
    sums: tuple[Sum, ...]
    demo: int


def key_figures(selection: Selection, reader: Reader) -> list[KindFigure]:
    """One figure for every kind that the selection holds."""
    return [
        KindFigure(
            kind.plural.text(reader.lang),
            quantities.number(n, reader.lang, 0),
            (*_areas(selection, kind, reader), *_investment(selection, kind, reader)),
            _demo(selection, kind.kind),
        )
        for kind in reader.kinds
        if (n := selection.count(kind.kind))
    ]


def _investment(selection: Selection, kind: type[Feature], reader: Reader) -> list[Sum]:
    """What the projects invest, each counted once."""
    money = totals(selection) if kind.kind == INVESTED else None
    if money is None or not money.known:
        return []
    amount = quantities.money(money.wan, reader.lang, digits=MONEY_DIGITS)
    return [Sum(reader.t("area.investment"), amount, reader.t("area.investment_known", n=money.known))]


def _areas(selection: Selection, kind: type[Feature], reader: Reader) -> list[Sum]:
    """The sums of the kind's listed areas; what nobody states doesn't count."""
    found = []
    for name, field in fields_of(kind).items():
        column = selection.snapshot.table(kind.kind).column(name)
        if not isinstance(field, Area) or not field.listed or not isinstance(column, NumberColumn):
            continue
        values = column.values[selection.masks[kind.kind]]
        known = ~np.isnan(values)
        if n := int(np.count_nonzero(known)):
            m2 = quantities.area(float(values[known].sum()), reader.lang, both=False)
            found.append(Sum(field.label.text(reader.lang), m2, reader.t("area.known_of", n=n)))
    return found


def _demo(selection: Selection, kind: str) -> int:
    column = selection.snapshot.table(kind).column("demo")
    assert isinstance(column, FlagColumn)  # noqa: S101 (every kind declares it so)
    return int(np.count_nonzero(column.values[selection.masks[kind]]))
