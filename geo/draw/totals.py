"""The money that a selection's projects name."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from geo.draw.investment import Money
from geo.draw.investment import money as money_of
from geo.query.selection import Selection


@dataclass(frozen=True)
class Totals:
    """wan: 万元 of all selected projects with an amount in yuan; known: how many these are; repeated: how many more say
    the amount of a project that another record holds already, and are left out of the sum."""

    wan: float
    known: int
    repeated: int


def totals(selection: Selection, money: Money | None = None) -> Totals:
    """The sum of the selected projects' amounts, each project once. money: theirs, where the caller has it."""
    money = money or money_of(selection)
    return Totals(wan=round(fsum(money.wan.tolist()), 2), known=int(money.known.sum()), repeated=money.repeated)
