"""What the parts of a filter stand for, before they are compared: one value a row, or one for all rows."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs.ogc import OgcCrs
from geo.publish import Table
from geo.publish.columns import FlagColumn, NumberColumn, TermColumn, TermsColumn, TextColumn
from geo.query.cql2 import times
from geo.query.cql2.faults import Misfit
from geo.query.cql2.queryables import GEOMETRY, Queryable
from geo.query.cql2.shapes import read_bbox, read_geometry
from geo.query.cql2.ternary import Ternary
from geo.query.cql2.texts import Texts
from geo.query.cql2.times import Times

GEOMETRY_TYPES = frozenset(
    {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}
)


@dataclass(frozen=True, eq=False)
class Property:
    """A property as it stands; what is compared with it decides how it is read."""

    of: Queryable
    column: NumberColumn | FlagColumn | TermColumn | TermsColumn | TextColumn | None


@dataclass(frozen=True, eq=False)
class Numbers:
    """A number a row, or one for all; NaN where there is none."""

    values: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Codes:
    """A literal list of texts."""

    wanted: tuple[str, ...]


Operand = Property | Numbers | Texts | Times | Codes | Ternary | str | bool | shapely.Geometry


class Reader:
    """Turns literals and names into operands on one table."""

    def __init__(self, table: Table, known: Mapping[str, Queryable], crs: OgcCrs) -> None:
        self.table = table
        self._known = known
        self._crs = crs

    def property(self, name: str) -> Property:
        """The property called `name`; raises Misfit with the nearest name there is."""
        wanted = self._known.get(name)
        if wanted is None or (name != GEOMETRY and name not in self.table.names):
            near = difflib.get_close_matches(name, self._known, n=1, cutoff=0.5)
            listed = near or list(self._known)
            zh = f"是否想写 {near[0]}？" if near else f"可用：{'、'.join(listed)}"
            en = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(listed)}"
            raise Misfit(f"没有属性“{name[:60]}”；{zh}", f"there is no property '{name[:60]}'; {en}")
        return Property(wanted, None if name == GEOMETRY else cast(Any, self.table.column(name)))

    def literal(self, node: Any) -> Operand:
        """What a node that is no operation stands for; raises Misfit."""
        if isinstance(node, bool | str):
            return node
        if isinstance(node, int | float):
            return Numbers(np.array(_finite(node)))
        if isinstance(node, list):
            return _codes(node)
        if isinstance(node, dict):
            return self._of_object(node)
        raise Misfit("不能写 NULL；请用 IS NULL", "NULL cannot stand here; use IS NULL")

    def _of_object(self, node: Mapping[str, Any]) -> Operand:
        if "property" in node:
            if not isinstance(node["property"], str):
                raise Misfit("property 应为属性名", "'property' takes a property's name", "/property")
            return self.property(node["property"])
        if "date" in node:
            return times.read_instant(node["date"], "date")
        if "timestamp" in node:
            return times.read_instant(node["timestamp"], "timestamp")
        if "interval" in node:
            return self._interval(node["interval"])
        if "bbox" in node:
            return read_bbox(node["bbox"], self._crs)
        if node.get("type") in GEOMETRY_TYPES:
            return read_geometry(node, self._crs)
        raise Misfit("无法识别的写法", "this is no operation, property or value of CQL2")

    def _interval(self, ends: Any) -> Times:
        if not isinstance(ends, list) or len(ends) != 2:
            raise Misfit("INTERVAL 应有开始和结束两项", "INTERVAL takes a start and an end")
        if all(isinstance(end, str) for end in ends):
            return times.read_interval(*ends)
        return times.between(*(self._end(end, step) for step, end in enumerate(ends)))

    def _end(self, node: Any, step: int) -> Times | None:
        try:
            if node in ("..", ""):
                return None
            if isinstance(node, str):
                return times.read_instant(node)
            return as_times(self.literal(node))
        except Misfit as fault:
            fault.step = f"/interval/{step}{fault.step}"
            raise


def as_times(operand: Operand) -> Times:
    """An operand as stretches of time; raises Misfit."""
    if isinstance(operand, Times):
        return operand
    if isinstance(operand, Property) and operand.of.sort == "date":
        return times.of_days(cast(TextColumn, operand.column))
    if isinstance(operand, str):
        return times.read_instant(operand)
    raise Misfit("应为日期或时间，例如 DATE('2022-03-03')", "a date or time is expected, such as DATE('2022-03-03')")


def as_numbers(operand: Operand) -> NDArray[np.float64]:
    """An operand as numbers; raises Misfit."""
    if isinstance(operand, Numbers):
        return operand.values
    if isinstance(operand, Property) and operand.of.sort == "number":
        return cast(NumberColumn, operand.column).values
    raise Misfit("应为数字", "a number is expected")


def as_texts(operand: Operand) -> Texts | str:
    """An operand as texts; raises Misfit."""
    if isinstance(operand, Texts | str):
        return operand
    if isinstance(operand, Property) and operand.of.sort == "text":
        column = operand.column
        return Texts.of_terms(column) if isinstance(column, TermColumn) else Texts.of_column(cast(TextColumn, column))
    raise Misfit("应为文字，写在单引号中", "a text is expected, in single quotes")


def as_flags(operand: Operand, rows: int) -> Ternary:
    """An operand as a condition; raises Misfit."""
    if isinstance(operand, Ternary):
        return operand
    if isinstance(operand, bool):
        return Ternary.of(np.full(rows, operand))
    if isinstance(operand, Property) and operand.of.sort == "flag":
        return Ternary.of(cast(FlagColumn, operand.column).values)
    raise Misfit("应为条件，例如 area_m2 > 1000", "a condition is expected, such as area_m2 > 1000")


def sort_of(operand: Operand) -> str:
    """How an operand may be compared: text, number, flag, date, codes or geometry."""
    if isinstance(operand, Property):
        return operand.of.sort
    if isinstance(operand, str | Texts):
        return "text"
    if isinstance(operand, bool | Ternary):
        return "flag"
    if isinstance(operand, Numbers):
        return "number"
    if isinstance(operand, Times):
        return "date"
    return "codes" if isinstance(operand, Codes) else "geometry"


def _codes(node: list[Any]) -> Codes:
    for number, entry in enumerate(node):
        if not isinstance(entry, str):
            raise Misfit("列表中应为文字", "the list should hold texts", f"/{number}")
    return Codes(tuple(node))


def _finite(number: float) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise Misfit("数字过大", "the number is too large")
    return value
