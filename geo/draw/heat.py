"""Heat: signed investment per square kilometre, its weight lying no more exactly than it is known.

Every selected project with an amount in yuan whose stage is 签约 or later counts once. One with a geometry weighs at
its point, with a Gaussian kernel of sigma 5 km; one known to a town or functional district at that place's point,
with 8 km; one known only to its county evenly over the county's area, one known only to its city over the city's,
both then blurred with 5 km. The integral over the map is the sum of the amounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import Any

import numpy as np

from datasets.labels import DEFAULT_LANGUAGE, Label
from datasets.world import World
from geo.draw import figures, palette
from geo.draw.choices import offered
from geo.draw.gathering import Codes
from geo.draw.heat_grid import EXACT_SIGMA_M, PLACE_SIGMA_M, HeatGrid, Picture
from geo.draw.heat_scale import SCALES
from geo.draw.investment import WAN_IN_YI, investments
from geo.draw.mercator import Box, Floats
from geo.draw.places import point_of
from geo.query.selection import Selection

UNIT = Label("亿元/平方公里", "100M CNY/km²")
COUNTED = ("point", "place", "county", "city", "before_signing", "amount_unknown", "repeated", "other_money")


@dataclass(frozen=True, eq=False)
class Heat:
    """A heat view. density: 亿元/平方公里 on the grid; `max` is its greatest value, on which the scale rests.

    counts: how many projects weigh at a point, a place, over a county, over a city, and how many do not weigh because
    they are before signing, of unknown amount, in other money, or repeat another record.
    """

    density: Floats
    scale: str
    amount: float
    counts: dict[str, int]
    demo: int
    lang: str
    grid: HeatGrid

    @property
    def max(self) -> float:
        """The greatest density, 亿元/平方公里."""
        return float(self.density.max())

    @property
    def projects(self) -> int:
        """How many projects the heat is made of."""
        return sum(self.counts[way] for way in ("point", "place", "county", "city"))

    @cached_property
    def picture(self) -> Picture:
        """The density on Web-Mercator pixels."""
        return self.grid.picture(self.density)

    @property
    def bounds(self) -> Box:
        """West, south, east, north of the picture's edges."""
        return self.picture.bounds

    def png(self, veil: float = 1.0) -> bytes:
        """The picture as a palette PNG with transparency, all of it by the share `veil` as opaque as usual."""
        share = self.picture.values / self.max if self.max else self.picture.values
        return palette.png(SCALES[self.scale].position(share), veil)

    def payload(self) -> dict[str, Any]:
        """The JSON form, without the picture's address; legend values stand in `unit`."""
        west, south, east, north = self.bounds
        return {
            "bounds": [[south, west], [north, east]],
            "unit": {"zh": UNIT.zh, "en": UNIT.en},
            "scale": self.scale,
            "bandwidth_m": EXACT_SIGMA_M,
            "place_bandwidth_m": PLACE_SIGMA_M,
            "max": self.max,
            "legend": self._legend(),
            "note": _note(self).text(self.lang),
            "projects": self.projects,
            "amount_wan": round(self.amount * WAN_IN_YI, 2),
            "counts": self.counts,
        }

    def _legend(self) -> list[dict[str, Any]]:
        scale = SCALES[self.scale]
        values = scale.ticks(self.max)
        positions = scale.position(np.array(values) / self.max) if values else np.empty(0)
        return [
            {
                "value": value,
                "label": figures.figure(value),
                "colour": palette.colour(at),
                "opacity": palette.opacity(at),
            }
            for value, at in zip(values, positions.tolist(), strict=True)
        ]


