"""Who may open what: the one decorator of every staff view.

A view is declared with `@staff(...)`. It finds the session, sees that a new password is chosen where one must be, that the role
is right and that the form is ours, and loads the object with the check of the person's counties. Each view stands in
`ACCESS_TABLE`, which the tests walk: an address of the staff that is missing there fails them.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, g, redirect, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from datasets.labels import Label
from geo.store.accounts import ROLE_LABELS, Role
from geo.store.revisions import Revision, State
from webmap.problems import Refusal, wants_json
from webmap.staff import cookies
from webmap.staff.desk import closed, desk
from webmap.staff.subjects import About, load
from webmap.staff.visiting import Subject, Visit, refuse
from webmap.staff.words import STATE_LABELS

Answer = BaseResponse | str
View = Callable[..., Answer]

EVERYONE = frozenset(Role)
EDITORS = frozenset({Role.EDITOR, Role.ADMIN})
REVIEWERS = frozenset({Role.REVIEWER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
ARGUMENTS = {
    "feature": "feature_id",
    "job": "job_id",
    "person": "name",
    "embed": "key",
    "token": "token_id",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Access:
    """One line of the table: which address takes whom, about what, in which states; `open`: before a login."""

    endpoint: str
    rule: str
    methods: frozenset[str]
    roles: frozenset[Role]
    about: About
    states: frozenset[State] | None
    open: bool


ACCESS_TABLE: list[Access] = []


def staff(
    blueprint: Blueprint,
    rule: str,
    *,
    methods: Collection[str] = ("GET",),
    roles: Collection[Role] = EVERYONE,
    about: About = "none",
    states: Collection[State] | None = None,
    while_must_change: bool = False,
    before_login: bool = False,
) -> Callable[[View], View]:
    """Declare a staff view at `rule` (below the blueprint's prefix).

    about: what the address names, in the argument `feature_id`, `county`, `job_id`, `name` or `key`; it is loaded and checked
    against the person's counties, and stands in `visit().subject`. states: those of a feature's newest revision in which
    the view makes sense (409 in others). before_login: the view sees to everything itself.
    """

    def declare(view: View) -> View:
        entry = Access(
            f"{blueprint.name}.{view.__name__}",
            f"{blueprint.url_prefix or ''}{rule}",
            frozenset(methods),
            frozenset(roles),
            about,
            None if states is None else frozenset(states),
            before_login,
        )
        ACCESS_TABLE.append(entry)

        @functools.wraps(view)
        def guarded(**arguments: Any) -> Answer:
            try:
                if not before_login:
                    refused = _enter(entry, arguments, while_must_change)
                    if refused is not None:
                        return refused
                return view(**arguments)
            except SQLAlchemyError as error:
                log.exception("the record cannot be used")
                raise closed(error) from error

        blueprint.add_url_rule(rule, view_func=guarded, methods=list(methods))
        return view

    return declare


def _enter(entry: Access, arguments: dict[str, Any], while_must_change: bool) -> Response | None:
    """Let the person in, or give the answer that sends him elsewhere; raises Refusal, NotHere."""
    session = desk().sessions.of(request.cookies.get(cookies.SESSION, ""))
    if session is None:
        return _to_login()
    g.visit = Visit(session.account, session.csrf)
    if request.method not in ("GET", "HEAD", "OPTIONS") and not cookies.matches(session.csrf):
        raise refuse(
            Label(
                "表单已失效，请返回上一页刷新后重试。", "The form is out of date: go back, reload, and send it again."
            ),
            "csrf",
        )
    if session.account.must_change and not while_must_change:
        return cast(Response, redirect(url_for("staff_login.password")))
    if session.account.role not in entry.roles:
        own = ROLE_LABELS[session.account.role]
        raise refuse(
            Label(f"您的角色（{own.zh}）不能使用此页面。", f"Your role ({own.en}) may not use this page."), "role"
        )
    desk().catch_up()
    g.visit = Visit(session.account, session.csrf, _load(entry, arguments))
    return None


def _to_login() -> Response:
    if wants_json():
        raise Refusal(Label("请先登录。", "Log in first."), 401)
    # After the login a page can be shown again, a sent form cannot.
    wanted = request.full_path.rstrip("?") if request.method == "GET" else url_for("staff_home.home")
    ended = "1" if cookies.SESSION in request.cookies else None
    return cast(Response, redirect(url_for("staff_login.login", next=wanted, ended=ended), 303))


def _load(entry: Access, arguments: dict[str, Any]) -> Subject:
    if entry.about == "none":
        return None
    subject = load(entry.about, str(arguments[ARGUMENTS[entry.about]]))
    if isinstance(subject, Revision) and entry.states is not None and subject.state not in entry.states:
        now = STATE_LABELS[subject.state]
        raise Refusal(
            Label(f"当前状态为“{now.zh}”，不能进行此操作。", f"This is not possible in the state '{now.en}'."), 409
        )
    return subject
