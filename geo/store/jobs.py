"""Long work outside the request: one table, claimed by one worker at a time, with progress and cancel."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, insert, select, update

from datasets.labels import Label
from geo.store.database import writing
from geo.store.tables import jobs

LOST = {"zh": "处理中断，请重新提交", "en": "the work was interrupted; start it again"}
STALE_S = 60  # a worker that has not been heard of for so long is taken for dead


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Cancelled(RuntimeError):
    """The person has called the work off."""


@dataclass(frozen=True)
class Job:
    """A job as it stands. done, total: rows (0 if unknown). message: zh and en for the person."""

    id: str
    kind: str
    state: JobState
    owner: str
    parameters: Mapping[str, Any]
    result: Mapping[str, Any] | None
    done: int
    total: int
    message: Label | None
    cancel: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def remaining_s(self) -> float | None:
        """Seconds that the rest will take at the pace so far; None where that cannot be told."""
        if self.state is not JobState.RUNNING or not self.done or not self.total or self.started_at is None:
            return None
        elapsed = (datetime.now(UTC) - self.started_at).total_seconds()
        return elapsed / self.done * max(0, self.total - self.done)


class Jobs:
    """The jobs of one store."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def add(self, kind: str, parameters: Mapping[str, Any], owner: str) -> Job:
        """Queue a job."""
        row = {
            "id": secrets.token_hex(8),
            "kind": kind,
            "state": JobState.QUEUED,
            "owner": owner,
            "parameters": dict(parameters),
            "result": None,
            "done": 0,
            "total": 0,
            "message": None,
            "cancel": False,
            "worker": "",
            "created_at": datetime.now(UTC),
        }
        with writing(self.engine, chained=False) as connection:
            connection.execute(insert(jobs), row)
        return self._required(str(row["id"]))

    def get(self, job_id: str) -> Job | None:
        """The job, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
        return _job(dict(row)) if row else None

    def of(self, owner: str, limit: int = 20) -> list[Job]:
        """A person's newest jobs first."""
        query = select(jobs).where(jobs.c.owner == owner).order_by(jobs.c.created_at.desc()).limit(limit)
        with self.engine.connect() as connection:
            return [_job(dict(row)) for row in connection.execute(query).mappings()]

    def claim(self, worker: str) -> Job | None:
        """The oldest queued job, now this worker's; a dead worker's job fails, so that its owner is told."""
        now = datetime.now(UTC)
        with writing(self.engine, chained=False) as connection:
            dead = (jobs.c.state == JobState.RUNNING) & (jobs.c.beat_at < now - timedelta(seconds=STALE_S))
            connection.execute(update(jobs).where(dead).values(state=JobState.FAILED, message=LOST, finished_at=now))
            queued = select(jobs.c.id).where(jobs.c.state == JobState.QUEUED).order_by(jobs.c.created_at).limit(1)
            # Of several workers on PostgreSQL each takes a row that no other is about to take; SQLite ignores the clause.
            job_id = connection.execute(queued.with_for_update(skip_locked=True)).scalar()
            if job_id is None:
                return None
            values = {"state": JobState.RUNNING, "worker": worker, "started_at": now, "beat_at": now}
            here = (jobs.c.id == job_id) & (jobs.c.state == JobState.QUEUED)
            if connection.execute(update(jobs).where(here).values(values)).rowcount != 1:
                return None
        return self._required(job_id)

    def abandon(self, is_dead: Callable[[str], bool]) -> int:
        """Fail the running jobs whose worker, by its name, is known to be dead, so that their owners need not wait; how many."""
        now = datetime.now(UTC)
        running_now = select(jobs.c.id, jobs.c.worker).where(jobs.c.state == JobState.RUNNING)
        with writing(self.engine, chained=False) as connection:
            running = connection.execute(running_now.with_for_update()).all()
            lost = [row.id for row in running if is_dead(row.worker)]
            values = {"state": JobState.FAILED, "message": LOST, "finished_at": now}
            connection.execute(update(jobs).where(jobs.c.id.in_(lost)).values(values))
        return len(lost)

    def beat(self, job_id: str, done: int, total: int) -> None:
        """Tell of progress; raises Cancelled where the owner has called the job off."""
        with writing(self.engine, chained=False) as connection:
            cancel = connection.execute(select(jobs.c.cancel).where(jobs.c.id == job_id)).scalar()
            values = {"done": done, "total": total, "beat_at": datetime.now(UTC)}
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(values))
        if cancel:
            raise Cancelled(job_id)

    def finish(
        self, job_id: str, state: JobState, result: Mapping[str, Any] | None = None, message: Label | None = None
    ) -> None:
        """The job's end."""
        words = None if message is None else {"zh": message.zh, "en": message.en}
        values = {"state": state, "result": result, "message": words, "finished_at": datetime.now(UTC)}
        with writing(self.engine, chained=False) as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(values))

    def cancel(self, job_id: str) -> None:
        """Call a job off: at once if it waits, at its next sign of life if it runs."""
        now = datetime.now(UTC)
        with writing(self.engine, chained=False) as connection:
            waiting = (jobs.c.id == job_id) & (jobs.c.state == JobState.QUEUED)
            connection.execute(update(jobs).where(waiting).values(state=JobState.CANCELLED, finished_at=now))
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(cancel=True))

    def _required(self, job_id: str) -> Job:
        job = self.get(job_id)
        if job is None:
            raise LookupError(job_id)
        return job


def _job(row: dict[str, Any]) -> Job:
    message = row["message"]
    return Job(
        id=row["id"],
        kind=row["kind"],
        state=JobState(row["state"]),
        owner=row["owner"],
        parameters=row["parameters"],
        result=row["result"],
        done=row["done"],
        total=row["total"],
        message=Label(message["zh"], message["en"]) if message else None,
        cancel=row["cancel"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )
