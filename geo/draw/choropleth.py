"""Counties coloured by their selected projects: how many, how much, how much per square kilometre."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datasets.labels import DEFAULT_LANGUAGE, Label
from datasets.world import World
from geo.draw import classes, figures
from geo.draw.choices import offered
from geo.draw.investment import HUNDRED_MILLION_YUAN, WAN_IN_YI, Money
from geo.draw.investment import money as money_of
from geo.query.selection import Selection

RAMP = ("#9fcdc5", "#6eafb0", "#3d8c9c", "#1d6382", "#10375f")
ZERO_COLOUR = "#ffffff"
# On dark ground more is brighter, and zero is the ground itself.
DARK_RAMP = ("#235d84", "#3580a0", "#5ba5b4", "#93c8c4", "#d9f2e8")
DARK_ZERO_COLOUR = "#2a302d"
NO_DATA_COLOUR = "#e6e1d8"  # pale: in most selections most counties have none
VALUE_DECIMALS = 6


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is shown of a county: its unit, how it follows from count, sum (亿元, NaN if unknown) and area (km²).

    one: the unit of exactly one, where a language has another word for it.
    """

    label: Label
    unit: Label
    one: Label | None = None
    whole: bool = False
    of: Callable[[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]


MEASURES: Mapping[str, Measure] = {
    "projects": Measure(
        label=Label("项目数", "Projects"),
        unit=Label("个", "projects"),
        one=Label("个", "project"),
        whole=True,
        of=lambda count, _sum, _area: count,
    ),
    "amount": Measure(
        label=Label("总投资", "Investment"), unit=HUNDRED_MILLION_YUAN, of=lambda _count, total, _area: total
    ),
    # 万元: in 亿元/平方公里 most counties would read 0.00…
    "density": Measure(
        label=Label("投资密度", "Investment density"),
        unit=Label("万元/平方公里", "10k CNY/km²"),
        of=lambda _count, total, area: total * WAN_IN_YI / area,
    ),
}


@dataclass(frozen=True)
class Choropleth:
    """Classes of counties. breaks: edges, one more than `colours`; a class holds its upper edge, not its lower one.

    dark_colours: those for a page on dark ground, one for each of `colours`.
    values: adcode → value in `unit`, None where no amount is known (never for projects), 0 for zero. outside: what
    is known only to a city, by its adcode: projects, amount_wan (None if unknown), amount_known.
    """

    measure: str
    method: str
    unit: Label
    breaks: list[float]
    colours: list[str]
    dark_colours: list[str]
    values: dict[str, float | None]
    outside: dict[str, dict[str, Any]]
    legend: list[dict[str, Any]]
    note: str

    def payload(self) -> dict[str, Any]:
        """The JSON form; `unit` in each language, labels and note in the one that was asked for."""
        return {
            **vars(self),
            "unit": {"zh": self.unit.zh, "en": self.unit.en},
            "zero_colour": ZERO_COLOUR,
            "dark_zero_colour": DARK_ZERO_COLOUR,
            "no_data_colour": NO_DATA_COLOUR,
        }


def choropleth(
    selection: Selection,
    world: World,
    measure: str = "projects",
    method: str = "fisher",
    lang: str = DEFAULT_LANGUAGE,
    money: Money | None = None,
) -> Choropleth:
    """The selected projects of every county in at most five classes; raises BadParameters.

    Every selected project counts, whatever its stage; amounts in yuan only, those of one project once. For amounts
    a county without a known figure has no data; for projects every county has a number. money: that of the selection,
    where the caller has it.
    """
    chosen = MEASURES[offered("measure", measure, MEASURES)]
    offered("classes", method, classes.METHODS)
    money = money or money_of(selection)
    values = np.round(chosen.of(*_by_county(money, world)), VALUE_DECIMALS)
    positive = values[values > 0]
    edges = classes.edges(positive, method, whole=chosen.whole)
    colours = classes.spread(RAMP, len(edges) - 1)
    return Choropleth(
        measure=measure,
        method=method,
        unit=chosen.unit,
        breaks=edges,
        colours=colours,
        dark_colours=classes.spread(DARK_RAMP, len(colours)),
        values={
            code: None if np.isnan(value) else value
            for code, value in zip(world.boundaries.counties, values.tolist(), strict=True)
        },
        outside=_outside(money, world),
        legend=_legend(values, edges, colours, chosen, lang),
        note=_note(money, chosen).text(lang),
    )


def _by_county(money: Money, world: World) -> tuple[NDArray[np.float64], ...]:
    """Projects, 亿元 (NaN where none is known) and km², one entry a county in the dataset's order."""
    area = np.array([unit.area_km2 for unit in world.boundaries.counties.values()])
    number = {adcode: at for at, adcode in enumerate(world.boundaries.counties)}
    count, total, known = (np.zeros(len(number)) for _ in range(3))
    for at, unit in enumerate(money.units):
        if unit in number:
            own = number[unit]
            count[own], total[own], known[own] = money.number[at], money.wan[at] / WAN_IN_YI, money.known[at]
    return count, np.where(known > 0, total, np.nan), area


def _outside(money: Money, world: World) -> dict[str, dict[str, Any]]:
    """What belongs to a city as a whole and so to none of its counties."""
    found = {}
    for unit, number, known, wan in zip(
        money.units, money.number.tolist(), money.known.tolist(), money.wan.tolist(), strict=True
    ):
        if number and unit not in world.boundaries.counties:
            found[unit] = {
                "projects": number,
                "amount_wan": round(wan, 2) if known else None,
                "amount_known": known,
            }
    return dict(sorted(found.items()))


def _legend(
    values: NDArray[np.float64], edges: list[float], colours: list[str], measure: Measure, lang: str
) -> list[dict[str, Any]]:
    """One row a class, then zero and no data where they occur; n counts counties."""
    member = classes.classify(values[values > 0], edges)
    rows = [
        {
            "colour": colour,
            "label": _with_unit(_range(edges[at], edges[at + 1], first=at == 0, whole=measure.whole), measure, lang),
            "n": int(np.count_nonzero(member == at)),
        }
        for at, colour in enumerate(colours)
    ]
    zero, missing = int(np.count_nonzero(values == 0)), int(np.count_nonzero(np.isnan(values)))
    if zero:
        rows.append({"colour": ZERO_COLOUR, "label": _with_unit("0", measure, lang), "n": zero})
    if missing:
        label = Label("无数据（没有金额已知的项目）", "No data (no project with a known amount)")
        rows.append({"colour": NO_DATA_COLOUR, "label": label.text(lang), "n": missing, "missing": True})
    return rows


def _with_unit(text: str, measure: Measure, lang: str) -> str:
    """In English the units of money begin with a number, which must not run into the figure."""
    unit = ((text == "1" and measure.one) or measure.unit).text(lang)
    return f"{text} {unit}" if lang == DEFAULT_LANGUAGE or measure.whole else f"{text} ({unit})"


def _range(low: float, high: float, *, first: bool, whole: bool) -> str:
    if whole and not first:
        low += 1
    return figures.figure(low) if low == high else f"{figures.figure(low)}–{figures.figure(high)}"


def _note(money: Money, measure: Measure) -> Label:
    """What the colours count, and what they cannot."""
    zh, en = ["按当前筛选的全部项目计，不限阶段"], ["All selected projects count, whatever their stage"]
    if not measure.whole:
        zh.append(f"仅计人民币金额；{money.unknown} 个项目金额不详，{money.foreign} 个为外币，未计入")
        en.append(
            f"amounts in yuan only; left out: {money.unknown} projects of unknown amount, "
            f"{money.foreign} in other currencies"
        )
        if money.repeated:
            zh.append(f"{money.repeated} 条同一项目的重复记载不重复计")
            en.append(f"{money.repeated} further records of the same projects are not added again")
    if money.demo:
        zh.append(f"含 {money.demo} 个演示项目")
        en.append(f"{money.demo} of them are demonstration data")
    return Label("；".join(zh) + "。", "; ".join(en) + ".")
