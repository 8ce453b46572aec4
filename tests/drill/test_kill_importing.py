"""kill -9 at any moment of an import, an approval or a publication: the state before or the new one, never a half."""

import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import shapely

import datasets.world
from geo.model import default_kinds
from geo.publish import Shelf
from geo.store import Store, audit
from geo.store.accounts import Accounts, Role
from webmap.config import load_config

ROWS = 60
KILLS = 110 if os.environ.get("HYPOTHESIS_PROFILE") == "drill" else 12
STEPS = {"importing": 0.1, "submitting": 0.08, "publishing": 0.1, "showing": 0.03}  # seconds that one takes, about
DONE = {"imported": "draft", "submitted": "submitted", "published": "published"}
LONGEST_S = 60
WORKER = Path(__file__).with_name("importing_worker.py")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("killed")
    config = load_config(folder, {})
    store = Store.create(config.store_url)
    people = Accounts(store.engine)
    people.add("clerk", "Drill-pass-1", Role.EDITOR, ["411082"], by="test", must_change=False)
    people.add("reviewer", "Drill-pass-2", Role.REVIEWER, ["411082"], by="test", must_change=False)
    kinds = default_kinds()
    Shelf(config.snapshots).publish(store.published(kinds), kinds, datasets.world.load())
    store.close()
    (folder / "plots.geojson").write_text(json.dumps(parcels()), encoding="utf-8")
    return folder


def parcels() -> dict[str, object]:
    features = []
    for number in range(ROWS):
        row, column = divmod(number, 10)
        west, south = 113.76 + column * 0.002, 34.21 + row * 0.002
        shape = shapely.box(west, south, west + 0.0015, south + 0.0015)
        fields = {"code": f"K-{number:03}", "name": f"地块{number}", "status": "available", "land_use": "M1"}
        features.append({"type": "Feature", "properties": fields, "geometry": shapely.geometry.mapping(shape)})
    return {"type": "FeatureCollection", "features": features}


class Life:
    """One run of the worker, and every line that it has said."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, str(WORKER), str(data), str(data / "plots.geojson")]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        self.errors = (data / "worker.err").open("wb")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=environment)
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)

    def wait_for(self, word: str, times: int) -> None:
        end = time.monotonic() + LONGEST_S
        while sum(line.startswith(f"{word} ") for line in self.said) < times:
            assert time.monotonic() < end and self.process.poll() is None, "the worker has stopped by itself"
            time.sleep(0.002)

    def kill(self) -> list[tuple[str, int]]:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.errors.close()
        whole = [line.split() for line in self.said if line.endswith("\n")]
        assert all(hashlib.sha256(f"{w} {n}".encode()).hexdigest()[:8] == check for w, n, check in whole)
        return [(word, int(number)) for word, number, _ in whole]


@pytest.mark.drill
def test_nothing_is_ever_half_written(data: Path) -> None:
    chance = random.Random(20261120)  # noqa: S311 - when to strike, no secret
    struck = dict.fromkeys(STEPS, 0)  # how often the process died in the midst of a step
    for kill in range(KILLS):
        life = Life(data)
        step = list(STEPS)[kill % len(STEPS)]
        life.wait_for(step, chance.randint(1, 2))
        time.sleep(chance.uniform(0, STEPS[step]))
        said = life.kill()
        last = said[-1][0]
        if last in STEPS:
            struck[last] += 1
        the_record_is_whole(data)
        what_was_acknowledged_is_there(data, said)
        the_public_sees_one_state(data)
    assert sum(struck.values()) >= KILLS / 3, struck
    assert KILLS < 100 or all(struck.values()), struck


def the_record_is_whole(data: Path) -> None:
    connection = sqlite3.connect(data / "relitu.sqlite")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        per_step = connection.execute("SELECT number, state, count(*) FROM revisions GROUP BY number, state").fetchall()
        assert {count for _, _, count in per_step} <= {ROWS}
        newest = connection.execute("SELECT current, count(*) FROM heads GROUP BY current").fetchall()
        assert [count for _, count in newest] in ([], [ROWS])
        shown = connection.execute("SELECT DISTINCT published FROM heads").fetchall()
        assert len(shown) <= 1
    finally:
        connection.close()
    store = Store.open(f"sqlite:///{data / 'relitu.sqlite'}")
    assert list(audit.breaks(store.engine)) == []
    store.close()


def what_was_acknowledged_is_there(data: Path, said: list[tuple[str, int]]) -> None:
    store = Store.open(f"sqlite:///{data / 'relitu.sqlite'}")
    history = store.history("plot-411082-k-000")
    store.close()
    written = {(revision.payload["note"], revision.state.value) for revision in history}
    for word, number in said:
        if word in DONE and number:
            assert (f"round {number}", DONE[word]) in written


def the_public_sees_one_state(data: Path) -> None:
    shelf = Shelf(data / "snapshots")
    version = shelf.current_version()
    snapshot = shelf.open(version)
    assert snapshot.version == version
    table = snapshot.table("plot")
    notes = {str(table.column("note")[row]) for row in range(table.rows)}
    assert (table.rows, len(notes)) in ((0, 0), (ROWS, 1))
