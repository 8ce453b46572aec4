"""The first page after the login: what there is to do."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, url_for

from geo.store import listing as rows
from geo.store.jobs import Job, JobState
from geo.store.listing import Wanted
from geo.store.revisions import State
from webmap.staff.access import EDITORS, REVIEWERS, Answer, staff
from webmap.staff.desk import desk
from webmap.staff.records import unit_name
from webmap.staff.visiting import units_in_scope, visit

SHOWN = 8
JOB_PAGE = "staff_jobs.job"
UNFINISHED = frozenset({JobState.QUEUED, JobState.RUNNING})

blueprint = Blueprint("staff_home", __name__, url_prefix="/staff")


@staff(blueprint, "/")
def home() -> Answer:
    """My drafts, what came back to me, what waits for review, the latest changes, my running jobs."""
    me, units, engine = visit().account, units_in_scope(visit().account), desk().store.engine
    n_drafts, drafts = rows.listing(engine, Wanted(units=units, states=(State.DRAFT,), author=me.name), SHOWN)
    n_returned, returned = rows.listing(engine, Wanted(units=units, states=(State.REJECTED,), involved=me.name), SHOWN)
    n_waiting, waiting = rows.listing(engine, Wanted(units=units, states=(State.SUBMITTED,)), SHOWN)
    _, recent = rows.listing(engine, Wanted(units=units), SHOWN)
    return render_template(
        "staff/home.html",
        drafts=drafts,
        n_drafts=n_drafts,
        returned=returned,
        n_returned=n_returned,
        waiting=waiting,
        n_waiting=n_waiting,
        recent=recent,
        jobs=[(job, _job_page(job)) for job in desk().jobs.of(me.name) if job.state in UNFINISHED],
        counts=rows.states(engine, Wanted(units=units)),
        units=[unit_name(unit) for unit in me.scope] if units is not None else [],
        may_edit=me.role in EDITORS,
        may_review=me.role in REVIEWERS,
        kind_of=desk().kinds.get,
        unit_name=unit_name,
    )


def _job_page(job: Job) -> str:
    return url_for(JOB_PAGE, job_id=job.id) if JOB_PAGE in current_app.view_functions else ""
