"""Tokens with which a program works in a person's name: kept only as hashes, narrowed, dated, revocable, with their last use."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, insert, select, update

from datasets.labels import Label
from geo.store import audit
from geo.store.accounts import Account, Accounts
from geo.store.database import writing
from geo.store.tables import tokens

PREFIX = "relitu_"  # by which scanners of leaked secrets know one
ID_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
ID_LENGTH = 12
NAME_LENGTH = 120
DAYS = 365
MOST_DAYS = 1095
MOST_LIVING = 50  # of one account
USED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token may do; whoever may write may read what he writes to."""

    READ = "drafts:read"
    WRITE = "features:write"


SCOPE_LABELS = {
    Scope.READ: Label("读取未发布的版本", "Read unpublished revisions"),
    Scope.WRITE: Label("新建、修改、申请下架", "Create, change, ask for withdrawal"),
}


@dataclass(frozen=True)
class Token:
    """A token without its secret. kinds, counties: what it is narrowed to; empty for all that the account may."""

    id: str
    account: str
    name: str
    scopes: tuple[Scope, ...]
    kinds: tuple[str, ...]
    counties: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""
    used_at: datetime | None = None
    uses: int = 0

    def may(self, scope: Scope) -> bool:
        """Whether it holds a scope."""
        return scope in self.scopes or (scope is Scope.READ and Scope.WRITE in self.scopes)

    def is_expired(self, now: datetime | None = None) -> bool:
        """Whether its time is over."""
        return self.expires_at <= (now or datetime.now(UTC))

    @property
    def is_living(self) -> bool:
        """Whether it could be used, its account left aside."""
        return self.revoked_at is None and not self.is_expired()


@dataclass(frozen=True)
class Bearer:
    """A token that was shown, and the person in whose name it works."""

    token: Token
    account: Account


class BadToken(ValueError):
    """A token that cannot be made: `field` is name, scopes, days or id; the label says why."""

    def __init__(self, field: str, label: Label) -> None:
        super().__init__(label.en)
        self.field = field
        self.label = label


