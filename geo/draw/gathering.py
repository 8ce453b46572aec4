"""The selected features of all kinds side by side, as columns that can be counted at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from datasets.world import World
from geo.publish import Table
from geo.publish.columns import FlagColumn, TermColumn, TermsColumn
from geo.query.selection import Selection

Codes = NDArray[np.intp]
DENSE = 1 << 16  # pairs up to which counting all of them is quicker than sorting those that occur


@dataclass(frozen=True, eq=False)
class Gathered:
    """Columns with one entry a selected feature, the snapshot's kinds one after the other.

    kind, unit, city, place, cluster: positions in the tuples of the same name in the plural; -1 where `place` is
    empty. row: the row in the kind's table. point: (n, 2) WGS-84 lon/lat, NaN where the feature has no geometry.
    cluster: that of the FIRST chain, so that every feature counts once; the cluster "" means no chain.
    chained, chain: one entry for each chain of each feature: the feature's position here, the chain's in `chains`.
    """

    kinds: tuple[str, ...]
    units: tuple[str, ...]
    places: tuple[str, ...]
    clusters: tuple[str, ...]
    chains: tuple[str, ...]
    kind: Codes
    row: Codes
    unit: Codes
    city: Codes
    place: Codes
    cluster: Codes
    demo: NDArray[np.bool_]
    point: NDArray[np.float64]
    chained: Codes
    chain: Codes

    def __len__(self) -> int:
        return len(self.row)

    @property
    def located(self) -> NDArray[np.bool_]:
        """Which features have a geometry of their own."""
        return ~np.isnan(self.point[:, 0])


class CodeBook:
    """One numbering for the terms of several tables, in the order in which they are met."""

    def __init__(self, *terms: str) -> None:
        self._number = {term: number for number, term in enumerate(terms)}

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms met so far; a term's number is its position."""
        return tuple(self._number)

    def numbers(self, terms: tuple[str, ...]) -> Codes:
        """The number of each term, and after them -1, so that a column's code -1 finds it."""
        return np.array([*(self._number.setdefault(term, len(self._number)) for term in terms), -1], np.intp)


def term_codes(table: Table, name: str, rows: Codes, book: CodeBook) -> Codes:
    """The numbers in `book` of a column of terms; -1 where the cell is empty or the kind has no such column."""
    if name not in table.names:
        return np.full(len(rows), -1, np.intp)
    column = table.column(name)
    if not isinstance(column, TermColumn):
        raise TypeError(f"{table.kind}.{name} is no column of terms")
    return book.numbers(column.terms)[column.codes[rows]]


def gather(selection: Selection, world: World, rows_of: Mapping[str, Codes] | None = None) -> Gathered:
    """The selected features as columns; time grows with their number, not with that of the snapshot's tables.

    rows_of: by kind the rows to take, of the selected ones; None for all of them.
    """
    units, places = CodeBook(), CodeBook()
    chains = CodeBook(*world.chains.chains)
    kinds = tuple(selection.masks)
    parts = [
        _part(selection, kind, selection.rows(kind) if rows_of is None else rows_of[kind], units, places, chains)
        for kind in kinds
    ]
    columns = [np.concatenate([part[i] for part in parts]) for i in range(len(parts[0]))] if parts else _nothing()
    kind = np.repeat(np.arange(len(kinds)), [len(part[0]) for part in parts])
    row, unit, city, place, demo, lon, lat, count, chain = columns
    ends = np.cumsum(count)
    first = np.where(count > 0, np.append(chain, -1)[np.minimum(ends - count, len(chain))], -1)
    clusters, cluster_of = _clusters(world, chains.terms)
    return Gathered(
        kinds=kinds,
        units=units.terms,
        places=places.terms,
        clusters=clusters,
        chains=chains.terms,
        kind=kind,
        row=row,
        unit=unit,
        city=city,
        place=place,
        cluster=cluster_of[first],
        demo=demo.astype(np.bool_),
        point=np.column_stack([lon, lat]).astype(np.float64),
        chained=np.repeat(np.arange(len(row)), count),
        chain=chain,
    )


def _part(
    selection: Selection, kind: str, rows: Codes, units: CodeBook, places: CodeBook, chains: CodeBook
) -> tuple[NDArray[np.generic], ...]:
    table = selection.snapshot.table(kind)
    demo = table.column("demo")
    if not isinstance(demo, FlagColumn):
        raise TypeError(f"{kind}.demo is no column of flags")
    return (
        rows,
        term_codes(table, "county", rows, units),
        term_codes(table, "city", rows, units),
        term_codes(table, "place", rows, places),
        demo.values[rows],
        table.point[rows, 0],
        table.point[rows, 1],
        *_chains(table, rows, chains),
    )


def _chains(table: Table, rows: Codes, book: CodeBook) -> tuple[Codes, Codes]:
    """How many chains each row has, and all of them, row after row."""
    column = table.column("chains")
    if not isinstance(column, TermsColumn):
        raise TypeError(f"{table.kind}.chains is no column of several terms")
    start = column.offsets[rows].astype(np.intp)
    count = column.offsets[rows + 1].astype(np.intp) - start
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return count, book.numbers(column.terms)[column.codes[np.repeat(start, count) + within]]


def _clusters(world: World, chains: tuple[str, ...]) -> tuple[tuple[str, ...], Codes]:
    """The clusters in the dataset's order, "" last, and each chain's; a chain that is not in the dataset has none."""
    clusters = (*world.chains.clusters, "")
    none = len(clusters) - 1
    known = world.chains.chains
    of = [clusters.index(known[chain].cluster) if chain in known else none for chain in chains]
    return clusters, np.array([*of, none], np.intp)


def _nothing() -> list[NDArray[np.intp]]:
    return [np.empty(0, np.intp)] * 9


def tally(group: Codes, code: Codes, groups: int, codes: int) -> Iterator[list[tuple[int, int]]]:
    """For each of `groups` the pairs (code, how often it stands there), most frequent first, then by code."""
    pair = group * codes + code
    if groups * codes <= max(DENSE, len(pair)):
        often = np.bincount(pair, minlength=groups * codes)
        pairs = np.flatnonzero(often)
        counts = often[pairs]
    else:
        pairs, counts = np.unique(pair, return_counts=True)
    of, which = np.divmod(pairs, max(codes, 1))
    order = np.lexsort((which, -counts, of))
    edges = np.searchsorted(of[order], np.arange(groups + 1))
    found = list(zip(which[order].tolist(), counts[order].tolist(), strict=True))
    return (found[start:stop] for start, stop in pairwise(edges.tolist()))
