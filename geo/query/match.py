"""From a filter to the rows that it selects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast
from weakref import WeakKeyDictionary

import numpy as np

from datasets.world import World
from geo.model import Kinds
from geo.publish import Snapshot, Table
from geo.publish.columns import NumberColumn, TermsColumn
from geo.query.filter import Filter
from geo.query.masks import Test, any_of, between, holding, in_years, node_table
from geo.query.parameters import Parameters, parameters
from geo.query.places import in_box, near
from geo.query.search import found_by
from geo.query.selection import At, Listed, Mask, Rows, Selection

PIECE = 1 << 16  # rows looked at together
WHERE = ""  # box, circle and words as one condition, which no option leaves aside

_lately: WeakKeyDictionary[Table, tuple[World, tuple[object, ...], Rows]] = WeakKeyDictionary()


def forget() -> None:
    """Let go of what the last filters found."""
    _lately.clear()


def select(filter: Filter, snapshot: Snapshot, kinds: Kinds, world: World) -> Selection:  # noqa: A002 - its name
    """The rows of every kind that meet all conditions, each kind's worked out when it is first asked for.

    A kind without a field meets no condition on it, nor does an empty value. Chain together with segment asks for one
    node that is of both. A feature without a geometry of its own lies, for `bbox`, wherever its county or city does,
    and for `near` at the anchor of its county or city.
    """
    return Selection(snapshot, _Matching(filter, snapshot, kinds, world))


class _Matching(Mapping[str, Rows]):
    """The rows of each kind that a filter selects; looking one up works it out."""

    def __init__(self, filter: Filter, snapshot: Snapshot, kinds: Kinds, world: World) -> None:  # noqa: A002
        self._filter, self._snapshot, self._world = filter, snapshot, world
        self._declared = parameters(kinds)
        self._kinds = kinds.names

    def __getitem__(self, kind: str) -> Rows:
        if kind not in self._kinds:
            raise KeyError(kind)
        if kind not in self._snapshot.kinds:
            return Rows.none(0)
        table = self._snapshot.table(kind)
        if self._filter.kinds and kind not in self._filter.kinds:
            return Rows.none(table.rows)
        return conditions(self._filter, table, self._declared, self._world).met()

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


@dataclass(frozen=True, eq=False)
class Conditions:
    """What a filter asks of the rows of a table, `kind` left aside.

    among: the rows (ascending) that lie where the filter asks and hold its words, where these are few; where they are
    many they are the condition WHERE among the tests.
    tests: the other conditions by parameter; a range goes by its name without _min and _max, the years by `year`, and
    chain and segment, which depend on each other, are one condition under `chain`.
    """

    rows: int
    among: Listed | None
    tests: Mapping[str, Test]

    @property
    def none(self) -> bool:
        """Whether every row meets them, as there are none."""
        return self.among is None and not self.tests

    def pieces(self) -> Iterator[At]:
        """The rows that come into question, some at a time."""
        if self.among is None:
            for start in range(0, self.rows, PIECE):
                yield slice(start, min(start + PIECE, self.rows))
        else:
            for start in range(0, len(self.among), PIECE):
                yield self.among[start : start + PIECE]

    def met(self) -> Rows:
        """The rows that meet all of them."""
        if not self.tests:
            return Rows(self.rows, listed=self.among)
        if self.among is not None:
            left = []
            for start in range(0, len(self.among), PIECE):
                own = self.among[start : start + PIECE]
                for test in self.tests.values():
                    own = own[test(own)]
                left.append(own)
            return Rows(self.rows, listed=np.concatenate([np.empty(0, np.intp), *left]))
        mask = np.empty(self.rows, np.bool_)
        for run in self.pieces():
            first, *others = self.tests.values()
            mask[run] = first(run)
            for test in others:
                mask[run] &= test(run)
        return Rows(self.rows, mask=mask)


def conditions(filter: Filter, table: Table, declared: Parameters, world: World) -> Conditions:  # noqa: A002
    """What `filter` asks of the rows of `table`."""
    tests: dict[str, Test] = {}
    if filter.segments:
        nodes = cast(TermsColumn, table.column("nodes"))
        tests["chain"] = any_of(nodes, node_table(nodes.terms, world, filter.chains, filter.segments))
    elif filter.chains:
        tests["chain"] = holding(table.column("chains"), filter.chains)
    if filter.counties:
        tests["county"] = holding(table.column("county"), filter.counties)
    if filter.cities:
        tests["city"] = holding(table.column("city"), filter.cities)
    if filter.years != (None, None):
        tests["year"] = in_years(table.year, *filter.years)
    for param, codes in filter.terms:
        name = declared.any[param].fields.get(table.kind)
        if name in table.names:
            tests[param] = holding(table.column(name), codes)
        else:
            tests[param] = _never
    for param, bounds in filter.ranges:
        entry = declared.ranges[param]
        name = entry.fields.get(table.kind)
        if name in table.names:
            tests[param] = between(cast(NumberColumn, table.column(name)), bounds, entry.any_field.param_scale)
        else:
            tests[param] = _never
    found = _found_lately(filter, table, world)
    if found.all or found.few is not None:
        return Conditions(table.rows, found.few, tests)
    # Of many rows runs of the table are read faster than lists of them.
    return Conditions(table.rows, None, {WHERE: found.mask.__getitem__, **tests})


def _found_lately(filter: Filter, table: Table, world: World) -> Rows:  # noqa: A002
    """What `_found` gives. The last answer is kept: rows and counts are asked of a filter one after the other."""
    asked = (filter.bbox, filter.near, filter.q)
    if not any(asked):
        return Rows(table.rows)
    kept = _lately.get(table)
    if kept is None or kept[0] is not world or kept[1] != asked:
        kept = _lately[table] = world, asked, _found(filter, table, world)
    return kept[2]


def _found(filter: Filter, table: Table, world: World) -> Rows:  # noqa: A002
    """The rows that lie in the box and the circle and hold the words."""
    found = Rows(table.rows)
    if filter.bbox:
        found = Rows(table.rows, listed=in_box(table, filter.bbox, world))
    if filter.near:
        found = found.both(near(table, filter.near, world))
    return found_by(table, filter.q.lower().split(), world, found) if filter.q else found


def _never(at: At) -> Mask:
    return np.zeros(at.stop - at.start if isinstance(at, slice) else len(at), np.bool_)
