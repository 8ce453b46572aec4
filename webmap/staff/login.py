"""Login, logout, a new password."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from datasets.labels import Label
from geo.store import audit
from geo.store.accounts import BadAccount, LoginRefused
from webmap.problems import Refusal
from webmap.staff import cookies
from webmap.staff.access import Answer, staff
from webmap.staff.attempts import must_wait
from webmap.staff.desk import desk
from webmap.staff.visiting import visit
from webmap.staff.words import in_words, moment, t

MAX_PASSWORD = 1000  # characters; more would only keep the processor busy

blueprint = Blueprint("staff_login", __name__, url_prefix="/staff")


@staff(blueprint, "/login", methods=("GET", "POST"), before_login=True)
def login() -> Answer:
    """The form; with the right name and password a new session, whatever token the browser had before."""
    here = desk()
    if request.method == "GET":
        known = here.sessions.of(request.cookies.get(cookies.SESSION, ""))
        return redirect(_wanted(), 303) if known else _form()
    if not cookies.matches(request.cookies.get(cookies.LOGIN, "")):
        raise Refusal(
            Label("登录页已失效，请重新打开后再试。", "The login page is out of date: open it again, then log in."), 403
        )
    if not cookies.is_safe_line():
        return _form(t("staff.login_needs_https"), 403)
    address = request.remote_addr or ""
    if must_wait(here, address):
        return _form(t("staff.login_wait", n=here.config.login_window_minutes), 429)
    try:
        account = here.accounts.login(
            request.form.get("name", "").strip().lower(), request.form.get("password", "")[:MAX_PASSWORD], address
        )
    except LoginRefused as refused:
        if refused.until:
            return _form(t("staff.login_locked", until=moment(refused.until)), 401)
        return _form(t("staff.login_wrong"), 401)
    here.sessions.end(request.cookies.get(cookies.SESSION, ""))
    response = make_response(redirect(_wanted(), 303))
    cookies.give(response, cookies.SESSION, here.sessions.start(account))
    cookies.take_back(response, cookies.LOGIN)
    return response


def _form(problem: str = "", status: int = 200) -> Response:
    secret = request.cookies.get(cookies.LOGIN) or cookies.fresh_secret()
    page = render_template(
        "staff/login.html",
        problem=problem,
        secret=secret,
        name=request.form.get("name", ""),
        next=request.values.get("next", ""),
        ended=request.args.get("ended") == "1" and not problem,
        idle_minutes=desk().config.session_idle_minutes,
    )
    response = make_response(page, status)
    cookies.give(response, cookies.LOGIN, secret)
    return response


def _wanted() -> str:
    """Where the person was going: a page of the staff, or the home page."""
    path = request.values.get("next", "")
    inside = path.startswith("/staff/") and not any(sign in path for sign in ("\\", "//", "\n", "\r"))
    return request.script_root + path if inside else url_for("staff_home.home")


@staff(blueprint, "/logout", methods=("POST",), while_must_change=True)
def logout() -> Answer:
    """End the session."""
    desk().sessions.end(request.cookies.get(cookies.SESSION, ""))
    audit.note(desk().store.engine, actor=visit().account.name, action="logout", object=visit().account.name)
    response = make_response(redirect(url_for(".login"), 303))
    cookies.take_back(response, cookies.SESSION)
    return response


@staff(blueprint, "/password", methods=("GET", "POST"), while_must_change=True)
def password() -> Answer:
    """Choose a new password; every session of the account ends but this one, which goes on under a new token."""
    account = visit().account
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _change(account.name)
        if not problems:
            renewed = desk().accounts.get(account.name) or account
            response = make_response(redirect(url_for("staff_home.home"), 303))
            cookies.give(response, cookies.SESSION, desk().sessions.start(renewed))
            return response
    page = render_template("staff/password.html", problems=problems, policy=desk().accounts.policy)
    return make_response(page, 422 if problems else 200)


def _change(name: str) -> dict[str, str]:
    """What keeps the new password from being taken, by field."""
    old, new, again = (request.form.get(field, "")[:MAX_PASSWORD] for field in ("old", "new", "again"))
    if new != again:
        return {"again": t("staff.password_differs")}
    try:
        desk().accounts.login(name, old, request.remote_addr or "")
    except LoginRefused:
        return {"old": t("staff.password_wrong")}
    try:
        desk().accounts.change_password(name, new, by=name)
    except BadAccount as bad:
        return {"new": in_words(bad.label)}
    return {}
