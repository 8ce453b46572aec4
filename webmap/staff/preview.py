"""What a file holds, before anything of it is recorded: its system, its rows, what is wrong with them, and committing them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, Response, redirect, render_template, request, url_for

from datasets.labels import Label
from geo.crs import CrsFault, system, systems
from geo.model import Feature
from geo.read import readers
from geo.store.jobs import JobState
from webmap.asking import whole
from webmap.intake import choices as choosing
from webmap.intake.book import words_of
from webmap.problems import NotHere, Refusal
from webmap.staff.access import EDITORS, Answer, staff
from webmap.staff.desk import desk
from webmap.staff.drawing import boundaries_href
from webmap.staff.findings_book import findings_book
from webmap.staff.jobs import start
from webmap.staff.records import unit_name
from webmap.staff.upload import settled
from webmap.staff.visiting import note, visit
from webmap.staff.words import in_words
from webmap.staff.works import Folder, folder_of

PAGE = 50
VIEWS = ("all", "errors", "warnings", "changed", "left-out")
REASON = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("staff_preview", __name__, url_prefix="/staff")


def the_folder() -> Folder:
    """The folder of the intake that the view is about; raises NotHere where its rows are not there (any more)."""
    job = visit().job
    folder = folder_of(desk(), job.id)
    if job.kind != "read" or not folder.book.exists:
        raise NotHere(
            Label(
                "没有这份导入：可能还在处理、已取消，或已超过保留期。请重新上传。",
                "There is no such import: it may still be under way, called off, or too old. Upload the file again.",
            )
        )
    return folder


def the_kind(facts: dict[str, Any]) -> type[Feature]:
    """The kind that an intake's rows are of."""
    return desk().kinds.get(str(facts["kind"]))


