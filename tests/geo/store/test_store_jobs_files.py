"""Jobs and kept files."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from datasets.labels import Label
from geo.store import Store
from geo.store.database import writing
from geo.store.files import Files, FileTooLarge
from geo.store.jobs import STALE_S, Cancelled, Jobs, JobState
from geo.store.tables import jobs as jobs_table


@pytest.fixture
def jobs(store: Store) -> Jobs:
    return Jobs(store.engine)


def test_a_job_runs_once_with_progress_and_a_result(jobs: Jobs) -> None:
    added = jobs.add("import", {"file": "x"}, "clerk")
    claimed = jobs.claim("worker")
    assert claimed is not None
    assert claimed.id == added.id
    assert jobs.claim("other") is None
    jobs.beat(added.id, 30, 120)
    running = jobs.get(added.id)
    assert running is not None
    assert (running.state, running.done, running.total) == (JobState.RUNNING, 30, 120)
    assert running.remaining_s is not None
    jobs.finish(added.id, JobState.DONE, {"rows": 120})
    finished = jobs.get(added.id)
    assert finished is not None
    assert finished.result == {"rows": 120}
    assert [job.id for job in jobs.of("clerk")] == [added.id]
    assert jobs.of("somebody else") == []


def test_a_running_job_is_called_off_at_its_next_beat(jobs: Jobs) -> None:
    job = jobs.add("import", {}, "clerk")
    jobs.claim("worker")
    jobs.cancel(job.id)
    with pytest.raises(Cancelled):
        jobs.beat(job.id, 1, 2)


def test_a_waiting_job_is_called_off_at_once(jobs: Jobs) -> None:
    job = jobs.add("import", {}, "clerk")
    jobs.cancel(job.id)
    assert jobs.claim("worker") is None
    cancelled = jobs.get(job.id)
    assert cancelled is not None
    assert cancelled.state is JobState.CANCELLED


def test_a_dead_workers_job_is_reported_failed(jobs: Jobs, store: Store) -> None:
    job = jobs.add("import", {}, "clerk")
    jobs.claim("worker")
    with writing(store.engine) as connection:
        connection.execute(update(jobs_table).values(beat_at=datetime.now(UTC) - timedelta(seconds=STALE_S + 1)))
    assert jobs.claim("other") is None
    lost = jobs.get(job.id)
    assert lost is not None
    assert lost.state is JobState.FAILED
    assert isinstance(lost.message, Label)


def test_a_file_is_kept_under_its_hash_and_only_once(store: Store, data: Path) -> None:
    files = Files(store.engine, data / "files")
    first = files.keep(io.BytesIO(b"content"), "C:\\dir\\地块.zip", "clerk")
    second = files.keep(io.BytesIO(b"content"), "other.zip", "clerk")
    assert first.sha256 == second.sha256
    assert first.name == "地块.zip"
    assert first.path.read_bytes() == b"content"
    assert [path.name for path in (data / "files").iterdir()] == [first.sha256]
    found = files.get(first.sha256)
    assert found is not None
    assert found.name == "地块.zip"
    assert files.get("0" * 64) is None


def test_a_file_too_large_leaves_nothing(store: Store, data: Path) -> None:
    files = Files(store.engine, data / "files")
    with pytest.raises(FileTooLarge):
        files.keep(io.BytesIO(b"x" * 11), "a", "clerk", limit=10)
    assert list((data / "files").iterdir()) == []
