"""What the public sees at one moment: all of it, or what has come to differ since an earlier moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, desc, exists, func, literal_column, or_, select

from geo.model import Feature, Kinds
from geo.store.audit import GENESIS
from geo.store.revisions import State, revision_of
from geo.store.tables import audit, heads, revisions

CHUNK = 500
ACTIONS = tuple(f"revision.{state}" for state in (State.PUBLISHED, State.WITHDRAWN))
_published = and_(heads.c.feature_id == revisions.c.feature_id, heads.c.published == revisions.c.number)
_ends = revisions.c.expires_on != literal_column("''")  # spelt out as in the index, which else is not used


@dataclass(frozen=True)
class Mark:
    """A moment of a record.

    number, hash: of the newest entry in the audit log. Every call that writes leaves one, writers take turns, and the hash
    covers all entries before; so a record that holds this very entry holds everything up to it, and nothing of what it
    has written since can be missing after it. day: the ISO day for which features were looked at.
    """

    number: int
    hash: str
    day: str


class PublicView:
    """A record at one moment as the public sees it on one day: whatever is written meanwhile does not show."""

    def __init__(self, connection: Connection, kinds: Kinds, day: str) -> None:
        self._connection, self._kinds = connection, kinds
        newest = connection.execute(
            select(audit.c.number, audit.c.hash).order_by(desc(audit.c.number)).limit(1)
        ).first()
        self.mark = Mark(newest.number, newest.hash, day) if newest else Mark(0, GENESIS, day)

    def features(self) -> Iterator[Feature]:
        """Every feature, ordered by id. What has expired is left out, and so are kinds that are not declared any more."""
        return self._read(visible(self._kinds, self.mark.day).order_by(revisions.c.feature_id))

    def some(self, ids: Collection[str]) -> Iterator[Feature]:
        """Those of `ids` that are seen, ordered by id."""
        wanted = sorted(ids)
        for start in range(0, len(wanted), CHUNK):
            chosen = revisions.c.feature_id.in_(wanted[start : start + CHUNK])
            yield from self._read(visible(self._kinds, self.mark.day).where(chosen).order_by(revisions.c.feature_id))

    def changed_since(self, mark: Mark) -> set[str] | None:
        """The ids of all features that may look different than at `mark`; None where that cannot be told.

        That is where the record does not go back to it (it is another, or was restored from an earlier backup), or
        where `mark` is of a later day.
        """
        if mark.day > self.mark.day or not self._holds(mark):
            return None
        written = select(audit.c.detail).where(audit.c.number > mark.number, audit.c.action.in_(ACTIONS))
        ids = {
            str(each).rpartition("#")[0]
            for detail in self._connection.execute(written).scalars()
            for each in detail["revisions"]
        }
        if mark.day < self.mark.day:
            passed = and_(_ends, revisions.c.expires_on >= mark.day, revisions.c.expires_on < self.mark.day)
            ids.update(self._connection.execute(select(revisions.c.feature_id).where(passed)).scalars())
        return ids

    def count(self) -> int:
        """How many features are seen."""
        kinds = heads.c.kind.in_(self._kinds.names)
        published = select(func.count()).select_from(heads).where(heads.c.published.is_not(None), kinds)
        # A join would be begun from the heads, of which there are a million, rather than from what has ended.
        passed = and_(_ends, revisions.c.expires_on < self.mark.day, exists().where(_published, kinds))
        expired = select(func.count()).select_from(revisions).where(passed)
        return int(self._connection.execute(published).scalar_one() - self._connection.execute(expired).scalar_one())

    def _holds(self, mark: Mark) -> bool:
        if mark.number == 0:
            return mark.hash == GENESIS
        return self._connection.execute(select(audit.c.hash).where(audit.c.number == mark.number)).scalar() == mark.hash

    def _read(self, query: Select[Any]) -> Iterator[Feature]:
        with self._connection.execute(query, execution_options={"yield_per": CHUNK}) as found:
            for row in found.mappings():
                yield revision_of(dict(row)).feature(self._kinds)


@contextmanager
def public_view(engine: Engine, kinds: Kinds, today: str | None = None) -> Iterator[PublicView]:
    """The record as the public sees it `today` (ISO, the server's local day by default), the same until the block ends."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # a transaction of SQLite always looks at one moment
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield PublicView(connection, kinds, today or datetime.now().astimezone().date().isoformat())


def visible(kinds: Kinds, day: str) -> Select[Any]:
    """The published revisions of declared kinds whose last day has not passed on `day`."""
    lasting = or_(revisions.c.expires_on == "", revisions.c.expires_on >= day)
    return select(revisions).join(heads, _published).where(revisions.c.kind.in_(kinds.names), lasting)
