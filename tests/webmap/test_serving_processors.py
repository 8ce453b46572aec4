"""Workers on processors of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from webmap.serving import processors

ROOT = Path(__file__).parents[2]
BOUND = """
import os, sys, threading
from pathlib import Path
from webmap.serving.processors import keep_to_one
go = threading.Event()
before = threading.Thread(target=go.wait)
before.start()
chosen = keep_to_one(Path(sys.argv[1]))
after = threading.Thread(target=go.wait)
after.start()
print(all(os.sched_getaffinity(each.native_id) == {chosen} for each in (threading.main_thread(), before, after)))
go.set()
"""


def test_all_threads_of_a_worker_keep_to_one_processor(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOUND, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == "True\n"


def test_a_processor_is_had_twice_when_all_are_had_and_again_when_one_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[IO[bytes]] = []
    monkeypatch.setattr(processors, "_held", held)
    bound: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {4, 9})
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, chosen: bound.append(chosen))
    assert [processors.keep_to_one(tmp_path) for _ in range(3)] == [4, 9, 4]
    assert {9} in bound and all(len(each) == 1 for each in bound)
    held[1].close()  # as when its worker dies
    assert processors.keep_to_one(tmp_path) == 9
    for lock in held:
        lock.close()


@pytest.mark.parametrize(("workers", "own"), [(1, False), (2, True), (3, False), (4, True)])
def test_workers_keep_to_processors_where_they_share_them_evenly(
    workers: int, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 5})
    assert processors.suits(workers) is own
