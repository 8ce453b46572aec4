"""How a worker's memory is looked after, and goes back to the system."""

from __future__ import annotations

import ctypes
import gc

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8  # mallopt(3)
LARGE = 2 << 20
YOUNG = 20_000  # objects that may be made before those in circles are looked for; one answer makes hundreds


def collect_seldom() -> None:
    """Have Python look for circles of objects less often: an answer leaves hardly any, and looking takes part of its time."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def give_back() -> None:
    """Have glibc give large arrays back as soon as they are dropped; elsewhere nothing happens.

    Left alone it keeps what one question about a million rows once needed, and a share for every thread.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in ((MMAP_THRESHOLD, LARGE), (TRIM_THRESHOLD, 2 * LARGE), (ARENA_MAX, 2)):
            mallopt(option, value)
