"""A selection in order, one page at a time."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets.labels import DEFAULT_LANGUAGE, Label
from geo.model import Feature, Kinds, fields_of
from geo.model.fields import Day, Number
from geo.publish import Table
from geo.publish.columns import NumberColumn
from geo.query.faults import BadParameter, BadParameters
from geo.query.selection import Selection

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
    chosen = {kind: selection.rows(kind) for kind in kinds.names if selection.masks[kind].any()}
    names = list(chosen)
    total = sum(map(len, chosen.values()))
    if not total:
        return Page([], 0, offset, limit, None, None)
    kind_of = np.repeat(np.arange(len(names)), [len(rows) for rows in chosen.values()])
    row_of = np.concatenate(list(chosen.values()))
    rank = np.concatenate([selection.snapshot.table(kind).name_rank(lang)[rows] for kind, rows in chosen.items()])
    field, descending = sort.removeprefix("-"), not sort or sort.startswith("-")
    if field == NAME:
        keys = [-rank if descending else rank]
    else:
        values = np.concatenate(
            [
                _values(selection.snapshot.table(kind), kinds.get(kind), field or _leading(kinds.get(kind)))[rows]
                for kind, rows in chosen.items()
            ]
        )
        # lexsort takes the weightiest key last and puts NaN behind every number.
        keys = [rank, -values if descending else values] + ([] if sort else [kind_of])
    order = np.lexsort(keys)[offset : offset + limit]
    return Page(
        rows=[(names[kind_of[i]], int(row_of[i])) for i in order],
        total=total,
        offset=offset,
        limit=limit,
        next=offset + limit if offset + limit < total else None,
        previous=max(0, min(offset, total) - limit) if offset else None,
    )


def _leading(kind: type[Feature]) -> str:
    """The number that says how big a feature of this kind is: the first listed field with a range, or none."""
    ranged = (name for name, field in fields_of(kind).items() if field.listed and field.filter == "range")
    return next(ranged, "")


def _values(table: Table, kind: type[Feature], name: str) -> NDArray[np.float64]:
    """A field's values as numbers; NaN throughout where the kind has no such field to sort by."""
    field = fields_of(kind).get(name)
    if field is not None and name in table.names:
        column = table.column(name)
        if isinstance(column, NumberColumn):
            return column.values
        if isinstance(field, Day):
            return table.days(name)
    return np.full(table.rows, np.nan)


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
