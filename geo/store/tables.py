"""The store's tables: one of revisions, one of heads. A new kind of feature needs no new table and no migration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant; SQLite keeps no time zone, so UTC is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value  # type: ignore[no-any-return]
        return value.replace(tzinfo=UTC)  # type: ignore[no-any-return]


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Rows are only ever added. geometry is WGS-84 lon/lat as WKB; original_geometry is as given, in original_crs.
revisions = Table(
    "revisions",
    metadata,
    Column("feature_id", String(120), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("author", String(120), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("geometry", LargeBinary),
    Column("west", Float),
    Column("south", Float),
    Column("east", Float),
    Column("north", Float),
    Column("original_geometry", LargeBinary),
    Column("original_crs", String(80), nullable=False, server_default=""),
    Column("origin", Text, nullable=False, server_default=""),
)

# One row a feature: the newest revision, and the one that the public sees.
heads = Table(
    "heads",
    metadata,
    Column("feature_id", String(120), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("current", Integer, nullable=False),
    Column("published", Integer),
    Column("west", Float),
    Column("south", Float),
    Column("east", Float),
    Column("north", Float),
    Index(None, "kind", "published"),
    Index(None, "west", "east", "south", "north"),
)
