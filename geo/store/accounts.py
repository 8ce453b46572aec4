"""People: who may log in, as what, and for which counties."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, delete, insert, select, update

from datasets.labels import Label
from geo.store import audit
from geo.store.database import writing
from geo.store.tables import accounts, sessions

EVERYWHERE = "*"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


class Role(StrEnum):
    """What a person may do; each role holds the rights of the ones before it, but a reviewer does not edit."""

    VIEWER = "viewer"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ADMIN = "admin"


ROLE_LABELS = {
    Role.VIEWER: Label("查看者", "Viewer"),
    Role.EDITOR: Label("编辑", "Editor"),
    Role.REVIEWER: Label("审核", "Reviewer"),
    Role.ADMIN: Label("管理员", "Administrator"),
}


@dataclass(frozen=True)
class Policy:
    """Rules for passwords and logins (GB/T 22239, level 2 habits); every value can be configured."""

    min_length: int = 10
    min_classes: int = 3
    max_failures: int = 5
    lock_minutes: int = 15
    idle_minutes: int = 30
    session_hours: int = 12


@dataclass(frozen=True)
class Account:
    """A person. scope: adcodes of counties or cities, or `*`."""

    name: str
    display_name: str
    role: Role
    scope: tuple[str, ...]
    disabled: bool
    must_change: bool
    locked_until: datetime | None
    password_changed_at: datetime

    def covers(self, county: str, city: str) -> bool:
        """Whether the account's scope holds a county (or the city itself)."""
        return bool({EVERYWHERE, county, city} & set(self.scope))


