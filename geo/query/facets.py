"""How many features each option of each filter would show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets.world import World
from geo.model import Kinds
from geo.publish import Snapshot, Table
from geo.publish.columns import Column, FlagColumn, TermColumn, TermsColumn
from geo.query.filter import Filter
from geo.query.masks import Mask, rows_at
from geo.query.match import conditions, node_entries, node_table
from geo.query.parameters import Parameters, parameters

OMITTED = {"city": ("city", "county")}  # a county narrows its city: choosing another city must be possible


@dataclass(frozen=True)
class Facets:
    """counts: parameter → code → features; codes without any are left out, parameters are not.

    A count is what would be selected if the code were the only value of its parameter and the rest of the filter
    stayed (for `city`: the rest less the county). years: the same a year, the filter's own years left aside;
    undated: features without a date, under the same filter.
    """

    counts: Mapping[str, Mapping[str, int]]
    years: Mapping[int, int]
    undated: int


def facets(filter: Filter, snapshot: Snapshot, kinds: Kinds, world: World) -> Facets:  # noqa: A002 - its name
    """Counts for kind, chain, segment, county, city, the years and every declared list of codes."""
    declared = parameters(kinds)
    counts: dict[str, Counter[str]] = {param: Counter() for param in declared.lists}
    years: Counter[int] = Counter()
    for kind in kinds.names:
        if kind not in snapshot.kinds:
            continue
        table = snapshot.table(kind)
        rest = _Rest(conditions(filter, table, declared, world), table.rows)
        if selected := int(np.count_nonzero(rest.without())):
            counts["kind"][kind] = selected
        if filter.kinds and kind not in filter.kinds:
            continue
        for param, name in _columns(table, declared):
            counts[param].update(_counted(table.column(name), rest.without(*OMITTED.get(param, (param,)))))
        for param, found in _chains_and_segments(filter, table, rest.without("chain"), world).items():
            counts[param].update(found)
        numbers, totals = np.unique(table.year[rest.without("year")], return_counts=True)
        years.update(dict(zip(numbers.tolist(), totals.tolist(), strict=True)))
    undated = years.pop(0, 0)
    return Facets({param: dict(found) for param, found in counts.items()}, dict(sorted(years.items())), undated)


class _Rest:
    """Which rows meet all conditions but some, from one count of failed conditions a row."""

    def __init__(self, held: Mapping[str, Mask], rows: int) -> None:
        self._held = held
        self._failed = np.zeros(rows, np.uint8)
        for mask in held.values():
            self._failed += ~mask

    def without(self, *params: str) -> Mask:
        """The rows that meet every condition, those of `params` left aside."""
        failed = self._failed
        for param in params:
            if param in self._held:
                failed = failed - ~self._held[param]
        passed: Mask = failed == 0
        return passed


def _columns(table: Table, declared: Parameters) -> Iterable[tuple[str, str]]:
    """The parameters whose codes stand in one column of the table, with that column's name."""
    yield from (("county", "county"), ("city", "city"))
    for param, entry in declared.any.items():
        name = entry.fields.get(table.kind)
        if name in table.names:
            yield param, name


def _counted(column: Column, mask: Mask) -> Mapping[str, int]:
    """How many rows of `mask` hold each code."""
    if isinstance(column, FlagColumn):
        total, yes = int(np.count_nonzero(mask)), int(np.count_nonzero(mask & column.values))
        return {code: n for code, n in (("true", yes), ("false", total - yes)) if n}
    if isinstance(column, TermColumn):
        return _tally(column.codes[mask & (column.codes >= 0)], column.terms)
    if isinstance(column, TermsColumn):
        rows = rows_at(column.offsets, np.arange(len(column.codes)))
        chosen = mask[rows]
        return _tally_rows(rows[chosen], column.codes[chosen], column.terms)
    raise TypeError(f"{type(column).__name__} holds no codes")


def _chains_and_segments(filter: Filter, table: Table, mask: Mask, world: World) -> Mapping[str, Mapping[str, int]]:  # noqa: A002
    """The counts of both, each under the other's condition: it is one node that has to be of both."""
    rows, codes, nodes = node_entries(table)
    places = {node.id: (chain.id, node.segment) for chain in world.chains.chains.values() for node in chain.nodes}
    found: dict[str, Mapping[str, int]] = {}
    if filter.segments:
        chosen = mask[rows] & node_table(nodes.terms, world, (), filter.segments)[codes]
        found["chain"] = _tally_groups(rows[chosen], codes[chosen], [places.get(n, ("", ""))[0] for n in nodes.terms])
    else:
        found["chain"] = _counted(table.column("chains"), mask)
    chosen = mask[rows] & node_table(nodes.terms, world, filter.chains, ())[codes]
    found["segment"] = _tally_groups(rows[chosen], codes[chosen], [places.get(n, ("", ""))[1] for n in nodes.terms])
    return found


def _tally_groups(rows: NDArray[np.intp], codes: NDArray[np.int32], groups: list[str]) -> Mapping[str, int]:
    """How many rows have a code of each group; `groups` names the group of each code."""
    names = tuple(dict.fromkeys(groups))
    group_of = np.array([names.index(name) for name in groups], np.int32)
    return _tally_rows(rows, group_of[codes], names)


def _tally_rows(rows: NDArray[np.intp], codes: NDArray[np.int32], names: tuple[str, ...]) -> Mapping[str, int]:
    """How many rows have each code; a row that has one twice counts once."""
    once = np.unique(rows * max(len(names), 1) + codes)
    return _tally(once % max(len(names), 1), names)


def _tally(codes: NDArray[np.integer], names: tuple[str, ...]) -> Mapping[str, int]:
    counts = np.bincount(codes, minlength=len(names)).tolist()
    return {name: n for name, n in zip(names, counts, strict=True) if n}
