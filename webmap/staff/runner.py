"""Long work outside the request: a thread that claims jobs, tells of their progress and puts their failures into words."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from datasets.labels import Label
from geo.store.jobs import Cancelled, Job, JobState
from webmap.staff.desk import Desk

log = logging.getLogger(__name__)

BEATS_A_SECOND = 4
HEARTBEAT_S = 10.0  # well below geo.store.jobs.STALE_S: a long step is no dead worker
LOOK_S = 5.0  # how often an idle worker looks for jobs that another process has queued

FAILED = Label(
    "处理时出现内部错误，已记入日志；文件已保留，可重新处理或联系系统管理员。",
    "Something failed inside; it has been logged. The file is kept: start again or tell the operator.",
)
CALLED_OFF = Label("已取消，没有写入任何内容。", "Called off; nothing was written.")


class WorkFailed(RuntimeError):
    """Work that cannot be done for a reason that its owner can understand and mend."""

    def __init__(self, label: Label, result: Mapping[str, Any] | None = None) -> None:
        super().__init__(label.en)
        self.label = label
        self.result = result


@dataclass
class Task:
    """A job under way. `progress` is told of rows done and rows in all; it raises Cancelled where the owner has called the job off."""

    job: Job
    desk: Desk
    done: int = 0
    total: int = 0
    _told: float = 0.0
    _cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What the job was queued with."""
        return self.job.parameters

    def progress(self, done: int, total: int) -> None:
        """Tell of progress, the store at most four times a second."""
        if self._cancelled.is_set():
            raise Cancelled(self.job.id)
        self.done, self.total = done, total
        now = time.monotonic()
        if now - self._told >= 1 / BEATS_A_SECOND:
            self._told = now
            self.desk.jobs.beat(self.job.id, done, total)

    def last_chance(self) -> None:
        """Raise Cancelled if the job was called off: the last look before something is written for good."""
        self.desk.jobs.beat(self.job.id, self.done, self.total)

    def still_alive(self) -> None:
        """A sign of life between two steps; remembers that the owner has called the job off."""
        try:
            self.desk.jobs.beat(self.job.id, self.done, self.total)
        except Cancelled:
            self._cancelled.set()


Work = Callable[[Task], Mapping[str, Any]]
"""Does a job and gives its result (JSON). What it writes it writes in one transaction: a job may die at any moment."""

WORKS: dict[str, Work] = {}


def work(kind: str) -> Callable[[Work], Work]:
    """Register a function as what is done for jobs of a kind."""

    def register(function: Work) -> Work:
        WORKS[kind] = function
        return function

    return register


class Runner:
    """The worker of one process."""

    def __init__(self, desk: Desk, works: Mapping[str, Work] = WORKS) -> None:
        self.desk = desk
        self.works = works
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def wake(self) -> None:
        """Look for work now; starts the thread at the first call."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._forever, name="relitu-jobs", daemon=True)
                self._thread.start()
        self._wake.set()

    def drain(self) -> int:
        """Do all jobs that wait, in this thread; how many there were."""
        count = 0
        while (job := self.desk.jobs.claim(self.name)) is not None:
            self._do(job)
            count += 1
        return count

    def _is_dead(self, worker: str) -> bool:
        """Whether a worker of this machine is no more. One of our own name is: its process had our number before us."""
        host, _, number = worker.rpartition(":")
        if host != socket.gethostname() or not number.isdecimal():
            return False
        return worker == self.name or not Path(f"/proc/{number}").exists()

    def _forever(self) -> None:
        if Path("/proc/self").exists():
            self.desk.jobs.abandon(self._is_dead)
        while True:
            try:
                self.drain()
            except SQLAlchemyError:
                log.exception("the jobs cannot be read; trying again")
            self._wake.wait(LOOK_S)
            self._wake.clear()

    def _do(self, job: Job) -> None:
        task = Task(job, self.desk)
        over = threading.Event()
        heart = threading.Thread(target=_beat, args=(task, over), name="relitu-heartbeat", daemon=True)
        heart.start()
        state = JobState.FAILED
        result: dict[str, Any] | None = None
        message: Label | None = FAILED
        try:
            function = self.works[job.kind]
            result, state, message = dict(function(task)), JobState.DONE, None
        except Cancelled:
            state, message = JobState.CANCELLED, CALLED_OFF
        except WorkFailed as error:
            message, result = error.label, dict(error.result) if error.result else None
        except Exception:
            log.exception("job %s (%s) failed", job.id, job.kind)
        finally:
            over.set()
            heart.join()
        self.desk.jobs.finish(job.id, state, result, message)


def _beat(task: Task, over: threading.Event) -> None:
    while not over.wait(HEARTBEAT_S):
        try:
            task.still_alive()
        except SQLAlchemyError:
            log.exception("no sign of life could be given for job %s", task.job.id)
