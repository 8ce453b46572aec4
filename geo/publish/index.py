"""Which rows lie in a box: a tree of boxes packed over rows that stand in the order of a Hilbert curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]
Numbers = NDArray[np.intp]
Judge = Callable[[Boxes], tuple[NDArray[np.bool_], NDArray[np.bool_]]]
NODE = 16
CHILDREN = np.arange(NODE)
AT_ONCE = 512  # boxes that are looked at all at once
MANY = 64  # boxes of a level from which on it pays to tell those that lie wholly inside
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
        whole = [boxes, *levels]
        # The search begins where a look at every box costs no more than one level further up.
        top = next((depth for depth, level in enumerate(whole) if len(level) <= AT_ONCE), len(whole) - 1)
        self._levels = whole[top::-1]
        self._rows = len(boxes)

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """The box around all boxes; None of none."""
        top = self._levels[0]
        if not len(top):
            return None
        low, high = top[:, :2].min(axis=0), top[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def meeting(self, west: float, south: float, east: float, north: float) -> Numbers:
        """The numbers of the boxes that share a point with this one, ascending."""
        return self._search(west, south, east, north)[0]

    def parted(self, west: float, south: float, east: float, north: float) -> tuple[Numbers, Numbers]:
        """The numbers of the boxes that share a point with this one, and of those of them whose shapes may yet not do so.

        A shape whose box reaches beyond this one on no more than one side has a vertex on the other side of its own box,
        which lies in this one. Both ascend.
        """
        found, single = self._search(west, south, east, north)
        left, bottom, right, top = self._levels[-1].take(single, axis=0).T
        beyond = np.add(left < west, right > east, dtype=np.int8)
        beyond += bottom < south
        beyond += top > north
        return found, single[beyond > 1]

    def _search(self, west: float, south: float, east: float, north: float) -> tuple[Numbers, Numbers]:
        """The numbers of the boxes that share a point with this one, and those of them that were not found in runs."""
        found = np.arange(len(self._levels[0]))
        whole: list[tuple[int, int]] = []  # runs of rows whose boxes lie wholly inside: they are not asked again
        for depth, boxes in enumerate(self._levels):
            if depth:
                found = self._below(found, len(boxes))
                own = boxes.take(found, axis=0)
            else:
                own = boxes
            left, bottom, right, top = own.T
            kept = ((left <= east) & (right >= west) & (bottom <= north) & (top >= south)).nonzero()[0]
            found = found[kept]
            span = NODE ** (len(self._levels) - 1 - depth)
            if span > 1 and len(found) > MANY:
                left, bottom, right, top = own[kept].T
                sure = (left >= west) & (right <= east) & (bottom >= south) & (top <= north)
                whole += _runs(found[sure], span, self._rows)
                found = found[~sure]
        return (_together(found, whole) if whole else found), found

    def chosen(self, judge: Judge, asked: Callable[[Numbers], NDArray[np.bool_]]) -> Numbers:
        """The numbers of the boxes that something is true of, ascending.

        judge: of boxes (n, 4) which ones it may be true of, and which ones it is surely true of with all in them.
        asked: the answer for single boxes by number, sought only where that leaves doubt.
        """
        found = np.arange(len(self._levels[0]))
        whole: list[tuple[int, int]] = []
        for depth, boxes in enumerate(self._levels[: max(1, len(self._levels) - 1)]):
            if depth:
                found = self._below(found, len(boxes))
            possible, sure = judge(boxes.take(found, axis=0))
            span = NODE ** (len(self._levels) - 1 - depth)
            whole += _runs(found[sure], span, self._rows)
            found = found[possible & ~sure]
        if len(self._levels) > 1:
            found = self._below(found, self._rows)
        found = found[asked(found)]
        return _together(found, whole) if whole else found

    @staticmethod
    def _below(nodes: Numbers, size: int) -> Numbers:
        """The boxes under some of a level; there are `size` of them on theirs."""
        found = (nodes[:, None] * NODE + CHILDREN).ravel()
        # Only the last box of a level may have fewer than NODE.
        return found[: np.searchsorted(found, size)] if len(found) and found[-1] >= size else found


def _runs(nodes: Numbers, span: int, rows: int) -> list[tuple[int, int]]:
    """First and last (one behind) row of each run of neighbouring nodes, `span` rows each."""
    breaks = (nodes[1:] - nodes[:-1] > 1).nonzero()[0] + 1
    edges = np.concatenate([[0], breaks, [len(nodes)]]) if len(nodes) else np.zeros(1, np.intp)
    return [
        (int(nodes[first]) * span, min((int(nodes[last - 1]) + 1) * span, rows))
        for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    ]


def _together(found: Numbers, runs: list[tuple[int, int]]) -> Numbers:
    """Single rows and runs of rows, ascending."""
    start = min(first for first, _ in runs)
    stop = max(last for _, last in runs)
    if len(found):
        start, stop = min(start, int(found[0])), max(stop, int(found[-1]) + 1)
    held = np.zeros(stop - start, np.bool_)
    held[found - start] = True
    for first, last in runs:
        held[first - start : last - start] = True
    return held.nonzero()[0] + start
