"""All records that a person looks after: the list, many at once, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

from datasets.labels import Label
from geo.store import listing as rows
from geo.store.listing import Listed, Wanted
from geo.store.revisions import Revision, State
from geo.store.workflow import RULES, Step
from webmap.asking import whole
from webmap.problems import NotHere, Refusal
from webmap.staff import origins
from webmap.staff.access import EDITORS, EVERYONE, REVIEWERS, Answer, staff
from webmap.staff.checks import before_publication
from webmap.staff.desk import desk
from webmap.staff.differences import between
from webmap.staff.forms import EDITABLE
from webmap.staff.stepping import possible, take_one, tell_public
from webmap.staff.subjects import load
from webmap.staff.visiting import covers, units_in_scope, visit
from webmap.staff.words import STATE_LABELS, in_words

PAGE = 50
MOST = 500  # records of one bulk step
TEXT = 200
PENDING = frozenset({State.DRAFT, State.SUBMITTED, State.REJECTED})
APPROVE_WITHDRAWAL = Label("同意下架", "Approve the withdrawal")
BULK = (Step.SUBMIT, Step.PUBLISH)

blueprint = Blueprint("staff_records", __name__, url_prefix="/staff")


@dataclass(frozen=True)
class Outcome:
    """What a bulk step did with one record."""

    id: str
    name: str
    ok: bool
    message: str


@staff(blueprint, "/records", roles=EVERYONE)
def records() -> Answer:
    """The list, by kind, state, county and text."""
    wanted, chosen = _wanted()
    page = whole("page", 1, 1, 1_000_000)
    total, found = rows.listing(desk().store.engine, wanted, PAGE, (page - 1) * PAGE)
    pages = max(1, -(-total // PAGE))
    role = visit().account.role
    return render_template(
        "staff/records.html",
        found=found,
        total=total,
        page=page,
        pages=pages,
        chosen=chosen,
        state_counts=rows.states(desk().store.engine, Wanted(**{**wanted.__dict__, "states": ()})),
        kinds=list(desk().kinds),
        kind_of=desk().kinds.get,
        units=_units(),
        unit_name=unit_name,
        bulk=[step for step in BULK if role in RULES[step].roles],
        may_edit=role in EDITORS,
        here=lambda **changes: url_for(".records", **{**chosen, "page": None, **changes}),
    )


def _wanted() -> tuple[Wanted, dict[str, str]]:
    """What the address asks for, and the same as texts."""
    chosen = {name: request.args.get(name, "").strip()[:TEXT] for name in ("kind", "state", "county", "q", "origin")}
    if chosen["kind"] not in desk().kinds:
        chosen["kind"] = ""
    if chosen["state"] not in set(State):
        chosen["state"] = ""
    counties: Sequence[str] = ()
    if chosen["county"]:
        city = desk().world.boundaries.cities.get(chosen["county"])
        counties = [chosen["county"], *(city.counties if city else ())]
    wanted = Wanted(
        units=units_in_scope(visit().account),
        kind=chosen["kind"],
        states=(State(chosen["state"]),) if chosen["state"] else (),
        county=counties,
        q=chosen["q"],
        origin=chosen["origin"],
    )
    return wanted, {name: value for name, value in chosen.items() if value}


def _units() -> list[tuple[str, list[tuple[str, str]]]]:
    """City → the counties of it that the person looks after; the city itself leads to all of them."""
    boundaries, account = desk().world.boundaries, visit().account
    found = []
    for city in boundaries.cities.values():
        inside = [(code, unit_name(code)) for code in city.counties if code != city.adcode and covers(account, code)]
        if inside or covers(account, city.adcode):
            found.append((city.adcode, inside))
    return found


def unit_name(adcode: str) -> str:
    """A county's or city's name; the code where it is unknown."""
    units = desk().world.boundaries
    known = adcode in units.counties or adcode in units.cities
    return in_words(units.name(adcode)) if known else adcode


@staff(blueprint, "/bulk", methods=("POST",), roles=EDITORS | REVIEWERS)
def bulk() -> Answer:
    """One step with many records; each is checked for itself, and what cannot go stays as it was."""
    name = request.form.get("step", "")
    steps = [step for step in BULK if step.value == name and visit().account.role in RULES[step].roles]
    if not steps:
        raise Refusal(Label("您的角色不能进行此操作。", "Your role may not take this step."))
    chosen = request.form.getlist("record")[:MOST]
    outcomes = [_one(steps[0], entry) for entry in chosen]
    if any(outcome.ok for outcome in outcomes):
        tell_public(steps[0])
    outcomes.sort(key=lambda outcome: outcome.ok)
    return render_template("staff/bulk.html", outcomes=outcomes, step=RULES[steps[0]].label, back=_back())


def _one(step: Step, entry: str) -> Outcome:
    """`entry` is `<number>:<id>`, as the list had it."""
    number, _, feature_id = entry.partition(":")
    title = feature_id
    try:
        revision = load("feature", feature_id)
        assert isinstance(revision, Revision)  # noqa: S101 - what "feature" loads
        title = str(revision.payload.get("name") or feature_id)
        take_one(step, revision, int(number) if number.isdecimal() and len(number) < 10 else -1)
    except (Refusal, NotHere) as refused:
        return Outcome(feature_id, title, False, in_words(refused.label))
    after = State.WITHDRAWN if step is Step.PUBLISH and revision.withdraws else RULES[step].after
    return Outcome(feature_id, title, True, in_words(STATE_LABELS[after]))


def _back() -> str:
    query = request.form.get("back", "")
    return url_for(".records") + (f"?{query}" if query and "\n" not in query else "")


@staff(blueprint, "/record/<path:feature_id>", about="feature")
def record(feature_id: str) -> Answer:  # noqa: ARG001 - the loader has used it
    """One record: where it stands, what its draft changes, and what the person may do with it."""
    return record_page(visit().revision)


def record_page(revision: Revision, *, review: bool = False) -> str:
    """The page of a record; for a reviewer with the ways to publish or return it at hand."""
    kind = desk().kinds.get(revision.kind)
    history = desk().store.history(revision.feature_id)
    out = published_of(history)
    before = out if out is not None and out.number != revision.number else None
    steps = possible(revision)
    role = visit().account.role
    own = Step.PUBLISH not in steps and revision.state is State.SUBMITTED and role in RULES[Step.PUBLISH].roles
    return render_template(
        "staff/record.html",
        revision=revision,
        kind=kind,
        title=str(revision.payload.get("name") or revision.feature_id),
        comparison=between(kind, before, revision),
        before=before,
        out=out,
        steps={step: RULES[step] for step in steps},
        own=own,
        review=review,
        may_edit=role in EDITORS and revision.state in EDITABLE,
        done=request.args.get("done", ""),
        county=unit_name(str(revision.payload.get("county", ""))),
        public=url_for("pages_feature.feature", kind=revision.kind, feature_id=revision.feature_id) if out else "",
        file=origins.of(revision),
        returned=revision.reason if revision.state is State.REJECTED else "",
        recent=list(reversed(history))[:5],
        findings=before_publication(revision) if revision.state in PENDING and not revision.withdraws else (),
        withdraws=revision.withdraws and revision.state in PENDING,
        approve_withdrawal=APPROVE_WITHDRAWAL,
    )


def published_of(history: Sequence[Revision]) -> Revision | None:
    """The revision that the public sees."""
    shown: Revision | None = None
    for revision in history:
        if revision.state is State.PUBLISHED:
            shown = revision
        elif revision.state is State.WITHDRAWN:
            shown = None
    return shown


def title_of(row: Listed) -> str:
    """The name of a listed record, or its id."""
    return row.name or row.id
