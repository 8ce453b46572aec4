"""One cell of a column → the value that its field stores, and what is odd about the cell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from datasets.world import World
from geo.check import terms
from geo.check.areas import DeclaredArea
from geo.check.spot import Spot, error, info, warning
from geo.model import Field
from geo.model.field import Unreadable
from geo.model.fields import Area, Code, Codes, Day, Money, Number, Term, Text
from geo.model.finding import Finding, Severity
from geo.read.quantities import Quantity, parsed
from geo.read.units import unit_at


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as the field stores it; area: an area as declared; currency: of money, where the cell names it; others: further
    codes that the words may stand for."""

    value: Any
    spots: tuple[Spot, ...] = ()
    area: DeclaredArea | None = None
    currency: str = ""
    others: tuple[str, ...] = ()
    bare: bool = False


Read = Callable[[object], Cell]
OF_UNIT = {
    "万元/亩": "price",
    "%": "percent",
    "米": "length",
    "公里": "length",
    "年": "years",
    "分钟": "count",
    "个": "count",
}
PER_KM = 1000.0
_FORMULA_GUARD = re.compile(r"^'(?=[=+\-@\t\r\n＝＋－＠])")
_DATE = re.compile(r"^(\d{4})\s*[年/.\-]\s*(\d{1,2})(?:\s*[月/.\-]\s*(\d{1,2})\s*日?)?\s*月?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\.0)?$")


def reader(name: str, field: Field, world: World, heading_unit: str, own: bool) -> Read:
    """How to read a column's cells. heading_unit: what its heading says; own: the heading is the field's name itself."""
    if isinstance(field, Number):
        return lambda raw: _number(raw, name, field, heading_unit, own)
    if isinstance(field, Term):
        return lambda raw: _term(raw, name, field)
    if isinstance(field, Code) and field.of == "unit":
        return lambda raw: _known(terms.county(_text(raw), world))
    if isinstance(field, Code) and field.of == "place":
        return lambda raw: _known(terms.place(_text(raw), world))
    if isinstance(field, Codes):
        return lambda raw: _codes(raw, name, field, world)
    if isinstance(field, Day):
        return lambda raw: _by_field(_day(raw), name, field)
    if isinstance(field, Text):
        return lambda raw: _by_field(_FORMULA_GUARD.sub("", _text(raw)), name, field)
    return lambda raw: _by_field(raw, name, field)


def is_blank(raw: object) -> bool:
    """Whether a cell says nothing: None, spaces, NaN."""
    return raw is None or raw != raw or (isinstance(raw, str) and not raw.strip())  # noqa: PLR0124 (NaN)


def _text(raw: object) -> str:
    """A cell as text; a whole number without ".0", for codes are often held as numbers."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    return str(raw).strip()


def _by_field(raw: object, name: str, field: Field) -> Cell:
    try:
        return Cell(field.read(raw))
    except Unreadable as fault:
        return Cell(field.empty(), (_unreadable(raw, name, field, fault.label.zh, fault.label.en),))


def _unreadable(raw: object, name: str, field: Field, zh: str, en: str) -> Spot:
    shown = str(raw)[:60]
    return error(
        "unreadable-value", f"{field.label.zh}“{shown}”：{zh}", f"{field.label.en} '{shown}': {en}", field=name
    )


def _known(found: terms.Known) -> Cell:
    return Cell(found.value, found.spots, others=found.others)


def _term(raw: object, name: str, field: Term) -> Cell:
    found = terms.term(_text(raw), name, field)
    return Cell(found.value, found.spots, others=found.others)


def _codes(raw: object, name: str, field: Codes, world: World) -> Cell:
    listed = _listed(raw)
    text = _text(raw) if listed is None else "; ".join(map(str, listed))
    value, spots = terms.codes(text, name, field, world)
    return Cell(value, spots)


def _listed(raw: object) -> list[object] | tuple[object, ...] | None:
    """The parts of a cell that is a list, or a list in JSON; None for other cells."""
    if isinstance(raw, str) and raw.startswith("[") and raw.endswith("]"):
        try:
            raw = json.loads(raw)
        except ValueError:
            return None
    return raw if isinstance(raw, (list, tuple)) else None


def _day(raw: object) -> object:
    """2022/3/3, 2022年3月, 20220303 and a spreadsheet's dates in the form that the field reads."""
    if isinstance(raw, datetime | date):
        return raw.strftime("%Y-%m-%d")
    text = _text(raw)
    text = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$", "", text)
    match = _DATE.match(text) or _COMPACT.match(text)
    if match:
        return "-".join(part if index == 0 else part.zfill(2) for index, part in enumerate(match.groups()) if part)
    return re.sub(r"^(\d{4})年$", r"\1", text)


