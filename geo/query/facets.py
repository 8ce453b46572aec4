"""How many features each option of each filter would show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from datasets.world import World
from geo.model import Kinds
from geo.publish import Snapshot, Table
from geo.query.filter import Filter
from geo.query.masks import Test, node_table
from geo.query.match import Conditions, conditions
from geo.query.parameters import Parameters, parameters
from geo.query.selection import At, Mask
from geo.query.tally import Tally, node_tally, tally_of, year_tally

NARROW = 4
OUT = np.uint8(128)  # more than there are conditions in any filter
OMITTED = {"city": ("city", "county")}  # a county narrows its city: choosing another city must be possible

Counted = tuple[int, Mapping[str, Mapping[Any, int]]]  # how many rows, and by parameter how many of each code
_known: WeakKeyDictionary[Table, tuple[World, Parameters, Counted]] = WeakKeyDictionary()


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
        asked = conditions(filter, table, declared, world)
        if filter.kinds and kind not in filter.kinds:
            selected = asked.met().count
        else:
            selected, by_param = (
                _whole(table, declared, world) if asked.none else _counted(filter, asked, table, declared, world)
            )
            for param, found in by_param.items():
                (years if param == "year" else counts[param]).update(found)
        if selected:
            counts["kind"][kind] = selected
    undated = years.pop(0, 0)
    return Facets({param: dict(found) for param, found in counts.items()}, dict(sorted(years.items())), undated)


def _whole(table: Table, declared: Parameters, world: World) -> Counted:
    """The counts of a whole table, by which every form's options are arranged: they are kept with it."""
    kept = _known.get(table)
    if kept is None or kept[0] is not world or kept[1] is not declared:
        nothing = Filter()
        asked = conditions(nothing, table, declared, world)
        kept = _known[table] = world, declared, _counted(nothing, asked, table, declared, world)
    return kept[2]


def _counted(filter: Filter, asked: Conditions, table: Table, declared: Parameters, world: World) -> Counted:  # noqa: A002
    tallies = _tallies(filter, table, declared, world)
    selected = _count(asked, tallies)
    return selected, {param: tally.counts() for param, tally in tallies.items()}


def _tallies(filter: Filter, table: Table, declared: Parameters, world: World) -> dict[str, Tally]:  # noqa: A002
    """What is counted in a table, by parameter; what can have no counts is left out.

    Chains and segments are counted each under the other's condition: it is one node that has to be of both.
    """
    found = {param: tally_of(table.column(param)) for param in ("county", "city")}
    for param, entry in declared.any.items():
        name = entry.fields.get(table.kind)
        if name in table.names:
            found[param] = tally_of(table.column(name))
    places = {node.id: (chain.id, node.segment) for chain in world.chains.chains.values() for node in chain.nodes}
    nodes = table.column("nodes")
    if filter.segments:
        found["chain"] = node_tally(nodes, places, 0, lambda terms: node_table(terms, world, (), filter.segments))
    else:
        found["chain"] = tally_of(table.column("chains"))
    found["segment"] = node_tally(nodes, places, 1, lambda terms: node_table(terms, world, filter.chains, ()))
    found["year"] = year_tally(table.year)
    return {param: tally for param, tally in found.items() if tally.needed}


def _count(asked: Conditions, tallies: Mapping[str, Tally]) -> int:
    """Fill the tallies in one pass over the rows; how many meet all conditions.

    A row that meets all counts everywhere. One that fails a single condition counts where that one is left aside,
    which only its own parameter does, so that of each row only the number of conditions that it fails matters.
    """
    left_aside = {param: _conditions_of(param, asked) for param in tallies}
    countable = {name for names in left_aside.values() for name in names}
    strict = [test for name, test in asked.tests.items() if name not in countable]
    loose = {name: test for name, test in asked.tests.items() if name in countable}
    selected = 0
    for piece in asked.pieces():
        at, number = _strictly(piece, strict)
        failed = {name: ~test(at) for name, test in loose.items()}
        for mask in failed.values():
            number += mask
        passing = _those(at, number == 0)
        selected += _length(passing)
        for param, tally in tallies.items():
            if names := left_aside[param]:
                own = np.zeros(len(number), np.uint8)
                for name in names:
                    own += failed[name]
                tally.add(_those(at, own == number))
            else:
                tally.add(passing)
    return selected


def _strictly(piece: At, strict: Sequence[Test]) -> tuple[At, NDArray[np.uint8]]:
    """The rows that can count, and for each 0, or OUT where it cannot after all."""
    if not strict:
        return piece, np.zeros(_length(piece), np.uint8)
    mask = strict[0](piece)  # it may be a view of what the test looks up
    for test in strict[1:]:
        mask = mask & test(piece)
    # A run is read faster than a list: it is only left where little of it remains.
    if np.count_nonzero(mask) * NARROW < len(mask):
        at = _those(piece, mask)
        return at, np.zeros(_length(at), np.uint8)
    return piece, np.where(mask, np.uint8(0), OUT)


def _conditions_of(param: str, asked: Conditions) -> list[str]:
    """The conditions that do not count for the options of `param`."""
    names = ("chain",) if param == "segment" else OMITTED.get(param, (param,))
    return [name for name in names if name in asked.tests]


def _those(at: At, mask: Mask) -> At:
    """The rows of `at` that `mask` (one entry each) picks."""
    chosen = np.flatnonzero(mask)
    if len(chosen) == len(mask):
        return at
    return at.start + chosen if isinstance(at, slice) else at[chosen]


def _length(at: At) -> int:
    return at.stop - at.start if isinstance(at, slice) else len(at)
