"""Creating and editing a record of any kind; what happens when two people edit the same one."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from datasets.labels import Label
from geo.model import Feature
from geo.store.accounts import EVERYWHERE
from geo.store.revisions import Conflict, Revision, State
from geo.store.workflow import Step
from webmap.i18n import current as language
from webmap.i18n import script_messages
from webmap.problems import NotHere, Refusal
from webmap.staff import posted
from webmap.staff.access import EDITORS, Answer, staff
from webmap.staff.desk import desk
from webmap.staff.differences import area_of, compare, sight
from webmap.staff.drafting import Draft, along_stops, checked, from_form, from_revision, kept
from webmap.staff.inputs import figure, sections
from webmap.staff.stepping import take_one
from webmap.staff.subjects import load
from webmap.staff.visiting import visit
from webmap.staff.words import in_words
from webmap.static_files import FOLDER

EDITABLE = frozenset(State) - {State.SUBMITTED}
TOKEN = re.compile(r"[0-9a-f]{12}")
EDITOR_SCRIPT = "js/staff/drawing.js"

blueprint = Blueprint("staff_forms", __name__, url_prefix="/staff")


@staff(blueprint, "/new", roles=EDITORS)
def choose() -> Answer:
    """Which kind of record to make."""
    return render_template("staff/choose.html", kinds=list(desk().kinds))


@staff(blueprint, "/new/<kind>", methods=("GET", "POST"), roles=EDITORS)
def new(kind: str) -> Answer:
    """A new record: the empty form, or what was sent."""
    if kind not in desk().kinds:
        raise NotHere(Label(f"没有“{kind}”这种记录。", f"There is no kind '{kind}'."))
    made = desk().kinds.get(kind)
    if request.method == "GET":
        scope = [unit for unit in visit().account.scope if unit != EVERYWHERE]
        values = {"county": scope[0] if len(scope) == 1 else "", "precision": ""}
        return _page(Draft(made, "", values, None, None), secrets.token_hex(6))
    token = request.form.get("token", "")
    if not TOKEN.fullmatch(token):
        raise Refusal(Label("表单不完整，请重新打开。", "The form is incomplete: open it again."), 400)
    return _handle(from_form(made, f"{kind}-{token}", None), token)


@staff(blueprint, "/edit/<path:feature_id>", roles=EDITORS, about="feature", states=EDITABLE)
def edit(feature_id: str) -> Answer:  # noqa: ARG001 - the loader has used it
    """The form of a record as it stands."""
    current = visit().revision
    return _page(from_revision(current, desk().kinds.get(current.kind)))


@staff(blueprint, "/edit/<path:feature_id>", methods=("POST",), roles=EDITORS, about="feature")
def save(feature_id: str) -> Answer:
    """What was sent. In a state that cannot be edited any more it is shown beside what is there, and not lost."""
    current = visit().revision
    draft = from_form(desk().kinds.get(current.kind), feature_id, _seen(current))
    if current.state not in EDITABLE and request.form.get("do", "save") in ("save", "submit", "mine"):
        return _conflict(checked(along_stops(draft)))
    return _handle(draft)


def _seen(current: Revision) -> Revision:
    """The revision that the form was made from."""
    text = request.form.get("expected", "")
    number = int(text) if text.isdecimal() and len(text) < 10 else 0
    if number == current.number:
        return current
    for revision in desk().store.history(current.feature_id):
        if revision.number == number:
            return revision
    raise Refusal(Label("表单不完整，请重新打开。", "The form is incomplete: open it again."), 400)


def _handle(draft: Draft, token: str = "") -> Answer:
    wanted = request.form.get("do", "save")
    if wanted.startswith("rows:"):
        return _page(along_stops(_moved(draft, wanted)), token)
    draft = along_stops(draft)
    if wanted == "look":
        return _page(checked(draft), token)
    if wanted in ("go-on", "mine") and request.form.get("over") == str(visit().revision.number):
        draft = replace(draft, base=visit().revision)  # what he typed, on top of the version that he has been shown
    if wanted == "go-on":
        return _page(checked(draft), token)
    draft = checked(draft, to_publish=wanted == "submit")
    if draft.feature is None:
        return _page(draft, token, 422)
    try:
        saved = _save(draft)
    except Conflict:
        return _conflict(draft)
    if wanted == "submit":
        take_one(Step.SUBMIT, saved, saved.number, draft.reason)
    done = "submitted" if wanted == "submit" else "unchanged" if saved == draft.base else "saved"
    return redirect(url_for("staff_records.record", feature_id=draft.id, done=done), 303)


def _save(draft: Draft) -> Revision:
    """The newest revision once the draft is recorded; its base where it says nothing new. Raises Conflict."""
    current = desk().store.current(draft.id)
    if current is not None and draft.base is not None and draft.says_nothing_new():
        if current.number != draft.base.number:
            raise Conflict(draft.id, draft.base.number, current.number)
        return current
    reason = draft.reason or in_words(Label("修改", "Edited") if draft.base else Label("新建", "Created"))
    written = desk().store.record([draft.change()], author=visit().account.name, reason=reason, state=State.DRAFT)
    if written:
        return written[0]
    assert current is not None  # noqa: S101 - what adds nothing says what is there
    return current


def _moved(draft: Draft, wanted: str) -> Draft:
    """The draft after a press of a button of a short table: `rows:<field>:<action>:<number>`."""
    _, name, action, number = (*wanted.split(":"), "", "", "")[:4]
    if name not in draft.values or not isinstance(draft.values[name], list):
        return draft
    rows = posted.move(draft.values[name], action, int(number) if number.isdecimal() else -1)
    return replace(draft, values={**draft.values, name: rows})


def _page(draft: Draft, token: str = "", status: int = 200) -> Response:
    county = str(draft.values.get("county") or "")
    page = render_template(
        "staff/form.html",
        draft=draft,
        kind=draft.kind,
        title=str(draft.base.payload.get("name") or draft.id) if draft.base else "",
        action=url_for(".save", feature_id=draft.id) if draft.base else url_for(".new", kind=draft.kind.kind),
        sections=sections(draft.kind, draft.values, draft.told),
        token=token,
        county=county,
        sight=sight(draft.base.geometry if draft.base else None, draft.geometry, county),
        shape_area=area_of(draft.geometry),
        usual_sort=usual_sort(draft.kind),
        drawing=EDITOR_SCRIPT if (FOLDER / EDITOR_SCRIPT).is_file() else "",
        figure=figure,
        script_words=script_messages(language()),
        expires_errors=draft.told.errors.get("expires_on", ()),
        n_errors=sum(len(words) for words in draft.told.errors.values()),
    )
    return make_response(page, status)


def usual_sort(kind: type[Feature]) -> str:
    """What a record of a kind is drawn as from the start: an area, the line through its stops, or a point."""
    return {"square": "Polygon", "hexagon": "Polygon", "line": "LineString"}.get(kind.symbol, "Point")


def _conflict(draft: Draft) -> Answer:
    """Both versions side by side; what was typed is kept in the page."""
    theirs = load("feature", draft.id)
    assert isinstance(theirs, Revision)  # noqa: S101 - what "feature" loads
    if draft.base is None:  # the same new record, sent twice
        return redirect(url_for("staff_records.record", feature_id=draft.id, done="saved"), 303)
    mine: dict[str, Any] = draft.feature.payload() if draft.feature else dict(draft.values)
    page = render_template(
        "staff/conflict.html",
        theirs=theirs,
        draft=draft,
        title=str(theirs.payload.get("name") or draft.id),
        kind=draft.kind,
        comparison=compare(draft.kind, theirs.payload, mine, theirs.geometry, draft.geometry),
        kept=kept(request.form),
        editable=theirs.state in EDITABLE,
    )
    return make_response(page, 409)
