"""The features of a layer as one array of whole numbers, which is written out in one go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.draw.mvt import wire
from geo.draw.mvt.rings import Grid, Rings
from geo.publish.packed import counts_of, offsets_of

MOVE_TO, LINE_TO, CLOSE = 1, 2, 7
ONCE = 1 << 3
BEFORE, BETWEEN = 6, 4  # numbers before a feature's tags, and between them and its geometry
Numbers = NDArray[np.int32]


def features(ids: Grid, rings: Rings, tags: Grid) -> bytes:
    """The features of a layer. rings: oriented. tags: (features, keys) the number of each one's value, -1 for none."""
    first = rings.firsts
    alone = len(first) == len(rings)
    ring_counts = command_counts(rings)
    counts = np.add.reduceat(ring_counts, first) if not alone else ring_counts
    told = tags >= 0
    tag_counts = 2 * np.count_nonzero(told, axis=1)
    base = offsets_of(tag_counts + counts + (BEFORE + BETWEEN))
    start, stop = base[:-1], base[1:]
    tag_start, after = start + BEFORE, start + BEFORE + tag_counts
    geometry = after + BETWEEN
    out = np.zeros(int(base[-1]), np.int32)
    _put_tags(out, tag_start, tag_counts, tags, told)
    ring_at = geometry
    if not alone:
        own = offsets_of(ring_counts)[:-1]
        in_feature = np.diff(np.append(first, len(rings)))
        ring_at = own + (geometry - own[first]).repeat(in_feature)
    put_commands(out, ring_at, rings)
    out[start], out[start + 2], out[start + 3], out[start + 4] = 2 << 3 | 2, 1 << 3, ids, 2 << 3 | 2
    out[after], out[after + 1], out[after + 2] = 3 << 3, rings.dimension[first] + 1, 4 << 3 | 2
    width = wire.widths(out)
    bytes_before = offsets_of(width)
    tag_bytes = bytes_before[after] - bytes_before[tag_start]
    shape_bytes = bytes_before[stop] - bytes_before[geometry]
    for place, size in ((start + 5, tag_bytes), (after + 3, shape_bytes)):
        out[place], width[place] = size, wire.widths(size)
    # What a feature takes behind its own size: the numbers that were no sizes, and those that are.
    size = bytes_before[stop] - bytes_before[start + 2] - 2 + width[start + 5] + width[after + 3]
    out[start + 1], width[start + 1] = size, wire.widths(size)
    return wire.varints(out, width)


def command_counts(rings: Rings) -> Grid:
    """How many integers each ring's geometry takes (MVT 2.1, 4.3)."""
    return 2 * counts_of(rings.offsets) + rings.dimension + 1


def put_commands(out: Numbers, at: Grid, rings: Rings) -> None:
    """Write the geometry's integers of each ring to `out`, from its place `at` on.

    rings: oriented. The cursor starts at 0/0 in each feature; closing a ring does not move it.
    """
    sizes, dimension, begin = rings.sizes, rings.dimension, rings.offsets[:-1]
    moved = np.empty_like(rings.xy, np.int32)
    np.subtract(rings.xy[1:], rings.xy[:-1], out=moved[1:], casting="same_kind")
    starts = begin[rings.firsts]
    moved[starts] = rings.xy[starts]
    lines = dimension > 0
    if lines.all():
        out[at] = ONCE | MOVE_TO
        out[at + 3] = (sizes - 1) << 3 | LINE_TO
    else:
        out[at] = np.where(lines, 1, sizes) << 3 | MOVE_TO
        out[at[lines] + 3] = (sizes[lines] - 1) << 3 | LINE_TO
    areas = dimension == 2
    ends = at + 2 * sizes + 2
    out[ends if areas.all() else ends[areas]] = ONCE | CLOSE
    place = (at + 1 - 2 * begin + lines).repeat(sizes)
    place += 2 * np.arange(len(place))
    place[begin[lines]] -= 1
    zigzag = moved << 1 ^ moved >> 31
    out[place] = zigzag[:, 0]
    out[place + 1] = zigzag[:, 1]


def _put_tags(out: Numbers, at: Grid, counts: Grid, tags: Grid, told: NDArray[np.bool_]) -> None:
    """Write pairs of key and value of each feature to `out`, from its place `at` on."""
    keys = tags.shape[1]
    if told.all():
        place = at[:, None] + 2 * np.arange(keys)
        out[place] = np.arange(keys)
        out[place + 1] = tags
        return
    row, key = np.nonzero(told)
    own = 2 * np.arange(len(row)) - offsets_of(counts)[row]
    place = at[row] + own
    out[place] = key
    out[place + 1] = tags[row, key]
