"""What keeps a store from being used: which driver error means it, and what a person reads."""

from __future__ import annotations

import re
import sqlite3

from sqlalchemy import URL
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import SQLAlchemyError

from datasets.labels import Label

AWAY = Label(
    "数据库暂时无法连接，请稍后再试或联系系统管理员。公众页面不受影响。",
    "The database cannot be reached right now; try again later or tell the operator. The public pages go on.",
)
BUSY = Label(
    "数据库正忙，请稍后再试；您的修改没有保存。",
    "The database is busy; try again in a moment. Your change was not saved.",
)
# Result codes of SQLite (the low byte): https://sqlite.org/rescode.html
SQLITE_BUSY = frozenset({5, 6})
SQLITE_AWAY = frozenset({8, 10, 11, 13, 14, 26})
# Error classes and codes of PostgreSQL, appendix A of its manual: connection lost, too few resources, shut down or starting,
# the system's own errors, and a server that takes no writes (a replica).
POSTGRES_AWAY = ("08", "53", "57P", "58", "25006")
POSTGRES_BUSY = ("55P03", "40P01", "40001")
POSTGRES_CAUSES = {
    "28P01": Label("用户名或密码不对", "user name or password is wrong"),
    "28000": Label("服务器不允许这样登录（见 pg_hba.conf）", "the server refuses this login (see pg_hba.conf)"),
    "3D000": Label("服务器上没有这个数据库", "the server has no such database"),
    "53300": Label("连接数已满", "it has no connection to spare"),
}


class OutdatedStore(RuntimeError):
    """The database was written by another version of the software; `relitu init` brings it up to date."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"the database is at revision {found or '(none)'}, the software needs {expected}")
        self.found = found
        self.expected = expected


class StoreUnreachable(SQLAlchemyError):
    """The database does not answer, or cannot be read or written; what the public sees goes on without it.

    A SQLAlchemyError, so that whoever is prepared for those is prepared for this. label: for anyone, telling nothing
    inside. details: for the operator, naming place and cause; never the password.
    """

    def __init__(self, where: str, cause: Label, label: Label = AWAY) -> None:
        self.label = label
        self.details = Label(
            f"数据库 {where} 无法使用：{cause.zh}；请检查地址、账号，以及数据库是否在运行",
            f"the database {where} cannot be used: {cause.en}; check the address, the account and whether it is running",
        )
        super().__init__(self.details.en)


class StoreBusy(StoreUnreachable):
    """Another writer held the database for too long; nothing was written, the same may be tried again."""

    def __init__(self, where: str, cause: Label) -> None:
        super().__init__(where, cause, BUSY)


class UnusableDatabase(SQLAlchemyError):
    """An address, a driver or a server that cannot hold a store; the label says what to do."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


def shown(url: URL) -> str:
    """A database's address as it may be printed: without password and without options, which may hold one."""
    return url.set(query={}).render_as_string(hide_password=True)


def unreachable(error: BaseException | None, where: str, *, connected: bool, lost: bool = False) -> Exception | None:
    """The StoreUnreachable that a driver's error stands for, or None for one that has another meaning.

    connected: whether a connection stood when it came. lost: whether it stands no longer.
    """
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        kind = StoreBusy if code in SQLITE_BUSY else StoreUnreachable if code in SQLITE_AWAY else None
        return kind(where, _words(error)) if kind else None
    state = getattr(error, "sqlstate", None) or ""
    if state in POSTGRES_BUSY:
        return StoreBusy(where, _words(error))
    if lost or not connected or state.startswith(POSTGRES_AWAY):
        return StoreUnreachable(where, _cause(state, error))
    return None


def translate(context: ExceptionContext) -> Exception | None:
    """The one place where a driver's error becomes StoreUnreachable: a handler of the engine's `handle_error`.

    A failed ping before use is left to the pool, which then tries a fresh connection.
    """
    if context.is_pre_ping or context.engine is None:
        return None
    connected = context.connection is not None
    where = shown(context.engine.url)
    return unreachable(context.original_exception, where, connected=connected, lost=context.is_disconnect)


def _cause(state: str, error: BaseException | None) -> Label:
    text = str(error)
    for code, words in POSTGRES_CAUSES.items():
        if code == state or (not state and code in _told(text)):
            return words
    return _words(error)


def _told(text: str) -> set[str]:
    """Codes behind a refusal at connecting, which the driver hands on as text alone, in the server's language."""
    patterns = {"28P01": r"password authentication failed|fe_sendauth", "3D000": r'database ".*" does not exist'}
    return {code for code, pattern in patterns.items() if re.search(pattern, text)}


def _words(error: BaseException | None) -> Label:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return Label(lines[0], lines[0])
