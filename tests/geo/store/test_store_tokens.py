"""Tokens: only hashes are kept; revoked, expired and closed ones open nothing; the last use is written now and then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from geo.store import Store, audit
from geo.store.accounts import Accounts, Role
from geo.store.tables import metadata
from geo.store.tokens import MOST_DAYS, MOST_LIVING, BadToken, Scope, TokenRefused, Tokens

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "Correct-Horse-9"


@pytest.fixture
def accounts(store: Store) -> Accounts:
    made = Accounts(store.engine, hasher=CHEAP)
    for name in ("anna", "bert"):
        made.add(name, PASSWORD, Role.EDITOR, ["411082"], by="test", must_change=False)
    return made


@pytest.fixture
def tokens(store: Store, accounts: Accounts) -> Tokens:
    return Tokens(store.engine, accounts)


def refusal(tokens: Tokens, secret: str, now: datetime | None = None) -> str:
    with pytest.raises(TokenRefused) as refused:
        tokens.bearer(secret, now)
    return refused.value.reason


def test_a_token_is_kept_as_given_and_opens_for_its_account(tokens: Tokens) -> None:
    made, secret = tokens.add(
        "anna", " 同步 ", ["features:write"], kinds=["plot"], counties=["411082"], days=30, by="anna"
    )
    assert tokens.get(made.id) == made
    assert (made.name, made.scopes, made.kinds, made.counties) == ("同步", (Scope.WRITE,), ("plot",), ("411082",))
    assert made.expires_at - made.created_at == timedelta(days=30)
    found = tokens.bearer(secret)
    assert (found.account.name, found.token.id) == ("anna", made.id)
    assert made.may(Scope.WRITE)
    assert made.may(Scope.READ)
    reading, _ = tokens.add("anna", "r", ["drafts:read"], by="anna")
    assert reading.may(Scope.READ)
    assert not reading.may(Scope.WRITE)
    assert reading.expires_at - reading.created_at == timedelta(days=365)


def test_the_secret_stands_nowhere_in_the_record(tokens: Tokens, store: Store) -> None:
    made, secret = tokens.add("anna", "a", ["features:write"], by="anna")
    tokens.bearer(secret)
    tokens.revoke(made.id, by="anna")
    with store.engine.connect() as connection:
        rows = [
            str(dict(row)) for table in metadata.tables.values() for row in connection.execute(select(table)).mappings()
        ]
    assert not [row for row in rows if secret in row or secret.removeprefix("relitu_") in row]
    entries = [entry for entry in audit.entries(store.engine) if entry.object == made.id]
    assert [(entry.action, entry.actor, entry.detail["account"]) for entry in entries] == [
        ("token.revoke", "anna", "anna"),
        ("token.add", "anna", "anna"),
    ]


def test_revoked_expired_and_unknown_ones_open_nothing(tokens: Tokens) -> None:
    made, secret = tokens.add("anna", "a", ["features:write"], days=1, by="anna")
    assert refusal(tokens, secret[:-1]) == "unknown"
    assert refusal(tokens, "") == "unknown"
    assert refusal(tokens, "\ud800") == "unknown"
    assert refusal(tokens, secret, made.expires_at) == "expired"
    tokens.bearer(secret, made.expires_at - timedelta(seconds=1))
    tokens.revoke(made.id, by="root")
    assert refusal(tokens, secret) == "revoked"
    found = tokens.get(made.id)
    assert found is not None
    assert (found.revoked_by, found.is_living) == ("root", False)
    with pytest.raises(BadToken):
        tokens.revoke("nobody", by="root")


def test_a_closed_account_closes_its_tokens(tokens: Tokens, accounts: Accounts) -> None:
    _, secret = tokens.add("anna", "a", ["features:write"], by="anna")
    accounts.set_disabled("anna", True, by="root")
    assert refusal(tokens, secret) == "disabled"
    accounts.set_disabled("anna", False, by="root")
    tokens.bearer(secret)
    accounts.change_password("anna", "Other-Horse-10", by="root", must_change=True)
    assert refusal(tokens, secret) == "password"
    accounts.change_password("anna", "Third-Horse-11", by="anna")
    tokens.bearer(secret)
    for _ in range(accounts.policy.max_failures):
        with pytest.raises(RuntimeError):
            accounts.login("anna", "wrong")
    assert refusal(tokens, secret) == "locked"


def test_the_last_use_is_written_once_a_minute_and_no_use_is_lost(tokens: Tokens) -> None:
    made, secret = tokens.add("anna", "a", ["features:write"], by="anna")
    start = datetime.now(UTC)
    for second in (0, 1, 30, 59):
        tokens.bearer(secret, start + timedelta(seconds=second))
    found = tokens.get(made.id)
    assert found is not None
    assert (found.used_at, found.uses) == (start, 1)
    tokens.bearer(secret, start + timedelta(seconds=61))
    found = tokens.get(made.id)
    assert found is not None
    assert (found.used_at, found.uses) == (start + timedelta(seconds=61), 5)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": " "}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["features:write", "everything"]}),
        ("days", {"days": 0}),
        ("days", {"days": MOST_DAYS + 1}),
    ],
)
def test_what_cannot_be_a_token_is_refused_by_name(field: str, values: dict[str, object], tokens: Tokens) -> None:
    with pytest.raises(BadToken) as bad:
        tokens.add("anna", **{"name": "a", "scopes": ["features:write"], "by": "anna", **values})  # type: ignore[arg-type]
    assert bad.value.field == field
    assert tokens.of(["anna"]) == []


def test_living_ones_come_first_and_have_a_limit(tokens: Tokens) -> None:
    made = [tokens.add("anna", f"n{n}", ["drafts:read"], by="anna")[0] for n in range(MOST_LIVING)]
    with pytest.raises(BadToken):
        tokens.add("anna", "more", ["drafts:read"], by="anna")
    tokens.revoke(made[-1].id, by="anna")
    tokens.add("anna", "again", ["drafts:read"], by="anna")
    tokens.add("bert", "own", ["drafts:read"], by="bert")
    assert [token.name for token in tokens.of(["anna"])][-1] == made[-1].name
    assert {token.account for token in tokens.of(["anna", "bert"])} == {"anna", "bert"}
