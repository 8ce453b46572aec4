"""Who may open what: every staff address × role × state × own or other county."""

from __future__ import annotations

import itertools

import pytest
from staff_office import OTHER, OWN, Installation

from geo.store.accounts import Role
from geo.store.revisions import State
from webmap.staff.access import ACCESS_TABLE, ARGUMENTS, Access

REFUSED = 403
WRONG_STATE = 409
OUTSIDE = ("static_files.file",)
NOBODYS = {"feature_id": "x", "job_id": "x", "name": "x", "key": "x", "token_id": "x"}
PERSON = {Role.VIEWER: "viewer", Role.EDITOR: "editor", Role.REVIEWER: "reviewer", Role.ADMIN: "admin"}


def entries(about: str | None = None) -> list[Access]:
    """The table's lines that need a login, by what they are about."""
    import webmap.staff

    webmap.staff.blueprints()
    return [entry for entry in ACCESS_TABLE if not entry.open and about in (None, entry.about)]


def named(entry: Access) -> str:
    return f"{sorted(entry.methods)[0]} {entry.rule}"


def address(entry: Access, **values: str) -> str:
    path = entry.rule.replace("<path:", "<").replace("<int:number>", "1").replace("<kind>", "plot")
    for name, value in values.items():
        path = path.replace(f"<{name}>", value)
    return path


def test_every_staff_address_is_in_the_table(lasting: Installation) -> None:
    """A view that is declared past the decorator has no line there."""
    known = {(entry.endpoint, entry.rule) for entry in ACCESS_TABLE}
    found = {(rule.endpoint, rule.rule) for rule in lasting.app.url_map.iter_rules() if rule.rule.startswith("/staff")}
    assert found <= known, sorted(found - known)
    assert len(found) > 25


def test_every_endpoint_has_one_line_and_its_methods(lasting: Installation) -> None:
    by_endpoint = {entry.endpoint: entry for entry in ACCESS_TABLE}
    for rule in lasting.app.url_map.iter_rules():
        if rule.rule.startswith("/staff"):
            assert (rule.methods or set()) - {"HEAD", "OPTIONS"} == by_endpoint[rule.endpoint].methods, rule.rule


def test_what_an_address_names_is_what_it_is_about() -> None:
    """An address with a record's id in it is loaded through the one loader, and so on for the others."""
    for entry in entries():
        for about, argument in ARGUMENTS.items():
            assert (f"{argument}>" in entry.rule) == (entry.about == about), entry


@pytest.mark.parametrize("entry", entries(), ids=named)
def test_nobody_gets_in_without_a_login(entry: Access, lasting: Installation) -> None:
    browser = lasting.browser(None)
    for method in entry.methods:
        answer = browser.client.open(address(entry, **NOBODYS), method=method)
        assert answer.status_code in (302, 303)
        assert "/staff/login" in answer.headers["Location"]


@pytest.mark.parametrize("entry", [entry for entry in entries() if "POST" in entry.methods], ids=named)
@pytest.mark.parametrize("csrf", ["", "wrong"])
def test_no_form_is_taken_without_its_secret(entry: Access, csrf: str, lasting: Installation) -> None:
    browser = lasting.browser("root")
    path = address(entry, **NOBODYS)
    assert browser.client.post(path, data={"csrf": csrf}).status_code == REFUSED
    assert browser.client.post(path, headers={"X-CSRF": csrf}).status_code == REFUSED


@pytest.mark.parametrize("entry", entries("none"), ids=named)
@pytest.mark.parametrize("role", list(Role))
def test_roles_where_no_county_counts(entry: Access, role: Role, lasting: Installation) -> None:
    browser = lasting.browser(PERSON[role])
    for method in entry.methods:
        if entry.endpoint == "staff_login.logout":
            continue
        answer = browser.client.open(address(entry), method=method, headers={"X-CSRF": browser.csrf})
        own_rule = entry.endpoint == "staff_records.bulk"  # refuses a step that it is not told
        assert (answer.status_code == REFUSED) == (role not in entry.roles or own_rule), method
        assert answer.status_code < 500, method


