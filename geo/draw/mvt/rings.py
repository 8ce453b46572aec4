"""Outlines on the grid of a tile: whole numbers, each vertex once, nothing degenerate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.publish.packed import counts_of, entries, offsets_of

Grid = NDArray[np.int64]
Flags = NDArray[np.bool_]
MANY = 20_000


@dataclass(frozen=True, eq=False)
class Rings:
    """Rings (r), the features in ascending order and each polygon's shell before its holes.

    feature: (r,) whose it is. dimension: (r,) 0 points (all of a feature's in one ring), 1 an open line, 2 a ring
    without its closing vertex. shell: (r,) False for holes. offsets: (r + 1,) into xy. xy: (m, 2) steps. single: known
    to be areas of one ring each.
    """

    feature: Grid
    dimension: NDArray[np.int8]
    shell: Flags
    offsets: Grid
    xy: NDArray[np.integer[Any]]
    single: bool = False

    def __len__(self) -> int:
        return len(self.feature)

    @cached_property
    def sizes(self) -> Grid:
        """How many vertices each ring has."""
        return counts_of(self.offsets)

    def take(self, rings: NDArray[np.intp]) -> Rings:
        """Some of the rings."""
        at, offsets = entries(self.offsets, rings)
        return Rings(self.feature[rings], self.dimension[rings], self.shell[rings], offsets, self.xy[at])

    def numbered(self, numbers: NDArray[np.intp]) -> Rings:
        """The same, each feature by its number among `numbers`."""
        return Rings(numbers[self.feature], self.dimension, self.shell, self.offsets, self.xy, self.single)

    @classmethod
    def joined(cls, pieces: Sequence[Rings], kept: Sequence[Flags] = ()) -> Rings:
        """Several of them, or of each the rings that are `kept`, by feature; one must not stand in two pieces."""
        whole = cls(
            np.concatenate([piece.feature for piece in pieces]),
            np.concatenate([piece.dimension for piece in pieces]),
            np.concatenate([piece.shell for piece in pieces]),
            offsets_of(np.concatenate([piece.sizes for piece in pieces])),
            np.concatenate([piece.xy for piece in pieces]),
        )
        rings = np.flatnonzero(np.concatenate(kept)) if kept else np.arange(len(whole))
        return whole.take(rings[np.argsort(whole.feature[rings], kind="stable")])

    @cached_property
    def firsts(self) -> NDArray[np.intp]:
        """The first ring of each feature."""
        if self.single:
            return np.arange(len(self))
        first = np.ones(len(self), np.bool_)
        first[1:] = self.feature[1:] != self.feature[:-1]
        return np.flatnonzero(first)

    @property
    def owners(self) -> Grid:
        """The features, each once."""
        return self.feature if self.single else self.feature[self.firsts]

    @cached_property
    def following(self) -> Grid:
        """For each vertex the next one; the last of a ring is followed by the first."""
        following = np.arange(1, len(self.xy) + 1)
        filled = self.sizes > 0
        following[self.offsets[1:][filled] - 1] = self.offsets[:-1][filled]
        return following

    @cached_property
    def areas(self) -> Grid:
        """Twice the signed area of each ring by the surveyor's formula, positive where it runs clockwise on the screen."""
        x, y = self.xy.T
        x_next, y_next = x[self.following], y[self.following]
        return self._summed(x * y_next - x_next * y)

    def deduplicated(self) -> Rings:
        """The same without vertices that repeat their neighbour; a ring of one place keeps none."""
        x, y = self.xy.T
        repeated = (x == x[self.following]) & (y == y[self.following])
        open_ends = self.offsets[1:][(self.dimension < 2) & (self.sizes > 0)] - 1
        repeated[open_ends] = False
        if (self.dimension == 0).any():
            repeated &= np.repeat(self.dimension > 0, self.sizes)
        if not repeated.any():
            return self
        kept = ~repeated
        offsets = offsets_of(self._summed(kept.astype(np.int64)))
        return Rings(self.feature, self.dimension, self.shell, offsets, self.xy[kept])

    def undegenerate(self) -> Rings:
        """The same without lines of one place, rings without an area, and the holes of shells that have gone."""
        flat = (self.dimension == 2) & (self.areas == 0)
        gone = flat | (self.sizes < self.dimension + 1)
        if not gone.any():
            return self
        shell_of = np.maximum.accumulate(np.where(self.shell, np.arange(len(self)), 0))
        return self.take(np.flatnonzero(~(gone | gone[shell_of])))

    def oriented(self) -> Rings:
        """The same with shells clockwise and holes counter-clockwise on the screen (MVT 2.1, 4.3.3.3)."""
        turned = (self.dimension == 2) & ((self.areas > 0) != self.shell)
        if not turned.any():
            return self
        at = np.arange(len(self.xy))
        reverse = np.repeat(turned, self.sizes)
        mirror = np.repeat(self.offsets[:-1] + self.offsets[1:] - 1, self.sizes)
        return Rings(
            self.feature, self.dimension, self.shell, self.offsets, self.xy[np.where(reverse, mirror - at, at)]
        )

    def starlike(self) -> Flags:
        """Which rings run once around the mean of their vertices, ever onwards: those cannot cross themselves."""
        sizes, following = self.sizes, self.following
        x, y = (axis * sizes.repeat(sizes) - self._summed(axis).repeat(sizes) for axis in self.xy.T)
        onwards = np.sign(x * y[following] - x[following] * y)
        upper = (y > 0) | ((y == 0) & (x > 0))
        halves = self._summed((upper != upper[following]).astype(np.int64))
        # Beyond MANY vertices the products would not fit into 64 bits.
        starlike: Flags = (np.abs(self._summed(onwards)) == sizes) & (halves == 2) & (sizes < MANY)
        return starlike

    def _summed(self, values: Grid) -> Grid:
        """The sum over each ring's vertices."""
        return counts_of(offsets_of(values)[self.offsets])


def no_rings() -> Rings:
    """None at all."""
    nothing = np.empty(0, np.int64)
    return Rings(
        nothing, nothing.astype(np.int8), nothing.astype(bool), np.zeros(1, np.int64), np.empty((0, 2), np.int64)
    )
