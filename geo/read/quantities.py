"""Quantities out of text as people type it: "约84亩", "0.77公顷", "12公顷(180亩)", "11亿元", "≥300", "1.0-2.5"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from geo.model.finding import Finding
from geo.read.faults import error, warning
from geo.read.numerals import NUMERALS, numeral
from geo.read.texts import narrowed
from geo.read.units import AREA, KINDS, STORED, Unit, unit_at

MOST_CHARACTERS = 200
_NUMBER = re.compile(
    r"(?<![\d.])-?(?:\d{1,3}(?:,\d{3})+|\d{1,18})(?:\.\d{1,18})?(?:e[+-]?\d{1,3})?(?![\d.])|(?<![\d.])\.\d{1,18}",
    re.I | re.ASCII,
)
_NUMERAL = re.compile(f"[{NUMERALS}]{{1,20}}")
_APPROXIMATE = re.compile(r"大?约|近|左右|上下|余|多|≈|approx\.?|about|ca\.", re.I)
_LOWER = r"≥|>=|>|⩾|≧|不低于|不少于|不小于|至少|大于|高于|min\.?"
_UPPER = r"≤|<=|<|⩽|≦|不高于|不超过|不大于|不多于|至多|小于|低于|max\.?"
_BEFORE = re.compile(rf"(?:(?P<lower>{_LOWER})|(?P<upper>{_UPPER}))\s*$", re.I)
_AFTER = re.compile(r"\s*(?:(?P<lower>≤|<=|<|⩽|≦|及?以上|起)|(?P<upper>≥|>=|>|⩾|≧|及?以下|以内))")
_BOUNDS = re.compile(rf"{_LOWER}|{_UPPER}|及?以上|及?以下|以内|起", re.I)
_RANGE = re.compile(r"\s*(?:[-~—–―−]{1,2}|至|到)\s*")
_FILLER = re.compile(r"[\s()\[\],;:。.、/=~+-]|合计?|即|折合|共计?|且|并|和|容积率|建筑密度|绿地率|每亩|每|亩均|R")
_ODD_MORE = re.compile(rf"(?<=[\d{NUMERALS}])\s?[余多]")
_EACH = re.compile(r"每(亩|平方米|平米|公顷|㎡)\s?(.*元)")
_NOTHING = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "n/a", "na", "null", "none", "待定", "面议", "未定", "#n/a"}
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the stored unit (area ㎡, money 万元, price 万元/亩, percent %, length m, years).

    value: None where the text is a range or not clear. low, high: its bounds, if it states any ("≥300" has low and value 300).
    unit: as found, "" if none. currency: of money, as an ISO code. approximate: the text says 约, 左右 and the like.
    """

    value: float | None
    unit: str = ""
    approximate: bool = False
    findings: tuple[Finding, ...] = ()
    low: float | None = None
    high: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class _Figure:
    number: float
    unit: Unit
    start: int
    end: int
    bound: str = ""

    def value(self, factor: float) -> float:
        return self.number * self.unit.multiplier * (self.unit.factor if self.unit.factor is not None else factor)


def parsed(text: object, of: str, where: str = "", unit: str = "") -> Quantity | None:
    """The quantity that a text says; None where it says nothing ("", "-", "待定").

    of: area, money, price, ratio, percent, length, years or count. unit: the unit that holds where the text has none (of a
    column's heading). Where the text is not clear, `value` is None and `findings` says why.
    """
    if of not in KINDS:
        raise ValueError(f"'{of}' is none of {', '.join(KINDS)}")
    plain = _plain(text)
    if text is None or plain.lower() in _NOTHING:
        return None
    if len(plain) > MOST_CHARACTERS:
        return _unclear(plain, where)
    figures = _figures(plain, of)
    if not figures:
        return _unclear(plain, where)
    return _weighed(plain, figures, of, where, unit)


def area_candidates(text: object) -> Mapping[str, float]:
    """What an area may mean, in ㎡ by unit: the one unit that the text has, else each of 公顷, ㎡ and 亩."""
    plain = _plain(text)
    figures = _figures(plain, "area") if len(plain) <= MOST_CHARACTERS else []
    if len(figures) != 1:
        read = parsed(text, "area")
        return {read.unit: read.value} if read and read.value is not None and read.unit else {}
    (figure,) = figures
    if figure.unit.factor is not None:
        return {figure.unit.text: figure.value(1.0)}
    return {name: figure.value(AREA[name]) for name in ("公顷", "㎡", "亩")}


def _plain(text: object) -> str:
    """Narrow, "余" and "多" in front of the number instead of inside ("30余亩"), "每亩50万元" as "50万元/亩"."""
    plain = narrowed(str(text if text is not None else "")).replace("−", "-").strip()
    if len(plain) > MOST_CHARACTERS:
        return plain
    moved = _ODD_MORE.sub("", plain)
    plain = plain if moved == plain else f"约{moved}"
    each = _EACH.fullmatch(plain)
    return f"{each.group(2)}/{each.group(1)}" if each else plain


def _figures(plain: str, of: str) -> list[_Figure]:
    found: list[_Figure] = []
    for match in _NUMBER.finditer(plain):
        start, number = match.start(), match.group()
        if found and start < found[-1].end:  # the 2 of "m2"
            continue
        # After another figure a "-" is the dash of a range and no sign.
        if number.startswith("-") and found and found[-1].end == start:
            start, number = start + 1, number[1:]
        unit = unit_at(plain, match.end(), of)
        if abs(value := float(number.replace(",", ""))) < 1e15:
            found.append(_Figure(value, unit, start, max(unit.end, match.end())))
    if not found:
        found = _in_numerals(plain, of)
    return [replace(figure, bound=_bound(plain, figure)) for figure in found]


