"""What the record holds of a kind, as the checks compare a file with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy import and_, select

from geo.check.existing import Existing
from geo.store import State, Store
from geo.store.tables import heads, revisions


@dataclass(frozen=True, eq=False)
class Known:
    """existing: the newest revision of every feature of a kind; numbers: their numbers, by id."""

    existing: Existing
    numbers: Mapping[str, int]

    def state(self, feature_id: str) -> State | None:
        """Where the newest revision of a feature stands; None for one that is not known."""
        place = self.existing.place.get(feature_id)
        return None if place is None else State(self.existing.states[place])


def known(store: Store, kind: str) -> Known:
    """The newest revision of every feature of a kind, in whatever state."""
    columns = revisions.c
    query = (
        select(columns.feature_id, columns.number, columns.state, columns.payload, columns.geometry)
        .join(heads, and_(heads.c.feature_id == columns.feature_id, heads.c.current == columns.number))
        .where(heads.c.kind == kind)
        .order_by(columns.feature_id)
    )
    with store.engine.connect() as connection:
        rows = connection.execute(query).all()
    payloads = [row.payload for row in rows]
    blobs = np.array([*(None if row.geometry is None else bytes(row.geometry) for row in rows), None], object)
    existing = Existing(
        ids=[row.feature_id for row in rows],
        names=[str(payload.get("name", "")) for payload in payloads],
        codes=[str(payload.get("code", "") or "") for payload in payloads],
        counties=[str(payload.get("county", "")) for payload in payloads],
        states=[row.state for row in rows],
        geometries=shapely.from_wkb(blobs)[:-1],
        payloads=payloads,
    )
    return Known(existing, {row.feature_id: row.number for row in rows})
