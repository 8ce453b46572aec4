"""Tokens for programs: each person's own, and for administrators those of the people within their counties."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from geo.store.accounts import EVERYWHERE
from geo.store.tokens import DAYS, MOST_DAYS, SCOPE_LABELS, BadToken, Scope, Token
from webmap.staff import choices
from webmap.staff.access import ADMINS, EDITORS, Answer, staff
from webmap.staff.desk import desk
from webmap.staff.records import unit_name
from webmap.staff.visiting import holds, manages, visit
from webmap.staff.words import in_words, t

OFFERED_DAYS = (30, 90, 180, DAYS, MOST_DAYS)

blueprint = Blueprint("staff_tokens", __name__, url_prefix="/staff/tokens")


@staff(blueprint, "/")
def tokens() -> Answer:
    """The person's tokens, and those of the people whom he manages, with their last use."""
    me = visit().account
    others = (
        [p.name for p in desk().accounts.all() if p.name != me.name and manages(me, p)] if me.role in ADMINS else []
    )
    return render_template(
        "staff/tokens.html",
        own=desk().tokens.of([me.name]),
        others=desk().tokens.of(others) if others else [],
        may_see_others=me.role in ADMINS,
        scope_words=_scope_words,
        kind_words=_kind_words,
        county_words=_county_words,
        state=_state,
        done=request.args.get("done"),
    )


@staff(blueprint, "/new", methods=("GET", "POST"))
def add() -> Answer:
    """A new token of one's own; its secret is shown once."""
    form = request.form
    problems: dict[str, str] = {}
    if request.method == "POST":
        made = _add(problems)
        if made is not None:
            return made
    page = render_template(
        "staff/token_new.html",
        problems=problems,
        name=form.get("name", ""),
        scopes={scope: SCOPE_LABELS[scope] for scope in _scopes()},
        chosen_scopes=form.getlist("scopes") or [_scopes()[-1]],
        days=form.get("days", str(DAYS)),
        offered_days=OFFERED_DAYS,
        kinds=list(desk().kinds),
        chosen_kinds=set(form.getlist("kinds")),
        groups=choices.unit_groups(set(form.getlist("counties"))),
        chosen=set(form.getlist("counties")),
    )
    return make_response(page, 422 if problems else 200)


@staff(blueprint, "/<token_id>/revoke", methods=("POST",), about="token")
def revoke(token_id: str) -> Answer:
    """From now on the token opens nothing."""
    desk().tokens.revoke(token_id, by=visit().account.name)
    return redirect(url_for(".tokens", done="revoked"), 303)


def _add(problems: dict[str, str]) -> Response | None:
    form, me = request.form, visit().account
    kinds, counties = form.getlist("kinds"), form.getlist("counties")
    if not set(form.getlist("scopes")) <= {scope.value for scope in _scopes()}:
        problems["scopes"] = t("staff.token_scope_not_yours")
    if any(kind not in desk().kinds for kind in kinds):
        problems["kinds"] = t("staff.token_no_kind")
    if EVERYWHERE in counties or not holds(me, counties):
        problems["counties"] = t("staff.county_not_yours")
    if problems:
        return None
    days = form.get("days", "")
    try:
        token, secret = desk().tokens.add(
            me.name,
            form.get("name", ""),
            form.getlist("scopes"),
            kinds=kinds,
            counties=counties,
            days=int(days) if days.isdecimal() and len(days) < 6 else 0,
            by=me.name,
        )
    except BadToken as bad:
        problems[bad.field] = in_words(bad.label)
        return None
    return make_response(render_template("staff/token_once.html", token=token, secret=secret))


def _scopes() -> tuple[Scope, ...]:
    """What the person may have a token for."""
    return tuple(Scope) if visit().account.role in EDITORS else (Scope.READ,)


def _scope_words(token: Token) -> str:
    return t("text.list_separator").join(in_words(SCOPE_LABELS[scope]) for scope in token.scopes)


def _kind_words(token: Token) -> str:
    known = [desk().kinds.get(kind).title for kind in token.kinds if kind in desk().kinds]
    return t("text.list_separator").join(map(in_words, known)) or t("staff.token_all_kinds")


def _county_words(token: Token) -> str:
    return t("text.list_separator").join(map(unit_name, token.counties)) or t("staff.token_all_counties")


def _state(token: Token) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.is_expired() else "living"
