"""One changed parcel published, against publishing everything anew."""

from __future__ import annotations

import importlib
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from geo.model import Feature
from geo.publish import Shelf
from geo.store import Change, State, Store
from tests.bench.ground import LARGE, SMALL, Ground
from tests.bench.made_plots import plots
from tests.bench.measured import Measured, NotMeasured, Unavailable

TURNS = 3
BATCH = 10_000


def measure(ground: Ground) -> Iterator[Measured | NotMeasured]:
    """The snapshot's part at LARGE plots, and all of it from the record to the swap at a tenth of them."""
    yield _snapshot(ground)
    yield _from_the_record(ground)


def _snapshot(ground: Ground) -> Measured:
    """Processor time, since the whole one was made earlier in the run."""
    rebuild = _rebuild()
    made = ground.made(LARGE)
    one = _changed(next(plots(LARGE, ground.world)))
    spent, waited = [], []
    for turn in range(TURNS):
        folder = ground.folder / f"rebuilt-{turn}"
        folder.mkdir()
        start, busy = time.perf_counter(), time.process_time()
        rebuild(made.snapshot, {one.id}, [one], ground.kinds, ground.world, folder)
        spent.append(time.process_time() - busy)
        waited.append(time.perf_counter() - start)
        shutil.rmtree(folder)
    method = (
        f"processor time for writing the snapshot, one of {LARGE:,} plots changed (median of {TURNS}) and all of them; by the clock"
        f" {statistics.median(waited):.3g} s against {made.seconds:.3g} s; both write the same bytes"
    )
    return Measured(
        "snapshot with one changed plot",
        statistics.median(spent),
        "s",
        method,
        "the whole snapshot anew",
        made.cpu_s,
    )


def _from_the_record(ground: Ground) -> Measured:
    """What who approves a change waits for: reading the record, writing, swapping in."""
    follow = _named("geo.publish.follow", "follow")
    folder: Path = ground.folder / "record"
    folder.mkdir()
    store, shelf = Store.create(f"sqlite:///{folder / 'relitu.sqlite'}"), Shelf(folder / "snapshots")
    arriving = plots(SMALL, ground.world)
    while changes := [Change(feature, expected=0) for feature in islice(arriving, BATCH)]:
        store.record(changes, author="bench", reason="bench", state=State.PUBLISHED)
    start = time.perf_counter()
    follow(shelf, store, ground.kinds, ground.world)
    whole = time.perf_counter() - start
    waited = []
    for turn, feature in enumerate(islice(plots(SMALL, ground.world), TURNS)):
        before = shelf.current_version()
        store.record([Change(_changed(feature), expected=1)], author="bench", reason="bench", state=State.PUBLISHED)
        start = time.perf_counter()
        follow(shelf, store, ground.kinds, ground.world)
        waited.append(time.perf_counter() - start)
        if shelf.current_version() == before:
            raise RuntimeError(f"change {turn} was not published")
    store.close()
    method = f"from the record (SQLite) to the swapped snapshot, {SMALL:,} plots; median of {TURNS} changes, one at a time, against the first time"
    return Measured("one changed plot published", statistics.median(waited), "s", method, "everything published", whole)


def _changed(feature: Feature) -> Feature:
    return replace(feature, name=f"改{feature.name}", price_wan_mu=1.25)  # type: ignore[call-arg]


def _rebuild() -> Callable[..., Any]:
    return _named("geo.publish.build", "rebuild")


def _named(module: str, name: str) -> Callable[..., Any]:
    try:
        found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    except (ModuleNotFoundError, AttributeError) as missing:
        raise Unavailable("a change costs a whole rebuild in this version") from missing
    return found
