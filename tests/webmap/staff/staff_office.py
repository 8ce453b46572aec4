"""A small installation with people of every role, and browsers that are logged in as one of them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import shapely
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import datasets.world
from geo.model import Feature, default_kinds
from geo.publish import Shelf
from geo.store import Store
from geo.store.accounts import Accounts, Role
from geo.store.revisions import Change, Revision, State
from webmap.app import create_app
from webmap.config import Config
from webmap.staff.cookies import SESSION
from webmap.staff.desk import EXTENSION, Desk, make_desk, policy_of

PASSWORD = "Correct-Horse-9"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OWN, OTHER = "411082", "410882"
PEOPLE = {
    "viewer": (Role.VIEWER, OWN),
    "editor": (Role.EDITOR, OWN),
    "second": (Role.EDITOR, OWN),
    "reviewer": (Role.REVIEWER, OWN),
    "admin": (Role.ADMIN, OWN),
    "root": (Role.ADMIN, "*"),
    "stranger": (Role.EDITOR, OTHER),
}
SQUARE = shapely.box(113.80, 34.20, 113.81, 34.21)
ELSEWHERE = shapely.box(112.95, 35.09, 112.96, 35.10)


class Browser:
    """A client that is logged in; every form it sends carries the session's secret."""

    def __init__(self, client: FlaskClient, csrf: str) -> None:
        self.client = client
        self.csrf = csrf

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **more)


class Installation:
    """An application with its desk."""

    def __init__(self, app: Flask, desk: Desk) -> None:
        self.app = app
        self.desk = desk
        self._count = 0

    def browser(self, name: str | None) -> Browser:
        """A browser of the person, or of nobody."""
        client = self.app.test_client()
        if name is None:
            return Browser(client, "")
        account = self.desk.accounts.get(name)
        assert account is not None
        token = self.desk.sessions.start(account)
        session = self.desk.sessions.of(token)
        assert session is not None
        client.set_cookie(SESSION, token, path="/staff")
        return Browser(client, session.csrf)

    def put(
        self,
        state: State = State.DRAFT,
        county: str = OWN,
        *,
        author: str = "second",
        kind: str = "plot",
        feature_id: str = "",
        **values: Any,
    ) -> Revision:
        """A record whose newest revision is in that state."""
        self._count += 1
        feature = made(feature_id or f"made-{self._count}", kind, county, **values)
        (revision,) = self.desk.store.record([Change(feature)], author=author, reason="made", state=state)
        return revision

    def state(self, feature_id: str) -> State:
        """The state of the newest revision."""
        revision = self.desk.store.current(feature_id)
        assert revision is not None
        return revision.state


def made(feature_id: str, kind: str = "plot", county: str = OWN, **values: Any) -> Feature:
    """A feature that may be published."""
    shape = values.pop("geometry", SQUARE if county == OWN else ELSEWHERE)
    row = {"id": feature_id, "name": f"甲{feature_id}", "county": county, "precision": "surveyed", "source": "d:1"}
    own = {
        "plot": {"code": f"C-{feature_id}", "area_m2": 56000.0, "status": "available", "land_use": "M1"},
        "project": {"stage": "signed", "amount_wan": 100.0},
        "route": {"stops": [{"name": "一"}]},
        "target": {"role": "target"},
        "opportunity": {"content": "c"},
    }
    return default_kinds().get(kind).from_row({**row, **own.get(kind, {}), **values}, shape)


def install(folder: Path, world: datasets.world.World, **settings: Any) -> Installation:
    """An installation in `folder` with everybody of PEOPLE."""
    config = Config(data_dir=folder, **settings)
    kinds = default_kinds()
    store = Store.create(config.store_url)
    Shelf(config.snapshots).publish(store.published(kinds), kinds, world)
    accounts = Accounts(store.engine, policy_of(config), CHEAP)
    for name, (role, scope) in PEOPLE.items():
        accounts.add(name, PASSWORD, role, [scope], by="test", must_change=False)
    app = create_app(config)
    desk = make_desk(config, kinds, world, accounts)
    app.extensions[EXTENSION] = desk
    store.close()
    return Installation(app, desk)


def form_of(page: str, action: str = "") -> dict[str, Any]:
    """The fields of the record's form in a page as a browser would send them without a press of another button."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.inside = False
            self.values: dict[str, list[str]] = {}
            self.area = ""
            self.text = ""
            self.select = ""
            self.first: str | None = None
            self.chosen: str | None = None

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            have = dict(attrs)
            if tag == "form":
                self.inside = "record-form" in (have.get("class") or "")
            if not self.inside:
                return
            name, value = have.get("name") or "", have.get("value") or ""
            if tag == "input" and name:
                if have.get("type") not in ("checkbox", "radio") or "checked" in have:
                    is_box = have.get("type") in ("checkbox", "radio")
                    self.values.setdefault(name, []).append(value or ("on" if is_box else ""))
            elif tag == "textarea":
                self.area, self.text = name, ""
            elif tag == "select":
                self.select, self.first, self.chosen = name, None, None
            elif tag == "option" and self.select:
                self.first = value if self.first is None else self.first
                self.chosen = value if "selected" in have else self.chosen

        def handle_data(self, data: str) -> None:
            if self.area:
                self.text += data

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea" and self.area:
                # A browser drops the line break right after the tag and sends the others as CR LF.
                self.values.setdefault(self.area, []).append(re.sub(r"^\n", "", self.text).replace("\n", "\r\n"))
                self.area = ""
            elif tag == "select" and self.select:
                self.values.setdefault(self.select, []).append(
                    (self.chosen if self.chosen is not None else self.first) or ""
                )
                self.select = ""
            elif tag == "form":
                self.inside = False

    reader = Reader()
    reader.feed(page)
    return dict(reader.values)