@staff(blueprint, "/intake/<job_id>", roles=EDITORS, about="job")
def preview(job_id: str) -> Answer:
    """The rows, a page at a time, beside the map."""
    folder = the_folder()
    facts = folder.book.facts()
    only = request.args.get("only", "all")
    only = only if only in VIEWS else "all"
    page = whole("page", 1, 1, 1_000_000)
    total, lines = folder.book.page(only, PAGE, (page - 1) * PAGE)
    choices = choosing.load(folder.choices)
    return render_template(
        "staff/intake.html",
        job_id=job_id,
        facts=facts,
        kind=the_kind(facts),
        format_name=_format(str(facts["format"])),
        system_name=_system(str(facts["system"])),
        lines=lines,
        total=total,
        only=only,
        page=page,
        pages=max(1, -(-total // PAGE)),
        counts=_counts(facts),
        choices=choices,
        systems=list(systems().values()),
        unit_name=unit_name,
        words_of=lambda told: in_words(words_of(told)),
        here=lambda **changes: url_for(".preview", **{"job_id": job_id, "only": only, "page": None, **changes}),
        boundaries=boundaries_href(),
        has_area=any(line.area for line in lines),
    )


def _format(name: str) -> str:
    known = readers().get(name)
    return in_words(known.label) if known else name


def _system(code: str) -> str:
    return in_words(system(code).label) if code else ""


def _counts(facts: dict[str, Any]) -> dict[str, int]:
    return {
        "all": facts["rows"] + facts["left_out"],
        "errors": facts["with_errors"],
        "warnings": facts["with_warnings"],
        "changed": facts["rows"] - facts["unchanged"],
        "left-out": facts["left_out"],
    }


@staff(blueprint, "/intake/<job_id>/system", methods=("POST",), roles=EDITORS, about="job")
def choose_system(job_id: str) -> Answer:
    """Read the coordinates in the system that the person chooses."""
    folder = the_folder()
    choice = request.form.get("candidate", "")
    if choice == "other":
        code, swapped = request.form.get("system", ""), "swapped" in request.form
        prefix = request.form.get("prefix", "").strip()
    else:
        code, _, rest = choice.partition("|")
        swapped, prefix = rest.startswith("swapped"), rest.partition("+")[2]
    try:
        chosen = system(code).code if code else ""
    except CrsFault as fault:
        raise Refusal(fault.label, 422) from fault
    number = int(prefix) if prefix.isdecimal() and 13 <= int(prefix) <= 45 else None
    before = choosing.load(folder.choices)
    choosing.save(replace(before, system=chosen, swapped=bool(chosen) and swapped, prefix=number), folder.choices)
    return check_again(job_id)


@staff(blueprint, "/intake/<job_id>/rows", methods=("POST",), roles=EDITORS, about="job")
def leave_out(job_id: str) -> Answer:
    """Leave the marked rows out, or take them in again; `all-errors` leaves every faulty row out."""
    folder = the_folder()
    marked = {int(text) for text in request.form.getlist("row") if text.isdecimal() and len(text) < 10}
    do = request.form.get("do", "")
    choices = choosing.load(folder.choices)
    if do == "take-in":
        left_out = choices.left_out - marked
    elif do == "leave-out":
        left_out = choices.left_out | marked
    elif do == "leave-out-errors":
        left_out = choices.left_out | {line.number for line in folder.book.each() if line.worst == 3}
    else:
        raise Refusal(Label("表单不完整，请重新打开。", "The form is incomplete: open it again."), 400)
    choosing.save(replace(choices, left_out=frozenset(left_out)), folder.choices)
    return check_again(job_id)


def check_again(intake: str) -> Response:
    """Check the file with what was chosen, and show the outcome."""
    return settled(start("recheck", intake=intake))


@staff(blueprint, "/intake/<job_id>/findings.xlsx", roles=EDITORS, about="job")
def findings(job_id: str) -> Answer:  # noqa: ARG001 - the address names the job that `visit` holds
    """All findings as a workbook, for the survey office."""
    folder = the_folder()
    facts = folder.book.facts()
    response = Response(findings_book(folder.book), mimetype=XLSX)
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"{facts['name'].rsplit('.', 1)[0]}-findings.xlsx"
    )
    note("import.findings", str(facts["sha256"]), detail={"name": facts["name"]})
    return response


@staff(blueprint, "/intake/<job_id>/commit", methods=("POST",), roles=EDITORS, about="job")
def commit(job_id: str) -> Answer:
    """Write all rows as drafts."""
    folder = the_folder()
    if not folder.book.facts()["fit"]:
        raise Refusal(Label("还有错误，没有写入任何内容。", "There still are errors; nothing was written."), 409)
    return settled(start("commit", intake=job_id, reason=request.form.get("reason", "").strip()[:REASON]))


@staff(blueprint, "/intake/<job_id>/committed", roles=EDITORS, about="job")
def committed(job_id: str) -> Answer:
    """What was written, and the way on."""
    facts = the_folder().book.facts()
    jobs = [job for job in desk().jobs.of(visit().account.name, 200) if job.parameters.get("intake") == job_id]
    done = [job for job in jobs if job.kind == "commit" and job.state is JobState.DONE]
    if not done:
        return cast(Response, redirect(url_for(".preview", job_id=job_id), 303))
    submitted = next((job for job in jobs if job.kind == "submit" and job.created_at > done[0].created_at), None)
    return render_template(
        "staff/committed.html",
        job_id=job_id,
        facts=facts,
        kind=the_kind(facts),
        result=done[0].result or {},
        submitted=(submitted.result or {}).get("submitted") if submitted and submitted.state is JobState.DONE else None,
    )


@staff(blueprint, "/intake/<job_id>/submit", methods=("POST",), roles=EDITORS, about="job")
def submit(job_id: str) -> Answer:
    """Submit every draft of this file for review."""
    facts = the_folder().book.facts()
    return settled(start("submit", intake=job_id, sha256=facts["sha256"]))