class BadAccount(ValueError):
    """An account or a password that is not acceptable; the label says why."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


class LoginRefused(RuntimeError):
    """No entry: the reason is for the log; the person is told no more than that name or password is wrong, or locked."""

    def __init__(self, reason: str, until: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until


class Accounts:
    """The accounts of one store."""

    def __init__(self, engine: Engine, policy: Policy = Policy(), hasher: PasswordHasher | None = None) -> None:
        self.engine = engine
        self.policy = policy
        self._hasher = hasher or PasswordHasher()
        # Verified against when the name is unknown, so that the answer takes as long.
        self._nobody = self._hasher.hash("nobody has this password")

    def add(
        self,
        name: str,
        password: str,
        role: Role,
        scope: Iterable[str],
        *,
        display_name: str = "",
        by: str,
        must_change: bool = True,
    ) -> Account:
        """A new account; raises BadAccount for a bad or taken name, an empty scope or a weak password."""
        if not NAME.fullmatch(name):
            raise BadAccount(
                Label(
                    "账号只能用小写字母、数字和 . _ -，2 到 60 位", "a name has 2 to 60 of a-z, 0-9, '.', '_' and '-'"
                )
            )
        places = tuple(dict.fromkeys(scope))
        if not places:
            raise BadAccount(
                Label("请指定账号负责的县、市，或 * 表示全部", "name the counties or cities, or * for all")
            )
        self.check_password(password, name)
        now = datetime.now(UTC)
        with writing(self.engine) as connection:
            if self._row(connection, name):
                raise BadAccount(Label(f"账号 {name} 已存在", f"there is an account {name} already"))
            row = {
                "name": name,
                "display_name": display_name or name,
                "role": role,
                "scope": list(places),
                "password_hash": self._hasher.hash(password),
                "password_changed_at": now,
                "must_change": must_change,
                "disabled": False,
                "failures": 0,
                "locked_until": None,
                "created_at": now,
            }
            connection.execute(insert(accounts), row)
            audit.append(
                connection, actor=by, action="account.add", object=name, detail={"role": role, "scope": places}
            )
        return _account(row)

    def get(self, name: str) -> Account | None:
        """The account, or None."""
        with self.engine.connect() as connection:
            row = self._row(connection, name)
        return _account(row) if row else None

    def all(self) -> list[Account]:
        """All accounts, by name."""
        with self.engine.connect() as connection:
            return [
                _account(dict(row)) for row in connection.execute(select(accounts).order_by(accounts.c.name)).mappings()
            ]

    def login(self, name: str, password: str, address: str = "") -> Account:
        """The account if name and password are right and it is neither disabled nor locked; raises LoginRefused.

        Failures are counted; after `max_failures` the account is locked for `lock_minutes`. Each try is in the audit log.
        """
        with writing(self.engine) as connection:
            row = self._row(connection, name)
            refusal = self._refusal(row, password)
            if row is not None:
                self._count(connection, row, refusal)
            result = refusal.reason if refusal else "ok"
            audit.append(
                connection,
                actor=name[:60],
                action="login",
                object=name[:60],
                result=result,
                detail={"address": address},
            )
        if refusal:
            raise refusal
        assert row is not None  # noqa: S101 - a refusal otherwise
        return replace(_account(row), locked_until=None)

    def _refusal(self, row: dict[str, Any] | None, password: str) -> LoginRefused | None:
        now = datetime.now(UTC)
        right = self._matches(row["password_hash"] if row else self._nobody, password)
        if row is None or row["disabled"]:
            return LoginRefused("disabled" if row else "unknown")
        if row["locked_until"] and row["locked_until"] > now:
            return LoginRefused("locked", row["locked_until"])
        return None if right else LoginRefused("password")

    def _count(self, connection: Connection, row: dict[str, Any], refusal: LoginRefused | None) -> None:
        values: dict[str, Any] = {}
        if refusal is None:
            values = {"failures": 0, "locked_until": None}
        elif refusal.reason == "password":
            failures = row["failures"] + 1
            locked = failures >= self.policy.max_failures
            until = datetime.now(UTC) + timedelta(minutes=self.policy.lock_minutes)
            values = {"failures": 0 if locked else failures, "locked_until": until if locked else row["locked_until"]}
        if values:
            connection.execute(update(accounts).where(accounts.c.name == row["name"]).values(values))

    def change_password(self, name: str, password: str, *, by: str, must_change: bool = False) -> None:
        """Set a new password and end all of the account's sessions; raises BadAccount."""
        self.check_password(password, name)
        with writing(self.engine) as connection:
            row = self._existing(connection, name)
            if self._matches(row["password_hash"], password):
                raise BadAccount(Label("新密码不能与旧密码相同", "the new password must differ from the old one"))
            values = {
                "password_hash": self._hasher.hash(password),
                "password_changed_at": datetime.now(UTC),
                "must_change": must_change,
                "failures": 0,
                "locked_until": None,
            }
            connection.execute(update(accounts).where(accounts.c.name == name).values(values))
            connection.execute(delete(sessions).where(sessions.c.account == name))
            audit.append(connection, actor=by, action="account.password", object=name)

    def set_disabled(self, name: str, disabled: bool, *, by: str) -> None:
        """Close or reopen an account; closing ends its sessions. Raises BadAccount."""
        with writing(self.engine) as connection:
            self._existing(connection, name)
            connection.execute(update(accounts).where(accounts.c.name == name).values(disabled=disabled))
            connection.execute(delete(sessions).where(sessions.c.account == name))
            audit.append(connection, actor=by, action="account.disable" if disabled else "account.enable", object=name)

    def check_password(self, password: str, name: str = "") -> None:
        """Raise BadAccount where a password is too short, too uniform or holds the account's name."""
        classes = sum(bool(re.search(pattern, password)) for pattern in ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]"))
        if len(password) < self.policy.min_length or classes < self.policy.min_classes:
            raise BadAccount(
                Label(
                    f"密码至少 {self.policy.min_length} 位，含大写、小写、数字、符号中的 {self.policy.min_classes} 类",
                    f"a password has at least {self.policy.min_length} characters of {self.policy.min_classes} sorts"
                    " (capitals, small letters, digits, signs)",
                )
            )
        if name and name.lower() in password.lower():
            raise BadAccount(Label("密码不能包含账号", "a password must not contain the account's name"))

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def _existing(self, connection: Connection, name: str) -> dict[str, Any]:
        row = self._row(connection, name)
        if row is None:
            raise BadAccount(Label(f"没有账号 {name}", f"there is no account {name}"))
        return row

    @staticmethod
    def _row(connection: Connection, name: str) -> dict[str, Any] | None:
        row = connection.execute(select(accounts).where(accounts.c.name == name)).mappings().first()
        return dict(row) if row else None


def _account(row: dict[str, Any]) -> Account:
    return Account(
        name=row["name"],
        display_name=row["display_name"],
        role=Role(row["role"]),
        scope=tuple(row["scope"]),
        disabled=row["disabled"],
        must_change=row["must_change"],
        locked_until=row["locked_until"],
        password_changed_at=row["password_changed_at"],
    )
