"""The audit log: who did what to which object, when, and how it ended; chained by hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, desc, insert, select

from geo.store.database import writing
from geo.store.tables import audit, storable

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One entry as it was written."""

    number: int
    at: datetime
    actor: str
    action: str
    object: str
    result: str
    detail: Mapping[str, Any]
    hash: str


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold: the entry's number, and what is wrong ("missing", "altered")."""

    number: int
    reason: str


def append(
    connection: Connection,
    *,
    actor: str,
    action: str,
    object: str,  # noqa: A002 - the field's term
    result: str = "ok",
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Add an entry inside a transaction of `writing`: it stands or falls with what it tells of."""
    last = connection.execute(select(audit.c.number, audit.c.hash).order_by(desc(audit.c.number)).limit(1)).first()
    number, before = (last.number + 1, last.hash) if last else (1, GENESIS)
    row = {
        "number": number,
        "at": datetime.now(UTC),
        # The hash is over what will be read again.
        "actor": storable(actor),
        "action": storable(action),
        "object": storable(object),
        "result": storable(result),
        "detail": json.loads(json.dumps(detail or {})),
    }
    row["hash"] = _hash(before, row)
    connection.execute(insert(audit), row)
    return Entry(**row)


def note(engine: Engine, **entry: Any) -> Entry:
    """Add an entry in a transaction of its own, for what changes nothing else (a login, a view, an export)."""
    with writing(engine) as connection:
        return append(connection, **entry)


def entries(
    engine: Engine,
    limit: int = 200,
    before: int | None = None,
    object_: str | None = None,
    *,
    actors: Collection[str] | None = None,
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Entry]:
    """The newest entries first; `before`: only older ones than this number; `object_`: only those about it.

    actors: only these people's. action: its beginning ("login", "account."). since, until: not before, and before, an instant.
    """
    query = select(audit).order_by(desc(audit.c.number)).limit(limit)
    if actors is not None:
        query = query.where(audit.c.actor.in_(actors))
    if action:
        query = query.where(audit.c.action.startswith(action, autoescape=True))
    if since is not None:
        query = query.where(audit.c.at >= since)
    if until is not None:
        query = query.where(audit.c.at < until)
    if before is not None:
        query = query.where(audit.c.number < before)
    if object_ is not None:
        query = query.where(audit.c.object == object_)
    with engine.connect() as connection:
        return [Entry(**row) for row in connection.execute(query).mappings()]


def breaks(engine: Engine) -> Iterator[Break]:
    """Every place where an entry was taken out, put in or altered after it was written.

    An end cut off leaves a shorter chain that holds: compare the last number and hash with a copy kept elsewhere.
    """
    before, expected = GENESIS, 1
    with engine.connect() as connection:
        for row in (
            connection.execution_options(yield_per=1000).execute(select(audit).order_by(audit.c.number)).mappings()
        ):
            while expected < row["number"]:
                yield Break(expected, "missing")
                expected += 1
            if row["hash"] != _hash(before, row):
                yield Break(row["number"], "altered")
            before, expected = row["hash"], row["number"] + 1


def _hash(before: str, row: Mapping[str, Any] | RowMapping) -> str:
    """SHA-256 over the hash before and the entry's members in a canonical form."""
    members = [row[name] for name in ("number", "actor", "action", "object", "result", "detail")]
    text = json.dumps([before, row["at"].isoformat(), *members], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
