"""What stands around every staff page: who is logged in, the ways to the other pages, the language kept in every address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request, url_for

from datasets.labels import DEFAULT_LANGUAGE
from geo.store.accounts import ROLE_LABELS, Role
from geo.store.revisions import State
from webmap.i18n import current
from webmap.staff.visiting import visitor
from webmap.staff.words import STATE_LABELS, in_words, iso, moment, t

PREFIX = "staff_"
FORM_BYTES = 16 * 2**20  # a form without its files: an outline of some 400,000 corners
FORM_PARTS = 5000

# Endpoint, message, roles that see the link. What is not served is left out.
MENU = (
    ("staff_home.home", "staff.menu_home", frozenset(Role)),
    ("staff_records.records", "staff.menu_records", frozenset(Role)),
    ("staff_upload.upload", "staff.menu_upload", frozenset({Role.EDITOR, Role.ADMIN})),
    ("staff_export.choose", "export.title", frozenset(Role)),
    ("staff_review.waiting", "staff.menu_review", frozenset({Role.REVIEWER, Role.ADMIN})),
    ("staff_embeds.sites", "staff.menu_embeds", frozenset({Role.ADMIN})),
    ("staff_people.people", "staff.menu_people", frozenset({Role.ADMIN})),
    ("staff_audit.log", "staff.menu_audit", frozenset({Role.ADMIN})),
)


@dataclass(frozen=True)
class Way:
    """A link of the menu."""

    text: str
    href: str
    current: bool


def install(app: Flask) -> None:
    """Give the templates what they need, keep the language in addresses, keep the answers out of all caches."""

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint.startswith(PREFIX) and current() != DEFAULT_LANGUAGE:
            values.setdefault("lang", current())

    @app.before_request
    def room_for_outlines() -> None:
        if _is_ours():
            request.max_form_memory_size = FORM_BYTES
            request.max_form_parts = FORM_PARTS

    @app.after_request
    def private(response: Response) -> Response:
        if _is_ours():
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex"
            response.headers["Referrer-Policy"] = "same-origin"
        return response

    @app.context_processor
    def around() -> dict[str, Any]:
        return _around(app) if _is_ours() else {}


def _is_ours() -> bool:
    return request.path == "/staff" or request.path.startswith("/staff/")


def _around(app: Flask) -> dict[str, Any]:
    who = visitor()
    ready = who is not None and not who.account.must_change
    menu = [
        Way(t(key), url_for(endpoint), _is_current(endpoint))
        for endpoint, key, roles in MENU
        if who and ready and who.account.role in roles and endpoint in app.view_functions
    ]
    return {
        "staff_menu": menu,
        "me": who.account if who else None,
        "my_role": in_words(ROLE_LABELS[who.account.role]) if who else "",
        "csrf": who.csrf if who else "",
        "moment": moment,
        "iso": iso,
        "state_name": lambda state: in_words(STATE_LABELS[State(state)]),
        "state_labels": STATE_LABELS,
        "role_name": lambda role: in_words(ROLE_LABELS[Role(role)]),
    }


def _is_current(endpoint: str) -> bool:
    return bool(request.endpoint) and str(request.endpoint).partition(".")[0] == endpoint.partition(".")[0]