def heat(
    selection: Selection, world: World, grid: HeatGrid, scale: str = "linear", lang: str = DEFAULT_LANGUAGE
) -> Heat:
    """The signed investment of a selection as a density; raises BadParameters for an unknown scale.

    `grid` is that of `world`'s boundaries and is built once by the caller.
    """
    offered("scale", scale, SCALES)
    at_points, by_unit, by_place = grid.empty(), _Sums(), _Sums()
    counts = dict.fromkeys(COUNTED, 0)
    demo = 0
    for money in investments(selection):
        chosen = np.flatnonzero(money.weighs)
        on_grid = grid.add(at_points, money.points(chosen), money.wan[chosen] / WAN_IN_YI)
        counts["point"] += int(np.count_nonzero(on_grid))
        elsewhere = chosen[~on_grid]
        # The place of a project without a point of its own, or with one that is not believed; else its unit.
        held = np.append(grid.holds(_points_of(money.places, world)), False)[money.place[elsewhere]]
        by_place.add(money.places, money.place, money.wan, elsewhere[held])
        by_unit.add(money.units, money.unit, money.wan, elsewhere[~held])
        counts["before_signing"] += int(np.count_nonzero(~money.signed))
        counts["amount_unknown"] += int(np.count_nonzero(money.signed & ~money.known & ~money.foreign))
        counts["repeated"] += int(np.count_nonzero(money.signed & money.known & ~money.weighs))
        counts["other_money"] += int(np.count_nonzero(money.signed & money.foreign))
        demo += int(np.count_nonzero(money.demo & money.weighs))
    counts["place"] = by_place.projects
    for unit, projects in by_unit.number.items():
        counts["county" if unit in world.boundaries.counties else "city"] += projects
    blurred = grid.points(_points_of(tuple(by_place.yi), world), np.array(list(by_place.yi.values())))
    # The sum of two Gaussians' variances: first to the difference, then all together to the narrower kernel.
    wider = grid.smoothed(blurred, float(np.sqrt(PLACE_SIGMA_M**2 - EXACT_SIGMA_M**2)))
    amounts = grid.smoothed(grid.spread_over(by_unit.yi) + at_points + wider, EXACT_SIGMA_M)
    return Heat(
        density=amounts / grid.cell_km2,
        scale=scale,
        amount=fsum([at_points.sum(), *by_place.yi.values(), *by_unit.yi.values()]),
        counts=counts,
        demo=demo,
        lang=lang,
        grid=grid,
    )


class _Sums:
    """Projects and 亿元 by the name of their place or unit."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}
        self.yi: dict[str, float] = {}

    @property
    def projects(self) -> int:
        return sum(self.number.values())

    def add(self, names: tuple[str, ...], code: Codes, wan: Floats, chosen: Codes) -> None:
        own = code[chosen]
        number = np.bincount(own, minlength=len(names))
        yi = np.bincount(own, wan[chosen] / WAN_IN_YI, minlength=len(names))
        for at in np.flatnonzero(number).tolist():
            self.number[names[at]] = self.number.get(names[at], 0) + int(number[at])
            self.yi[names[at]] = self.yi.get(names[at], 0.0) + float(yi[at])


def _points_of(places: tuple[str, ...], world: World) -> Floats:
    """(n, 2) the point of each place, NaN where it has none of its own."""
    return np.array([point_of(world, place) or (np.nan, np.nan) for place in places]).reshape(-1, 2)


def _note(heat: Heat) -> Label:
    """How the picture was made and what it leaves out."""
    c = heat.counts
    near, far = EXACT_SIGMA_M / 1000, PLACE_SIGMA_M / 1000
    zh = [
        f"签约及以后阶段、金额已知（人民币）的 {heat.projects} 个项目；高斯核，带宽 {near:g} 公里",
        f"按点 {c['point']} 个，按乡镇或功能区 {c['place']} 个（带宽 {far:g} 公里），"
        f"摊到全县 {c['county']} 个，摊到全市 {c['city']} 个",
        f"未计入：签约前 {c['before_signing']} 个，金额不详 {c['amount_unknown']} 个，外币 {c['other_money']} 个",
    ]
    en = [
        f"{heat.projects} projects at or after signing with a known amount in yuan; Gaussian kernel, sigma {near:g} km",
        f"{c['point']} at points, {c['place']} at towns or functional districts (sigma {far:g} km), "
        f"{c['county']} spread over their counties, {c['city']} over their cities",
        f"left out: {c['before_signing']} before signing, {c['amount_unknown']} of unknown amount, "
        f"{c['other_money']} in other money",
    ]
    if c["repeated"]:
        zh.append(f"{c['repeated']} 条同一项目的重复记载不重复计")
        en.append(f"{c['repeated']} further records of the same projects are not added again")
    if heat.demo:
        zh.append(f"含 {heat.demo} 个演示项目")
        en.append(f"{heat.demo} of them are demonstration data")
    return Label("；".join(zh) + "。", "; ".join(en) + ".")
