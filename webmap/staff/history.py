"""What was ever said of a record: who, when, why, from which file; any two versions compared; old ones brought back."""

from __future__ import annotations

import dataclasses
from datetime import date

from flask import Blueprint, redirect, render_template, request, send_file, url_for

from datasets.labels import Label
from geo.store.accounts import Role
from geo.store.revisions import Conflict, Revision, State
from geo.store.workflow import NotAllowed, again, roll_back
from webmap.problems import NotHere, Refusal
from webmap.staff import origins
from webmap.staff.access import EDITORS, Answer, staff
from webmap.staff.desk import desk
from webmap.staff.differences import between, same_shape
from webmap.staff.forms import EDITABLE
from webmap.staff.records import published_of
from webmap.staff.stepping import REASON_LENGTH, possible, seen_number
from webmap.staff.visiting import note, refuse, visit
from webmap.staff.words import in_words

blueprint = Blueprint("staff_history", __name__, url_prefix="/staff")


@staff(blueprint, "/history/<path:feature_id>", about="feature")
def history(feature_id: str) -> Answer:
    """All revisions, newest first, and two of them compared."""
    revisions = desk().store.history(feature_id)
    newest = revisions[-1]
    kind = desk().kinds.get(newest.kind)
    after = _chosen(revisions, "to") or newest
    before = _chosen(revisions, "from") or _before(revisions, after)
    shown = published_of(revisions)
    return render_template(
        "staff/history.html",
        revision=newest,
        kind=kind,
        title=str(newest.payload.get("name") or feature_id),
        revisions=list(reversed(revisions)),
        before=before,
        after=after,
        comparison=between(kind, before, after),
        published=shown.number if shown else 0,
        files={revision.number: origins.of(revision) for revision in revisions if revision.origin},
        may_edit=visit().account.role in EDITORS and newest.state in EDITABLE,
        steps=[step.value for step in possible(newest)],
        done=request.args.get("done", ""),
    )


def _before(revisions: list[Revision], after: Revision) -> Revision | None:
    """The latest earlier revision that says something else; where there is none, the one before."""
    earlier = [revision for revision in reversed(revisions) if revision.number < after.number]
    other = (r for r in earlier if r.payload != after.payload or not same_shape(r.geometry, after.geometry))
    return next(other, earlier[0] if earlier else None)


def _chosen(revisions: list[Revision], name: str) -> Revision | None:
    wanted = request.args.get(name, "")
    return next((revision for revision in revisions if str(revision.number) == wanted), None)


@staff(blueprint, "/roll-back/<path:feature_id>", methods=("POST",), roles=EDITORS, about="feature", states=EDITABLE)
def back(feature_id: str) -> Answer:
    """An old revision as a new draft."""
    to = request.form.get("to", "")
    number = int(to) if to.isdecimal() and len(to) < 10 else 0
    try:
        roll_back(desk().store, feature_id, number, seen_number(), visit().account, desk().kinds)
    except NotAllowed as obstacle:
        raise Refusal(obstacle.label, 422) from obstacle
    except Conflict as conflict:
        raise _overtaken() from conflict
    return redirect(url_for("staff_records.record", feature_id=feature_id, done="rolled-back"), 303)


@staff(blueprint, "/expire/<path:feature_id>", methods=("POST",), roles=EDITORS, about="feature", states=EDITABLE)
def expire(feature_id: str) -> Answer:
    """Another last day of validity, as a new draft that goes through review like any change."""
    day = request.form.get("expires_on", "").strip()
    try:
        if day and date.fromisoformat(day).isoformat() != day:
            raise ValueError(day)
    except ValueError as error:
        raise Refusal(Label("日期应写作 2026-03-03。", "Write the date as 2026-03-03."), 422) from error
    reason = request.form.get("reason", "").strip()[:REASON_LENGTH] or in_words(Label("修改有效期", "Validity changed"))
    change = dataclasses.replace(again(visit().revision, desk().kinds), expected=seen_number(), expires_on=day)
    try:
        desk().store.record([change], author=visit().account.name, reason=reason, state=State.DRAFT)
    except Conflict as conflict:
        raise _overtaken() from conflict
    return redirect(url_for("staff_records.record", feature_id=feature_id, done="saved"), 303)


def _overtaken() -> Refusal:
    return Refusal(
        Label("此记录刚刚被其他人改动，请重新打开。", "Somebody else has just changed this record: open it again."), 409
    )


@staff(
    blueprint,
    "/original/<int:number>/<path:feature_id>",
    roles={Role.EDITOR, Role.REVIEWER, Role.ADMIN},
    about="feature",
)
def original(number: int, feature_id: str) -> Answer:
    """The file that a revision came from, for those who look after everything that came from it."""
    revision = next((r for r in desk().store.history(feature_id) if r.number == number), None)
    origin = origins.of(revision) if revision else None
    if origin is None:
        raise NotHere(Label("没有保存这一版的原始文件。", "No original file of this revision is kept."))
    if not origin.allowed:
        raise refuse(
            Label("此文件含其他地区的内容，不能下载。", "This file holds other counties' content as well."),
            "scope",
            feature_id,
        )
    note("file.download", feature_id, detail={"sha256": origin.file.sha256, "name": origin.file.name})
    return send_file(
        origin.file.path, mimetype="application/octet-stream", as_attachment=True, download_name=origin.file.name
    )
