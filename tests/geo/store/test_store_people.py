"""Accounts, sessions and the audit log."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, text, update

from geo.store import Store, audit
from geo.store.accounts import Accounts, BadAccount, LoginRefused, Policy, Role
from geo.store.database import writing
from geo.store.sessions import Sessions
from geo.store.tables import audit as audit_table
from geo.store.tables import sessions as sessions_table

PASSWORD = "Correct-Horse-9"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def accounts(store: Store) -> Accounts:
    made = Accounts(store.engine, Policy(max_failures=3), CHEAP)
    made.add("clerk", PASSWORD, Role.EDITOR, ["411082"], by="test")
    return made


def test_the_right_password_lets_in_and_is_not_stored(accounts: Accounts, store: Store) -> None:
    account = accounts.login("clerk", PASSWORD)
    assert (account.name, account.role, account.scope) == ("clerk", Role.EDITOR, ("411082",))
    with store.engine.connect() as connection:
        stored = connection.execute(text("SELECT password_hash FROM accounts")).scalar_one()
    assert stored.startswith("$argon2id$")


@pytest.mark.parametrize(("name", "password"), [("clerk", "wrong"), ("nobody", PASSWORD), ("clerk", "")])
def test_anything_else_does_not(name: str, password: str, accounts: Accounts) -> None:
    with pytest.raises(LoginRefused):
        accounts.login(name, password)


def test_too_many_failures_lock_even_the_right_password_out(accounts: Accounts) -> None:
    for _ in range(3):
        with pytest.raises(LoginRefused):
            accounts.login("clerk", "wrong")
    with pytest.raises(LoginRefused) as refused:
        accounts.login("clerk", PASSWORD)
    assert refused.value.reason == "locked"
    assert refused.value.until is not None
    assert refused.value.until > datetime.now(UTC) + timedelta(minutes=14)
    accounts.change_password("clerk", "Another-Horse-8", by="admin")
    assert accounts.login("clerk", "Another-Horse-8")


def test_a_success_forgives_earlier_failures(accounts: Accounts) -> None:
    for _ in range(2):
        for _ in range(2):
            with pytest.raises(LoginRefused):
                accounts.login("clerk", "wrong")
        accounts.login("clerk", PASSWORD)


def test_a_disabled_account_stays_out(accounts: Accounts, store: Store) -> None:
    sessions = Sessions(store.engine, accounts)
    token = sessions.start(accounts.login("clerk", PASSWORD))
    accounts.set_disabled("clerk", True, by="admin")
    assert sessions.of(token) is None
    with pytest.raises(LoginRefused):
        accounts.login("clerk", PASSWORD)
    accounts.set_disabled("clerk", False, by="admin")
    assert accounts.login("clerk", PASSWORD)


@pytest.mark.parametrize("password", ["short-A1", "alllowercase", "abcdefgh123", "Clerk-2026-xyz"])
def test_weak_passwords_are_refused(password: str, accounts: Accounts) -> None:
    with pytest.raises(BadAccount):
        accounts.change_password("clerk", password, by="clerk")


@pytest.mark.parametrize("name", ["", "x", "Clerk", "a b", "../etc", "clerk"])
def test_bad_and_taken_names_are_refused(name: str, accounts: Accounts) -> None:
    with pytest.raises(BadAccount):
        accounts.add(name, PASSWORD, Role.VIEWER, ["*"], by="test")


def test_the_old_password_is_no_new_one(accounts: Accounts) -> None:
    with pytest.raises(BadAccount):
        accounts.change_password("clerk", PASSWORD, by="clerk")


def test_a_session_lives_until_logout(accounts: Accounts, store: Store) -> None:
    sessions = Sessions(store.engine, accounts)
    token = sessions.start(accounts.login("clerk", PASSWORD))
    found = sessions.of(token)
    assert found is not None
    assert found.account.name == "clerk"
    assert len(found.csrf) >= 32
    assert sessions.of(token + "x") is None
    sessions.end(token)
    assert sessions.of(token) is None


@pytest.mark.parametrize(("column", "age"), [("seen_at", timedelta(minutes=31)), ("created_at", timedelta(hours=13))])
def test_idle_and_old_sessions_end(column: str, age: timedelta, accounts: Accounts, store: Store) -> None:
    sessions = Sessions(store.engine, accounts)
    token = sessions.start(accounts.login("clerk", PASSWORD))
    with writing(store.engine) as connection:
        connection.execute(update(sessions_table).values({column: datetime.now(UTC) - age}))
    assert sessions.of(token) is None


def test_a_new_password_ends_all_sessions(accounts: Accounts, store: Store) -> None:
    sessions = Sessions(store.engine, accounts)
    token = sessions.start(accounts.login("clerk", PASSWORD))
    accounts.change_password("clerk", "Another-Horse-8", by="clerk")
    assert sessions.of(token) is None


def test_every_login_is_in_the_log(accounts: Accounts, store: Store) -> None:
    accounts.login("clerk", PASSWORD, "127.0.0.1")
    with pytest.raises(LoginRefused):
        accounts.login("clerk", "wrong", "127.0.0.1")
    newest, before, *_ = audit.entries(store.engine)
    assert (newest.action, newest.result) == ("login", "password")
    assert (before.action, before.result, before.detail["address"]) == ("login", "ok", "127.0.0.1")
    assert PASSWORD not in str(audit.entries(store.engine))


def fill(store: Store, count: int = 5) -> None:
    for number in range(count):
        audit.note(store.engine, actor="a", action="view", object=f"o{number}", detail={"n": number})


def test_an_untouched_log_holds(store: Store) -> None:
    fill(store)
    assert list(audit.breaks(store.engine)) == []


def test_an_altered_entry_is_found(store: Store) -> None:
    fill(store)
    with writing(store.engine) as connection:
        connection.execute(update(audit_table).where(audit_table.c.number == 3).values(actor="somebody else"))
    assert [found.number for found in audit.breaks(store.engine)] == [3]


def test_a_removed_entry_is_found(store: Store) -> None:
    fill(store)
    with writing(store.engine) as connection:
        connection.execute(delete(audit_table).where(audit_table.c.number == 2))
    found = list(audit.breaks(store.engine))
    assert (2, "missing") in [(each.number, each.reason) for each in found]


def test_many_writers_make_one_unbroken_chain(store: Store) -> None:
    threads = [threading.Thread(target=fill, args=(store, 10)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(audit.entries(store.engine, limit=1000)) == 60
    assert list(audit.breaks(store.engine)) == []
