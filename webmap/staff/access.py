"""Who may open what: the one decorator of every staff view, and the one loader of what a view is about.

A view is declared with `@staff(...)`. It finds the session, sees that a new password is chosen where one must be, that the role
is right and that the form is ours, and loads the object with the check of the person's counties. Each view stands in
`ACCESS_TABLE`, which the tests walk: an address of the staff that is missing there fails them.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal, cast

from flask import Blueprint, Response, g, redirect, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from datasets.errors import DatasetError
from datasets.labels import Label
from geo.store import audit
from geo.store.accounts import EVERYWHERE, ROLE_LABELS, Account, Role
from geo.store.embed_sites import EmbedSite
from geo.store.jobs import Job
from geo.store.revisions import Revision, State
from geo.store.tokens import Token
from webmap.problems import NotHere, Refusal, wants_json
from webmap.staff import cookies
from webmap.staff.desk import closed, desk
from webmap.staff.words import STATE_LABELS

About = Literal["feature", "county", "job", "person", "embed", "token", "none"]
Answer = BaseResponse | str
View = Callable[..., Answer]
Subject = Revision | Job | Account | EmbedSite | Token | str | None

EVERYONE = frozenset(Role)
EDITORS = frozenset({Role.EDITOR, Role.ADMIN})
REVIEWERS = frozenset({Role.REVIEWER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
ARGUMENTS = {
    "feature": "feature_id",
    "county": "county",
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


@dataclass(frozen=True)
class Visit:
    """One request of a person: who, the secret of his forms, what it is about."""

    account: Account
    csrf: str
    subject: Subject = None

    @property
    def revision(self) -> Revision:
        """The newest revision of the feature that the view is about."""
        return cast(Revision, self.subject)

    @property
    def job(self) -> Job:
        """The job that the view is about."""
        return cast(Job, self.subject)

    @property
    def person(self) -> Account:
        """The account that the view is about."""
        return cast(Account, self.subject)

    @property
    def embed(self) -> EmbedSite:
        """The embedding website that the view is about."""
        return cast(EmbedSite, self.subject)


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


def visit() -> Visit:
    """The visit of this request; only inside a view declared with `staff`."""
    return cast(Visit, g.visit)


def visitor() -> Visit | None:
    """The visit of this request, or None before a login."""
    return cast("Visit | None", g.get("visit"))


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


def load(about: About, key: str) -> Subject:
    """The object of that kind and key if it lies in the person's counties; raises NotHere, Refusal."""
    if about == "feature":
        return _feature(key)
    if about == "county":
        require_county(key)
        return key
    if about == "job":
        return _job(key)
    if about == "token":
        return _token(key)
    if about == "embed":
        return _embed(key)
    return _person(key)


def _feature(feature_id: str) -> Revision:
    revision = desk().store.current(feature_id)
    if revision is None or revision.kind not in desk().kinds:
        raise NotHere(Label(f"没有编号为“{feature_id}”的记录。", f"There is no record '{feature_id}'."))
    require_county(str(revision.payload.get("county", "")), feature_id)
    return revision


def _job(job_id: str) -> Job:
    job = desk().jobs.get(job_id)
    if job is None:
        raise NotHere(Label("没有这个任务。", "There is no such job."))
    if job.owner != visit().account.name:
        raise refuse(Label("这是其他人的任务。", "This job is another person's."), "owner", job_id)
    return job


def _person(name: str) -> Account:
    person = desk().accounts.get(name)
    if person is None:
        raise NotHere(Label(f"没有账号“{name}”。", f"There is no account '{name}'."))
    if not manages(visit().account, person):
        raise refuse(
            Label("此账号负责的地区超出您的管理范围。", "This account's counties go beyond yours."), "scope", name
        )
    return person


def _embed(key: str) -> EmbedSite:
    found = desk().embed_sites.get(key)
    if found is None:
        raise NotHere(Label(f"没有密钥为“{key}”的网站。", f"There is no site with the key '{key}'."))
    if not holds(visit().account, found.counties or (EVERYWHERE,)):
        raise refuse(Label("此网站的地区超出您的管理范围。", "This site's counties go beyond yours."), "scope", key)
    return found


def _token(token_id: str) -> Token:
    """One's own, or one of a person whom the administrator manages."""
    me, found = visit().account, desk().tokens.get(token_id)
    if found is None:
        raise NotHere(Label(f"没有令牌“{token_id}”。", f"There is no token '{token_id}'."))
    owner = desk().accounts.get(found.account)
    managed = owner is not None and me.role in ADMINS and manages(me, owner)
    if found.account != me.name and not managed:
        raise refuse(Label("这是其他人的令牌。", "This token is another person's."), "owner", token_id)
    return found


def covers(account: Account, adcode: str) -> bool:
    """Whether a person's scope holds the unit (a county, or a city as a whole)."""
    try:
        city = desk().world.boundaries.city_of(adcode)
    except DatasetError:
        city = adcode
    return account.covers(adcode, city)


def manages(admin: Account, other: Account) -> bool:
    """Whether all of another account's counties lie in an administrator's."""
    return holds(admin, other.scope)


def holds(account: Account, units: Collection[str]) -> bool:
    """Whether a person's scope holds all of these units, `*` being everywhere."""
    return all(EVERYWHERE in account.scope or (unit != EVERYWHERE and covers(account, unit)) for unit in units)


def require_county(adcode: str, about: str = "") -> None:
    """Raise Refusal (and note it) unless the person's scope holds the county."""
    if covers(visit().account, adcode):
        return
    units = desk().world.boundaries
    name = units.name(adcode) if adcode in units.counties or adcode in units.cities else Label(adcode, adcode)
    raise refuse(
        Label(f"{name.zh}不在您负责的范围内。", f"{name.en} is not among the counties that you look after."),
        "scope",
        about or adcode,
    )


def units_in_scope(account: Account) -> frozenset[str] | None:
    """The adcodes that a person's scope holds, for a query; None for everywhere."""
    if EVERYWHERE in account.scope:
        return None
    cities = desk().world.boundaries.cities
    inside = {county for unit in account.scope if unit in cities for county in cities[unit].counties}
    return frozenset(account.scope) | inside


def refuse(label: Label, result: str, about: str = "") -> Refusal:
    """The refusal to raise, noted in the audit log."""
    here = f"{request.method} {request.path}"
    note("refused", about or here, result=result, detail={"address": request.remote_addr or "", "path": here[:300]})
    return Refusal(label)


def note(action: str, about: str, result: str = "ok", detail: dict[str, Any] | None = None) -> None:
    """Add to the audit log what the person did, where it changes nothing else."""
    audit.note(
        desk().store.engine,
        actor=visit().account.name,
        action=action,
        object=about[:200],
        result=result,
        detail=detail or {},
    )
