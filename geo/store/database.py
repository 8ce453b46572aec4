"""Connections and migrations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 15_000


class OutdatedStore(RuntimeError):
    """The database was written by another version of the software; `relitu init` brings it up to date."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"the database is at revision {found or '(none)'}, the software needs {expected}")
        self.found = found
        self.expected = expected


WRITES = "relitu_writes"
CHAIN_LOCK = 0x72656C69  # one writer at a time extends the audit log's chain, on whichever node


def open_database(url: str) -> Engine:
    """An engine for `url`; on SQLite with write-ahead log, full durability and enforced foreign keys."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the right to write from its first statement: what it reads stays true until it commits."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
        yield connection


def _begin_sqlite(connection: Connection) -> None:
    """The driver would begin only at the first write, and lose what it had read to another writer by then."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision; nothing happens where it is there already."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
