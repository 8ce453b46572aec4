"""Connections and migrations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from datasets.labels import Label
from geo.store.failures import OutdatedStore, UnusableDatabase, shown, translate, unreachable

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 15_000
WRITES = "relitu_writes"
CHAIN_LOCK = 0x72656C69  # one writer at a time extends the audit log's chain, on whichever node
# For libpq. A server that is gone is told within seconds rather than after the system's quarter of an hour.
POSTGRES_SETTINGS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "application_name": "relitu",
    # A plan kept from when a table was small reads all of it once it is large; planning anew costs less than a millisecond.
    "options": f"-c lock_timeout={BUSY_TIMEOUT_MS} -c plan_cache_mode=force_custom_plan",
}


def open_database(url: str) -> Engine:
    """An engine for `url`: `sqlite:///…` or `postgresql://…`. Nothing is connected to yet. Raises UnusableDatabase.

    SQLite gets a write-ahead log, full durability and enforced foreign keys. Of PostgreSQL's connections each is tried
    before it is used, so that a server which was away and is back is found again. Whatever keeps the database from
    answering is raised as StoreUnreachable.
    """
    address = _address(url)
    try:
        if address.get_backend_name() == "postgresql":
            settings = {name: value for name, value in POSTGRES_SETTINGS.items() if name not in address.query}
            # What a transaction of `writing` reads after it got the lock must be what the lock's last holder left.
            engine = create_engine(address, pool_pre_ping=True, isolation_level="READ COMMITTED", connect_args=settings)
        else:
            engine = create_engine(address)
    except ModuleNotFoundError as error:
        raise UnusableDatabase(
            Label(
                f"缺少访问 {shown(address)} 的驱动（{error.name}）；请运行 make postgis，或 pip install 'relitu[postgis]'",
                f"the driver for {shown(address)} is missing ({error.name}); run make postgis, or pip install 'relitu[postgis]'",
            )
        ) from error
    except (ArgumentError, NoSuchModuleError, TypeError, ValueError) as error:
        raise _not_understood() from error
    event.listen(engine, "handle_error", translate, retval=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise _not_understood() from error
    if address.drivername in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in ("postgresql", "sqlite"):
        raise _not_understood()
    return address


def _not_understood() -> UnusableDatabase:
    """Without the address itself: it may hold a password in an unexpected place."""
    return UnusableDatabase(
        Label(
            "数据库地址无法识别；请写作 sqlite:////文件夹/relitu.sqlite 或 postgresql://用户:密码@主机:5432/库名"
            "（密码中的 @ : / % 等字符要写成 %40 %3A %2F %25）",
            "the database's address is not understood; write sqlite:////folder/relitu.sqlite or"
            " postgresql://user:password@host:5432/name (with %40 %3A %2F %25 for @ : / % in a password)",
        )
    )


@contextmanager
def writing(engine: Engine, *, chained: bool = True) -> Iterator[Connection]:
    """A transaction that holds the right to write from its first statement: what it reads stays true until it commits.

    chained: whether it may add to the audit log, whose writers take turns on PostgreSQL; without it only rows are locked
    there, and the caller sees to it that two such transactions do not hurt one another. SQLite has one writer anyway.
    """
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if chained and engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
        yield connection


def _begin_sqlite(connection: Connection) -> None:
    """The driver would begin only at the first write, and lose what it had read to another writer by then."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    try:
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error as error:
        where = next((row[2] for row in connection.execute("PRAGMA database_list")), "")
        raise unreachable(error, f"sqlite:///{where}", connected=False) or error from error


def migrate(engine: Engine, to: str = "head") -> None:
    """Bring the schema to revision `to`, the newest by default; nothing happens where it is there already.

    Raises UnusableDatabase where PostgreSQL lacks PostGIS.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def newest_revision() -> str:
    """The name of the newest migration."""
    return max(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def require_current(engine: Engine) -> None:
    """Raise OutdatedStore unless the schema is the one that this software writes."""
    found = ""
    if inspect(engine).has_table("alembic_version"):
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
    if found != newest_revision():
        raise OutdatedStore(found, newest_revision())
