"""The record on SQLite and on PostgreSQL side by side: `python -m tests.bench.record 10000 100000`; prints a table.

Both as an operator runs them: every commit reaches the disk. PostgreSQL stands on the same machine, with its own defaults.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import shapely
from sqlalchemy import text

sys.path.append(str(Path(__file__).parents[1]))

from postgres_cluster import Cluster

from geo.model import Feature, default_kinds
from geo.store import Change, State, Store, open_database
from geo.store.jobs import Jobs, JobState
from geo.store.nearby import nearby
from geo.store.transfer import transfer
from tests.bench.measured import median_ms

KINDS = default_kinds()
BATCH = 10_000  # plots in one call of `record`, as an import of a large file
EDITS = 60  # of each process
VIEW = 0.02  # degrees: what an editor sees of a plot and its neighbours
ROW = {
    "county": "411082",
    "precision": "surveyed",
    "source": "bench",
    "status": "available",
    "land_use": "1001",
    "price_wan_mu": 18.5,
    "far_min": 1.2,
}


def plots(count: int) -> Iterator[Feature]:
    """Plots of eight corners, 70 % of them around 18 towns."""
    random = np.random.default_rng(1)
    towns = np.column_stack([random.uniform(110.5, 116.5, 18), random.uniform(31.5, 36.2, 18)])
    near = towns[random.integers(0, 18, count)] + random.normal(0, 0.15, (count, 2))
    far = np.column_stack([random.uniform(110.5, 116.5, count), random.uniform(31.5, 36.2, count)])
    centres = np.where(random.random((count, 1)) < 0.7, near, far)
    corners = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    for number, (x, y) in enumerate(centres.tolist()):
        size = 0.001 + 0.001 * (number % 7) / 7
        ring = np.column_stack([x + size * np.cos(corners), y + size * np.sin(corners)])
        row = {**ROW, "id": f"plot-{number:07}", "name": f"地块 {number}", "code": str(number), "area_m2": 30_000}
        yield KINDS.get("plot").from_row(row, shapely.Polygon(ring))


def edit(url: str, node: int, count: int) -> None:
    """One clerk's single edits, each its own transaction."""
    store = Store.open(url)
    for number, feature in enumerate(plots(count)):
        row = {**feature.payload(), "id": f"edit-{node}-{number}"}
        store.record([Change(KINDS.get("plot").from_row(row, feature.geometry))], author=f"n{node}", reason="bench")
    store.close()


def work(url: str, node: int) -> int:
    """Claim and finish jobs until none is left."""
    store, done = Store.open(url), 0
    jobs = Jobs(store.engine)
    while (job := jobs.claim(str(node))) is not None:
        jobs.finish(job.id, JobState.DONE)
        done += 1
    store.close()
    return done


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def in_processes(what: Callable[..., object], each: list[tuple[object, ...]]) -> float:
    """How long several processes take together, once they are up."""
    with ProcessPoolExecutor(len(each), mp_context=get_context("spawn")) as pool:
        list(pool.map(time.sleep, [0.3] * len(each)))
        return seconds(lambda: [call.result() for call in [pool.submit(what, *given) for given in each]])


def measure(url: str, size: int) -> Iterator[tuple[str, float]]:
    """What is measured on one database: name and figure."""
    store = Store.create(url)
    spent = 0.0
    arriving = plots(size)
    while changes := [Change(feature, expected=0) for feature in islice(arriving, BATCH)]:
        spent += seconds(partial(store.record, changes, author="x", reason="bench", state=State.PUBLISHED))
    yield "record plots, 10,000 a call, rows/s", size / spent
    yield "read all published, rows/s", size / seconds(lambda: sum(1 for _ in store.published(KINDS)))
    with store.engine.connect() as connection:
        postgres = store.engine.dialect.name == "postgresql"
        pages = "pg_database_size(current_database())" if postgres else "page_count * page_size"
        source = "" if postgres else " FROM pragma_page_count(), pragma_page_size()"
        held = connection.execute(text(f"SELECT {pages}{source}")).scalar_one()
    yield "database, bytes a plot", held / size
    views = iter(np.random.default_rng(2).permutation(size).tolist())
    boxes = {
        number: feature.geometry.centroid for number, feature in enumerate(plots(min(size, 2000))) if feature.geometry
    }

    def look() -> object:
        centre = boxes[next(views) % len(boxes)]
        box = (centre.x - VIEW, centre.y - VIEW, centre.x + VIEW, centre.y + VIEW)
        return nearby(store.engine, box, kinds=["plot"], units=None, limit=500)

    yield "neighbours in an editor's view, ms", median_ms(look, 100)
    for nodes in (1, 4):
        spent = in_processes(edit, [(url, nodes * 10 + node, EDITS) for node in range(nodes)])
        yield f"single edits by {nodes} process{'es' * (nodes > 1)}, edits/s", nodes * EDITS / spent
    jobs = Jobs(store.engine)
    for _ in range(200):
        jobs.add("bench", {}, "x")
    yield (
        "jobs claimed and finished by 4 processes, jobs/s",
        200 / in_processes(work, [(url, node) for node in range(4)]),
    )
    store.close()


def moves(source: str, target: str) -> float:
    """Rows a second of a verified transfer."""
    here, there = open_database(source), open_database(target)
    start = time.perf_counter()
    rows = sum(each.rows for each in transfer(here, there))
    spent = time.perf_counter() - start
    here.dispose()
    there.dispose()
    return rows / spent


def main() -> None:
    """Measure at every size that is named."""
    cluster = Cluster(durable=True)
    try:
        print("| plots | what | SQLite | PostGIS |\n| --- | --- | --- | --- |")
        for size in map(int, sys.argv[1:] or ["10000"]):
            with tempfile.TemporaryDirectory() as folder:
                sqlite, postgis = f"sqlite:///{folder}/a.sqlite", cluster.new_database()
                for (what, one), (_, other) in zip(measure(sqlite, size), measure(postgis, size), strict=True):
                    print(f"| {size:,} | {what} | {one:,.4g} | {other:,.4g} |", flush=True)
                there = moves(sqlite, cluster.new_database())
                back = moves(postgis, f"sqlite:///{folder}/b.sqlite")
                print(f"| {size:,} | migrate-store into the other, rows/s | {there:,.4g} | {back:,.4g} |", flush=True)
    finally:
        cluster.remove()


if __name__ == "__main__":
    main()
