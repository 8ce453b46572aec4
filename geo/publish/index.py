"""Which rows lie in a box: a tree of boxes packed over rows that stand in the order of a Hilbert curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]
NODE = 16
BITS = 20  # of each axis: steps of 38 m at the equator, finer than most rows lie apart
MAX_LATITUDE = 85.0511287798066  # where the square Web-Mercator map ends


def along_curve(boxes: Boxes) -> NDArray[np.int64]:
    """Where the middles of boxes (n, 4: west south east north, WGS-84) stand along a Hilbert curve.

    The curve fills the square Web-Mercator map, so that the rows of a map tile stand together. The greatest number
    of all where the box is NaN.
    """
    known = ~np.isnan(boxes[:, 0])
    lon, lat = (boxes[known, :2] + boxes[known, 2:]).T / 2
    sine = np.sin(np.radians(np.clip(lat, -MAX_LATITUDE, MAX_LATITUDE)))
    fraction = np.array([(lon + 180) / 360, 0.5 - np.arctanh(sine) / (2 * np.pi)])
    x, y = np.clip(fraction * (1 << BITS), 0, (1 << BITS) - 1).astype(np.int64)
    found = np.full(len(boxes), np.iinfo(np.int64).max, np.int64)
    found[known] = _hilbert(x, y)
    return found


def _hilbert(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distance along the curve of cells of a square of 2**BITS a side."""
    distance = np.zeros(len(x), np.int64)
    turn = (1 << BITS) - 1
    for bit in reversed(range(BITS)):
        right, up = x >> bit & 1, y >> bit & 1
        distance = distance << 2 | (3 * right ^ up)
        flipped = np.where((up == 0) & (right == 1), turn, 0)
        x, y = x ^ flipped, y ^ flipped
        x, y = np.where(up == 0, y, x), np.where(up == 0, x, y)
    return distance


def levels_over(boxes: Boxes) -> list[Boxes]:
    """The levels of the tree above `boxes`, the lowest first: each box holds up to NODE of the level below."""
    levels = []
    while len(boxes) > NODE:
        edges = np.arange(0, len(boxes), NODE)
        low, high = np.minimum.reduceat(boxes[:, :2], edges), np.maximum.reduceat(boxes[:, 2:], edges)
        boxes = np.hstack([low, high])
        levels.append(boxes)
    return levels


class BoxIndex:
    """Finds the boxes that share a point with another."""

    def __init__(self, boxes: Boxes, levels: Sequence[Boxes]) -> None:
        """boxes: (n, 4) west south east north, none NaN; levels: those of `levels_over`."""
        self._levels = [*reversed(levels), boxes]

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """The box around all boxes; None of none."""
        top = self._levels[0]
        if not len(top):
            return None
        low, high = top[:, :2].min(axis=0), top[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def meeting(self, west: float, south: float, east: float, north: float) -> NDArray[np.intp]:
        """The numbers of the boxes that share a point with this one, ascending."""
        found = np.arange(len(self._levels[0]))
        sure = np.zeros(len(found), np.bool_)
        for depth, boxes in enumerate(self._levels):
            if depth:
                found = (found[:, None] * NODE + np.arange(NODE)).ravel()[: self._fitting(found, depth)]
                sure = sure.repeat(NODE)[: len(found)]
            asked = np.flatnonzero(~sure)
            own = boxes[found[asked]]
            met = (own[:, 0] <= east) & (own[:, 2] >= west) & (own[:, 1] <= north) & (own[:, 3] >= south)
            # What lies wholly inside need not be asked again on the levels below.
            sure[asked] = (own[:, 0] >= west) & (own[:, 2] <= east) & (own[:, 1] >= south) & (own[:, 3] <= north)
            kept = np.ones(len(found), np.bool_)
            kept[asked] = met
            found, sure = found[kept], sure[kept]
        return found

    def _fitting(self, parents: NDArray[np.intp], depth: int) -> int:
        """How many children the parents have: only the last box of a level may have fewer than NODE."""
        missing = NODE * len(self._levels[depth - 1]) - len(self._levels[depth])
        is_last = len(parents) > 0 and parents[-1] == len(self._levels[depth - 1]) - 1
        return NODE * len(parents) - (missing if is_last else 0)
