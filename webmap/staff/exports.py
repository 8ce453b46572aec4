"""What one may see as a file: also drafts and what waits for review, of one's own counties."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for

from datasets.labels import Label
from geo.draw.export import export, formats, formats_for
from geo.model import Feature
from geo.publish import Shelf
from geo.query.selection import Selection
from geo.store import audit
from geo.store.accounts import Account
from geo.store.jobs import JobState
from geo.store.listing import Wanted, listing
from geo.store.revisions import State
from webmap.problems import NotHere
from webmap.staff import choices
from webmap.staff.access import Answer, staff
from webmap.staff.desk import Desk, desk
from webmap.staff.jobs import start
from webmap.staff.runner import Task, WorkFailed, work
from webmap.staff.upload import settled
from webmap.staff.visiting import note, require_county, visit
from webmap.staff.works import units_of

CHUNK = 500
MOST = 1_000_000

blueprint = Blueprint("staff_export", __name__, url_prefix="/staff")


@staff(blueprint, "/export", methods=("GET", "POST"))
def choose() -> Answer:
    """Which kind, county and states, in which format; a job writes the file."""
    if request.method == "GET":
        return render_template(
            "staff/export.html",
            kinds=list(desk().kinds),
            kind=request.args.get("kind", "plot"),
            formats=list(formats().values()),
            counties=choices.units(""),
            county=request.args.get("county", ""),
        )
    kind, name, county = (request.form.get(field, "") for field in ("kind", "format", "county"))
    if kind not in desk().kinds or name not in formats_for(kind):
        known = ", ".join(formats_for(kind))
        raise NotHere(Label(f"这类记录不能导出为该格式；可用：{known}", f"not in this format; known are {known}"))
    if county:
        require_county(county)
    states = [state for state in request.form.getlist("state") if state in set(State)]
    return settled(start("export", record=kind, format=name, county=county, states=states))


@staff(blueprint, "/export/<job_id>", about="job")
def ready(job_id: str) -> Answer:
    """The page of a written file."""
    job = visit().job
    if job.kind != "export" or job.state is not JobState.DONE:
        return cast(Response, redirect(url_for("staff_jobs.job", job_id=job_id), 303))
    return render_template(
        "staff/exported.html", job=job, result=job.result or {}, format=formats()[str(job.parameters["format"])]
    )


@staff(blueprint, "/export/<job_id>/file", about="job")
def file(job_id: str) -> Answer:
    """The file itself; that it was fetched is noted."""
    job = visit().job
    path = _path(desk(), job_id)
    if job.kind != "export" or not path.is_file():
        raise NotHere(Label("文件已过期，请重新导出。", "The file is gone: export it again."))
    chosen = formats()[str(job.parameters["format"])]
    note("export.fetched", job_id, detail=dict(job.parameters))
    name = f"relitu-{job.parameters['record']}-{job.created_at:%Y%m%d-%H%M}.{chosen.suffix}"
    return send_file(path, mimetype=chosen.media_type, as_attachment=True, download_name=name)


def _path(here: Desk, job_id: str) -> Path:
    return here.config.data_dir / "exports" / job_id


@work("export")
def write_export(task: Task) -> Mapping[str, Any]:
    """Write the newest revisions that the person may see to a file, in the format asked for."""
    here, wanted = task.desk, task.parameters
    person = here.accounts.get(task.job.owner)
    if person is None or person.disabled:
        raise WorkFailed(Label("账号已停用", "the account is disabled"))
    kind = str(wanted["record"])
    found = list(_features(task, person, kind))
    path = _path(here, task.job.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as scratch:
        shelf = Shelf(Path(scratch) / "snapshot")
        shelf.publish(found, here.kinds, here.world)
        snapshot = shelf.open()
        selection = Selection(snapshot, {name: np.ones(snapshot.table(name).rows, bool) for name in snapshot.kinds})
        whole = Path(scratch) / "file"
        with whole.open("wb") as out:
            for piece in export(
                selection, kind, str(wanted["format"]), here.world, str(wanted.get("lang") or "zh"), here.kinds
            ):
                out.write(piece)
                task.progress(task.done, task.total)
        size = whole.stat().st_size
        task.last_chance()
        whole.replace(path)
    audit.note(
        here.store.engine,
        actor=person.name,
        action="export",
        object=kind,
        detail={"job": task.job.id, "rows": len(found), **{k: wanted[k] for k in ("format", "county", "states")}},
    )
    return {"rows": len(found), "size": size}


def _features(task: Task, person: Account, kind: str) -> Iterator[Feature]:
    """The newest word on each record of a kind in the person's counties."""
    here, wanted = task.desk, task.parameters
    county = str(wanted.get("county") or "")
    city = here.world.boundaries.cities.get(county)
    asked = Wanted(
        units=units_of(here, person),
        kind=kind,
        states=tuple(State(state) for state in wanted.get("states", ())),
        county=[county, *(city.counties if city else ())] if county else (),
    )
    total, rows = listing(here.store.engine, asked, MOST)
    for done in range(0, len(rows), CHUNK):
        task.progress(done, total)
        some = here.store.currents([row.id for row in rows[done : done + CHUNK]])
        yield from (revision.feature(here.kinds) for revision in some.values())
    task.progress(total, total)
