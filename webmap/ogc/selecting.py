"""Which rows of a collection the conditions of a request select."""

from __future__ import annotations

from typing import cast

import numpy as np
import shapely

from datasets.labels import Label
from datasets.world import World
from geo.crs.ogc import CRS84
from geo.model import Feature
from geo.publish import Snapshot, Table
from geo.publish.columns import FlagColumn, NumberColumn, TermColumn, TextColumn
from geo.query import cql2
from geo.query.cql2 import times
from geo.query.cql2.faults import Cql2Fault
from geo.query.cql2.shapes import related_rows, rows_in_box
from geo.query.cql2.texts import Texts, equal_to
from geo.query.faults import BadParameter, BadParameters
from geo.query.places import unlocated_in_box
from geo.query.selection import Listed, Mask, Rows
from geo.query.values import Box, Unfit, read_number
from webmap.ogc.asking import Conditions, position_of
from webmap.ogc.systems import systems_here
from webmap.site import Site


def selected(here: Site, kind: type[Feature], wanted: Conditions) -> tuple[Snapshot, Rows]:
    """The snapshot that was asked, and the rows of `kind` that meet every condition. Raises BadParameters."""
    selection = here.select(wanted.plain)
    rows = selection.chosen(kind.kind)
    if wanted.only_plain:
        return selection.snapshot, rows
    table = selection.snapshot.table(kind.kind)
    key = ("ogc rows", selection.snapshot.version, *wanted.key)
    return selection.snapshot, here.remember(
        key, lambda: _narrowed(table, kind, rows, wanted, here.world), lambda found: found.nbytes
    )


def _narrowed(table: Table, kind: type[Feature], rows: Rows, wanted: Conditions, world: World) -> Rows:
    left = rows if wanted.area is None else rows.among(in_area(table, wanted.area, world))
    for name, value in wanted.equal:
        left = left.where(_equal(table, name, value))
    if wanted.period is not None:
        left = left.where(in_period(table, kind, wanted.period))
    if wanted.cql2 is not None:
        system = wanted.cql2_crs or systems_here()[CRS84]
        try:
            left = left.where(cql2.evaluate(wanted.cql2, table, kind, system).yes)
        except Cql2Fault as fault:
            raise position_of(fault) from None
    return left


def in_area(table: Table, area: shapely.Geometry | Box, world: World) -> Listed:
    """The rows whose geometry shares a point with `area`, ascending; one without does where its unit's box does."""
    if isinstance(area, Box):
        found, boxes = rows_in_box(table, *area), [area]
    else:
        found = related_rows("intersects", table, area)
        boxes = [Box(*box) for box in shapely.bounds(shapely.get_parts(area)).tolist()]
    if table.located == table.rows:
        return found
    without = [unlocated_in_box(table, box, world) for box in boxes]
    return np.concatenate([found, np.unique(np.concatenate(without))])


def in_period(table: Table, kind: type[Feature], period: times.Times) -> Mask:
    """The rows whose time shares a moment with `period`, and those that have none (17-069r4, fc-time-response C)."""
    own = lasting(table, kind)
    return times.related("intersects", own, period).yes | ~own.known


def lasting(table: Table, kind: type[Feature]) -> times.Times:
    """From when until when each row is, or happened."""
    first, last = kind.dated_by
    start = times.of_days(cast(TextColumn, table.column(first)))
    if first == last:
        return start
    end = times.of_days(cast(TextColumn, table.column(last)))
    until = np.where(end.known, np.maximum(end.end, start.end), start.end)
    return times.Times(start.start, until, start.known, daily=True)


def _equal(table: Table, name: str, value: str) -> Mask:
    column = table.column(name)
    if isinstance(column, NumberColumn):
        try:
            number = read_number(value)
        except Unfit as fault:
            raise BadParameters([BadParameter(name, value, fault.label)]) from None
        found: Mask = column.values == number
        return found
    if isinstance(column, FlagColumn):
        if value not in ("true", "false"):
            raise BadParameters([BadParameter(name, value, Label("应为 true 或 false", "true or false is expected"))])
        return column.values if value == "true" else ~column.values
    if isinstance(column, TermColumn):
        return Texts.of_terms(column).where(value.__eq__).yes
    return equal_to(cast(TextColumn, column), value).yes
