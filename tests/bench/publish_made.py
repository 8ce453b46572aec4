"""Publish made-up plots in a process of its own: `python -m tests.bench.publish_made PLOTS PROVINCES FOLDER`; prints JSON."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import datasets.world
from geo.model import Feature, default_kinds
from geo.publish import Shelf
from tests.bench.made_plots import provinces

LOOK_S = 0.05


class Peak:
    """The most memory of its own that this process has held, in MB; pages of mapped files are not counted."""

    def __init__(self) -> None:
        self.mb = 0.0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            told = Path("/proc/self/status").read_text(encoding="ascii")
            self.mb = max(self.mb, int(told.split("RssAnon:")[1].split()[0]) / 1024)
            time.sleep(LOOK_S)


class Making(Iterator[Feature]):
    """Hands features on and counts the processor time that making them takes."""

    def __init__(self, made: Iterator[Feature]) -> None:
        self._made = made
        self.seconds = 0.0

    def __next__(self) -> Feature:
        start = time.thread_time()
        try:
            return next(self._made)
        finally:
            self.seconds += time.thread_time() - start


def main() -> None:
    """Publish and tell."""
    plots, many, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    world = datasets.world.load()
    making, peak = Making(provinces(plots, many, world)), Peak()
    start, busy = time.perf_counter(), time.process_time()
    Shelf(folder).publish(making, default_kinds(), world)
    found = {
        "seconds": time.perf_counter() - start - making.seconds,
        "cpu_s": time.process_time() - busy - making.seconds,
        "peak_mb": peak.mb,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
