"""Functions on lists of codes (a feature's chains), which are taken as sets."""

from __future__ import annotations

from typing import cast

import numpy as np

from geo.publish.columns import TermsColumn
from geo.query.cql2.faults import Misfit
from geo.query.cql2.operands import Codes, Operand, Property
from geo.query.cql2.ternary import Mask, Ternary
from geo.query.masks import holding

RELATIONS = ("contains", "containedby", "equals", "overlaps")
_TURNED = {"contains": "containedby", "containedby": "contains"}


def related(relation: str, left: Operand, right: Operand, rows: int) -> Ternary:
    """An array function; a list without entries is an empty set, not unknown. Raises Misfit."""
    sides = [_side(each, number) for number, each in enumerate((left, right))]
    match sides:
        case [Codes() as one, Codes() as other]:
            return Ternary.of(np.full(rows, _of_sets(relation, set(one.wanted), set(other.wanted))))
        case [TermsColumn() as column, Codes() as codes]:
            return Ternary.of(_of_column(relation, column, set(codes.wanted)))
        case [Codes() as codes, TermsColumn() as column]:
            return Ternary.of(_of_column(_TURNED.get(relation, relation), column, set(codes.wanted)))
    a, b = cast("list[TermsColumn]", sides)
    return Ternary.of(np.array([_of_sets(relation, set(a[row]), set(b[row])) for row in range(rows)], np.bool_))


def _side(operand: Operand, number: int) -> TermsColumn | Codes:
    if isinstance(operand, Codes):
        return operand
    if isinstance(operand, str):
        return Codes((operand,))
    if isinstance(operand, Property) and isinstance(operand.column, TermsColumn):
        return operand.column
    raise Misfit("应为代码列表，例如 ('nylon')", "a list of codes is expected, such as ('nylon')", f"/args/{number}")


def _of_sets(relation: str, one: set[str], other: set[str]) -> bool:
    return {
        "contains": one >= other,
        "containedby": one <= other,
        "equals": one == other,
        "overlaps": bool(one & other),
    }[relation]


def _of_column(relation: str, column: TermsColumn, wanted: set[str]) -> Mask:
    if relation == "overlaps":
        return _holding(column, wanted)
    if relation == "contains":
        return _all(column, wanted)
    inside = _inside(column, wanted)
    return inside if relation == "containedby" else inside & _all(column, wanted)


def _all(column: TermsColumn, wanted: set[str]) -> Mask:
    found = np.ones(len(column.offsets) - 1, np.bool_)
    for code in wanted:
        found &= _holding(column, {code})
    return found


def _holding(column: TermsColumn, wanted: set[str]) -> Mask:
    return holding(column, wanted)(slice(0, len(column.offsets) - 1))


def _inside(column: TermsColumn, wanted: set[str]) -> Mask:
    """The rows without a code that is not wanted."""
    strange = {term for term in column.terms if term not in wanted}
    return ~_holding(column, strange)
