"""A raw feature's attributes under the names of a kind's fields, quantities in stored units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.model.feature import Feature, fields_of
from geo.model.field import Field
from geo.model.fields import Area, Money, Number, Whole
from geo.model.finding import Finding
from geo.read.columns import field_names, heading
from geo.read.faults import warning
from geo.read.quantities import Quantity, parsed

NO_UNITS: Mapping[str, str] = {}
_LOWER_BOUNDS = ("far_min", "green_min", "intensity_wan_mu", "tax_wan_mu")


@dataclass(slots=True)
class Named:
    """values: field → value that `Feature.from_row` reads. headings: field → the heading it came from. other: columns that no
    field has, by their own names. findings: about quantities."""

    values: dict[str, object] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    other: dict[str, object] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def named_values(
    kind: type[Feature], attributes: Mapping[str, object], where: str, units: Mapping[str, str] = NO_UNITS
) -> Named:
    """The attributes as fields of `kind`. units: by field, the unit of numbers without one (boundary text: area_m2 in 公顷).

    Of two columns for one field the first that is filled counts. A number field whose text is not clear has no value, and a
    finding says why; words for codes (供地状态 …) are left as they are.
    """
    named = Named()
    names, declared = field_names(kind), fields_of(kind)
    for text, value in attributes.items():
        said = heading(text)
        name = names.get(said.base, "")
        if not name or name in named.values:
            named.other[text] = value
            continue
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if name == "far":
            _floor_area_ratio(named, text, value, where)
            continue
        named.headings[name] = text
        of = _quantity_of(declared[name])
        named.values[name] = _number(named, name, value, of, where, said.unit or units.get(name, "")) if of else value
    return named


def _quantity_of(declared: Field) -> str:
    if isinstance(declared, Area):
        return "area"
    if isinstance(declared, Money):
        return "money"
    if not isinstance(declared, Number):
        return ""
    unit = declared.unit.zh if declared.unit else ""
    known = {"万元/亩": "price", "%": "percent", "米": "length", "年": "years"}
    return known.get(unit, "count" if isinstance(declared, Whole) else "ratio" if not unit else "")


def _number(named: Named, name: str, value: object, of: str, where: str, unit: str) -> object:
    quantity = parsed(value, of, where, unit)
    if quantity is None:
        return None
    if quantity.value is not None or quantity.low is None:
        named.findings += quantity.findings
        return quantity.value
    lower = name in _LOWER_BOUNDS
    bound = quantity.low if lower else quantity.high
    if of in ("area", "money", "price", "years") and not lower:
        bound = None
    named.findings.append(_range(name, value, bound, where))
    return bound


def _range(name: str, value: object, bound: float | None, where: str) -> Finding:
    taken_zh = "未取值，请填一个数" if bound is None else f"取 {bound:g}"
    taken_en = "nothing is taken, so give one number" if bound is None else f"{bound:g} is taken"
    return warning(
        "quantity-range", where, f"“{value}”是一个范围，{taken_zh}", f"'{value}' is a range; {taken_en} ({name})"
    )


def _floor_area_ratio(named: Named, text: str, value: object, where: str) -> None:
    """容积率 without 上限 or 下限: a range or a bound says which; a single number is both."""
    quantity: Quantity | None = parsed(value, "ratio", where)
    if quantity is None:
        return
    named.findings += [finding for finding in quantity.findings if finding.code != "quantity-range"]
    low, high = quantity.low, quantity.high
    if low is None and high is None and quantity.value is not None:
        low = high = quantity.value
        named.findings.append(
            warning(
                "bound-assumed",
                where,
                f"“{text}”只有一个数 {low:g}，按上限和下限相同处理",
                f"'{text}' is the single number {low:g}; taken as both lower and upper limit",
            )
        )
    for name, bound in (("far_min", low), ("far_max", high)):
        if bound is not None and name not in named.values:
            named.values[name], named.headings[name] = bound, text
