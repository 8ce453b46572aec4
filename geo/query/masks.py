"""What single conditions say of the rows of a table, without a loop over them.

A test is asked about some rows at a time, a run of them (a slice) or a list, so that what it needs in between stays
small and in the processor's cache, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from datasets.world import World
from geo.publish.columns import Column, FlagColumn, NumberColumn, TermColumn, TermsColumn
from geo.publish.packed import Whole, entries
from geo.query.parse import Bounds
from geo.query.selection import At, Mask

Test = Callable[[At], Mask]
EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
SLACK = 1e-9  # relative; 30 亩 are 20000 ㎡ whatever the last bit of 2000/3 says
RUNS = 4  # runs of neighbouring codes up to which comparing is quicker than looking up


def holding(column: Column, wanted: Collection[str]) -> Test:
    """Rows that hold one of the codes `wanted`; a flag holds `true` or `false`."""
    if isinstance(column, FlagColumn):
        flags, true, false = column.values, "true" in wanted, "false" in wanted
        return lambda at: np.where(flags[at], true, false)
    if isinstance(column, TermColumn):
        return one_of(column.codes, term_table(column.terms, wanted.__contains__))
    if isinstance(column, TermsColumn):
        return any_of(column, term_table(column.terms, wanted.__contains__))
    raise TypeError(f"{type(column).__name__} holds no codes")


def one_of(codes: NDArray[np.int32], wanted: Mask) -> Test:
    """Rows whose code is wanted (one entry a code, a last one for -1): a few runs of codes are compared with, more are
    looked up."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], wanted.view(np.int8), [0]])))
    runs = edges.reshape(-1, 2).tolist()
    if len(runs) > RUNS:
        return lambda at: wanted[codes[at]]

    def test(at: At) -> Mask:
        own = codes[at]
        found = np.zeros(len(own), np.bool_)
        for first, last in runs:
            found |= own == first if last == first + 1 else (own >= first) & (own < last)
        return found

    return test


def any_of(column: TermsColumn, wanted: Mask) -> Test:
    """Rows with at least one code that is wanted."""
    entry = one_of(column.codes, wanted)

    def test(at: At) -> Mask:
        positions, offsets = entries_of(column.offsets, at)
        hits, starts = entry(positions), offsets[:-1]
        if len(hits) == len(starts) and (offsets[1:] > starts).all():
            return hits  # one code each
        before = np.concatenate([[0], np.cumsum(hits)])
        found: Mask = before[offsets[1:]] > before[starts]
        return found

    return test


def entries_of(offsets: Whole, at: At) -> tuple[At, Whole]:
    """Where the entries of the rows `at` of a packed column stand, and these rows' offsets among themselves."""
    if not isinstance(at, slice):
        return entries(offsets, at)
    own = offsets[at.start : at.stop + 1]
    return slice(int(own[0]), int(own[-1])), own - own[0]


def node_table(nodes: Collection[str], world: World, chains: Collection[str], segments: Collection[str]) -> Mask:
    """For each node whether its chain is among `chains` and its segment among `segments`; empty ones allow all."""
    wanted = {
        node.id
        for chain in world.chains.chains.values()
        if not chains or chain.id in chains
        for node in chain.nodes
        if not segments or node.segment in segments
    }
    return term_table(nodes, wanted.__contains__)


def term_table(terms: Iterable[str], wanted: Callable[[str], bool]) -> Mask:
    """One entry a code and a last one, False, that the code -1 of an empty cell finds."""
    return np.array([*map(wanted, terms), False], np.bool_)


def between(column: NumberColumn, bounds: Bounds, scale: float) -> Test:
    """Rows whose value, in units of `scale`, lies within the bounds, both inclusive; unknown values do not."""
    low, high = (None if bound is None else bound * scale for bound in bounds)
    least = -np.inf if low is None else low - SLACK * abs(low)
    most = np.inf if high is None else high + SLACK * abs(high)

    def test(at: At) -> Mask:
        own = column.values[at]
        found: Mask = (own >= least) & (own <= most)  # False for NaN
        return found

    return test


def in_years(year: NDArray[np.int16], first: int | None, last: int | None) -> Test:
    """Rows dated from `first` to `last`, both inclusive; undated rows (year 0) do not."""
    least, most = max(first or 1, 1), last or np.iinfo(np.int16).max
    return lambda at: (year[at] >= least) & (year[at] <= most)


def crossing(bbox: NDArray[np.float64], west: float, south: float, east: float, north: float) -> Mask:
    """Rows of `bbox` (west south east north) that share a point with a box; rows of NaN do not."""
    return (bbox[:, 0] <= east) & (bbox[:, 2] >= west) & (bbox[:, 1] <= north) & (bbox[:, 3] >= south)


def distance_km(lon: NDArray[np.float64], lat: NDArray[np.float64], to: tuple[float, float]) -> NDArray[np.float64]:
    """Great-circle distances on the mean sphere (haversine); the ellipsoid differs by at most 0.56 %."""
    lon0, lat0 = np.radians(to)
    lon1, lat1 = np.radians(lon), np.radians(lat)
    half = np.sin((lat1 - lat0) / 2) ** 2 + np.cos(lat0) * np.cos(lat1) * np.sin((lon1 - lon0) / 2) ** 2
    result: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return result
