"""Comparisons of numbers, texts, flags and dates."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np

from geo.publish.columns import TermColumn, TextColumn
from geo.query.cql2 import times
from geo.query.cql2.faults import Misfit
from geo.query.cql2.operands import Operand, Property, as_flags, as_numbers, as_texts, as_times, sort_of
from geo.query.cql2.ternary import Ternary
from geo.query.cql2.texts import Texts, equal_to

SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_NAMES = {
    "text": ("文字", "a text"),
    "number": ("数字", "a number"),
    "flag": ("是/否", "true or false"),
    "date": ("日期", "a date"),
    "codes": ("代码列表", "a list of codes"),
    "geometry": ("几何", "a geometry"),
}


def compared(op: str, left: Operand, right: Operand) -> Ternary:
    """The verdict of a comparison; one for all rows where both sides are literals. Raises Misfit."""
    sorts = sort_of(left), sort_of(right)
    if "date" in sorts and set(sorts) <= {"date", "text"}:
        return _of_times(op, left, right)
    if sorts[0] != sorts[1]:
        raise _unlike(left, right)
    if sorts[0] == "number":
        a, b = as_numbers(left), as_numbers(right)
        return Ternary.of(SIGNS[op](a, b), ~(np.isnan(a) | np.isnan(b)))
    if sorts[0] == "text":
        return _of_texts(op, left, right)
    if sorts[0] == "flag":
        return _of_flags(op, left, right)
    name = "A_CONTAINS" if sorts[0] == "codes" else "S_INTERSECTS"
    raise Misfit(
        f"{_NAMES[sorts[0]][0]}不能用 {op} 比较，请用 {name} 等函数",
        f"{_NAMES[sorts[0]][1]} cannot be compared by {op}: use a function such as {name}",
    )


def among(left: Property, wanted: list[str]) -> Ternary:
    """Whether a text property is one of some texts."""
    if isinstance(left.column, TermColumn):
        return Texts.of_terms(left.column).where(set(wanted).__contains__)
    column = cast(TextColumn, left.column)
    found = equal_to(column, wanted[0])
    if len(wanted) > 8:  # by then decoding each text once is cheaper
        return Texts.of_column(column).where(set(wanted).__contains__)
    for text in wanted[1:]:
        found = found | equal_to(column, text)
    return found


def _of_texts(op: str, left: Operand, right: Operand) -> Ternary:
    if isinstance(left, str) and isinstance(right, str):
        return Ternary.of(np.array(SIGNS[op](left, right)))
    if isinstance(left, str):
        op, left, right = _TURNED.get(op, op), right, left
    if isinstance(right, str):
        if op in ("=", "<>") and isinstance(left, Property) and isinstance(left.column, TextColumn):
            found = equal_to(left.column, right)
            return ~found if op == "<>" else found
        sign, literal = SIGNS[op], right
        return cast(Texts, as_texts(left)).where(lambda text: bool(sign(text, literal)))
    one, other = cast(Texts, as_texts(left)), cast(Texts, as_texts(right))
    a, b = one.ranks(other)
    return Ternary.of(SIGNS[op](a, b), (a >= 0) & (b >= 0))


def _of_flags(op: str, left: Operand, right: Operand) -> Ternary:
    if op not in ("=", "<>"):
        raise Misfit(f"是/否不能用 {op} 比较", f"true and false cannot be compared by {op}")
    rows = max(len(each.yes) if isinstance(each, Ternary) else _length(each) for each in (left, right))
    a, b = as_flags(left, rows), as_flags(right, rows)
    same = Ternary((a.yes & b.yes) | (a.no & b.no), (a.yes & b.no) | (a.no & b.yes))
    return ~same if op == "<>" else same


def _length(operand: Operand) -> int:
    return len(cast(Any, operand.column).values) if isinstance(operand, Property) else 1


def _of_times(op: str, left: Operand, right: Operand) -> Ternary:
    sides = []
    for number, each in enumerate((left, right)):
        try:
            sides.append(as_times(each))
        except Misfit as fault:
            fault.step = f"/args/{number}"
            raise
    for number, side in enumerate(sides):
        if not side.instant and not isinstance((left, right)[number], Property):
            raise Misfit(
                "时段不能比较大小，请用 T_DURING 等函数",
                "a stretch of time cannot be compared: use a function such as T_DURING",
                f"/args/{number}",
            )
    return times.compared(op, sides[0], sides[1])


def _unlike(left: Operand, right: Operand) -> Misfit:
    one, other = _NAMES[sort_of(left)], _NAMES[sort_of(right)]
    name = next((each.of.name for each in (left, right) if isinstance(each, Property)), "")
    about = (f"（{name}）", f" ({name})") if name else ("", "")
    return Misfit(f"{one[0]}不能与{other[0]}比较{about[0]}", f"{one[1]} cannot be compared with {other[1]}{about[1]}")
