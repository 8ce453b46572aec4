"""Bringing a file, or coordinates pasted as text."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Sequence
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from datasets.labels import Label
from geo.read import readers
from geo.store.accounts import EVERYWHERE
from geo.store.files import MAX_BYTES, FileTooLarge
from geo.store.jobs import Job, JobState
from webmap.staff import choices
from webmap.staff.access import EDITORS, Answer, staff
from webmap.staff.desk import desk
from webmap.staff.jobs import OPEN, start, status_of
from webmap.staff.visiting import require_county, visit
from webmap.staff.words import in_words, t

RECENT = 12
MOST_FILES = 50
FORM_ROOM = 1024 * 1024
MOST_TEXT = 8 * 1024 * 1024  # of a pasted text or a drawn geometry
SHAPEFILE_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix"})
PASTED = "粘贴的坐标.txt"

blueprint = Blueprint("staff_upload", __name__, url_prefix="/staff")


@blueprint.record
def _limits(state: Any) -> None:
    """How much a request may hold: werkzeug writes files to disk as they come, and refuses what is more."""
    app: Flask = state.app
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES + FORM_ROOM
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_TEXT


@staff(blueprint, "/upload", methods=("GET", "POST"), roles=EDITORS)
def upload() -> Answer:
    """The form; what is sent is kept, and a job reads it."""
    if request.method == "GET":
        return _page()
    kind, county = request.form.get("kind", ""), request.form.get("county", "")
    if kind not in desk().kinds:
        return _page(Label("请选择类别", "choose a kind"), 422)
    if county:
        require_county(county)
    sent = [file for file in request.files.getlist("files") if file.filename]
    text = request.form.get("text", "")
    try:
        kept = [*_files(sent[:MOST_FILES]), *_text(text)]
        if not kept:
            return _page(Label("请选择文件，或粘贴坐标", "choose a file, or paste coordinates"), 422)
        jobs = [_job(stream, name, kind, county) for stream, name in kept]
    except FileTooLarge as fault:
        return _page(fault.label, 413)
    if len(jobs) > 1:
        return cast(Response, redirect(url_for("staff_upload.upload", sent=len(jobs)), 303))
    return settled(jobs[0])


def settled(job: Job, patience_s: float = 1.0) -> Response:
    """To the page that shows what a job has made, if that is done within a moment; else to the job's own page."""
    end = time.monotonic() + (0 if current_app.config.get("JOBS_WAIT") else patience_s)
    now: Job | None = job
    while now is not None and now.state in OPEN and time.monotonic() < end:
        time.sleep(0.04)
        now = desk().jobs.get(job.id)
    status = status_of(now or job)
    return cast(Response, redirect(status["href"] or url_for("staff_jobs.job", job_id=job.id), 303))


def _job(stream: BinaryIO, name: str, kind: str, county: str) -> Job:
    with stream:
        file = desk().files.keep(stream, name, visit().account.name)
    return start("read", sha256=file.sha256, name=file.name, size=file.size, record=kind, county=county)


def _files(sent: Sequence[FileStorage]) -> list[tuple[BinaryIO, str]]:
    """What was sent, the parts of a Shapefile that came one by one put together."""
    parts: dict[str, list[FileStorage]] = {}
    found: list[tuple[BinaryIO, str]] = []
    for file in sent:
        path = PurePath(str(file.filename).replace("\\", "/"))
        suffix = path.suffix.lower()
        if suffix in SHAPEFILE_PARTS:
            parts.setdefault(path.stem, []).append(file)
        else:
            found.append((cast(BinaryIO, file.stream), path.name))
    return [*found, *(_zipped(stem, files) for stem, files in parts.items())]


def _zipped(stem: str, files: Sequence[FileStorage]) -> tuple[BinaryIO, str]:
    out = cast(BinaryIO, SpooledTemporaryFile(max_size=4 * FORM_ROOM))  # noqa: SIM115 - read after this function
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            # A fixed date: the same parts give the same bytes, so the same file is kept once.
            entry = zipfile.ZipInfo(f"{stem}{PurePath(str(file.filename)).suffix.lower()}")
            with archive.open(entry, "w") as target:
                while piece := file.stream.read(FORM_ROOM):
                    target.write(piece)
    out.seek(0)
    return out, f"{stem}.shp.zip"


def _text(text: str) -> list[tuple[BinaryIO, str]]:
    content = text.replace("\r\n", "\n").strip()
    return [(io.BytesIO(content.encode()), PASTED)] if content else []


def _page(fault: Label | None = None, status: int = 200) -> Response:
    account = visit().account
    only = account.scope[0] if len(account.scope) == 1 and account.scope[0] != EVERYWHERE else ""
    suffixes = sorted({suffix for reader in readers().values() for suffix in reader.suffixes} | SHAPEFILE_PARTS)
    page = render_template(
        "staff/upload.html",
        kinds=list(desk().kinds),
        kind=request.values.get("kind", "plot"),
        counties=choices.units(""),
        county=request.values.get("county", only),
        formats=[in_words(reader.label) for reader in readers().values()],
        suffixes=",".join(suffixes),
        limit_mb=MAX_BYTES // 2**20,
        fault=in_words(fault) if fault else "",
        sent=request.args.get("sent", ""),
        recent=[_recent(job) for job in desk().jobs.of(account.name, 100) if job.kind == "read"][:RECENT],
        text=request.form.get("text", "") if fault else "",
    )
    return make_response(page, status)


def _recent(job: Job) -> dict[str, Any]:
    ready = job.state is JobState.DONE
    return {
        "name": str(job.parameters.get("name", "")),
        "kind": desk().kinds.get(str(job.parameters["record"]))
        if job.parameters.get("record") in desk().kinds
        else None,
        "at": job.created_at,
        "state": job.state.value,
        "words": status_of(job)["words"] if not ready else t("intake.n_rows", n=(job.result or {}).get("rows", 0)),
        "href": status_of(job)["href"] or url_for("staff_jobs.job", job_id=job.id),
        "open": job.state in OPEN,
    }
