"""Figures about what was answered, shared by all workers of a server: one small file of counters a worker, mapped into memory."""

from __future__ import annotations

import mmap
import os
import struct
import threading
from itertools import product
from pathlib import Path

FOLDER_VARIABLE = "RELITU_TALLIES"  # set by `relitu serve`; without it a process counts for itself alone
SORTS = ("static", "tile", "page", "api", "export", "staff", "health")
STATUSES = ("200", "2xx", "304", "3xx", "400", "404", "4xx", "500", "503", "5xx")
GATES = ("public", "stream", "staff", "upload", "door")
# Names of counters: (metric, its labels as Prometheus writes them). The order is that of the file.
NAMES: tuple[tuple[str, str], ...] = (
    *(("relitu_requests_total", f'class="{sort}",status="{status}"') for sort, status in product(SORTS, STATUSES)),
    *(("relitu_kept_answers_total", f'class="{sort}"') for sort in SORTS),
    *(("relitu_worked_requests_total", f'class="{sort}"') for sort in SORTS),
    *(("relitu_worked_microseconds_total", f'class="{sort}"') for sort in SORTS),
    *(("relitu_shed_requests_total", f'gate="{gate}"') for gate in GATES),
    *(("relitu_running_requests", f'gate="{gate}"') for gate in GATES),
    *(("relitu_waiting_requests", f'gate="{gate}"') for gate in GATES),
    ("relitu_kept_bytes", ""),
    ("relitu_kept_entries", ""),
    ("relitu_kept_dropped_total", ""),
)
PLACES = {name: place for place, name in enumerate(NAMES)}
REQUESTS = {(s, t): PLACES["relitu_requests_total", f'class="{s}",status="{t}"'] for s, t in product(SORTS, STATUSES)}
SIZE = len(NAMES) * 8
SUFFIX = ".tallies"


def sort_of(path: str) -> str:
    """What kind of thing an address is."""
    if path.startswith("/staff"):
        return "staff"
    if path.startswith("/tiles/"):
        return "tile"
    if path.startswith(("/static/", "/assets/")):
        return "static"
    if path.startswith("/api"):
        return "api"
    if path.startswith("/export/"):
        return "export"
    return "health" if path in ("/healthz", "/readyz", "/metrics") else "page"


def status_of(status: str) -> str:
    """The column of a status line or code."""
    code = status[:3]
    return code if code in STATUSES else f"{code[0]}xx" if code[:1] in tuple("2345") else "5xx"


class Tallies:
    """The counters of this process, and the sums over all. May be used by several threads."""

    def __init__(self, folder: Path | None = None) -> None:
        """folder: where the workers of this server keep theirs; without one they are this process's alone."""
        self._folder = folder
        self._lock = threading.Lock()
        self._values = [0] * len(NAMES)
        self._map: mmap.mmap | None = None
        if folder is not None:
            with (folder / f"{os.getpid()}{SUFFIX}").open("w+b") as file:
                file.truncate(SIZE)
                self._map = mmap.mmap(file.fileno(), SIZE)

    def add(self, place: int, amount: int = 1) -> None:
        """Count."""
        with self._lock:
            value = self._values[place] = self._values[place] + amount
            if self._map is not None:
                struct.pack_into("<Q", self._map, place * 8, value)

    def put(self, metric: str, labels: str, value: int) -> None:
        """Set a figure that goes up and down."""
        place = PLACES[metric, labels]
        self.add(place, value - self._values[place])

    def answered(self, sort: str, status: str) -> None:
        """Count an answer."""
        self.add(REQUESTS[sort, status_of(status)])

    def count(self, metric: str, labels: str, amount: int = 1) -> None:
        """Count under a name."""
        self.add(PLACES[metric, labels], amount)

    def sums(self) -> dict[tuple[str, str], int]:
        """Every counter, over all workers; those of a worker that has died stay in the totals, not in what it held."""
        if self._folder is None:
            return dict(zip(NAMES, self._values, strict=True))
        found = [0] * len(NAMES)
        for path in self._folder.glob(f"*{SUFFIX}"):
            alive = Path(f"/proc/{path.stem}").exists() or not Path("/proc").is_dir()
            for place, value in enumerate(struct.unpack(f"<{len(NAMES)}Q", path.read_bytes()[:SIZE])):
                if alive or NAMES[place][0].endswith("_total"):
                    found[place] += value
        return dict(zip(NAMES, found, strict=True))

    @property
    def workers(self) -> int:
        """How many workers are alive."""
        if self._folder is None:
            return 1
        return sum(Path(f"/proc/{path.stem}").exists() for path in self._folder.glob(f"*{SUFFIX}"))
