"""Which of two columns is the easting, and what the numbers look like: told by magnitude alone.

Gauss-Krüger in China: northing 1.0–6.5 million m, easting six digits or eight with the zone (13–45) in front. Degrees: latitude
3–54, longitude 73–136. None of the ranges overlap, so that a row says itself which order it has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNCLEAR = 0
DEGREES = 99
_EASTING_FIRST = 1000


@dataclass(frozen=True, slots=True)
class Look:
    """What one row of numbers looks like. zone: its prefix, if any; degrees or metres; which column comes first."""

    easting_first: bool
    degrees: bool
    zone: int | None

    @property
    def zh(self) -> str:
        """In Chinese, for a finding."""
        if self.degrees:
            return "经纬度"
        return f"带号 {self.zone}" if self.zone else "不带带号"

    @property
    def en(self) -> str:
        """In English, for a finding."""
        if self.degrees:
            return "degrees"
        return f"zone {self.zone}" if self.zone else "no zone prefix"


def looks(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.int64]:
    """A code for each row (see `look_of`); UNCLEAR where the numbers fit no order."""
    upright = _codes(north=first, east=second)
    swapped = _codes(north=second, east=first)
    return np.where(upright > 0, upright, np.where(swapped > 0, swapped + _EASTING_FIRST, UNCLEAR))


def look_of(code: int) -> Look | None:
    """What a code means; None if UNCLEAR."""
    if code == UNCLEAR:
        return None
    rest = code % _EASTING_FIRST
    return Look(code >= _EASTING_FIRST, rest == DEGREES, rest if 1 < rest < DEGREES else None)


def commonest(codes: NDArray[np.int64]) -> int:
    """The code that most rows have (of two as common the earlier), UNCLEAR only if all are."""
    known = codes[codes != UNCLEAR]
    if not len(known):
        return UNCLEAR
    if (known == known[0]).all():
        return int(known[0])
    values, first, counts = np.unique(known, return_index=True, return_counts=True)
    return int(values[np.lexsort((first, -counts))[0]])


def _codes(north: NDArray[np.float64], east: NDArray[np.float64]) -> NDArray[np.int64]:
    """1: metres without zone; 13–45: with this zone; DEGREES; 0: not in this order."""
    plane = (north >= 1.0e6) & (north < 6.5e6)
    zone = np.where(np.abs(east) < 1e9, east, 0) // 1_000_000
    prefixed = plane & (zone >= 13) & (zone <= 45)
    bare = plane & (east >= 1.0e5) & (east < 1.0e6)
    degrees = (north >= 3) & (north <= 54) & (east >= 73) & (east <= 136)
    return np.select([prefixed, bare, degrees], [zone, 1, DEGREES], UNCLEAR).astype(np.int64)
