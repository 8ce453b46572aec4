"""Figures of a plot or project that cannot be right, or hardly.

The bounds are wide: they find slipped units and decimals, not bad planning. Sources: terms of grant from 城镇国有土地使用权出让和转让暂行条例
art. 12 (industry 50 years, 70 at most for any use); the others from what Henan's listings hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from datasets.labels import Label
from geo.check.spot import Spot, Spotted, error, warning
from geo.model import Feature, fields_of


@dataclass(frozen=True, slots=True)
class Plausible:
    """Bounds of a field in its stored unit. Outside low…high a person must look; outside least…most it is an error."""

    field: str
    low: float
    high: float
    least: float = -np.inf
    most: float = np.inf
    why: Label | None = None


INDUSTRY_TERM = Label("工业用地出让年限最高 50 年", "industrial land is granted for 50 years at most")
PER_CENT = Label("应为百分数，如 45", "a percentage is expected, such as 45")
PLAUSIBLE = (
    Plausible("far_min", 0.1, 10, 0, 30),
    Plausible("far_max", 0.1, 10, 0, 30),
    Plausible("density_max", 5, 80, 0, 100, PER_CENT),
    Plausible("green_min", 1, 50, 0, 100, PER_CENT),
    Plausible("height_max_m", 3, 250, 0, 1000),
    Plausible("price_wan_mu", 2, 500, 0, 20_000),
    Plausible("intensity_wan_mu", 20, 3_000, 0, 100_000),
    Plausible("tax_wan_mu", 0.5, 500, 0, 20_000),
    Plausible("term_years", 5, 50, 1, 70, INDUSTRY_TERM),
    Plausible("area_m2", 100, 2e7, 0, 1e10),
    Plausible("amount_wan", 10, 1e7, 0, 1e9),
)
ZERO_IS_NONE = ("green_min", "amount_wan")  # a green ratio may well be nil, an amount of nil is the field's own matter
ORDERED = (
    ("far_min", "far_max", "far-min-above-max"),
    ("amount_min_wan", "amount_max_wan", "amount-min-above-max"),
)


def check_ranges(kind: type[Feature], columns: Mapping[str, Sequence[Any]]) -> Spotted:
    """Spots of figures out of range; columns: field → stored values of all rows (None where there is none)."""
    declared = fields_of(kind)
    arrays = {
        name: np.array(columns[name], dtype=float)
        for name in {each.field for each in PLAUSIBLE} | {name for pair in ORDERED for name in pair[:2]}
        if name in declared and name in columns
    }
    for each in PLAUSIBLE:
        if each.field in arrays and not (kind.kind != "plot" and each.field == "area_m2"):
            yield from _out_of_range(kind, each, arrays[each.field])
    for low, high, code in ORDERED:
        if low in arrays and high in arrays:
            for row in np.flatnonzero(arrays[low] > arrays[high]).tolist():
                yield row, _disordered(kind, low, high, code, arrays[low][row], arrays[high][row])


def _out_of_range(kind: type[Feature], bounds: Plausible, values: np.ndarray[Any, Any]) -> Iterable[tuple[int, Spot]]:
    odd = (values < bounds.low) | (values > bounds.high)
    if bounds.field in ZERO_IS_NONE:
        odd &= values != 0
    field = fields_of(kind)[bounds.field]
    unit = field.unit or Label("", "")
    for row in np.flatnonzero(odd).tolist():
        value = float(values[row])
        impossible = not bounds.least <= value <= bounds.most
        zh = f"{field.label.zh}为 {value:,.10g} {unit.zh}，一般在 {bounds.low:,.10g} 至 {bounds.high:,.10g} 之间，请核对单位与数值"
        en = (
            f"{field.label.en} is {value:,.10g} {unit.en}, usually between {bounds.low:,.10g} and {bounds.high:,.10g};"
            " check unit and figure"
        )
        if bounds.why:
            zh, en = f"{zh}（{bounds.why.zh}）", f"{en} ({bounds.why.en})"
        make, code = (error, "value-impossible") if impossible else (warning, "value-implausible")
        yield row, make(code, zh.replace("  ", " "), en.replace(" , ", ", "), field=bounds.field)


def _disordered(kind: type[Feature], low: str, high: str, code: str, least: float, most: float) -> Spot:
    fields = fields_of(kind)
    return error(
        code,
        f"{fields[low].label.zh}（{least:g}）大于{fields[high].label.zh}（{most:g}）",
        f"{fields[low].label.en} ({least:g}) is above {fields[high].label.en} ({most:g})",
        field=low,
    )
