"""Who is logged in: random tokens, kept only as hashes, ended by idling, by age, by logout and by a new password."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from geo.store.accounts import Account, Accounts, Policy
from geo.store.database import writing
from geo.store.tables import sessions

TOUCH_S = 30  # how old the last sign of life may grow before it is written anew


@dataclass(frozen=True)
class Session:
    """A login. csrf: the secret that its forms carry."""

    account: Account
    csrf: str


class Sessions:
    """The sessions of one store."""

    def __init__(self, engine: Engine, accounts: Accounts) -> None:
        self.engine = engine
        self.accounts = accounts

    @property
    def policy(self) -> Policy:
        """The rules for idling and age."""
        return self.accounts.policy

    def start(self, account: Account) -> str:
        """A new session's token, for the cookie; it is not stored anywhere."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        row = {
            "token_hash": _hashed(token),
            "account": account.name,
            "csrf": secrets.token_urlsafe(32),
            "created_at": now,
            "seen_at": now,
        }
        with writing(self.engine, chained=False) as connection:
            connection.execute(
                delete(sessions).where(sessions.c.created_at < now - timedelta(hours=self.policy.session_hours))
            )
            connection.execute(insert(sessions), row)
        return token

    def of(self, token: str) -> Session | None:
        """The session of a token; None where it is unknown, idle or old, or its account was closed."""
        now = datetime.now(UTC)
        with self.engine.connect() as connection:
            row = connection.execute(select(sessions).where(sessions.c.token_hash == _hashed(token))).mappings().first()
        if row is None:
            return None
        idle = now - row["seen_at"] > timedelta(minutes=self.policy.idle_minutes)
        old = now - row["created_at"] > timedelta(hours=self.policy.session_hours)
        account = self.accounts.get(row["account"])
        if idle or old or account is None or account.disabled:
            self.end(token)
            return None
        if now - row["seen_at"] > timedelta(seconds=TOUCH_S):
            with writing(self.engine, chained=False) as connection:
                here = sessions.c.token_hash == row["token_hash"]
                connection.execute(update(sessions).where(here).values(seen_at=now))
        return Session(account, row["csrf"])

    def end(self, token: str) -> None:
        """Forget a session."""
        with writing(self.engine, chained=False) as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == _hashed(token)))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
