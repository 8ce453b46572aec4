"""Several processes at once on one store: nothing is lost, nothing done twice, the audit log's chain holds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import nodes
import pytest
from made_projects import project
from sqlalchemy import select

from geo.model import default_kinds
from geo.store import Change, Store, StoreBusy, audit, database, open_database
from geo.store.jobs import Jobs
from geo.store.tables import jobs as jobs_table

NODES = ("north", "east", "south", "west")


@pytest.fixture
def at_once() -> Iterator[Callable[..., list[Any]]]:
    """Run a function of `nodes` in each of four processes at the same time; nothing of an earlier test is left in them."""
    with ProcessPoolExecutor(len(NODES), mp_context=get_context("spawn")) as pool:

        def run(what: Callable[[str, str, int], Any], url: str, count: int) -> list[Any]:
            return [each.result(60) for each in [pool.submit(what, url, node, count) for node in NODES]]

        yield run


def test_what_several_nodes_record_at_once_is_all_there(store: Store, url: str, at_once) -> None:
    assert at_once(nodes.record_own, url, 12) == [12] * 4
    assert len(list(store.published(default_kinds()))) == 48
    assert list(audit.breaks(store.engine)) == []
    assert audit.entries(store.engine, limit=1)[0].number == 48


def test_of_two_who_edit_the_same_one_is_told_and_no_revision_is_lost(store: Store, url: str, at_once) -> None:
    written = sum(at_once(nodes.record_contested, url, 12))
    history = store.history("contested")
    assert [revision.number for revision in history] == list(range(1, written + 1))
    assert written >= 12  # somebody wins each round
    assert list(audit.breaks(store.engine)) == []


def test_the_chain_holds_under_four_writers(store: Store, url: str, at_once) -> None:
    at_once(nodes.note, url, 50)
    assert len(audit.entries(store.engine, limit=1000)) == 200
    assert list(audit.breaks(store.engine)) == []


def test_every_job_is_done_once(store: Store, url: str, at_once) -> None:
    queue = Jobs(store.engine)
    added = [queue.add("import", {}, "clerk").id for _ in range(40)]
    done = at_once(nodes.work, url, 40)
    assert sorted(job for mine in done for job in mine) == sorted(added)


def test_nodes_that_start_together_make_the_tables_once(url: str, at_once) -> None:
    assert at_once(nodes.create, url, 1) == [True] * 4
    engine = open_database(url)
    database.require_current(engine)
    engine.dispose()


def test_a_writer_who_waits_too_long_is_told(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    monkeypatch.setitem(database.POSTGRES_SETTINGS, "options", "-c lock_timeout=50")
    late = Store.open(url)
    with database.writing(store.engine), pytest.raises(StoreBusy) as busy:
        late.record([Change(project("late"))], author="x", reason="y")
    assert "再试" in busy.value.label.zh
    assert late.record([Change(project("late"))], author="x", reason="y")
    late.close()


class TestPostgis:
    """What only a server of rows can do."""

    @pytest.fixture
    def engine_name(self) -> str:
        return "postgis"

    def test_a_job_about_to_be_taken_is_passed_over_without_waiting(self, store: Store) -> None:
        queue = Jobs(store.engine)
        first, second = (queue.add("import", {}, "clerk").id for _ in range(2))
        with store.engine.connect() as other, other.begin():
            other.execute(select(jobs_table).where(jobs_table.c.id == first).with_for_update())
            taken = queue.claim("worker")
            assert taken is not None
            assert taken.id == second
            assert queue.claim("worker") is None
        again = queue.claim("worker")
        assert again is not None
        assert again.id == first

    def test_jobs_go_on_while_a_long_import_writes(self, store: Store) -> None:
        queue = Jobs(store.engine)
        queue.add("import", {}, "clerk")
        with database.writing(store.engine):
            job = queue.claim("worker")
            assert job is not None
            queue.beat(job.id, 1, 2)

    def test_writers_of_the_chain_take_turns(self, store: Store) -> None:
        ended = threading.Event()
        other = threading.Thread(
            target=lambda: (audit.note(store.engine, actor="b", action="view", object=""), ended.set())
        )
        with database.writing(store.engine) as connection:
            audit.append(connection, actor="a", action="view", object="")
            other.start()
            assert not ended.wait(0.3)
        other.join(10)
        assert [entry.actor for entry in audit.entries(store.engine)] == ["b", "a"]
        assert list(audit.breaks(store.engine)) == []
