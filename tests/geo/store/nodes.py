"""What a node does in the tests of concurrency: functions that run in processes of their own."""

from __future__ import annotations

from made_projects import project

from geo.store import Change, Conflict, State, Store, audit
from geo.store.jobs import Jobs, JobState


def record_own(url: str, node: str, count: int) -> int:
    """Publish `count` features, one call each; how many were written."""
    store = Store.open(url)
    written = 0
    for number in range(count):
        change = Change(project(f"{node}-{number}"), expected=0)
        written += len(store.record([change], author=node, reason="r", state=State.PUBLISHED))
    store.close()
    return written


def record_contested(url: str, node: str, count: int) -> int:
    """Write revision after revision of one feature, each on top of what was read; how many met no Conflict."""
    store = Store.open(url)
    written = 0
    for number in range(count):
        current = store.current("contested")
        change = Change(
            project("contested", name=f"{node} {number}"), expected=current.number if current is not None else 0
        )
        try:
            store.record([change], author=node, reason="r")
            written += 1
        except Conflict:
            pass
    store.close()
    return written


def note(url: str, node: str, count: int) -> int:
    """Add to the audit log."""
    store = Store.open(url)
    for number in range(count):
        audit.note(store.engine, actor=node, action="view", object=str(number))
    store.close()
    return count


def work(url: str, node: str, count: int) -> list[str]:
    """Claim jobs until none is left (or `count` are done); their ids."""
    store = Store.open(url)
    jobs, mine = Jobs(store.engine), []
    while len(mine) < count and (job := jobs.claim(node)) is not None:
        jobs.beat(job.id, 1, 1)
        jobs.finish(job.id, JobState.DONE)
        mine.append(job.id)
    store.close()
    return mine


def create(url: str, node: str, count: int) -> bool:
    """Make or upgrade the tables, as each node does when it starts."""
    store = Store.create(url)
    empty = store.is_empty()
    store.close()
    return empty
