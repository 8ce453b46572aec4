"""What was worked out lately, kept within a number of entries and of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")
Key = tuple[object, ...]


class Remembered:
    """Values by key; those not asked for longest go first. May be used by several threads."""

    def __init__(self, entries: int, size: int) -> None:
        """entries: how many values may be kept; size: bytes they may take together, by what `weigh` says of each."""
        self._entries, self._size = entries, size
        self._kept: OrderedDict[Key, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0

    def get(self, key: Key, make: Callable[[], T], weigh: Callable[[T], int] = lambda _: 0) -> T:
        """The value for `key`, made where it is not kept; one that alone is too large is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key][0])
        value = make()
        weight = weigh(value)
        if weight > self._size:
            return value
        with self._lock:
            self.bytes += weight - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = value, weight
            while len(self._kept) > self._entries or self.bytes > self._size:
                self.bytes -= self._kept.popitem(last=False)[1][1]
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self.bytes = 0