def quantity_kind(field: Number) -> str:
    """What `quantities.parsed` calls the field's quantity."""
    if isinstance(field, Area):
        return "area"
    if isinstance(field, Money):
        return "money"
    return OF_UNIT.get(field.unit.zh, "count") if field.unit else "ratio"


def _number(raw: object, name: str, field: Number, unit: str, own: bool) -> Cell:
    kind = quantity_kind(field)
    text = raw if isinstance(raw, str) else f"{raw:.15g}" if isinstance(raw, float) else str(raw)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        # Most columns of numbers are numbers: no text to be understood.
        factor = factor_of(unit, field, own)
        return _checked(
            float(raw) * factor,
            raw,
            name,
            field,
            _declared(float(raw), unit, factor, text, field),
            not own and not unit,
        )
    said = parsed(text, kind, "", unit)
    if said is None:
        return Cell(None)
    scale = PER_KM if kind == "length" and field.unit and field.unit.zh == "公里" and said.unit else 1.0
    assumed = any(each.code == "unit-assumed" for each in said.findings)
    spots = tuple(_own(each, name) for each in said.findings if each.code not in ("unit-assumed", "quantity-range"))
    if said.value is None:
        low, high = said.low, said.high
        if low is None and high is None:
            return Cell(None, spots)
        zh = f"{field.label.zh}“{text}”是一个范围，请填一个数"
        en = f"{field.label.en} '{text}' is a range; give one figure"
        return Cell(None, (*spots, error("range-for-value", zh, en, field=name)))
    value = said.value / scale
    spots += tuple(_about(text, value, said, name, field))
    number = next(iter(re.findall(r"\d[\d,]*(?:\.\d+)?", text)), "")
    figure = float(number.replace(",", "")) if number else value
    factor = value / figure if figure else 1.0
    cell = _checked(
        value, raw, name, field, _declared(figure, said.unit or unit, factor, number, field), assumed and not own
    )
    return Cell(cell.value, (*spots, *cell.spots), cell.area, said.currency if said.unit else "", bare=cell.bare)


def _is_as_written(raw: object, value: float) -> bool:
    """Whether a cell holds just this number: then it stays to the last digit."""
    try:
        return float(str(raw)) == value
    except ValueError:
        return False


def _checked(value: float, raw: object, name: str, field: Number, area: DeclaredArea | None, bare: bool) -> Cell:
    try:
        stored = field.read(value if abs(value) >= 1e9 or _is_as_written(raw, value) else round(value, 9))
    except Unreadable as fault:
        return Cell(None, (_unreadable(raw, name, field, fault.label.zh, fault.label.en),))
    return Cell(stored, (), area, bare=bare and bool(field.unit) and isinstance(field, Area | Money))


def _declared(number: float, unit: str, factor: float, text: str, field: Number) -> DeclaredArea | None:
    if not isinstance(field, Area):
        return None
    decimals = len(text.partition(".")[2])
    return DeclaredArea(number, unit, factor, 0.5 * 10.0**-decimals if decimals <= 4 and "e" not in text else 0.0)


def factor_of(unit: str, field: Number, own: bool = False) -> float:
    """How many stored units are in one of a column of numbers; own: its heading is the field's own name."""
    if own or not unit:
        return 1.0
    found = unit_at(unit.strip().replace("㎡", "m2"), 0, quantity_kind(field))
    factor = (found.factor if found.factor is not None else 1.0) * found.multiplier
    return factor / PER_KM if field.unit and field.unit.zh == "公里" and found.text else factor


def _about(text: str, value: float, said: Quantity, name: str, field: Field) -> list[Spot]:
    unit = field.unit
    stored = (f"{value:,.10g} {unit.zh}", f"{value:,.10g} {unit.en}") if unit else (f"{value:,.10g}", f"{value:,.10g}")
    if said.approximate:
        zh = f"{field.label.zh}“{text}”是约数，按 {stored[0]} 计"
        en = f"{field.label.en} '{text}' is approximate; taken as {stored[1]}"
        return [warning("approximate-value", zh, en, field=name)]
    if said.unit and unit and said.unit not in (unit.zh, unit.en):
        zh = f"{field.label.zh}“{text}”按 {stored[0]} 计"
        en = f"{field.label.en} '{text}' is taken as {stored[1]}"
        return [info("unit-in-text", zh, en, field=name)]
    return []


def _own(finding: Finding, name: str) -> Spot:
    severity = finding.severity if isinstance(finding.severity, Severity) else Severity(finding.severity)
    return Spot(Finding(finding.code, severity, "", finding.message), field=name)
