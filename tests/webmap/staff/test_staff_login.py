"""Login and session: fixation, secrets, locks, limits, idling, the password that must be changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from staff_office import PASSWORD, Installation, install
from werkzeug.test import TestResponse

import datasets.world
from geo.store import audit
from geo.store.database import writing
from geo.store.tables import sessions
from webmap.staff.cookies import LOGIN, SESSION

NEW = "Neues-Passwort-7"


def try_login(client: FlaskClient, name: str, password: str, **more: str) -> TestResponse:
    """Open the login page and send its form."""
    client.get("/staff/login")
    cookie = client.get_cookie(LOGIN, path="/staff")
    csrf = cookie.value if cookie else ""
    return client.post("/staff/login", data={"csrf": csrf, "name": name, "password": password, **more})


def test_the_right_password_leads_in_with_a_guarded_cookie(here: Installation) -> None:
    client = here.app.test_client()
    answer = try_login(client, "Editor ", PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith(SESSION))
    assert {"HttpOnly", "SameSite=Strict", "Path=/staff"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert client.get("/staff/").status_code == 200


def test_over_https_the_cookie_is_secure(here: Installation) -> None:
    client = here.app.test_client()
    client.get("/staff/login", base_url="https://map.example.cn")
    cookie = client.get_cookie(LOGIN, domain="map.example.cn", path="/staff")
    assert cookie is not None
    answer = client.post(
        "/staff/login",
        data={"csrf": cookie.value, "name": "editor", "password": PASSWORD},
        base_url="https://map.example.cn",
    )
    assert all("Secure" in line for line in answer.headers.getlist("Set-Cookie") if line.startswith(SESSION))


def test_a_plain_line_from_elsewhere_takes_no_password(here: Installation) -> None:
    client = here.app.test_client()
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    client.get("/staff/login", environ_overrides=elsewhere)
    # The browser would not send a Secure cookie back; even one that does gets no further.
    client.set_cookie(LOGIN, "x", path="/staff")
    answer = client.post(
        "/staff/login",
        data={"csrf": "x", "name": "editor", "password": PASSWORD},
        environ_overrides=elsewhere,
    )
    assert answer.status_code == 403
    assert "加密连接" in answer.get_data(as_text=True)
    assert here.desk.sessions.of(str(answer.headers.get("Set-Cookie"))) is None


@pytest.mark.parametrize(("name", "password"), [("editor", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_what_is_wrong_is_not_told(name: str, password: str, here: Installation) -> None:
    answer = try_login(here.app.test_client(), name, password)
    assert answer.status_code == 401
    assert "账号或密码不正确" in answer.get_data(as_text=True)


def test_the_login_form_has_a_secret_of_its_own(here: Installation) -> None:
    client = here.app.test_client()
    client.get("/staff/login")
    answer = client.post("/staff/login", data={"csrf": "other", "name": "editor", "password": PASSWORD})
    assert answer.status_code == 403
    assert client.get_cookie(SESSION, path="/staff") is None


def test_a_planted_token_is_not_taken_over(here: Installation) -> None:
    client = here.app.test_client()
    client.set_cookie(SESSION, "planted", path="/staff")
    try_login(client, "editor", PASSWORD)
    cookie = client.get_cookie(SESSION, path="/staff")
    assert cookie is not None
    assert cookie.value != "planted"
    assert here.desk.sessions.of("planted") is None


def test_a_login_ends_the_session_that_the_browser_had(here: Installation) -> None:
    browser = here.browser("second")
    old = browser.client.get_cookie(SESSION, path="/staff")
    assert old is not None
    browser.client.set_cookie(LOGIN, "s", path="/staff")
    browser.client.post("/staff/login", data={"csrf": "s", "name": "editor", "password": PASSWORD})
    assert here.desk.sessions.of(old.value) is None


def test_failures_lock_the_account(here: Installation) -> None:
    client = here.app.test_client()
    for _ in range(5):
        try_login(client, "editor", "wrong")
    answer = try_login(client, "editor", PASSWORD)
    assert answer.status_code == 401
    assert "锁定" in answer.get_data(as_text=True)


def test_an_address_that_fails_too_often_must_wait(tmp_path: Path, world: datasets.world.World) -> None:
    here = install(tmp_path, world, login_address_failures=3)
    client = here.app.test_client()
    for name in ("a1", "b2", "c3"):
        assert try_login(client, name, "wrong").status_code == 401
    assert try_login(client, "editor", PASSWORD).status_code == 429
    assert try_login(client, "editor", PASSWORD).status_code == 429
    noted = [entry for entry in audit.entries(here.desk.store.engine) if entry.action == "login.limited"]
    assert len(noted) == 1  # a flood does not fill the log
    other = here.app.test_client()
    other.get("/staff/login")
    cookie = other.get_cookie(LOGIN, path="/staff")
    assert cookie is not None
    answer = other.post(
        "/staff/login",
        data={"csrf": cookie.value, "name": "editor", "password": PASSWORD},
        environ_overrides={"REMOTE_ADDR": "127.0.0.2"},
    )
    assert answer.status_code == 303
    here.desk.store.close()


def test_idling_ends_the_session_and_the_page_says_so(here: Installation) -> None:
    browser = here.browser("editor")
    with writing(here.desk.store.engine) as connection:
        connection.execute(update(sessions).values(seen_at=datetime.now(UTC) - timedelta(minutes=31)))
    answer = browser.get("/staff/records?kind=plot", follow_redirects=True)
    assert "登录已结束" in answer.get_data(as_text=True)
    assert 'value="/staff/records?kind=plot"' in answer.get_data(as_text=True)


def test_after_the_login_one_is_where_one_wanted_to_be(here: Installation) -> None:
    answer = try_login(here.app.test_client(), "editor", PASSWORD, next="/staff/records?kind=plot")
    assert answer.headers["Location"] == "/staff/records?kind=plot"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/staff/\\evil", "/staff//evil.example", "/list", "javascript:1"],
)
def test_the_login_leads_nowhere_else(wanted: str, here: Installation) -> None:
    assert try_login(here.app.test_client(), "editor", PASSWORD, next=wanted).headers["Location"] == "/staff/"


def test_logout_ends_the_session_for_good(here: Installation) -> None:
    browser = here.browser("editor")
    cookie = browser.client.get_cookie(SESSION, path="/staff")
    assert cookie is not None
    browser.post("/staff/logout")
    browser.client.set_cookie(SESSION, cookie.value, path="/staff")
    assert browser.get("/staff/").status_code == 303


def test_who_must_change_the_password_gets_nowhere_else(here: Installation) -> None:
    here.desk.accounts.change_password("editor", NEW, by="admin", must_change=True)
    browser = here.browser("editor")
    for path in ("/staff/", "/staff/records", "/staff/new/plot"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/staff/password")
    answer = browser.post("/staff/password", {"old": NEW, "new": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == "/staff/"
    assert browser.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        ("wrong", NEW, NEW, "当前密码不正确"),
        (PASSWORD, NEW, "x", "不一致"),
        (PASSWORD, "short", "short", "至少 10 位"),
        (PASSWORD, PASSWORD, PASSWORD, "不能与旧密码相同"),
    ],
)
def test_a_bad_new_password_is_explained(old: str, new: str, again: str, told: str, here: Installation) -> None:
    answer = here.browser("editor").post("/staff/password", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)


def test_a_new_password_ends_all_other_sessions(here: Installation) -> None:
    one, other = here.browser("editor"), here.browser("editor")
    one.post("/staff/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert one.get("/staff/").status_code == 200
    assert other.get("/staff/").status_code == 303


def test_programs_are_told_in_json(here: Installation) -> None:
    answer = here.app.test_client().get("/staff/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_staff_answers_stay_out_of_caches(here: Installation) -> None:
    for answer in (here.browser("editor").get("/staff/"), here.app.test_client().get("/staff/login")):
        assert answer.headers["Cache-Control"] == "no-store"
    assert "no-store" not in here.app.test_client().get("/list").headers["Cache-Control"]


def test_without_a_database_the_public_goes_on(app_of: Callable[..., object], tmp_path: Path) -> None:
    from flask import Flask

    app = app_of([])
    assert isinstance(app, Flask)
    (tmp_path / "relitu.sqlite").unlink()
    client = app.test_client()
    answer = client.get("/staff/login")
    assert answer.status_code == 503
    assert "relitu init" in answer.get_data(as_text=True)
    assert not (tmp_path / "relitu.sqlite").exists()
    assert client.get("/list").status_code == 200


def test_staff_pages_can_be_left_out(app_of: Callable[..., object]) -> None:
    from flask import Flask

    app = app_of([], staff_enabled=False)
    assert isinstance(app, Flask)
    assert app.test_client().get("/staff/login").status_code == 404
