"""How many features a vector tile holds, without decoding them."""

from __future__ import annotations

from collections.abc import Iterator

LAYER, FEATURE = 3, 2
NAME = 1


def features_in(tile: bytes, layer: str | None = None) -> int:
    """The number of features of a tile, of the layer of this name only where one is given."""
    total = 0
    for number, content in _messages(tile):
        if number == LAYER:
            parts = list(_messages(content))
            name = next((value.decode() for key, value in parts if key == NAME), "")
            if layer in (None, name):
                total += sum(key == FEATURE for key, _ in parts)
    return total


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each field that has a length."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        value, at = _varint(data, at)
        if key & 7 == 2:
            yield key >> 3, data[at : at + value]
            at += value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
