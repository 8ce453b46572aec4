"""What the worker does: read and check a file, write its rows as drafts, submit them, write an export."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasets.labels import Label
from geo.crs import CrsFault
from geo.read import Unreadable
from geo.store import Conflict, State
from geo.store.accounts import Account
from geo.store.files import StoredFile
from geo.store.jobs import Job, JobState
from geo.store.listing import Wanted, listing
from geo.store.workflow import NotAllowed, Step, take
from webmap.intake import choices as choosing
from webmap.intake.book import Book
from webmap.intake.committing import NotFit, commit
from webmap.intake.filing import write
from webmap.intake.known import known
from webmap.intake.preparing import Ground, Prepared, prepared
from webmap.staff.desk import Desk
from webmap.staff.runner import Task, WorkFailed, work

KEEP_DAYS = 30
MOST_SUBMITTED = 100_000

GONE = Label("上传的文件已不在服务器上，请重新上传", "the uploaded file is no longer on the server: upload it again")
NO_ENTRY = Label("账号已停用", "the account is disabled")


class Folder:
    """Where an intake's rows and its owner's choices are. The name is the id of the job that first read the file."""

    def __init__(self, data_dir: Path, intake: str) -> None:
        self.path = data_dir / "intakes" / intake
        self.choices = self.path / "choices.json"
        self.book = Book(self.path / "rows.sqlite")


def folder_of(desk: Desk, intake: str) -> Folder:
    """The folder of an intake."""
    return Folder(desk.config.data_dir, intake)


@work("read")
def read_and_check(task: Task) -> Mapping[str, Any]:
    """Read a kept file for the first time; its rows stand under the job's own id."""
    _drop_old(task.desk.config.data_dir / "intakes")
    return _file(task, task.job, task.job.id)


@work("recheck")
def check_again(task: Task) -> Mapping[str, Any]:
    """The same with what the person has chosen and mended since."""
    return _file(task, _first(task), str(task.parameters["intake"]))


def _file(task: Task, first: Job, intake: str) -> Mapping[str, Any]:
    folder = folder_of(task.desk, intake)
    choices = choosing.load(folder.choices)
    found = _prepare(task, first, choices)
    task.last_chance()
    write(found, folder.book.path, {*choices.edits, *choices.repairs}, {"sha256": first.parameters["sha256"]})
    return {"rows": len(found.numbers), "fit": found.is_fit}


@work("commit")
def write_drafts(task: Task) -> Mapping[str, Any]:
    """Check once more, against the record of this moment, and write all rows in one transaction."""
    first = _first(task)
    folder = folder_of(task.desk, str(task.parameters["intake"]))
    choices = choosing.load(folder.choices)
    found = _prepare(task, first, choices)
    try:
        done = commit(
            found,
            task.desk.store,
            str(first.parameters["sha256"]),
            task.job.owner,
            str(task.parameters.get("reason") or "") or f"导入 {found.intake.name}",
            lambda rows, total: task.last_chance() if rows == total else task.progress(rows, total),
        )
    except NotFit as fault:
        # What has become wrong since the person looked shall be seen.
        write(found, folder.book.path, {*choices.edits, *choices.repairs}, {"sha256": first.parameters["sha256"]})
        raise WorkFailed(fault.label) from fault
    return {"drafts": len(done.revisions), "unchanged": done.unchanged, "sha256": first.parameters["sha256"]}


@work("submit")
def submit_drafts(task: Task) -> Mapping[str, Any]:
    """Submit every draft that came from a file and still is this person's newest word: all of them or none."""
    person = _person(task)
    wanted = Wanted(
        units=units_of(task.desk, person),
        states=(State.DRAFT,),
        author=person.name,
        origin=str(task.parameters["sha256"]),
    )
    total, rows = listing(task.desk.store.engine, wanted, MOST_SUBMITTED)
    task.progress(0, total)
    task.last_chance()
    try:
        chosen = [(row.id, row.number) for row in rows]
        done = take(
            task.desk.store, Step.SUBMIT, chosen, person, task.desk.kinds, str(task.parameters.get("reason") or "")
        )
    except NotAllowed as fault:
        raise WorkFailed(fault.label) from fault
    except Conflict as fault:
        raise WorkFailed(
            Label(f"{fault.feature_id} 刚被他人修改，请重试", f"{fault.feature_id} has just been changed: try again")
        ) from fault
    return {"submitted": len(done)}


def _prepare(task: Task, first: Job, choices: choosing.Choices) -> Prepared:
    desk, person = task.desk, _person(task)
    kept = _kept(desk, str(first.parameters["sha256"]))
    ground = Ground(
        world=desk.world,
        kind=desk.kinds.get(str(first.parameters["record"])),
        known=known(desk.store, str(first.parameters["record"])),
        county=str(first.parameters.get("county") or ""),
        scope=person.scope,
        local=desk.config.local_parameters,
    )
    name = str(first.parameters["name"])
    try:
        return prepared(kept.path, name, ground, choices, str(first.parameters.get("format") or ""), task.progress)
    except Unreadable as fault:
        finding = fault.finding
        raise WorkFailed(finding.message, {"code": finding.code}) from fault
    except CrsFault as fault:
        raise WorkFailed(fault.label) from fault


def _first(task: Task) -> Job:
    """The job that first read the file that this one is about."""
    first = task.desk.jobs.get(str(task.parameters["intake"]))
    if first is None or first.owner != task.job.owner or first.state is not JobState.DONE:
        raise WorkFailed(GONE)
    return first


def _kept(desk: Desk, sha256: str) -> StoredFile:
    kept = desk.files.get(sha256)
    if kept is None:
        raise WorkFailed(GONE)
    return kept


def _person(task: Task) -> Account:
    """The job's owner as he stands now: his counties may have changed since he queued it."""
    person = task.desk.accounts.get(task.job.owner)
    if person is None or person.disabled:
        raise WorkFailed(NO_ENTRY)
    return person


def units_of(desk: Desk, person: Account) -> frozenset[str] | None:
    """The adcodes in a person's scope; None for everywhere."""
    if "*" in person.scope:
        return None
    cities = desk.world.boundaries.cities
    inside = {county for unit in person.scope if unit in cities for county in cities[unit].counties}
    return frozenset(person.scope) | inside


def _drop_old(folder: Path) -> None:
    """Rows of files that nobody has looked after for a month; the files themselves and all revisions stay."""
    if not folder.is_dir():
        return
    limit = time.time() - KEEP_DAYS * 24 * 3600
    for old in folder.iterdir():
        if old.is_dir() and old.stat().st_mtime < limit:
            shutil.rmtree(old, ignore_errors=True)
