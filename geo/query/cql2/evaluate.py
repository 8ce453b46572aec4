"""Which rows of a table a CQL2 filter selects (OGC 21-065r2), without a loop over the rows wherever that can be.

What a value that the record lacks means is as in SQL: a condition on it is unknown, and an unknown row is not selected.
An empty text is such a value. A date known only to a year, quarter or month compares true or false only where each of
its days would; as a stretch of time (`T_…`, INTERVAL) it lasts from its first day to its last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar, cast

import numpy as np
import shapely

from geo.crs.ogc import OgcCrs
from geo.model import Feature
from geo.publish import Table
from geo.publish.columns import TextColumn
from geo.query.cql2 import arrays, compare, shapes, texts, times
from geo.query.cql2.expression import Expression
from geo.query.cql2.faults import Cql2Fault, Misfit
from geo.query.cql2.operands import (
    Numbers,
    Operand,
    Property,
    Reader,
    as_flags,
    as_numbers,
    as_texts,
    as_times,
    sort_of,
)
from geo.query.cql2.queryables import queryables
from geo.query.cql2.ternary import Ternary

T = TypeVar("T")
COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "div": lambda a, b: np.trunc(np.divide(a, b)),
    "^": np.power,
}
FUNCTIONS = ("casei", "accenti")
KNOWN = (
    *("and", "or", "not", *COMPARISONS, "like", "between", "in", "isnull"),
    *ARITHMETIC,
    *FUNCTIONS,
    *(f"s_{name}" for name in sorted(shapes.RELATIONS)),
    *(f"t_{name}" for name in times.RELATIONS),
    *(f"a_{name}" for name in arrays.RELATIONS),
)


def evaluate(expression: Expression, table: Table, kind: type[Feature], crs: OgcCrs) -> Ternary:
    """The verdict on every row of `table`, which holds features of `kind`; geometries of the filter are in `crs`.

    Raises Cql2Fault, its spot that of the part that cannot be evaluated.
    """
    with np.errstate(all="ignore"):
        return _Evaluation(expression, table, kind, crs).condition(expression.tree, "")


class _Evaluation:
    def __init__(self, expression: Expression, table: Table, kind: type[Feature], crs: OgcCrs) -> None:
        self._expression = expression
        self._table = table
        self._reader = Reader(table, queryables(kind), crs)

    def condition(self, node: Any, pointer: str) -> Ternary:
        """The truth of a node."""
        operand = self._operand(node, pointer)
        return self._checked(pointer, lambda: as_flags(operand, self._table.rows))

    def _checked(self, pointer: str, make: Callable[[], T]) -> T:
        try:
            return make()
        except Misfit as fault:
            raise self._fault(pointer, fault) from None
        except shapely.GEOSException as fault:
            reason = str(fault)[:200]
            misfit = Misfit(f"几何无法比较（{reason}）", f"the geometries cannot be compared ({reason})")
            raise self._fault(pointer, misfit) from None

    def _fault(self, pointer: str, misfit: Misfit) -> Cql2Fault:
        return Cql2Fault(misfit.label, self._expression.spot(pointer + misfit.step))

    def _operand(self, node: Any, pointer: str) -> Operand:
        if not isinstance(node, dict) or "op" not in node:
            return self._checked(pointer, lambda: self._reader.literal(node))
        op, arguments = node["op"], node.get("args")
        name = op.lower() if isinstance(op, str) else ""
        if name not in KNOWN:
            raise self._fault(f"{pointer}/op", _unknown(op))
        if not isinstance(arguments, list):
            raise self._fault(pointer, _wrong_count(name))
        return self._operation(name, arguments, pointer)

    def _operation(self, name: str, arguments: list[Any], pointer: str) -> Operand:
        if name in ("and", "or"):
            return self._junction(name, arguments, pointer)
        wanted = {"not": 1, "isnull": 1, "casei": 1, "accenti": 1, "between": 3}.get(name, 2)
        if len(arguments) != wanted:
            raise self._fault(pointer, _wrong_count(name))
        if name == "not":
            return ~self.condition(arguments[0], f"{pointer}/args/0")
        if name == "in":
            return self._among(arguments, pointer)
        operands = [self._operand(node, f"{pointer}/args/{number}") for number, node in enumerate(arguments)]
        return self._checked(pointer, lambda: self._of_operands(name, operands))

    def _junction(self, name: str, arguments: list[Any], pointer: str) -> Ternary:
        if len(arguments) < 2:
            raise self._fault(pointer, _wrong_count(name))
        found: Ternary | None = None
        for number, node in enumerate(arguments):
            one = self.condition(node, f"{pointer}/args/{number}")
            found = one if found is None else found & one if name == "and" else found | one
        assert found is not None  # noqa: S101 (there are at least two)
        return found

    def _among(self, arguments: list[Any], pointer: str) -> Ternary:
        left, listed = self._operand(arguments[0], f"{pointer}/args/0"), arguments[1]
        if not isinstance(listed, list) or not listed:
            raise self._fault(f"{pointer}/args/1", Misfit("IN 后应为列表", "IN takes a list"))
        strings = all(isinstance(entry, str) for entry in listed)
        if strings and isinstance(left, Property) and left.of.sort == "text":
            return compare.among(left, listed)
        found: Ternary | None = None
        for number, node in enumerate(listed):
            at = f"{pointer}/args/1/{number}"
            right = self._operand(node, at)
            one = self._checked(at, partial(self._compared, "=", left, right))
            found = one if found is None else found | one
        assert found is not None  # noqa: S101 (the list is not empty)
        return found

    def _of_operands(self, name: str, operands: list[Operand]) -> Operand:
        if name in COMPARISONS:
            return self._compared(name, operands[0], operands[1])
        if name == "between":
            value, low, high = operands
            return self._compared(">=", value, low) & self._compared("<=", value, high)
        if name == "isnull":
            return self._absent(operands[0])
        if name == "like":
            return self._like(operands[0], operands[1])
        if name in FUNCTIONS:
            return _folded(name, operands[0])
        if name in ARITHMETIC:
            one, other = map(as_numbers, operands)
            values = np.asarray(ARITHMETIC[name](one, other), np.float64)
            # A missing number to the power of nothing is 1 to numpy; division by nothing gives no number here.
            return Numbers(np.where(np.isfinite(values) & ~np.isnan(one) & ~np.isnan(other), values, np.nan))
        room, relation = name[:2], name[2:]
        if room == "s_":
            return self._spatial(relation, operands[0], operands[1])
        if room == "t_":
            return self._temporal(relation, operands[0], operands[1])
        return arrays.related(relation, operands[0], operands[1], self._table.rows)

    def _compared(self, op: str, left: Operand, right: Operand) -> Ternary:
        found = compare.compared(op, left, right)
        return self._for_all(found)

    def _for_all(self, found: Ternary) -> Ternary:
        """One verdict for all rows as one for each."""
        rows = self._table.rows
        return Ternary(np.broadcast_to(found.yes, rows), np.broadcast_to(found.no, rows))

    def _absent(self, operand: Operand) -> Ternary:
        if isinstance(operand, Property) and operand.of.sort == "geometry":
            return Ternary.of(~shapes.located(self._table))
        if isinstance(operand, Property) and isinstance(operand.column, TextColumn):
            return Ternary.of(~texts.present(operand.column))
        sort = sort_of(operand)
        if sort == "number":
            return self._for_all(Ternary.of(np.isnan(as_numbers(operand))))
        if sort == "text" and not isinstance(operand, str):
            return Ternary.of(cast(texts.Texts, as_texts(operand)).codes < 0)
        if isinstance(operand, Ternary):
            return Ternary.of(~operand.known)
        return Ternary.of(np.zeros(self._table.rows, np.bool_))

    def _like(self, left: Operand, right: Operand) -> Ternary:
        pattern = as_texts(right)
        if not isinstance(pattern, str):
            raise Misfit("LIKE 后应为文字样式，例如 '%园区%'", "LIKE takes a pattern such as '%park%'", "/args/1")
        if isinstance(left, Property) and isinstance(left.column, TextColumn) and left.of.sort == "text":
            return texts.like(left.column, pattern)
        value = as_texts(left)
        if isinstance(value, str):
            return Ternary.of(np.full(self._table.rows, texts.matcher(pattern)(value)))
        return value.where(texts.matcher(pattern))

    def _spatial(self, relation: str, left: Operand, right: Operand) -> Ternary:
        for number, each in enumerate((left, right)):
            if sort_of(each) != "geometry":
                raise Misfit("应为几何", "a geometry is expected", f"/args/{number}")
        if isinstance(left, Property) and isinstance(right, Property):
            return shapes.related_to_itself(relation, self._table)
        if isinstance(left, Property):
            return shapes.related(relation, self._table, cast(Any, right))
        if isinstance(right, Property):
            turned = {"within": "contains", "contains": "within"}.get(relation, relation)
            return shapes.related(turned, self._table, cast(Any, left))
        return Ternary.of(
            np.full(self._table.rows, shapes.related_literals(relation, cast(Any, left), cast(Any, right)))
        )

    def _temporal(self, relation: str, left: Operand, right: Operand) -> Ternary:
        both = as_times(left), as_times(right)
        if relation not in times.FOR_INSTANTS:
            for number, each in enumerate(both):
                if each.instant:
                    raise Misfit(
                        f"T_{relation.upper()} 只用于时段，请写 INTERVAL('2022-01-01','2022-12-31')",
                        f"T_{relation.upper()} is for stretches of time: write INTERVAL('2022-01-01','2022-12-31')",
                        f"/args/{number}",
                    )
        return self._for_all(times.related(relation, *both))


def _folded(name: str, operand: Operand) -> Operand:
    fold = texts.fold_case if name == "casei" else texts.fold_accents
    value = as_texts(operand)
    return fold(value) if isinstance(value, str) else value.mapped(fold)


def _unknown(op: Any) -> Misfit:
    shown = str(op)[:60]
    return Misfit(
        f"没有运算或函数“{shown}”；可用：{'、'.join(KNOWN)}",
        f"there is no operator or function '{shown}'; known are {', '.join(KNOWN)}",
    )


def _wrong_count(name: str) -> Misfit:
    return Misfit(f"{name.upper()} 的参数个数不对", f"{name.upper()} has the wrong number of arguments")
