"""Who may log in: for administrators, within their own counties."""

from __future__ import annotations

import secrets
import string

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from datasets.labels import Label
from geo.store.accounts import EVERYWHERE, ROLE_LABELS, Account, BadAccount, Role
from webmap.problems import Refusal
from webmap.staff import choices
from webmap.staff.access import ADMINS, Answer, staff
from webmap.staff.desk import desk
from webmap.staff.records import unit_name
from webmap.staff.visiting import manages, note, units_in_scope, visit
from webmap.staff.words import in_words, t

GROUPS, GROUP_LENGTH = 4, 5
CLASSES = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
UNCLEAR = "0O1lI"
NAME_LENGTH = 120

blueprint = Blueprint("staff_people", __name__, url_prefix="/staff/people")


@staff(blueprint, "/", roles=ADMINS)
def people() -> Answer:
    """All accounts that lie within the administrator's counties. Looking at them is noted."""
    mine = [person for person in desk().accounts.all() if manages(visit().account, person)]
    note("people.view", "accounts", detail={"count": len(mine)})
    return render_template("staff/people.html", people=mine, scope_words=_scope_words, done=request.args.get("done"))


@staff(blueprint, "/new", methods=("GET", "POST"), roles=ADMINS)
def add() -> Answer:
    """A new account with a password that is shown once and must be changed at the first login."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        made = _add(problems)
        if made is not None:
            return made
    chosen = set(request.form.getlist("scope"))
    page = render_template(
        "staff/person_new.html",
        problems=problems,
        roles=ROLE_LABELS,
        groups=choices.unit_groups(chosen),
        everywhere=units_in_scope(visit().account) is None,
        chosen=chosen,
    )
    return make_response(page, 422 if problems else 200)


def _add(problems: dict[str, str]) -> Response | None:
    form = request.form
    scope = [EVERYWHERE] if form.get("all") else form.getlist("scope")
    role = form.get("role", "")
    name, shown = form.get("name", "").strip().lower(), form.get("display_name", "").strip()[:NAME_LENGTH]
    if role not in set(Role):
        problems["role"] = t("staff.choose_role")
    if not scope:
        problems["scope"] = t("staff.choose_scope")
    elif not _may_give(scope):
        problems["scope"] = t("staff.county_not_yours")
    if problems:
        return None
    password = fresh_password(name)
    try:
        person = desk().accounts.add(
            name, password, Role(role), scope, display_name=shown, by=visit().account.name, must_change=True
        )
    except BadAccount as bad:
        problems["name"] = in_words(bad.label)
        return None
    return _shown_once(person, password)


def _may_give(scope: list[str]) -> bool:
    units = desk().world.boundaries
    known = all(unit == EVERYWHERE or unit in units.counties or unit in units.cities for unit in scope)
    asked = Account("", "", Role.VIEWER, tuple(scope), False, False, None, visit().account.password_changed_at)
    return known and manages(visit().account, asked)


@staff(blueprint, "/<name>/disable", methods=("POST",), roles=ADMINS, about="person")
def disable(name: str) -> Answer:
    """Close an account; whoever is logged in with it is out at once."""
    if name == visit().account.name:
        raise Refusal(Label("不能停用自己的账号。", "You cannot disable your own account."), 422)
    desk().accounts.set_disabled(name, True, by=visit().account.name)
    return redirect(url_for(".people", done="disabled"), 303)


@staff(blueprint, "/<name>/enable", methods=("POST",), roles=ADMINS, about="person")
def enable(name: str) -> Answer:
    """Open an account again."""
    desk().accounts.set_disabled(name, False, by=visit().account.name)
    return redirect(url_for(".people", done="enabled"), 303)


@staff(blueprint, "/<name>/reset", methods=("POST",), roles=ADMINS, about="person")
def reset(name: str) -> Answer:
    """A new password, shown once, to be changed at the next login."""
    if name == visit().account.name:
        raise Refusal(
            Label("请在“修改密码”中修改自己的密码。", "Change your own password on the page 'Change password'."), 422
        )
    password = fresh_password(name)
    desk().accounts.change_password(name, password, by=visit().account.name, must_change=True)
    return _shown_once(visit().person, password)


def _shown_once(person: Account, password: str) -> Response:
    return make_response(render_template("staff/password_once.html", person=person, password=password))


def fresh_password(name: str) -> str:
    """A random password for the account `name` that can be read out: four groups of five, of capitals, small letters and
    digits; never with the account's name in it, which the accounts refuse.
    """
    alphabet = "".join(sign for sign in "".join(CLASSES) if sign not in UNCLEAR)
    while True:
        groups = ["".join(secrets.choice(alphabet) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)]
        password = "-".join(groups)
        if all(any(sign in sort for sign in password) for sort in CLASSES) and name.lower() not in password.lower():
            return password


def _scope_words(person: Account) -> str:
    if EVERYWHERE in person.scope:
        return t("staff.everywhere")
    return t("text.list_separator").join(unit_name(unit) for unit in person.scope)