class TokenRefused(RuntimeError):
    """No entry. The reason is for the log; whoever showed it is told no more than that it does not hold.

    reason: unknown, revoked, expired, disabled, locked or password (one that must be changed). token, account: whose it
    is, as far as known.
    """

    def __init__(self, reason: str, token: str = "", account: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.token = token
        self.account = account


class Tokens:
    """The tokens of one store."""

    def __init__(self, engine: Engine, accounts: Accounts) -> None:
        self.engine = engine
        self.accounts = accounts
        self._lock = threading.Lock()
        self._uses: dict[str, int] = {}  # not yet written

    def add(
        self,
        account: str,
        name: str,
        scopes: Iterable[str],
        *,
        kinds: Collection[str] = (),
        counties: Collection[str] = (),
        days: int = DAYS,
        by: str,
    ) -> tuple[Token, str]:
        """A new token and its secret, which is stored nowhere and cannot be had again; raises BadToken.

        Whether the counties lie within the account's is asked at each use, so that a token never reaches beyond it.
        """
        now = datetime.now(UTC)
        secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
        made = Token(
            id="".join(secrets.choice(ID_SIGNS) for _ in range(ID_LENGTH)),
            account=account,
            name=_named(name),
            scopes=_scopes(scopes),
            kinds=tuple(dict.fromkeys(kinds)),
            counties=tuple(dict.fromkeys(counties)),
            created_at=now,
            expires_at=now + timedelta(days=_days(days)),
        )
        with writing(self.engine) as connection:
            rows = connection.execute(select(tokens).where(tokens.c.account == account)).mappings()
            if sum(_token(row).is_living for row in rows) >= MOST_LIVING:
                message = Label(
                    f"每个账号最多 {MOST_LIVING} 个有效令牌，请先吊销不用的",
                    f"an account has at most {MOST_LIVING} living tokens: revoke those not needed",
                )
                raise BadToken("name", message)
            connection.execute(insert(tokens), {**_row(made), "token_hash": _hashed(secret)})
            detail = {
                "account": account,
                "name": made.name,
                "scopes": made.scopes,
                "kinds": made.kinds,
                "counties": made.counties,
                "expires": made.expires_at.date().isoformat(),
            }
            audit.append(connection, actor=by, action="token.add", object=made.id, detail=detail)
        return made, secret

    def get(self, token_id: str) -> Token | None:
        """The token of an id, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(tokens).where(tokens.c.id == token_id)).mappings().first()
        return _token(row) if row else None

    def of(self, accounts: Collection[str]) -> list[Token]:
        """The tokens of these accounts: the living first, the newest first."""
        query = select(tokens).where(tokens.c.account.in_(list(accounts)))
        with self.engine.connect() as connection:
            found = [_token(row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda token: (not token.is_living, -token.created_at.timestamp(), token.id))

    def revoke(self, token_id: str, *, by: str) -> None:
        """From now on the token opens nothing; raises BadToken where there is none."""
        with writing(self.engine) as connection:
            row = connection.execute(select(tokens).where(tokens.c.id == token_id)).mappings().first()
            if row is None:
                raise BadToken("id", Label(f"没有令牌 {token_id}", f"there is no token {token_id}"))
            if row["revoked_at"] is not None:
                return
            values = {"revoked_at": datetime.now(UTC), "revoked_by": by}
            connection.execute(update(tokens).where(tokens.c.id == token_id).values(values))
            detail = {"account": row["account"], "name": row["name"]}
            audit.append(connection, actor=by, action="token.revoke", object=token_id, detail=detail)

    def bearer(self, secret: str, now: datetime | None = None) -> Bearer:
        """Who stands behind a secret, and the use counted; raises TokenRefused.

        The last use and the count are written at most once a minute; what was counted since goes along with the next
        writing, so that the count may lag, and a process that ends loses less than a minute of it.
        """
        now = now or datetime.now(UTC)
        with self.engine.connect() as connection:
            row = connection.execute(select(tokens).where(tokens.c.token_hash == _hashed(secret))).mappings().first()
        if row is None:
            raise TokenRefused("unknown")
        token = _token(row)
        account = self.accounts.get(token.account)
        reason = _obstacle(token, account, now)
        if reason or account is None:
            raise TokenRefused(reason, token.id, token.account)
        self._count(token, now)
        return Bearer(token, account)

    def _count(self, token: Token, now: datetime) -> None:
        with self._lock:
            self._uses[token.id] = self._uses.get(token.id, 0) + 1
            if token.used_at is not None and now - token.used_at < USED_EVERY:
                return
            number = self._uses.pop(token.id)
        values = {"used_at": now, "uses": tokens.c.uses + number}
        with writing(self.engine, chained=False) as connection:
            connection.execute(update(tokens).where(tokens.c.id == token.id).values(values))


def _obstacle(token: Token, account: Account | None, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.is_expired(now):
        return "expired"
    if account is None or account.disabled:
        return "disabled"
    if account.locked_until is not None and account.locked_until > now:
        return "locked"
    return "password" if account.must_change else ""


def _named(name: str) -> str:
    if not name.strip():
        raise BadToken("name", Label("请填写令牌名称", "give the token a name"))
    return name.strip()[:NAME_LENGTH]


def _scopes(wanted: Iterable[str]) -> tuple[Scope, ...]:
    chosen = set(wanted)
    if not chosen or chosen - set(Scope):
        raise BadToken("scopes", Label("请选择权限", "choose what the token may do"))
    return tuple(scope for scope in Scope if scope in chosen)


def _days(days: int) -> int:
    if not 1 <= days <= MOST_DAYS:
        message = Label(f"有效期为 1 到 {MOST_DAYS} 天", f"a token lasts from 1 to {MOST_DAYS} days")
        raise BadToken("days", message)
    return days


def _row(token: Token) -> dict[str, Any]:
    lists = {name: list(getattr(token, name)) for name in ("scopes", "kinds", "counties")}
    return {**token.__dict__, **lists}


def _token(row: Any) -> Token:
    values = {name: value for name, value in row.items() if name != "token_hash"}
    scopes = tuple(Scope(scope) for scope in row["scopes"])
    return Token(**{**values, "scopes": scopes, "kinds": tuple(row["kinds"]), "counties": tuple(row["counties"])})


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
