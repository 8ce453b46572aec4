"""How much demonstration data each county of Xuchang gets.

The totals are those that Xuchang's own map of December 2020 printed (003:129): 38 routes, 68 platforms, 35 plots
with 135 km², 48 opportunities. How they fall upon the counties, and every size, is invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

AS_OF = "2020-12"
SOURCE = "demo"
SEED = "relitu-demo-1"


@dataclass(frozen=True, slots=True)
class Share:
    """One county's share: sites around which things cluster, areas of its plots in km², counts of the rest."""

    sites: int
    plots_km2: tuple[float, ...]
    parks: int
    opportunities: int
    routes: int


PLAN: Mapping[str, Share] = {
    "411002": Share(2, (0.5, 0.8, 1.2), parks=10, opportunities=7, routes=6),
    "411003": Share(3, (8.4, 5.2, 3.9, 2.6, 6.1, 1.8, 3.0), parks=13, opportunities=9, routes=7),
    "411024": Share(3, (7.2, 4.5, 2.4, 1.5, 3.3, 2.1), parks=10, opportunities=7, routes=5),
    "411025": Share(3, (6.6, 5.0, 3.7, 0.9, 2.8, 2.0), parks=11, opportunities=7, routes=6),
    "411081": Share(3, (9.0, 7.8, 5.4, 3.3, 1.4, 2.6), parks=12, opportunities=9, routes=7),
    "411082": Share(3, (8.1, 6.3, 4.8, 3.6, 1.1, 2.2, 3.9), parks=12, opportunities=9, routes=7),
}


def dice(what: str, adcode: str) -> Random:
    """The same chances in every run, its own for each county and each `what`: one county's change moves no other."""
    return Random(f"{SEED}/{what}/{adcode}")  # noqa: S311 (a layout is no secret)
