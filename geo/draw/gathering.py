"""The selected features that have a geometry, of all kinds side by side, as columns that can be counted at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from datasets.world import World
from geo.publish import Table
from geo.publish.columns import FlagColumn, TermsColumn
from geo.query.selection import Selection

Codes = NDArray[np.intp]
DENSE = 1 << 16  # pairs up to which counting all of them is quicker than sorting those that occur


@dataclass(frozen=True, eq=False)
class Gathered:
    """Columns with one entry a feature, the snapshot's kinds one after the other.

    kind, cluster: positions in the tuples of the same name in the plural. row: the row in the kind's table. point:
    (n, 2) WGS-84 lon/lat.
    cluster: that of the FIRST chain, so that every feature counts once; the cluster "" means no chain.
    chained, chain: one entry for each chain of each feature: the feature's position here, the chain's in `chains`.
    """

    kinds: tuple[str, ...]
    clusters: tuple[str, ...]
    chains: tuple[str, ...]
    kind: Codes
    row: Codes
    cluster: Codes
    demo: NDArray[np.bool_]
    point: NDArray[np.float64]
    chained: Codes
    chain: Codes

    def __len__(self) -> int:
        return len(self.row)


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


def gather(selection: Selection, world: World, rows_of: Mapping[str, Codes]) -> Gathered:
    """Features as columns. rows_of: by kind the rows to take, of the selected ones that have a geometry."""
    chains = CodeBook(*world.chains.chains)
    kinds = tuple(rows_of)
    parts = [_part(selection.snapshot.table(kind), rows, chains) for kind, rows in rows_of.items()]
    columns = [np.concatenate([part[i] for part in parts]) for i in range(len(parts[0]))] if parts else _nothing()
    row, demo, point, count, chain = columns
    ends = np.cumsum(count)
    first = np.where(count > 0, np.append(chain, -1)[np.minimum(ends - count, len(chain))], -1)
    clusters, cluster_of = clusters_of(world, chains.terms)
    return Gathered(
        kinds=kinds,
        clusters=clusters,
        chains=chains.terms,
        kind=np.repeat(np.arange(len(kinds)), [len(rows) for rows in rows_of.values()]),
        row=row,
        cluster=cluster_of[first],
        demo=demo.astype(np.bool_),
        point=point.reshape(-1, 2).astype(np.float64),
        chained=np.repeat(np.arange(len(row)), count),
        chain=chain,
    )


def _part(table: Table, rows: Codes, chains: CodeBook) -> tuple[NDArray[np.generic], ...]:
    demo = table.column("demo")
    if not isinstance(demo, FlagColumn):
        raise TypeError(f"{table.kind}.demo is no column of flags")
    return (rows, demo.values[rows], table.point[rows], *_chains(table, rows, chains))


def _chains(table: Table, rows: Codes, book: CodeBook) -> tuple[Codes, Codes]:
    """How many chains each row has, and all of them, row after row."""
    column = table.column("chains")
    if not isinstance(column, TermsColumn):
        raise TypeError(f"{table.kind}.chains is no column of several terms")
    start = column.offsets[rows].astype(np.intp)
    count = column.offsets[rows + 1].astype(np.intp) - start
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return count, book.numbers(column.terms)[column.codes[np.repeat(start, count) + within]]


def clusters_of(world: World, chains: tuple[str, ...]) -> tuple[tuple[str, ...], Codes]:
    """The clusters in the dataset's order, "" last, and each chain's; a chain that is not in the dataset has none."""
    clusters = (*world.chains.clusters, "")
    none = len(clusters) - 1
    known = world.chains.chains
    of = [clusters.index(known[chain].cluster) if chain in known else none for chain in chains]
    return clusters, np.array([*of, none], np.intp)


def _nothing() -> list[NDArray[np.intp]]:
    return [np.empty(0, np.intp)] * 5


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
    return _by_group(of, which, counts, groups)


def ranked(counts: NDArray[np.int64]) -> Iterator[list[tuple[int, int]]]:
    """For each line of (groups, codes) the pairs (code, count) that are not 0, the greatest first, then by code."""
    of, which = np.nonzero(counts)
    return _by_group(of, which, counts[of, which], len(counts))


def _by_group(of: Codes, which: Codes, counts: NDArray[np.int64], groups: int) -> Iterator[list[tuple[int, int]]]:
    order = np.lexsort((which, -counts, of))
    edges = np.searchsorted(of[order], np.arange(groups + 1))
    found = list(zip(which[order].tolist(), counts[order].tolist(), strict=True))
    return (found[start:stop] for start, stop in pairwise(edges.tolist()))
