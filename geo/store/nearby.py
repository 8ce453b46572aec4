"""The records whose shapes meet a box: what an editor draws beside, and may snap to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Engine, and_, func, literal_column, or_, select

from geo.store.revisions import Revision, State, revision_of
from geo.store.tables import SRID, heads, revisions

Box = tuple[float, float, float, float]


def nearby(
    engine: Engine, box: Box, *, kinds: Collection[str], units: Collection[str] | None, limit: int
) -> Sequence[Revision]:
    """The newest revisions in `box` (west, south, east, north, WGS-84), at most `limit`.

    units: adcodes whose records that are not public are told too; None for all. What is withdrawn or returned is left out.
    """
    west, south, east, north = box
    county = revisions.c.payload["county"].as_string()
    alive = revisions.c.state.in_((State.DRAFT, State.SUBMITTED, State.PUBLISHED))
    visible = revisions.c.state == State.PUBLISHED
    query = (
        select(revisions)
        .join(heads, and_(heads.c.feature_id == revisions.c.feature_id, heads.c.current == revisions.c.number))
        .where(heads.c.kind.in_(tuple(kinds)), alive)
        .where(heads.c.west <= east, heads.c.east >= west, heads.c.south <= north, heads.c.north >= south)
        .order_by(revisions.c.feature_id)
        .limit(limit)
    )
    if engine.dialect.name == "postgresql":
        # The same once more in the words of the GiST index; its boxes are rounded outwards, so the sides above decide.
        query = query.where(literal_column("heads.geometry").op("&&")(func.ST_MakeEnvelope(*box, SRID)))
    if units is not None:
        query = query.where(or_(visible, county.in_(tuple(units))))
    with engine.connect() as connection:
        return [revision_of(dict(row)) for row in connection.execute(query).mappings()]
