"""A processor for each worker, where the server has as many workers as there are processors.

A worker works for one request at a time all but always, as Python does. Where the system moves it about, it leaves what it
had in the processor's cache behind at every turn.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection
from pathlib import Path
from typing import IO

FOLDER_VARIABLE = (
    "RELITU_PROCESSORS"  # set by `relitu serve` where workers keep to processors: the folder of their locks
)
_held: list[IO[bytes]] = []  # a lock is held as long as its file is open: for the life of the process


def suits(workers: int) -> bool:
    """Whether so many workers share the processors evenly; on a part of them the system knows better where to put them."""
    return hasattr(os, "sched_setaffinity") and workers % len(os.sched_getaffinity(0)) == 0


def keep_to_one(folder: Path) -> int | None:
    """Bind this process, all of its threads, to the processor that fewest workers of `folder` have; its number."""
    chosen = _claim(folder, sorted(os.sched_getaffinity(0)))
    if chosen is not None:
        for thread in Path("/proc/self/task").iterdir():
            os.sched_setaffinity(int(thread.name), {chosen})
    return chosen


def _claim(folder: Path, processors: Collection[int]) -> int | None:
    """The first processor that nobody has, or that one other has, and so on; a worker that has died gives up its own."""
    for turn in range(64):
        for processor in processors:
            lock = (folder / f"processor-{processor}-{turn}").open("wb")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
            else:
                _held.append(lock)
                return processor
    return None
