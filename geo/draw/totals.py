"""The money that a selection's projects name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.draw.investment import WAN_IN_YI, investment
from geo.query.selection import Selection


@dataclass(frozen=True)
class Totals:
    """wan: 万元 of all selected projects with an amount in yuan; known: how many these are; repeated: how many more say
    the amount of a project that another record holds already, and are left out of the sum."""

    wan: float
    known: int
    repeated: int


def totals(selection: Selection) -> Totals:
    """The sum of the selected projects' amounts, each project once."""
    money = investment(selection)
    counted = money.known & ~money.repeated
    return Totals(
        wan=round(float(money.amount[counted].sum()) * WAN_IN_YI, 2),
        known=int(np.count_nonzero(counted)),
        repeated=int(np.count_nonzero(money.known & money.repeated)),
    )
