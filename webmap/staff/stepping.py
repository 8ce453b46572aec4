"""Taking a step of the workflow from a page: the step's address, its checks, and the public map brought up to date."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for

from datasets.labels import Label
from geo.store.revisions import Conflict, Revision, State
from geo.store.workflow import RULES, NotAllowed, Step, steps_for, take
from webmap.problems import Refusal
from webmap.staff.access import Answer, staff
from webmap.staff.checks import require_fit
from webmap.staff.desk import desk
from webmap.staff.visiting import visit

PUBLIC = frozenset({State.PUBLISHED, State.WITHDRAWN})
CHECKED = frozenset({Step.SUBMIT, Step.PUBLISH})
REASON_LENGTH = 2000

blueprint = Blueprint("staff_step", __name__, url_prefix="/staff")


def take_one(step: Step, revision: Revision, number: int, reason: str = "") -> None:
    """Take a step with a record as it was seen (revision `number`); raises Refusal. The public map is not yet told."""
    rule = RULES[step]
    if rule.needs_reason and not reason.strip():
        raise Refusal(Label(f"{rule.label.zh}需要填写理由。", f"{rule.label.en}: give a reason."), 422)
    if step in CHECKED and not revision.withdraws:
        require_fit(revision)
    try:
        take(desk().store, step, [(revision.feature_id, number)], visit().account, desk().kinds, reason.strip())
    except NotAllowed as obstacle:
        raise Refusal(obstacle.label) from obstacle
    except Conflict as conflict:
        raise _overtaken(revision.feature_id) from conflict


def tell_public(*steps: Step) -> None:
    """Publish a new snapshot where one of the steps changes what the public sees."""
    if any(RULES[step].after in PUBLIC for step in steps):
        desk().publish()


def possible(revision: Revision) -> list[Step]:
    """The steps that the person may take from here."""
    return steps_for(desk().store, revision, visit().account)


def seen_number() -> int:
    """The number of the revision that the form was made from."""
    text = request.form.get("number", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _overtaken(feature_id: str) -> Refusal:
    return Refusal(
        Label(
            f"“{feature_id}”刚刚被其他人改动，请重新打开后再操作。",
            f"'{feature_id}' has just been changed by somebody else: open it again.",
        ),
        409,
    )


def _declare(step: Step) -> None:
    rule = RULES[step]

    def go(feature_id: str) -> Answer:
        revision = visit().revision
        take_one(step, revision, seen_number(), request.form.get("reason", "")[:REASON_LENGTH])
        tell_public(step)
        done = Step.WITHDRAW if step is Step.PUBLISH and revision.withdraws else step
        return redirect(url_for("staff_records.record", feature_id=feature_id, done=done.value), 303)

    go.__name__ = step.name.lower()
    go.__doc__ = f"{rule.label.en}."
    staff(
        blueprint,
        f"/{step.value}/<path:feature_id>",
        methods=("POST",),
        roles=rule.roles,
        about="feature",
        states=rule.before,
    )(go)


for _step in RULES:
    _declare(_step)
