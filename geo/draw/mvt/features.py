"""The features of a layer as one array of whole numbers, which is written out in one go."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.draw.mvt import wire
from geo.draw.mvt.rings import Grid, Rings
from geo.publish.packed import counts_of, offsets_of

MOVE_TO, LINE_TO, CLOSE = 1, 2, 7
ONCE = 1 << 3
BEFORE, BETWEEN = 6, 4  # numbers before a feature's tags, and between them and its geometry
SIZE, ID, TAGS_SIZE = 1, 3, 5  # which numbers of a feature these are
TYPE, SHAPE_SIZE = -3, -1  # the same, from its geometry back
Numbers = NDArray[np.int32]
Chosen = NDArray[Any] | slice


def features(ids: Grid, rings: Rings, tags: Grid) -> bytes:
    """The features of a layer. rings: oriented. tags: (features, keys) the number of each one's value, -1 for none."""
    heads = _heads(ids, rings, tags)
    head = heads.shape[1]
    ring_counts = command_counts(rings)
    counts = ring_counts if rings.single else np.add.reduceat(ring_counts, rings.firsts)
    base = offsets_of(counts + head)
    start = base[:-1]
    out = np.empty(int(base[-1]), np.int32)
    out[start[:, None] + np.arange(head)] = heads
    put_commands(out, start + head if rings.single else _ring_places(start + head, ring_counts, rings), rings)
    width = wire.widths(out)
    untold = (tags < 0).nonzero() if tags.min() < 0 else None
    if untold is not None:
        at = start[untold[0]] + BEFORE + 2 * untold[1]
        width[at] = width[at + 1] = 0
    _put_sizes(out, width, base, head)
    if untold is not None:
        told = width > 0
        out, width = out[told], width[told]
    return wire.varints(out, width)


def command_counts(rings: Rings) -> Grid:
    """How many integers each ring's geometry takes (MVT 2.1, 4.3)."""
    return 2 * rings.sizes + rings.dimension + 1


def put_commands(out: Numbers, at: Grid, rings: Rings) -> None:
    """Write the geometry's integers of each ring to `out`, from its place `at` on.

    rings: oriented. The cursor starts at 0/0 in each feature; closing a ring does not move it.
    """
    sizes, begin = rings.sizes, rings.offsets[:-1]
    grid = rings.xy.T
    moved = np.empty_like(grid, np.int32)
    np.subtract(grid[:, 1:], grid[:, :-1], out=moved[:, 1:], casting="same_kind")
    starts = begin if rings.single else begin[rings.firsts]
    moved[:, starts] = grid.take(starts, axis=1)
    across, down = moved << 1 ^ moved >> 31
    out[at] = ONCE | MOVE_TO
    shift = at + 1 - 2 * begin
    lines: Chosen = slice(None)
    areas: Chosen = slice(None)
    if not rings.single:
        points, lines, areas = (rings.dimension == 0).nonzero()[0], rings.dimension > 0, rings.dimension == 2
        out[at[points]] = sizes[points] << 3 | MOVE_TO
    out[at[lines] + 3] = (sizes[lines] << 3) + (LINE_TO - ONCE)
    out[at[areas] + 2 * sizes[areas] + 2] = ONCE | CLOSE
    shift[lines] += 1
    place = shift.repeat(sizes)
    place += np.arange(0, 2 * len(place), 2)
    place[begin[lines]] -= 1
    out[place] = across
    out[place + 1] = down


def _heads(ids: Grid, rings: Rings, tags: Grid) -> Numbers:
    """What stands before the geometry of each feature, 0 for sizes and -1 for the value of a tag that it has not."""
    heads = np.empty((len(tags), BEFORE + 2 * tags.shape[1] + BETWEEN), np.int32)
    heads[:] = _area_head(tags.shape[1])
    heads[:, ID] = ids
    heads[:, BEFORE + 1 : -BETWEEN : 2] = tags
    if not rings.single:
        heads[:, TYPE] = rings.dimension[rings.firsts] + 1
    return heads


@cache
def _area_head(keys: int) -> tuple[int, ...]:
    """The same of an area that says nothing."""
    tags = (number for key in range(keys) for number in (key, 0))
    return (2 << 3 | 2, 0, 1 << 3, 0, 2 << 3 | 2, 0, *tags, 3 << 3, 3, 4 << 3 | 2, 0)


def _ring_places(geometry: Grid, counts: Grid, rings: Rings) -> Grid:
    """Where each ring's numbers begin, `counts` of them, if those of each feature begin at `geometry`."""
    own = offsets_of(counts)[:-1]
    in_feature = np.diff(np.append(rings.firsts, len(rings)))
    return own + (geometry - own[rings.firsts]).repeat(in_feature)


def _put_sizes(out: Numbers, width: NDArray[np.uint8], base: Grid, head: int) -> None:
    """Write how many bytes each feature, its tags and its geometry take.

    width: the bytes of each number, 1 of sizes, which are not known yet. base: where the features begin and the last
    one ends. head: how many numbers each has before its geometry.
    """
    start, geometry = base[:-1], base[:-1] + head
    bytes_before = offsets_of(width)
    edges, before_shape = bytes_before[base], bytes_before[geometry]
    sizes = np.array([before_shape - BETWEEN - bytes_before[start + BEFORE], edges[1:] - before_shape])
    widths = wire.widths(sizes)
    places = np.array([start + TAGS_SIZE, geometry + SHAPE_SIZE])
    out[places], width[places] = sizes, widths
    # A feature's own size does not count what stands up to it; each of the others took one byte so far.
    size = counts_of(edges) - 4 + widths[0] + widths[1]
    out[start + SIZE], width[start + SIZE] = size, wire.widths(size)
