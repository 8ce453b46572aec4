"""How much work may run at once, and how much may wait for it; the rest is turned away at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Full(Exception):
    """There is no room behind the gate, and none came free in time."""


class Gate:
    """A door for so many at once, with a short queue before it. May be used by several threads."""

    def __init__(self, name: str, running: int, waiting: int, patience_s: float) -> None:
        """running: how many may work at once; waiting: how many may wait, each no longer than patience_s seconds."""
        self.name, self.most_running, self.most_waiting = name, running, waiting
        self._patience = patience_s
        self._free = threading.Semaphore(running)
        self._lock = threading.Lock()
        self.running = 0
        self.waiting = 0

    def enter(self) -> bool:
        """Take a place, waiting for it if need be; raises Full. Whoever has entered must leave. Tells whether it waited."""
        waits = not self._free.acquire(blocking=False)
        if waits:
            self._wait()
        with self._lock:
            self.running += 1
        return waits

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            self.running -= 1
        self._free.release()

    @contextmanager
    def inside(self) -> Iterator[None]:
        """A place for as long as the block runs."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def _wait(self) -> None:
        with self._lock:
            if self.waiting >= self.most_waiting:
                raise Full(self.name)
            self.waiting += 1
        try:
            if not self._free.acquire(timeout=self._patience):
                raise Full(self.name)
        finally:
            with self._lock:
                self.waiting -= 1
