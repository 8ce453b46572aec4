"""A selection in order, one page at a time."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datasets.labels import DEFAULT_LANGUAGE, Label
from geo.model import Feature, Kinds, fields_of
from geo.model.fields import Day, Number
from geo.publish import Table
from geo.publish.columns import NumberColumn
from geo.query.faults import BadParameter, BadParameters
from geo.query.order import HEAD, first_of, placed
from geo.query.selection import Listed, Selection

NAME = "name"


@dataclass(frozen=True)
class Page:
    """Some of the selected features: (kind, row) in order. next and previous are offsets, None at the ends."""

    rows: list[tuple[str, int]]
    total: int
    offset: int
    limit: int
    next: int | None
    previous: int | None


def sort_keys(kinds: Kinds) -> tuple[str, ...]:
    """What a list may be sorted by: `name` and every listed number or date, by its field's name."""
    found = [
        name
        for kind in kinds
        for name, field in fields_of(kind).items()
        if field.listed and (name == NAME or isinstance(field, (Number, Day)))
    ]
    return tuple(dict.fromkeys(found))


def page(
    selection: Selection,
    kinds: Kinds,
    sort: str = "",
    offset: int = 0,
    limit: int = 20,
    lang: str = DEFAULT_LANGUAGE,
) -> Page:
    """The features from `offset` on, at most `limit`, sorted over all kinds.

    sort: one of `sort_keys`, descending with `-` before it; it counts in every kind that has the field. Empty: kind
    by kind, in each the largest amount or area first (the kind's first listed range), then by name. Missing values
    come last either way; equal ones go by name, then id. BadParameters for another sort, an offset below 0 or a
    limit below 1.
    """
    _check(kinds, sort, offset, limit)
    total = selection.total
    orders = {kind: _Order(selection, kinds.get(kind), sort, lang) for kind in kinds.names if selection.count(kind)}
    find = _merged if sort else _kind_by_kind
    return Page(
        rows=find(orders, offset, min(offset + limit, total)),
        total=total,
        offset=offset,
        limit=limit,
        next=offset + limit if offset + limit < total else None,
        previous=max(0, min(offset, total) - limit) if offset and total else None,
    )


class _Order:
    """The selected rows of one kind in the order of a sort."""

    def __init__(self, selection: Selection, kind: type[Feature], sort: str, lang: str) -> None:
        self._table, self.rows = selection.snapshot.table(kind.kind), selection.chosen(kind.kind)
        self._kind, self._lang, self._sort = kind, lang, sort
        self._field, self._descending = sort.removeprefix("-"), not sort or sort.startswith("-")

    def keys(self, at: Listed | slice) -> list[NDArray[Any]]:
        """What some rows of the table are sorted by, the weightiest first."""
        rank = self._table.name_rank(self._lang)[at]
        if self._field == NAME:
            return [-rank if self._descending else rank]
        values = _values(self._table, self._kind, self._field or _leading(self._kind), at)
        return [-values if self._descending else values, rank]

    def part(self, start: int, stop: int) -> Listed:
        """The rows at some places of the order."""
        return first_of(self._table, self.rows, (self._sort, self._lang), self.keys, start, stop)


def _kind_by_kind(orders: Mapping[str, _Order], start: int, stop: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    before = 0
    for kind, order in orders.items():
        if start < before + order.rows.count:
            rows = order.part(max(0, start - before), max(0, stop - before))
            found += [(kind, row) for row in rows.tolist()]
        before += order.rows.count
    return found


def _merged(orders: Mapping[str, _Order], start: int, stop: int) -> list[tuple[str, int]]:
    """All kinds in one order. Near its beginning only the beginning of each kind's own order comes into question."""
    if start >= stop:
        return []
    names = list(orders)
    rows = [order.part(0, stop) if stop <= HEAD else order.rows.listed for order in orders.values()]
    keys = [order.keys(own) for order, own in zip(orders.values(), rows, strict=True)]
    kind_of = np.repeat(np.arange(len(names)), [len(own) for own in rows])
    row_of = np.concatenate(rows)
    chosen = placed([np.concatenate(each) for each in zip(*keys, strict=True)], start, stop)
    return [(names[kind_of[i]], int(row_of[i])) for i in chosen.tolist()]


def _leading(kind: type[Feature]) -> str:
    """The number that says how big a feature of this kind is: the first listed field with a range, or none."""
    ranged = (name for name, field in fields_of(kind).items() if field.listed and field.filter == "range")
    return next(ranged, "")


def _values(table: Table, kind: type[Feature], name: str, at: Listed | slice) -> NDArray[np.float64]:
    """A field's values in some rows as numbers; NaN throughout where the kind has no such field to sort by."""
    field = fields_of(kind).get(name)
    if field is not None and name in table.names:
        column = table.column(name)
        if isinstance(column, NumberColumn):
            return column.values[at]
        if isinstance(field, Day):
            return table.days(name)[at]
    return np.full(table.rows if isinstance(at, slice) else len(at), np.nan)


def _check(kinds: Kinds, sort: str, offset: int, limit: int) -> None:
    faults = []
    known = sort_keys(kinds)
    if sort and sort.removeprefix("-") not in known:
        near = difflib.get_close_matches(sort.removeprefix("-"), known, n=1) or known
        message = Label(
            f"不能按“{sort[:60]}”排序；可用：{'、'.join(near)}，前加 - 为降序",
            f"'{sort[:60]}' is nothing to sort by; use {', '.join(near)}, with - before it for descending order",
        )
        faults.append(BadParameter("sort", sort, message))
    if offset < 0:
        faults.append(BadParameter("offset", str(offset), Label("不得小于 0", "must be at least 0")))
    if limit < 1:
        faults.append(BadParameter("limit", str(limit), Label("不得小于 1", "must be at least 1")))
    if faults:
        raise BadParameters(faults)
