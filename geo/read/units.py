"""Units that stand behind numbers, each with its factor to the unit that the field stores."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MU_IN_M2 = 2000 / 3

AREA: Mapping[str, float] = {
    "平方公里": 1e6,
    "平方千米": 1e6,
    "km2": 1e6,
    "km²": 1e6,
    "km^2": 1e6,
    "㎢": 1e6,
    "sqkm": 1e6,
    "公顷": 1e4,
    "hectares": 1e4,
    "hectare": 1e4,
    "hm2": 1e4,
    "hm²": 1e4,
    "ha": 1e4,
    "万平方米": 1e4,
    "平方米": 1.0,
    "平米": 1.0,
    "平方": 1.0,
    "㎡": 1.0,
    "m2": 1.0,
    "m²": 1.0,
    "m^2": 1.0,
    "sqm": 1.0,
    "亩": MU_IN_M2,
    "mu": MU_IN_M2,
}
"""To ㎡. 1亩 = 2000/3 ㎡, 1公顷 = 15亩, 1平方公里 = 1500亩."""

CURRENCIES: Mapping[str, str] = {
    "人民币": "CNY",
    "美元": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "港元": "HKD",
    "港币": "HKD",
    "日元": "JPY",
    "rmb": "CNY",
    "cny": "CNY",
    "yuan": "CNY",
    "usd": "USD",
    "eur": "EUR",
    "hkd": "HKD",
    "元": "CNY",
    "¥": "CNY",
}
MULTIPLIERS: Mapping[str, float] = {
    "万亿": 1e12,
    "百亿": 1e10,
    "十亿": 1e9,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "万": 1e4,
    "千": 1e3,
    "million": 1e6,
    "billion": 1e9,
}
LENGTH: Mapping[str, float] = {"公里": 1000.0, "km": 1000.0, "米": 1.0, "m": 1.0}
YEARS: Mapping[str, float] = {"年": 1.0, "years": 1.0, "year": 1.0}
PERCENT: Mapping[str, float] = {"%": 1.0, "‰": 0.1, "percent": 1.0}


def _any(names: Mapping[str, float] | Mapping[str, str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_MULTIPLIER = rf"({_any(MULTIPLIERS)})?"
_MONEY = rf"{_MULTIPLIER}\s?({_any(CURRENCIES)})?"
_PATTERNS = {
    "area": re.compile(rf"{_MULTIPLIER}\s?({_any(AREA)})?", re.I),
    "money": re.compile(_MONEY, re.I),
    "price": re.compile(rf"{_MONEY}(?:\s?[/每]\s?({_any(AREA)}))?", re.I),
    "ratio": re.compile(rf"{_MULTIPLIER}"),
    "percent": re.compile(rf"\s?({_any(PERCENT)})?", re.I),
    "length": re.compile(rf"({_any(LENGTH)})?", re.I),
    "years": re.compile(rf"({_any(YEARS)})?", re.I),
    "count": re.compile(rf"{_MULTIPLIER}\s?[个家人户项宗]?"),
}
STORED = {"area": "㎡", "money": "万元", "price": "万元/亩"}
"""The stored unit of those whose number says nothing without one."""
KINDS = tuple(_PATTERNS)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as found: its words, factor to the stored unit, currency. None for a factor: no unit that would tell."""

    text: str
    factor: float | None
    multiplier: float
    currency: str
    end: int


def unit_at(text: str, position: int, of: str) -> Unit:
    """The unit that stands at a position of a text (`text` is narrow and without spaces around)."""
    while position < len(text) and text[position] == " ":
        position += 1
    match = _PATTERNS[of].match(text, position)
    if match is None:
        return Unit("", None, 1.0, "", position)
    said = match.group().strip()
    groups = [(group or "").lower() for group in match.groups()]
    return _unit(of, said, groups, match.end())


def _unit(of: str, said: str, groups: list[str], end: int) -> Unit:
    multiplier = MULTIPLIERS.get(groups[0], 1.0) if groups else 1.0
    currency = CURRENCIES.get(groups[1], "") if of in ("money", "price") else ""
    factor: float | None = 1.0
    if of == "area":
        factor = AREA.get(groups[1])
    elif of == "money":
        factor = 1e-4 if currency or multiplier >= 1e4 else None
    elif of == "price":
        # 万元/亩: yuan per ㎡ times 666.67 ㎡ a 亩, in ten thousands; "50万" alone does not say per what.
        factor = 1e-4 * MU_IN_M2 / AREA[groups[2]] if groups[2] else None
    elif of in ("percent", "length", "years"):
        table = {"percent": PERCENT, "length": LENGTH, "years": YEARS}[of]
        multiplier, factor = 1.0, table.get(groups[0], 1.0)
    return Unit(said, factor, multiplier, currency, end)
