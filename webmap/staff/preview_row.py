"""One row of an import: its fields mended in place, its shape repaired by a proposal that one has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, url_for

from datasets.labels import Label
from geo.check.repair import Proposal, all_repairs, proposals
from geo.publish import geometry_json
from webmap.intake import choices as choosing
from webmap.intake.book import Book, Line, words_of
from webmap.present import quantities
from webmap.problems import NotHere, Refusal
from webmap.staff import posted
from webmap.staff.access import EDITORS, Answer, staff
from webmap.staff.drawing import boundaries_href
from webmap.staff.findings_book import place_of
from webmap.staff.inputs import Told, sections
from webmap.staff.preview import check_again, the_folder, the_kind
from webmap.staff.words import in_words
from webmap.views.pages_render import reader

blueprint = Blueprint("staff_preview_row", __name__, url_prefix="/staff")


@staff(blueprint, "/intake/<job_id>/row/<int:number>", roles=EDITORS, about="job")
def row(job_id: str, number: int) -> Answer:
    """The row's fields, its shape and what is wrong with both."""
    folder = the_folder()
    facts = folder.book.facts()
    line = _line(folder.book, number)
    kind = the_kind(facts)
    offered = proposals(line.geometry, line.codes)
    return render_template(
        "staff/intake_row.html",
        job_id=job_id,
        line=line,
        facts=facts,
        kind=kind,
        sections=sections(kind, line.values, _told(line)),
        proposals=offered,
        area=lambda m2: quantities.area(m2, reader().lang),
        words_of=lambda told: in_words(words_of(told)),
        place_of=place_of,
        sight=_sight(line, offered),
        previous=folder.book.faulty_beside(number, -1),
        following=folder.book.faulty_beside(number, 1),
        boundaries=boundaries_href(),
    )


@staff(blueprint, "/intake/<job_id>/row/<int:number>", methods=("POST",), roles=EDITORS, about="job")
def mend(job_id: str, number: int) -> Answer:
    """Keep what was typed, accept a repair, or go back to what the file says; then check again."""
    folder = the_folder()
    line = _line(folder.book, number)
    kind = the_kind(folder.book.facts())
    choices = choosing.load(folder.choices)
    do = request.form.get("do", "save")
    if do == "as-filed":
        choices = choices.as_filed(number)
    elif do == "leave-out":
        choices = replace(choices, left_out=choices.left_out | {number})
    elif do.startswith("repair:"):
        choices = choices.repaired(number, _accepted(line, do.removeprefix("repair:")))
    else:
        typed = posted.values_of(kind, request.form, line.values)
        changed = {name: value for name, value in typed.items() if not _same(value, line.values.get(name))}
        if changed:
            choices = choices.edited(number, changed)
    choosing.save(choices, folder.choices)
    answer = check_again(job_id)
    target = url_for(".row", job_id=job_id, number=number)
    if do != "leave-out" and answer.location == url_for("staff_preview.preview", job_id=job_id):
        answer.headers["Location"] = target
    return answer


def _line(book: Book, number: int) -> Line:
    line = book.line(number)
    if line is None:
        raise NotHere(Label("文件中没有这一行。", "The file has no such row."))
    return line


def _accepted(line: Line, name: str) -> tuple[str, ...]:
    """The repairs that a proposal stands for; raises Refusal where it is not (or no longer) on offer."""
    offered = {proposal.code for proposal in proposals(line.geometry, line.codes)}
    if name not in offered:
        raise Refusal(Label("这项修复已不适用。", "This repair does not apply any more."), 409)
    if name != "all":
        return (name,)
    return tuple(each.name for each in all_repairs().values() if each.codes & line.codes)


def _same(typed: Any, before: Any) -> bool:
    """Whether a field of the form says what stood there: nothing is nothing, 5 is 5.0 is "5"."""
    if typed in ("", None, []) and before in ("", None, []):
        return True
    try:
        return typed == before or float(typed) == float(before)
    except (TypeError, ValueError):
        return False


def _told(line: Line) -> Told:
    """What is to be said beside the fields."""
    errors: dict[str, list[str]] = {}
    warnings: dict[str, list[str]] = {}
    for told in line.findings:
        if told.get("field"):
            about = errors if told["severity"] == "error" else warnings
            about.setdefault(str(told["field"]), []).append(in_words(words_of(told)))
    return Told(errors, warnings)


def _sight(line: Line, offered: list[Proposal]) -> Mapping[str, Any]:
    """What the row's map draws: its shape, where the findings are, and each repair."""
    return {
        "shape": geometry_json.geometry(line.geometry, None),
        "worst": line.worst,
        "findings": [
            {"geometry": told["geometry"], "severity": told["severity"], "message": in_words(words_of(told))}
            for told in line.findings
            if told.get("geometry")
        ],
        "repairs": {proposal.code: geometry_json.geometry(proposal.after, None) for proposal in offered},
    }
