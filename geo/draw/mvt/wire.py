"""The few pieces of the Protocol Buffers encoding that a vector tile is made of."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.publish.columns import TextColumn
from geo.publish.packed import offsets_of

ONE_BYTE = 1 << 7
LAYER = bytes([3 << 3 | 2])
VALUE_HEAD = 4  # bytes before a short text that is a value


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


def widths(numbers: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
    """How many bytes each number takes; none may be negative."""
    width = (numbers >= ONE_BYTE).view(np.uint8) + np.uint8(1)
    limit, most = ONE_BYTE << 7, int(numbers.max(initial=0))
    while limit <= most:
        width += (numbers >= limit).view(np.uint8)
        limit <<= 7
    return width


def varints(numbers: NDArray[np.integer[Any]], width: NDArray[np.uint8]) -> bytes:
    """All numbers, one after the other, each of which takes `width` bytes."""
    ends = np.add.accumulate(width, dtype=np.int64)
    out = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    at = ends - width
    while True:
        more = numbers >= ONE_BYTE
        # The cast keeps the lowest eight bits; the highest of them says that more follow.
        out[at] = numbers.astype(np.uint8) | more.view(np.uint8) << 7
        longer = more.nonzero()[0]
        if not len(longer):
            return out.tobytes()
        numbers, at = numbers[longer] >> 7, at[longer] + 1


def text_values(texts: Sequence[bytes]) -> bytes:
    """Texts as values of a layer."""
    return b"".join(message(4, message(1, text)) for text in texts)


def column_values(column: TextColumn, rows: NDArray[np.intp]) -> bytes:
    """The texts of a column's rows as values of a layer."""
    start = column.offsets[rows].astype(np.int64)
    sizes = column.offsets[rows + 1] - start
    if sizes.max(initial=0) > ONE_BYTE - 3 or len(column.data) < VALUE_HEAD:
        return text_values([bytes(column.data[first : first + size]) for first, size in zip(start, sizes, strict=True)])
    # Each text is looked up together with the bytes before it, where its own head is put then.
    taken = sizes + VALUE_HEAD
    places = offsets_of(taken)
    at = (start - VALUE_HEAD - places[:-1]).repeat(taken)
    at += np.arange(len(at))
    out: NDArray[np.uint8] = column.data.take(at)
    head = np.empty((len(rows), VALUE_HEAD), np.uint8)
    head[:, 0], head[:, 2] = 4 << 3 | 2, 1 << 3 | 2
    head[:, 1], head[:, 3] = sizes + 2, sizes
    out[places[:-1, None] + np.arange(VALUE_HEAD)] = head
    return out.tobytes()


def layer(name: str, features_: bytes, keys: tuple[str, ...], values: bytes, extent: int) -> bytes:
    """A layer of a tile, version 2."""
    head, own, tail = _frame(name, keys, extent)
    size = varint(len(head) + len(features_) + len(own) + len(values) + len(tail))
    return b"".join([LAYER, size, head, features_, own, values, tail])


@cache
def _frame(name: str, keys: tuple[str, ...], extent: int) -> tuple[bytes, bytes, bytes]:
    """What of a layer is the same in every tile."""
    own = b"".join(message(3, key.encode()) for key in keys)
    return message(1, name.encode()), own, varint(5 << 3) + varint(extent) + varint(15 << 3) + varint(2)