def _in_numerals(plain: str, of: str) -> list[_Figure]:
    found = []
    for match in _NUMERAL.finditer(plain):
        number = numeral(match.group())
        if number is not None and re.search("[零〇一二两三四五六七八九十半]", match.group()):
            unit = unit_at(plain, match.end(), of)
            found.append(_Figure(number, unit, match.start(), max(unit.end, match.end())))
    return found


def _bound(plain: str, figure: _Figure) -> str:
    match = _BEFORE.search(plain[: figure.start]) or _AFTER.match(plain[figure.end :])
    return (match.lastgroup or "") if match else ""


def _weighed(plain: str, figures: list[_Figure], of: str, where: str, unit: str) -> Quantity:
    factor, findings = _default(figures, of, where, unit)
    approximate = bool(_APPROXIMATE.search(plain)) or plain.startswith("~")
    shown = next((figure.unit for figure in reversed(figures) if figure.unit.factor is not None), figures[0].unit)
    base = Quantity(None, shown.text, approximate, (), currency=shown.currency)
    rest = _rest(plain, figures)
    if rest:
        findings.append(
            warning(
                "quantity-extra-text",
                where,
                f"“{plain}”中除数值外还有“{rest}”，请核对",
                f"'{plain}' holds '{rest}' besides the number; check it",
            )
        )
    if len(figures) == 1:
        return _single(base, figures[0], factor, of, findings, where)
    span = _span(plain, figures, factor)
    if span:
        message = warning("quantity-range", where, f"“{plain}”是一个范围", f"'{plain}' is a range")
        return replace(base, low=span[0], high=span[1], findings=(*findings, message))
    return _several(base, plain, figures, factor, findings, where)


def _single(base: Quantity, figure: _Figure, factor: float, of: str, findings: list[Finding], where: str) -> Quantity:
    value = figure.value(factor)
    if of == "percent" and not figure.unit.text and 0 < value < 1:
        value *= 100
        findings.append(
            warning(
                "fraction-as-percent",
                where,
                f"“{figure.number:g}”按 {value:g}% 处理",
                f"'{figure.number:g}' is taken as {value:g}%",
            )
        )
    low, high = (value if figure.bound == side else None for side in ("lower", "upper"))
    return replace(base, value=value, low=low, high=high, findings=tuple(findings))


def _several(
    base: Quantity, plain: str, figures: list[_Figure], factor: float, findings: list[Finding], where: str
) -> Quantity:
    """The same said twice in two units, or something that cannot be told."""
    values = [figure.value(factor) for figure in figures]
    base = replace(base, unit=figures[0].unit.text, currency=figures[0].unit.currency)
    if any(figure.unit.factor is None for figure in figures) or "(" not in plain[figures[0].start :]:
        return _unclear(plain, where)
    if any(abs(value - values[0]) > 0.01 * abs(values[0]) for value in values[1:]):
        findings.append(
            warning(
                "quantity-contradicts",
                where,
                f"“{plain}”中的数值互相矛盾，按第一个处理",
                f"the numbers in '{plain}' contradict each other; the first is taken",
            )
        )
    return replace(base, value=values[0], findings=tuple(findings))


def _span(plain: str, figures: list[_Figure], factor: float) -> tuple[float, float] | None:
    if len(figures) != 2:
        return None
    first, second = figures
    if first.unit.factor is None and second.unit.factor is not None:
        factor = second.unit.factor * (second.unit.multiplier if first.unit.multiplier == 1 else 1)
    low, high = first.value(factor), second.value(factor)
    if {first.bound, second.bound} == {"lower", "upper"}:
        return (low, high) if first.bound == "lower" else (high, low)
    if not _RANGE.fullmatch(plain[first.end : second.start]):
        return None
    return (low, high) if low <= high else None


def _default(figures: list[_Figure], of: str, where: str, unit: str) -> tuple[float, list[Finding]]:
    """The factor for figures without a unit: of the heading's unit, else the stored unit with a word about it."""
    heading = unit_at(narrowed(unit).strip(), 0, of) if unit else None
    if heading and heading.factor is not None:
        return heading.factor * heading.multiplier, []
    if of not in STORED or any(figure.unit.factor is not None for figure in figures):
        return 1.0, []
    stored = STORED[of]
    finding = warning("unit-assumed", where, f"没有写单位，按 {stored} 处理", f"no unit is given; {stored} is assumed")
    return (1e-4 if any(figure.unit.multiplier > 1 for figure in figures) and of != "area" else 1.0), [finding]


def _rest(plain: str, figures: list[_Figure]) -> str:
    left = plain
    for figure in reversed(figures):
        left = left[: figure.start] + " " + left[figure.end :]
    for pattern in (_APPROXIMATE, _BOUNDS, _RANGE, _FILLER):
        left = pattern.sub("", left)
    return left.strip()


def _unclear(plain: str, where: str) -> Quantity:
    shown = plain[:60]
    return Quantity(
        None,
        findings=(
            error(
                "quantity-unclear",
                where,
                f"“{shown}”不是明确的数值，请写成如“84.5亩”的形式",
                f"'{shown}' is no clear quantity; write it like '84.5亩'",
            ),
        ),
    )
