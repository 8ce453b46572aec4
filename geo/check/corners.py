"""The points of rings that really are corners: repeated ones left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.check.outlines import Index, Outlines

ONE_POINT_M = 0.01


@dataclass(frozen=True, eq=False)
class Corners:
    """The different consecutive points of rings. index: (k,) into the outlines' points. before, after: (k,) neighbours' places
    among the corners. repeats: (d,) the points left out, each within 1 cm of the one before. counts: (r,) corners a ring."""

    index: Index
    before: Index
    after: Index
    repeats: Index
    counts: Index

    @classmethod
    def of(cls, outlines: Outlines) -> Corners:
        """The corners of all rings."""
        kept, repeated = np.ones(len(outlines.lonlat), bool), np.zeros(len(outlines.lonlat), bool)
        kept[outlines.starts[1:] - 1] = False  # the closing point repeats the first by nature
        if len(kept):
            repeated[1:] = outlines.step[:-1] <= ONE_POINT_M
            repeated[outlines.starts[:-1]] = False
            repeated &= kept
            kept &= ~repeated
            _without_early_ends(outlines, kept, repeated)
        index = np.flatnonzero(kept)
        rings = outlines.ring[index]
        counts = np.bincount(rings, minlength=len(outlines.starts) - 1)
        ends = np.cumsum(counts)
        begins = ends - counts
        places = np.arange(len(index))
        before = np.where(places == begins[rings], ends[rings] - 1, places - 1)
        after = np.where(places == ends[rings] - 1, begins[rings], places + 1)
        return cls(index, before, after, np.flatnonzero(repeated), counts)


def _without_early_ends(outlines: Outlines, kept: NDArray[np.bool_], repeated: NDArray[np.bool_]) -> None:
    """Take out the last corners that lie on their ring's first point already."""
    firsts = outlines.starts[:-1]
    while True:
        index = np.flatnonzero(kept)
        ends = index[np.searchsorted(index, outlines.starts[1:]) - 1]
        gap = np.hypot(*(outlines.xy[:, ends] - outlines.xy[:, firsts]))
        early = ends[(gap <= ONE_POINT_M) & (ends > firsts)]
        if not early.size:
            return
        kept[early] = False
        repeated[early] = True
