"""What the parts measure on: data folders and peers, each made when a part first asks, all gone at the end of the run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import datasets.world
from datasets.world import World
from geo.model import Kinds, default_kinds
from geo.publish import Shelf, Snapshot
from tests.bench.measured import Unavailable
from tests.browser.browser_session import prepare

ROOT = Path(__file__).parents[2]
LARGE = int(os.environ.get("BENCH_LARGE", "1000000"))  # plots of the comparisons
SMALL = LARGE // 10
HUGE = LARGE * 10
HUGE_BYTES = 600  # of memory a plot while a snapshot is built; 404 were measured at ten million
T = TypeVar("T")


@dataclass(frozen=True)
class Made:
    """A data folder whose snapshot holds made-up plots.

    seconds, cpu_s: for publishing them, by the clock and of the processor, making them not counted. peak_mb: the most
    memory of its own that the process held.
    """

    data: Path
    plots: int
    seconds: float
    cpu_s: float
    peak_mb: float

    @cached_property
    def snapshot(self) -> Snapshot:
        """The snapshot, opened once."""
        return Shelf(self.data / "snapshots").open()

    @property
    def disk_mb(self) -> float:
        """What the snapshot takes on disk."""
        folder = self.data / "snapshots" / self.snapshot.version
        return sum(path.stat().st_size for path in folder.iterdir()) / 1e6


class Ground(AbstractContextManager["Ground"]):
    """One run's data and peers."""

    def __init__(self) -> None:
        self._open = ExitStack()
        build = ROOT / "build"
        build.mkdir(exist_ok=True)
        self.folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=build)))
        self.folder.chmod(0o755)  # servers that do not run as the caller read from it
        self._made: dict[tuple[int, int], Made] = {}
        self._kept: dict[str, object] = {}

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def facts(self) -> Path:
        """A data folder with the facts and the demonstration data."""
        data = self.folder / "facts"
        data.mkdir()
        prepare(data)
        return data

    @cached_property
    def world(self) -> World:
        """The counties and what else the map knows."""
        return datasets.world.load()

    @cached_property
    def kinds(self) -> Kinds:
        """The declared kinds."""
        return default_kinds()

    def made(self, plots: int, provinces: int = 1) -> Made:
        """So many made-up plots, published; in several provinces of equal numbers, the first as if it were alone."""
        if (plots, provinces) not in self._made:
            if plots == HUGE and os.environ.get("BENCH_HUGE") == "0":
                raise Unavailable("left out by BENCH_HUGE=0")
            _require_memory(plots)
            data = self.folder / f"made-{plots}-{provinces}"
            data.mkdir()
            command = [
                sys.executable,
                "-m",
                "tests.bench.publish_made",
                str(plots),
                str(provinces),
                str(data / "snapshots"),
            ]
            done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
            if done.returncode:
                raise Unavailable(f"{plots:,} plots could not be published: {done.stderr.strip()[-300:]}")
            self._made[plots, provinces] = Made(data, plots, **json.loads(done.stdout))
        return self._made[plots, provinces]

    def keep(self, name: str, start: Callable[[], AbstractContextManager[T]]) -> T:
        """What `start` gives, entered once under this name and left at the end of the run."""
        if name not in self._kept:
            self._kept[name] = self._open.enter_context(start())
        return self._kept[name]  # type: ignore[return-value]


def _require_memory(plots: int) -> None:
    """Raises Unavailable where the machine would swap or kill."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    if plots * HUGE_BYTES > free:
        needed = plots * HUGE_BYTES / 1e9
        raise Unavailable(f"{plots:,} plots need {needed:.0f} GB of memory to build, {free / 1e9:.0f} GB are free")
