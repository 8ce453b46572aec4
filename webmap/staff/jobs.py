"""A job's page: how far it is, how long it will take, and a way to call it off. The page may be left and opened again."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, jsonify, redirect, render_template, request, url_for

from geo.store.jobs import Job, JobState
from webmap.i18n import current
from webmap.staff.access import staff
from webmap.staff.desk import desk, desk_of
from webmap.staff.runner import WORKS, Runner
from webmap.staff.visiting import visit
from webmap.staff.words import t

EXTENSION = "relitu-runner"
TELLING = 0.05  # the share of the rows after which the pace tells how long the rest will take
OPEN = frozenset({JobState.QUEUED, JobState.RUNNING})

blueprint = Blueprint("staff_jobs", __name__, url_prefix="/staff")


def runner_of(app: Flask) -> Runner:
    """The worker of this process's application, made once."""
    if EXTENSION not in app.extensions:
        app.extensions[EXTENSION] = Runner(desk_of(app))
    return cast(Runner, app.extensions[EXTENSION])


def start(kind: str, **parameters: Any) -> Job:
    """Queue a job of the person who asks, and see that somebody does it."""
    job = desk().jobs.add(kind, {**parameters, "lang": current()}, visit().account.name)
    if current_app.config.get("JOBS_WAIT"):  # tests do the work when it suits them
        return job
    runner_of(current_app._get_current_object()).wake()  # type: ignore[attr-defined]
    return job


@staff(blueprint, "/jobs/<job_id>", about="job")
def job(job_id: str) -> Response | str:  # noqa: ARG001 - the address names the job that `visit` holds
    """Where a job stands: JSON for the script, else a page that looks again by itself."""
    found = visit().job
    if found.state in OPEN and not current_app.config.get("JOBS_WAIT"):
        runner_of(current_app._get_current_object()).wake()  # type: ignore[attr-defined]
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(status_of(found))
    target = where_to(found)
    if found.state is JobState.DONE and target:
        return cast(Response, redirect(target, 303))
    return render_template("staff/job.html", job=found, status=status_of(found), retry=retry_of(found))


@staff(blueprint, "/jobs/<job_id>/cancel", methods=("POST",), about="job")
def cancel(job_id: str) -> Response:
    """Call a job off."""
    desk().jobs.cancel(job_id)
    return cast(Response, redirect(url_for("staff_jobs.job", job_id=job_id), 303))


def status_of(found: Job) -> dict[str, Any]:
    """The JSON form: state, done, total, remaining_s, message, words for people, and where to go when it is done."""
    remaining = found.remaining_s
    message = found.message.text(current()) if found.message else ""
    return {
        "id": found.id,
        "kind": found.kind,
        "state": found.state.value,
        "done": found.done,
        "total": found.total,
        "remaining_s": None if remaining is None else round(remaining, 1),
        "message": message,
        "words": message or _words(found, remaining),
        "title": t(f"job.{found.kind}") if found.kind in WORKS else found.kind,
        "cancel": found.cancel,
        "href": where_to(found) if found.state is JobState.DONE else "",
    }


def _words(found: Job, remaining: float | None) -> str:
    if found.state is JobState.QUEUED:
        return t("job.queued")
    if found.state is not JobState.RUNNING:
        return t(f"job.state_{found.state.value}")
    if not found.total:
        return t("job.rows", n=found.done) if found.done else t("job.started")
    rows = t("job.rows_of", done=found.done, total=found.total)
    told = remaining is not None and found.done >= TELLING * found.total
    return f"{rows} · {_left(remaining or 0)}" if told else rows


def _left(seconds: float) -> str:
    if seconds < 60:
        return t("job.seconds_left", n=max(1, round(seconds)))
    return t("job.minutes_left", n=round(seconds / 60))


def where_to(found: Job) -> str:
    """The page that shows what a job has made."""
    if found.kind in ("read", "recheck"):
        return url_for("staff_preview.preview", job_id=intake_of(found))
    if found.kind in ("commit", "submit"):
        return url_for("staff_preview.committed", job_id=intake_of(found))
    if found.kind == "export":
        return url_for("staff_export.ready", job_id=found.id)
    return ""


def retry_of(found: Job) -> str:
    """Where a person whose job has ended without a result may go on."""
    if found.kind in ("recheck", "commit", "submit"):
        return url_for("staff_preview.preview", job_id=intake_of(found))
    return url_for("staff_export.choose") if found.kind == "export" else url_for("staff_upload.upload")


def intake_of(found: Job) -> str:
    """The intake that a job works on: its own of a first reading, else the one it was queued for."""
    return str(found.parameters.get("intake") or found.id)
