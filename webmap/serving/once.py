"""What many ask for at the same moment is made once: after a publication everybody asks anew for the same few addresses."""

from __future__ import annotations

import threading


class Once:
    """What is being made, and who waits for it. May be used by several threads."""

    def __init__(self, waiting: int, patience_s: float) -> None:
        """waiting: how many may wait, over all that is made; each no longer than patience_s seconds."""
        self.most_waiting = waiting
        self._patience = patience_s
        self._lock = threading.Lock()
        self._made: dict[object, threading.Event | None] = {}  # the event from the moment that somebody waits
        self.waiting = 0

    def begin(self, key: object) -> bool:
        """Whether nobody makes `key`: then the caller does, and has to `end` it. Otherwise waits for whoever does, if there is room."""
        with self._lock:
            if key not in self._made:
                self._made[key] = None
                return True
            if self.waiting >= self.most_waiting:
                return False
            done = self._made[key] or threading.Event()
            self._made[key] = done
            self.waiting += 1
        done.wait(self._patience)
        with self._lock:
            self.waiting -= 1
        return False

    def end(self, key: object) -> None:
        """It has been made, or has failed: whoever waits goes on."""
        with self._lock:
            done = self._made.pop(key)
        if done is not None:
            done.set()
