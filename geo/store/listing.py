"""The newest revisions of many features as short rows: by kind, state, county, author and text, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, func, or_, select

from geo.store.revisions import State
from geo.store.tables import heads, revisions, storable

Condition = ColumnElement[bool]
COLUMNS = (
    "feature_id",
    "kind",
    "number",
    "state",
    "author",
    "created_at",
    "reason",
    "origin",
    "expires_on",
    "withdraws",
)
_county = revisions.c.payload["county"].as_string()
_name = revisions.c.payload["name"].as_string()
_newest = and_(heads.c.feature_id == revisions.c.feature_id, heads.c.current == revisions.c.number)


@dataclass(frozen=True)
class Listed:
    """A feature's newest revision in short. `published`: the number of the one that the public sees."""

    id: str
    kind: str
    name: str
    county: str
    number: int
    published: int | None
    state: State
    author: str
    created_at: datetime
    reason: str
    origin: str
    expires_on: str
    withdraws: bool


@dataclass(frozen=True)
class Wanted:
    """Which features. units: adcodes of counties and cities, None for everywhere.

    author: who wrote the newest revision. involved: who has written any revision since the last published one.
    q: part of the name or the id. origin: part of where the revision comes from (a file's hash).
    """

    units: Collection[str] | None = None
    kind: str = ""
    states: Collection[State] = ()
    county: Collection[str] = ()
    author: str = ""
    involved: str = ""
    q: str = ""
    origin: str = ""


def listing(engine: Engine, wanted: Wanted, limit: int = 50, offset: int = 0) -> tuple[int, list[Listed]]:
    """How many there are, and a page of them, the latest changed first."""
    here = _conditions(wanted)
    columns = [revisions.c[name] for name in COLUMNS]
    rows = (
        select(*columns, heads.c.published, _county.label("county"), _name.label("name"))
        .join(heads, _newest)
        .where(*here)
        .order_by(revisions.c.created_at.desc(), revisions.c.feature_id)
        .limit(limit)
        .offset(offset)
    )
    with engine.connect() as connection:
        total = int(connection.execute(_counted(here)).scalar_one())
        return total, [_listed(row) for row in connection.execute(rows).mappings()]


def count(engine: Engine, wanted: Wanted) -> int:
    """How many there are."""
    with engine.connect() as connection:
        return int(connection.execute(_counted(_conditions(wanted))).scalar_one())


def states(engine: Engine, wanted: Wanted) -> dict[State, int]:
    """How many there are in each state."""
    query = (
        select(revisions.c.state, func.count())
        .join(heads, _newest)
        .where(*_conditions(wanted))
        .group_by(revisions.c.state)
    )
    with engine.connect() as connection:
        return {State(state): n for state, n in connection.execute(query).all()}


def counties_of_origin(engine: Engine, origin: str) -> set[str]:
    """The counties of all revisions that ever came from a file, given by its hash."""
    query = select(_county).where(revisions.c.origin.contains(origin, autoescape=True)).distinct()
    with engine.connect() as connection:
        return set(connection.execute(query).scalars())


def _counted(here: list[Condition]) -> Select[Any]:
    return select(func.count()).select_from(revisions).join(heads, _newest).where(*here)


def _conditions(wanted: Wanted) -> list[Condition]:
    here: list[Condition] = []
    if wanted.units is not None:
        here.append(_county.in_(sorted(wanted.units)))
    if wanted.county:
        here.append(_county.in_(sorted(wanted.county)))
    if wanted.kind:
        here.append(revisions.c.kind == wanted.kind)
    if wanted.states:
        here.append(revisions.c.state.in_(sorted(wanted.states)))
    if wanted.author:
        here.append(revisions.c.author == wanted.author)
    if wanted.involved:
        here.append(_had_a_hand(wanted.involved))
    if wanted.q:
        words = storable(wanted.q)
        here.append(
            or_(_name.icontains(words, autoescape=True), revisions.c.feature_id.icontains(words, autoescape=True))
        )
    if wanted.origin:
        here.append(revisions.c.origin.contains(wanted.origin, autoescape=True))
    return here


def _had_a_hand(person: str) -> Condition:
    earlier = revisions.alias()
    return exists().where(
        earlier.c.feature_id == heads.c.feature_id,
        earlier.c.author == person,
        earlier.c.number > func.coalesce(heads.c.published, 0),
    )


def _listed(row: Mapping[Any, Any]) -> Listed:
    return Listed(
        id=row["feature_id"],
        kind=row["kind"],
        name=row["name"] or "",
        county=row["county"] or "",
        number=row["number"],
        published=row["published"],
        state=State(row["state"]),
        author=row["author"],
        created_at=row["created_at"],
        reason=row["reason"],
        origin=row["origin"],
        expires_on=row["expires_on"],
        withdraws=bool(row["withdraws"]),
    )