@pytest.mark.parametrize("entry", entries("feature"), ids=named)
@pytest.mark.parametrize("role", list(Role))
def test_role_state_and_county(entry: Access, role: Role, lasting: Installation) -> None:
    browser = lasting.browser(PERSON[role])
    for state, county, method in itertools.product(State, (OWN, OTHER), sorted(entry.methods)):
        revision = lasting.put(state, county)
        data = {"number": str(revision.number), "expected": str(revision.number), "reason": "weil", "to": "1"}
        path = address(entry, feature_id=revision.feature_id)
        answer = browser.post(path, data) if method == "POST" else browser.get(path)
        case = (method, path, state, county)
        if role not in entry.roles or county != OWN:
            assert answer.status_code == REFUSED, case
        elif entry.states is not None and state not in entry.states:
            assert answer.status_code == WRONG_STATE, case
        else:
            assert answer.status_code not in (REFUSED, 500, 503), case
        if answer.status_code == REFUSED:
            assert lasting.state(revision.feature_id) is state


@pytest.mark.parametrize("entry", entries("job"), ids=named)
@pytest.mark.parametrize("role", list(Role))
def test_jobs_are_their_owners(entry: Access, role: Role, lasting: Installation) -> None:
    lasting.app.config["JOBS_WAIT"] = True
    browser = lasting.browser(PERSON[role])
    for owner, method in itertools.product((PERSON[role], "stranger"), sorted(entry.methods)):
        job = lasting.desk.jobs.add("nothing", {}, owner)
        path = address(entry, job_id=job.id)
        answer = browser.post(path) if method == "POST" else browser.get(path)
        allowed = role in entry.roles and owner == PERSON[role]
        assert (answer.status_code == REFUSED) != allowed, (method, path, owner)


@pytest.mark.parametrize("entry", entries("person"), ids=named)
@pytest.mark.parametrize("role", list(Role))
def test_people_are_managed_within_the_county(entry: Access, role: Role, lasting: Installation) -> None:
    browser = lasting.browser(PERSON[role])
    for name in ("second", "stranger", "root"):
        answer = browser.post(address(entry, name=name))
        allowed = role in entry.roles and name == "second"
        assert (answer.status_code == REFUSED) != allowed, name


@pytest.mark.parametrize("entry", entries("embed"), ids=named)
@pytest.mark.parametrize("role", list(Role))
def test_embedding_sites_are_managed_within_the_county(entry: Access, role: Role, lasting: Installation) -> None:
    browser = lasting.browser(PERSON[role])
    for counties, method in itertools.product(([OWN], [OTHER], []), sorted(entry.methods)):
        site = lasting.desk.embed_sites.add("甲", ["https://a.cn"], counties, by="test")
        answer = browser.client.open(address(entry, key=site.key), method=method, data={"csrf": browser.csrf})
        allowed = role in entry.roles and counties == [OWN]
        assert (answer.status_code == REFUSED) != allowed, (method, counties)


@pytest.mark.parametrize("entry", entries("token"), ids=named)
@pytest.mark.parametrize("role", list(Role))
def test_tokens_are_their_owners_and_their_administrators(entry: Access, role: Role, lasting: Installation) -> None:
    browser = lasting.browser(PERSON[role])
    for owner, method in itertools.product((PERSON[role], "second", "stranger", "root"), sorted(entry.methods)):
        token, _ = lasting.desk.tokens.add(owner, "a", ["drafts:read"], by="test")
        answer = browser.client.open(address(entry, token_id=token.id), method=method, data={"csrf": browser.csrf})
        allowed = owner == PERSON[role] or (role is Role.ADMIN and owner == "second")
        assert (answer.status_code == REFUSED) != allowed, (method, owner)
        found = lasting.desk.tokens.get(token.id)
        assert found is not None
        assert (found.revoked_at is not None) == allowed


def test_refusals_are_in_the_log(lasting: Installation) -> None:
    from geo.store import audit

    revision = lasting.put(State.DRAFT, OTHER)
    answer = lasting.browser("editor").get(f"/staff/record/{revision.feature_id}")
    assert answer.status_code == REFUSED
    assert "不在您负责的范围内" in answer.get_data(as_text=True)
    entry = audit.entries(lasting.desk.store.engine, limit=1)[0]
    assert (entry.actor, entry.action, entry.object, entry.result) == (
        "editor",
        "refused",
        revision.feature_id,
        "scope",
    )
