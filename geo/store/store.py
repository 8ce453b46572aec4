"""Write and read revisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import shapely
from sqlalchemy import Connection, Engine, and_, bindparam, func, insert, select, update

from geo.model import Feature, Kinds
from geo.store import audit
from geo.store.changes import public_view
from geo.store.database import migrate, open_database, require_current, writing
from geo.store.revisions import Change, Conflict, Revision, State, revision_of
from geo.store.tables import heads, revisions

CHUNK = 500
Row = dict[str, Any]


class Store:
    """The record behind one database URL."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def create(cls, url: str) -> Store:
        """Open the database, making or upgrading its tables; raises UnusableDatabase, StoreUnreachable."""
        return cls._prepared(url, migrate)

    @classmethod
    def open(cls, url: str) -> Store:
        """Open a database that is up to date; raises OutdatedStore otherwise, UnusableDatabase, StoreUnreachable."""
        return cls._prepared(url, require_current)

    @classmethod
    def _prepared(cls, url: str, prepare: Callable[[Engine], None]) -> Store:
        engine = open_database(url)
        try:
            prepare(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def record(
        self, changes: Iterable[Change], *, author: str, reason: str, state: State = State.DRAFT
    ) -> list[Revision]:
        """Append one revision a change, all in one transaction; what was written, in order.

        A change that says what the newest revision says already, in the same state, adds nothing. Raises Conflict, and
        writes nothing at all, where a change's `expected` is no longer the newest.
        """
        pending = list(changes)
        if repeated := _repeated([change.feature.id for change in pending]):
            raise ValueError(f"two changes of {repeated} in one call")
        now = datetime.now(UTC)
        with writing(self.engine) as connection:
            newest = self._newest(connection, [change.feature.id for change in pending])
            rows = []
            for change in pending:
                before = newest.get(change.feature.id)
                number = before.number if before else 0
                if change.expected is not None and change.expected != number:
                    raise Conflict(change.feature.id, change.expected, number)
                row = _row(change, number + 1, author, now, reason, state)
                if before is None or not _says_the_same(before, row):
                    rows.append(row)
            self._append(connection, rows)
            if rows:
                _note(connection, rows, author, reason, state)
        return [revision_of(row) for row in rows]

    def _append(self, connection: Connection, rows: list[Row]) -> None:
        if not rows:
            return
        connection.execute(insert(revisions), rows)
        fresh = [row for row in rows if row["number"] == 1]
        if fresh:
            connection.execute(insert(heads), [_head(row) for row in fresh])
        for row in rows:
            if row["number"] > 1:
                self._move_head(connection, row)

    def _move_head(self, connection: Connection, row: Row) -> None:
        """A conditional update that must touch exactly one row: the head as it was read."""
        values = {name: value for name, value in _head(row).items() if name not in ("feature_id", "published")}
        if row["state"] is State.PUBLISHED:
            values["published"] = row["number"]
        elif row["state"] is State.WITHDRAWN:
            values["published"] = None
        here = and_(heads.c.feature_id == row["feature_id"], heads.c.current == row["number"] - 1)
        if connection.execute(update(heads).where(here).values(values)).rowcount != 1:
            raise Conflict(row["feature_id"], row["number"] - 1, row["number"])

    def _newest(self, connection: Connection, ids: list[str]) -> dict[str, Revision]:
        found = {}
        for start in range(0, len(ids), CHUNK):
            query = (
                select(revisions)
                .join(heads, and_(heads.c.feature_id == revisions.c.feature_id, heads.c.current == revisions.c.number))
                .where(heads.c.feature_id.in_(bindparam("ids", expanding=True)))
            )
            for row in connection.execute(query, {"ids": ids[start : start + CHUNK]}).mappings():
                found[row["feature_id"]] = revision_of(dict(row))
        return found

    def current(self, feature_id: str) -> Revision | None:
        """The newest revision of a feature, in whatever state; None if there is none."""
        with self.engine.connect() as connection:
            return self._newest(connection, [feature_id]).get(feature_id)

    def currents(self, ids: Iterable[str]) -> dict[str, Revision]:
        """The newest revisions of several features, by id."""
        with self.engine.connect() as connection:
            return self._newest(connection, list(ids))

    def history(self, feature_id: str) -> list[Revision]:
        """All revisions of a feature, oldest first."""
        query = select(revisions).where(revisions.c.feature_id == feature_id).order_by(revisions.c.number)
        with self.engine.connect() as connection:
            return [revision_of(dict(row)) for row in connection.execute(query).mappings()]

    def published(self, kinds: Kinds, today: str | None = None) -> Iterator[Feature]:
        """Every feature as the public sees it `today` (ISO, the server's local day by default), ordered by id.

        What has expired is left out, and so are kinds that are not declared any more.
        """
        with public_view(self.engine, kinds, today) as view:
            yield from view.features()

    def published_ids(self) -> set[str]:
        """The ids of all features that the public sees."""
        with self.engine.connect() as connection:
            return set(connection.execute(select(heads.c.feature_id).where(heads.c.published.is_not(None))).scalars())

    def is_empty(self) -> bool:
        """Whether nothing was ever recorded."""
        with self.engine.connect() as connection:
            return not connection.execute(select(func.count()).select_from(heads)).scalar_one()


def _note(connection: Connection, rows: list[Row], author: str, reason: str, state: State) -> None:
    """The audit entry of a call of `record`; it names every revision."""
    written = [f"{row['feature_id']}#{row['number']}" for row in rows]
    what = written[0] if len(written) == 1 else f"{len(written)} features"
    detail = {"reason": reason, "revisions": written, "origin": sorted({row["origin"] for row in rows} - {""})}
    audit.append(connection, actor=author, action=f"revision.{state}", object=what, detail=detail)


def _row(change: Change, number: int, author: str, now: datetime, reason: str, state: State) -> Row:
    feature = change.feature
    box = None if feature.geometry is None or feature.geometry.is_empty else feature.geometry.bounds
    return {
        "feature_id": feature.id,
        "number": number,
        "kind": feature.kind,
        "state": state,
        "author": author,
        "created_at": now,
        "reason": reason,
        "payload": feature.payload(),
        "geometry": None if feature.geometry is None else shapely.to_wkb(feature.geometry),
        **dict(zip(("west", "south", "east", "north"), box or (None,) * 4, strict=True)),
        "original_geometry": change.original_geometry,
        "original_crs": change.original_crs,
        "origin": change.origin,
        "expires_on": change.expires_on,
        "withdraws": change.withdraws,
    }


def _head(row: Row) -> Row:
    return {
        "feature_id": row["feature_id"],
        "kind": row["kind"],
        "current": row["number"],
        "published": row["number"] if row["state"] is State.PUBLISHED else None,
        "expires_on": row["expires_on"],
        **{side: row[side] for side in ("west", "south", "east", "north")},
    }


def _says_the_same(before: Revision, row: Row) -> bool:
    geometry = None if before.geometry is None else shapely.to_wkb(before.geometry)
    same = (before.state, before.kind, before.expires_on, before.withdraws, dict(before.payload), geometry)
    return same == tuple(row[name] for name in ("state", "kind", "expires_on", "withdraws", "payload", "geometry"))


def _repeated(ids: list[str]) -> str | None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            return name
        seen.add(name)
    return None
