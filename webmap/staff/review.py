"""What waits for a second person."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for

from geo.store.listing import Wanted, listing
from geo.store.revisions import State
from geo.store.workflow import authors_since_published
from webmap.asking import whole
from webmap.staff.access import REVIEWERS, Answer, staff
from webmap.staff.desk import desk
from webmap.staff.records import record_page, unit_name
from webmap.staff.visiting import units_in_scope, visit

PAGE = 50

blueprint = Blueprint("staff_review", __name__, url_prefix="/staff/review")


@staff(blueprint, "/", roles=REVIEWERS)
def waiting() -> Answer:
    """All that is submitted in the person's counties, the latest first; what he wrote himself is marked."""
    page = whole("page", 1, 1, 1_000_000)
    wanted = Wanted(units=units_in_scope(visit().account), states=(State.SUBMITTED,))
    total, found = listing(desk().store.engine, wanted, PAGE, (page - 1) * PAGE)
    me = visit().account.name
    own = {row.id for row in found if me in authors_since_published(desk().store.history(row.id))}
    return render_template(
        "staff/review.html",
        found=found,
        own=own,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        kind_of=desk().kinds.get,
        unit_name=unit_name,
    )


@staff(blueprint, "/<path:feature_id>", roles=REVIEWERS, about="feature")
def one(feature_id: str) -> Answer:
    """One of them, with the ways to publish or return it; what is no longer waiting leads to its own page."""
    revision = visit().revision
    if revision.state is not State.SUBMITTED:
        return redirect(url_for("staff_records.record", feature_id=feature_id), 303)
    return record_page(revision, review=True)
