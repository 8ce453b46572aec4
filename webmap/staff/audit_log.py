"""The audit log: who did what, and whether nothing of it was removed or altered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from flask import Blueprint, render_template, request, url_for

from geo.store import audit
from geo.store.accounts import EVERYWHERE
from webmap.asking import whole
from webmap.staff.access import ADMINS, Answer, staff
from webmap.staff.actions import ACTIONS, action_name, result_name
from webmap.staff.desk import desk
from webmap.staff.visiting import manages, note, visit

PAGE = 100
MOST_BREAKS = 200
TEXT = 200

blueprint = Blueprint("staff_audit", __name__, url_prefix="/staff/audit")


@staff(blueprint, "/", roles=ADMINS)
def log() -> Answer:
    """The entries, newest first, by person, action, object and day. An administrator of some counties sees his people's."""
    chosen = {
        name: request.args.get(name, "").strip()[:TEXT] for name in ("actor", "action", "object", "since", "until")
    }
    before = whole("before", 0, 0, 10**12)
    found = audit.entries(
        desk().store.engine,
        limit=PAGE + 1,
        before=before or None,
        object_=chosen["object"] or None,
        actors=_actors(chosen["actor"]),
        action=chosen["action"],
        since=_day(chosen["since"]),
        until=_day(chosen["until"], 1),
    )
    note("audit.view", "audit", detail={name: value for name, value in chosen.items() if value})
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    return render_template(
        "staff/audit.html",
        entries=found[:PAGE],
        chosen=chosen,
        older=url_for(".log", **kept, before=found[PAGE - 1].number) if len(found) > PAGE else "",
        detail=_detail,
        actions=ACTIONS,
        action_name=action_name,
        result_name=result_name,
    )


@staff(blueprint, "/verify", methods=("POST",), roles=ADMINS)
def verify() -> Answer:
    """Compute the chain of hashes anew."""
    found = list(islice(audit.breaks(desk().store.engine), MOST_BREAKS))
    last = audit.entries(desk().store.engine, limit=1)
    note("audit.verify", "audit", result="broken" if found else "ok", detail={"breaks": len(found)})
    return render_template("staff/verified.html", breaks=found, last=last[0] if last else None)


def _actors(wanted: str) -> list[str] | None:
    """Whose entries are shown; None for everybody's."""
    me = visit().account
    if EVERYWHERE in me.scope:
        return [wanted] if wanted else None
    mine = [person.name for person in desk().accounts.all() if manages(me, person)]
    return [name for name in mine if not wanted or name == wanted]


def _day(text: str, later: int = 0) -> datetime | None:
    """The start of a day by the server's clock, or of one `later`; None for what is no day."""
    try:
        return (datetime.fromisoformat(text[:10]) + timedelta(days=later)).astimezone()
    except (ValueError, OverflowError):
        return None


def _detail(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""
