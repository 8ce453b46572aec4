"""Room on the map: boxes that overlap are pushed apart, each at most a little way from where it belongs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.draw.mercator import Floats

ROUNDS = 120
MOST_PX = 64.0


def spread(at: Floats, size: Floats, fixed: NDArray[np.bool_], within: tuple[float, float, float, float]) -> Floats:
    """Where the centres of boxes should be. at, size: (n, 2) pixels; the result has the shape of `at`.

    Fixed ones stay; the others leave their place by at most 64 px and stay `within` left, top, right, bottom.
    Crowded places may still touch.
    """
    spots = at.copy()
    half = size / 2
    low, high = np.array(within[:2]) + half, np.array(within[2:]) - half
    reach = half[:, None] + half[None]
    free = ~fixed
    share = np.where(fixed, 1.0, 0.5)  # of the way that another one gives, beside this one
    before = np.arange(len(at))
    # Two at the same spot part by their order.
    tie = np.sign(before[:, None] - before[None]).astype(np.float64)
    for _ in range(ROUNDS):
        apart = spots[:, None] - spots[None]
        over = reach - np.abs(apart)
        hits: NDArray[np.bool_] = np.logical_and(over[..., 0] > 0, over[..., 1] > 0)
        np.fill_diagonal(hits, False)
        hits &= free[:, None]
        if not hits.any():
            break
        one, other = np.nonzero(hits)
        axis = np.where(over[one, other, 0] < over[one, other, 1], 0, 1)
        way = np.sign(apart[one, other, axis])
        way = np.where(way == 0, tie[one, other], way)
        push = np.zeros_like(spots)
        np.add.at(push, (one, axis), way * (over[one, other, axis] + 0.5) * share[other])
        # Many neighbours push together: together they may not throw a box past its place.
        spots[free] += np.clip(push[free], -12, 12) * 0.7
        away = spots - at
        far = np.hypot(*away.T)
        spots = np.where((far > MOST_PX)[:, None], at + away * (MOST_PX / np.maximum(far, MOST_PX))[:, None], spots)
        inside = np.clip(spots, np.minimum(low, high), np.maximum(low, high))
        spots[free] = inside[free]
    return spots
