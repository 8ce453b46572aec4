"""The few pieces of the Protocol Buffers encoding that a vector tile is made of."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.publish.columns import TextColumn
from geo.publish.packed import counts_of, entries, offsets_of

Numbers = NDArray[np.int64]
ONE_BYTE = 1 << 7


def varint(number: int) -> bytes:
    """One number, seven bits a byte, the lowest first."""
    found = bytearray()
    while number >= ONE_BYTE:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def message(field: int, content: bytes) -> bytes:
    """A field that holds bytes, a text or a message."""
    return varint(field << 3 | 2) + varint(len(content)) + content


def double(number: float) -> bytes:
    """A value that is a number with a fraction."""
    return bytes([3 << 3 | 1]) + struct.pack("<d", number)


def tags(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Pairs of key and value of all features, one after the other, and how many numbers each has.

    numbers: (features, keys) the number of the value, -1 where there is none.
    """
    pairs = np.empty((*numbers.shape, 2), np.int64)
    pairs[:, :, 0] = np.arange(numbers.shape[1])
    pairs[:, :, 1] = numbers
    told = numbers >= 0
    return pairs[told].ravel(), 2 * np.count_nonzero(told, axis=1)


def widths(numbers: Numbers) -> Numbers:
    """How many bytes each number takes; none may be negative."""
    width = np.ones(len(numbers), np.int64)
    limit, most = ONE_BYTE, int(numbers.max(initial=0))
    while limit <= most:
        width += numbers >= limit
        limit <<= 7
    return width


def varints(numbers: Numbers) -> bytes:
    """All numbers, one after the other."""
    if not len(numbers):
        return b""
    if int(numbers.max()) < ONE_BYTE:
        return numbers.astype(np.uint8).tobytes()
    starts = np.arange(len(numbers))
    longer = np.flatnonzero(numbers >= ONE_BYTE)
    rest = numbers[longer]
    extra = widths(rest) - 1
    # Each number of several bytes moves all that follow it: one running sum of where and how far.
    shift = np.zeros(len(numbers) + 1, np.int64)
    shift[longer + 1] = extra
    starts += np.add.accumulate(shift)[:-1]
    out = np.empty(len(numbers) + int(extra.sum()), np.uint8)
    out[starts] = numbers & 0x7F
    at = starts[longer]
    while len(at):
        out[at] |= 0x80
        at += 1
        rest >>= 7
        out[at] = rest & 0x7F
        more = rest >= ONE_BYTE
        at, rest = at[more], rest[more]
    return out.tobytes()


def text_values(texts: Sequence[bytes]) -> bytes:
    """Texts as values of a layer."""
    return b"".join(message(4, message(1, text)) for text in texts)


def column_values(column: TextColumn, rows: NDArray[np.intp]) -> bytes:
    """The texts of a column's rows as values of a layer."""
    at, offsets = entries(column.offsets, rows)
    data, sizes = column.data[at], counts_of(offsets)
    if sizes.max(initial=0) > ONE_BYTE - 3:
        return text_values([bytes(piece) for piece in np.split(data, offsets[1:-1])])
    places = offsets_of(sizes + 4)
    out = np.empty(int(places[-1]), np.uint8)
    start = places[:-1]
    out[start], out[start + 1], out[start + 2], out[start + 3] = 4 << 3 | 2, sizes + 2, 1 << 3 | 2, sizes
    out[np.arange(len(data)) + np.repeat(start + 4 - offsets[:-1], sizes)] = data
    return out.tobytes()


def features(
    ids: Numbers, types: Numbers, tags: Numbers, tag_counts: Numbers, shape: Numbers, counts: Numbers
) -> bytes:
    """The features of a layer. tags and shape: those of all features, one after the other; counts: how many each has."""
    tag_offsets, shape_offsets = offsets_of(tag_counts), offsets_of(counts)
    tag_bytes, shape_bytes = _bytes(tags, tag_offsets), _bytes(shape, shape_offsets)
    size = 5 + widths(ids) + widths(tag_bytes) + tag_bytes + widths(shape_bytes) + shape_bytes
    base = offsets_of(tag_counts + counts + 10)
    out = np.empty(int(base[-1]), np.int64)
    start, after = base[:-1], base[:-1] + 6 + tag_counts
    head = ((0, 2 << 3 | 2), (1, size), (2, 1 << 3), (3, ids), (4, 2 << 3 | 2), (5, tag_bytes))
    for place, value in head:
        out[start + place] = value
    for place, value in ((0, 3 << 3), (1, types), (2, 4 << 3 | 2), (3, shape_bytes)):
        out[after + place] = value
    out[np.arange(len(tags)) + np.repeat(start + 6 - tag_offsets[:-1], tag_counts)] = tags
    out[np.arange(len(shape)) + np.repeat(after + 4 - shape_offsets[:-1], counts)] = shape
    return varints(out)


def layer(name: str, features_: bytes, keys: Sequence[str], values: bytes, extent: int) -> bytes:
    """A layer of a tile, version 2."""
    own = b"".join(message(3, key.encode()) for key in keys)
    head, tail = message(1, name.encode()), varint(5 << 3) + varint(extent) + varint(15 << 3) + varint(2)
    return message(3, head + features_ + own + values + tail)


def _bytes(numbers: Numbers, offsets: Numbers) -> Numbers:
    """How many bytes each row of numbers takes."""
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(widths(numbers))])
    return counts_of(ends[offsets])
