"""The store's tables: one of revisions, one of heads. A new kind of feature needs no new table and no migration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
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
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from geo.model.fields import UNSTORABLE


class UtcDateTime(TypeDecorator[datetime]):
    """An instant; SQLite keeps no time zone, so UTC is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # PostgreSQL answers in the session's zone; the audit log's hashes are over UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)  # type: ignore[no-any-return]


SRID = 4326  # the record's geometry is WGS-84 lon/lat; CGCS2000 (EPSG:4490) is taken as equal


def storable(text: str) -> str:
    """`text` as both databases can keep it: what no text holds (NUL, half a surrogate pair) becomes U+FFFD."""
    return UNSTORABLE.sub("\ufffd", text)


class Words(TypeDecorator[str]):
    """What people typed, or programs sent: never a reason for the database to refuse a statement."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else storable(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Rows are only ever added. withdraws: approving it takes the feature down. geometry is WGS-84 lon/lat as WKB; original_geometry is as given, in original_crs.
revisions = Table(
    "revisions",
    metadata,
    Column("feature_id", String(120), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("author", Words(120), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("reason", Words, nullable=False),
    Column("payload", JSON().with_variant(JSONB(), "postgresql"), nullable=False),
    Column("geometry", LargeBinary),
    Column("west", Float),
    Column("south", Float),
    Column("east", Float),
    Column("north", Float),
    Column("original_geometry", LargeBinary),
    Column("original_crs", Words(80), nullable=False, server_default=""),
    Column("origin", Words, nullable=False, server_default=""),
    Column("expires_on", String(10), nullable=False, server_default=""),
    Column("withdraws", Boolean, nullable=False, server_default=false()),
    Index(None, "expires_on", sqlite_where=text("expires_on <> ''"), postgresql_where=text("expires_on <> ''")),
)

# One row a feature: the newest revision, and the one that the public sees.
heads = Table(
    "heads",
    metadata,
    Column("feature_id", String(120), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("current", Integer, nullable=False),
    Column("published", Integer),
    Column("expires_on", String(10), nullable=False, server_default=""),
    Column("west", Float),
    Column("south", Float),
    Column("east", Float),
    Column("north", Float),
    Index(None, "kind", "published"),
    Index(None, "west", "east", "south", "north"),
)

# People who log in. scope: adcodes of counties or cities, or "*" for all. The password's hash is argon2id.
accounts = Table(
    "accounts",
    metadata,
    Column("name", Words(60), primary_key=True),
    Column("display_name", Words(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("scope", JSON, nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("password_changed_at", UtcDateTime, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
)

# Who is logged in. token_hash: SHA-256 of the random token in the cookie.
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", Words(60), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "account"),
)

# Append-only; each entry's hash covers the one before, so that none can be taken out or altered unseen.
audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Words(120), nullable=False),
    Column("action", Words(60), nullable=False),
    Column("object", Words(200), nullable=False),
    Column("result", String(20), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("hash", String(64), nullable=False),
)

# Files as they came, kept beside the database under their hash.
files = Table(
    "files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("name", Words(255), nullable=False),
    Column("size", Integer, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("received_from", Words(120), nullable=False),
)

# Long work outside the request.
jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("owner", Words(120), nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("result", JSON),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("message", JSON),
    Column("cancel", Boolean, nullable=False),
    Column("worker", String(120), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("beat_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Index(None, "state", "created_at"),
)

# Websites that show the map in a frame. key: public, it stands in their pages. origins, counties: lists of texts.
embed_sites = Table(
    "embed_sites",
    metadata,
    Column("key", String(24), primary_key=True),
    Column("name", Words(120), nullable=False),
    Column("origins", JSON, nullable=False),
    Column("counties", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Words(120), nullable=False),
    Column("revoked_at", UtcDateTime),
)

# How often each of them was opened, by day (UTC).
embed_uses = Table(
    "embed_uses",
    metadata,
    Column("site", String(24), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("count", Integer, nullable=False),
)

# Programs that work in a person's name. token_hash: SHA-256 of the secret, which is kept nowhere. scopes, kinds, counties: lists.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account", Words(60), nullable=False),
    Column("name", Words(120), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("counties", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revoked_by", Words(120), nullable=False, server_default=""),
    Column("used_at", UtcDateTime),
    Column("uses", Integer, nullable=False, server_default="0"),
    Index(None, "account"),
)
