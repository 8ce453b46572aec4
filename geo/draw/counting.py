"""How many of the selected features belong to each county, city or place, and what they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from datasets.world import World
from geo.draw.gathering import CodeBook, Codes, clusters_of
from geo.draw.places import point_of
from geo.publish import Table
from geo.publish.columns import FlagColumn, TermColumn, TermsColumn
from geo.query.masks import entries_of
from geo.query.selection import At, Selection

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Counted:
    """Counts by group: the units (adcodes), then the places (gazetteer ids).

    kind, cluster, chain: (groups, n) features of each of the tuples of the same name in the plural; a feature counts
    under the cluster of its FIRST chain ("" for none), and under each chain of its own. demo: (groups,) those that are
    demonstration data.
    """

    units: tuple[str, ...]
    places: tuple[str, ...]
    kinds: tuple[str, ...]
    clusters: tuple[str, ...]
    chains: tuple[str, ...]
    kind: Counts
    cluster: Counts
    chain: Counts
    demo: Counts

    @property
    def number(self) -> Counts:
        """How many features each group holds."""
        total: Counts = self.kind.sum(axis=1)
        return total

    @property
    def nbytes(self) -> int:
        """What keeping it takes."""
        return self.kind.nbytes + self.cluster.nbytes + self.chain.nbytes + self.demo.nbytes


def count_by_unit(selection: Selection, world: World, *, unlocated: bool = False) -> Counted:
    """The selected features by the county, or city, that they name.

    unlocated: only those without a geometry of their own, and they by their place where the gazetteer knows its point.
    """
    kinds = selection.kinds
    tables = [selection.snapshot.table(kind) for kind in kinds]
    units, places, chains = CodeBook(), CodeBook(), CodeBook(*world.chains.chains)
    own_units, own_places = [], []
    for table in tables:
        own_units.append(units.numbers(_terms(table, "county"))[:-1])
        units.numbers(_terms(table, "city"))
        own_places.append(places.numbers(_terms(table, "place") if unlocated else ())[:-1])
    own_chains = [chains.numbers(cast(TermsColumn, table.column("chains")).terms) for table in tables]
    clusters, cluster_of = clusters_of(world, chains.terms)
    groups = len(units.terms) + len(places.terms)
    found = Counted(
        units=units.terms,
        places=places.terms,
        kinds=kinds,
        clusters=clusters,
        chains=chains.terms,
        kind=np.zeros((groups, len(kinds)), np.int64),
        cluster=np.zeros((groups, len(clusters)), np.int64),
        chain=np.zeros((groups, len(chains.terms)), np.int64),
        demo=np.zeros(groups, np.int64),
    )
    for at, table in enumerate(tables):
        group_of = np.concatenate([own_units[at], len(units.terms) + own_places[at]])
        pairs, more = _pairs(selection, table, world, unlocated=unlocated)
        # The last column stands for no chain at all.
        chain_of = own_chains[at]
        found.kind[:, at] += np.bincount(group_of, pairs.sum(axis=(1, 2)), minlength=groups).astype(np.int64)
        found.demo[:] += np.bincount(group_of, pairs[:, 1].sum(axis=1), minlength=groups).astype(np.int64)
        by_first = pairs.sum(axis=1)
        np.add.at(found.cluster, (group_of[:, None], cluster_of[chain_of][None, :]), by_first)
        np.add.at(found.chain, (group_of[:, None], chain_of[:-1][None, :]), by_first[:, :-1] + more)
    return found


def in_cities(counted: Counted, world: World) -> Counted:
    """The same with each county's features counted in its city."""
    number = {unit: at for at, unit in enumerate(counted.units)}
    groups = len(counted.units)
    city = np.arange(groups)
    for at in np.flatnonzero(counted.number[:groups]).tolist():
        city[at] = number[world.boundaries.city_of(counted.units[at])]

    def summed(counts: Counts) -> Counts:
        found = np.zeros_like(counts)
        np.add.at(found, city, counts)
        return found

    return Counted(
        units=counted.units,
        places=counted.places,
        kinds=counted.kinds,
        clusters=counted.clusters,
        chains=counted.chains,
        kind=summed(counted.kind),
        cluster=summed(counted.cluster),
        chain=summed(counted.chain),
        demo=summed(counted.demo),
    )


def _pairs(selection: Selection, table: Table, world: World, *, unlocated: bool) -> tuple[Counts, Counts]:
    """What one kind's features are, in the table's own codes, counted a piece of the rows at a time.

    First (groups, 2, chains + 1): by county or, behind all counties, place; whether demonstration data; first chain,
    the last entry for none. Then (groups, chains): the chains beside the first ones.
    """
    county, demo = cast(TermColumn, table.column("county")), cast(FlagColumn, table.column("demo"))
    chains = cast(TermsColumn, table.column("chains"))
    place_of = _placed(table, world, len(county.terms)) if unlocated else None
    groups, names = len(county.terms) + (len(_terms(table, "place")) if unlocated else 0), len(chains.terms)
    pairs = np.zeros(groups * 2 * (names + 1), np.int64)
    more = np.zeros(groups * names, np.int64)
    for at in selection.chosen(table.kind).pieces(table.located if unlocated else 0):
        group = county.codes[at].astype(np.intp)
        if place_of is not None:
            place = place_of[cast(TermColumn, table.column("place")).codes[at]]
            group = np.where(place < 0, group, place)
        first, row, others = _first_and_others(chains, at)
        pairs += np.bincount((group * 2 + demo.values[at]) * (names + 1) + first, minlength=len(pairs))
        if len(others):
            more += np.bincount(group[row] * names + others, minlength=len(more))
    return pairs.reshape(groups, 2, names + 1), more.reshape(groups, names)


def _first_and_others(chains: TermsColumn, at: At) -> tuple[Codes, Codes, Codes]:
    """Each row's first chain, its number of names for none; of the further ones the row's place in `at`, and the code."""
    positions, offsets = entries_of(chains.offsets, at)
    codes = chains.codes[positions].astype(np.intp)
    nothing = np.empty(0, np.intp)
    count = np.diff(offsets)
    if len(codes) == len(count) and (count == 1).all():
        return codes, nothing, nothing
    first = np.where(count > 0, np.append(codes, 0)[offsets[:-1]], len(chains.terms))
    row = np.repeat(np.arange(len(count)), count)
    further = np.ones(len(codes), np.bool_)
    further[offsets[:-1][count > 0]] = False
    return first, row[further], codes[further]


def _placed(table: Table, world: World, after: int) -> Codes | None:
    """For each place of a table, and the empty one, its group; -1 where no point of its own is known."""
    if "place" not in table.names:
        return None
    known = [point_of(world, place) is not None for place in _terms(table, "place")]
    return np.array([*(after + at if has else -1 for at, has in enumerate(known)), -1], np.intp)


def _terms(table: Table, name: str) -> tuple[str, ...]:
    """The terms of a column; none where the kind has no such column."""
    return cast(TermColumn, table.column(name)).terms if name in table.names else ()
