"""Boolean masks over the columns of a table, without a loop over its rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.publish.columns import Column, FlagColumn, NumberColumn, TermColumn, TermsColumn, TextColumn
from geo.query.parse import Bounds

Mask = NDArray[np.bool_]
EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
SLACK = 1e-9  # relative; 30 亩 are 20000 ㎡ whatever the last bit of 2000/3 says


def holding(column: Column, wanted: Collection[str]) -> Mask:
    """Rows that hold one of the codes `wanted`; a flag holds `true` or `false`."""
    if isinstance(column, FlagColumn):
        return np.where(column.values, "true" in wanted, "false" in wanted)
    if isinstance(column, TermColumn):
        return term_table(column.terms, wanted.__contains__)[column.codes]
    if isinstance(column, TermsColumn):
        hits = term_table(column.terms, wanted.__contains__)[column.codes]
        mask = np.zeros(len(column.offsets) - 1, np.bool_)
        mask[rows_at(column.offsets, np.flatnonzero(hits))] = True
        return mask
    raise TypeError(f"{type(column).__name__} holds no codes")


def term_table(terms: Iterable[str], wanted: Callable[[str], bool]) -> Mask:
    """One entry a code and a last one, False, that the code -1 of an empty cell finds."""
    return np.array([*map(wanted, terms), False], np.bool_)


def rows_at(offsets: NDArray[np.integer[Any]], positions: NDArray[np.intp]) -> NDArray[np.intp]:
    """The rows that entries of a packed column belong to; row i holds the entries offsets[i] to offsets[i + 1]."""
    return np.searchsorted(offsets, positions, side="right") - 1


def between(column: NumberColumn, bounds: Bounds, scale: float) -> Mask:
    """Rows whose value, in units of `scale`, lies within the bounds, both inclusive; unknown values do not."""
    low, high = (None if bound is None else bound * scale for bound in bounds)
    mask = ~np.isnan(column.values)
    if low is not None:
        mask &= column.values >= low - SLACK * abs(low)
    if high is not None:
        mask &= column.values <= high + SLACK * abs(high)
    return mask


def in_years(year: NDArray[np.int16], first: int | None, last: int | None) -> Mask:
    """Rows dated from `first` to `last`, both inclusive; undated rows (year 0) do not."""
    return (year >= max(first or 1, 1)) & (year <= (last or np.iinfo(np.int16).max))


def containing(column: TextColumn, words: Iterable[str]) -> Mask:
    """Rows whose text holds every one of the words, which must not be empty."""
    mask = np.ones(len(column.offsets) - 1, np.bool_)
    for word in words:
        mask &= _containing(column, word.encode())
    return mask


def _containing(column: TextColumn, word: bytes) -> Mask:
    """UTF-8 synchronises itself, so that equal bytes are equal characters. The rows' texts lie end to end without a
    gap: a hit counts only where it ends in the row in which it begins."""
    mask = np.zeros(len(column.offsets) - 1, np.bool_)
    # The last byte of a Chinese character tells more than its first, which thousands share: it goes first.
    starts = np.flatnonzero(column.data[len(word) - 1 :] == word[-1])
    for place in range(len(word) - 2, -1, -1):
        starts = starts[column.data[starts + place] == word[place]]
    rows = rows_at(column.offsets, starts)
    mask[rows[starts + len(word) <= column.offsets[rows + 1]]] = True
    return mask


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
