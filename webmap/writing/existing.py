"""What of the record one feature is checked against: its neighbours, and what could have its code."""

from __future__ import annotations

import numpy as np

from geo.check import Existing
from geo.check.identity import made
from geo.model import Feature
from geo.store.nearby import nearby
from geo.store.revisions import Revision
from webmap.staff.desk import desk

MOST = 500  # neighbours; a parcel that lies on more has worse faults than the rest of them


def existing_near(feature: Feature) -> Existing:
    """The newest revisions of the feature's kind whose boxes meet its own, and the one that an import would have named by its code."""
    kind = type(feature)
    found: dict[str, Revision] = {}
    if feature.geometry is not None and not feature.geometry.is_empty:
        box = feature.geometry.bounds
        beside = nearby(desk().store.engine, box, kinds=(kind.kind,), units=None, limit=MOST)
        found = {revision.feature_id: revision for revision in beside}
    code = str(getattr(feature, "code", "") or "")
    if code:
        named = made(kind, feature.county, code, "")
        found |= {name: one for name, one in desk().store.currents([named]).items() if one.kind == kind.kind}
    return _of(list(found.values()))


def _of(revisions: list[Revision]) -> Existing:
    geometries = np.full(len(revisions), None, object)
    geometries[:] = [revision.geometry for revision in revisions]
    return Existing(
        ids=[revision.feature_id for revision in revisions],
        names=[str(revision.payload.get("name", "")) for revision in revisions],
        codes=[str(revision.payload.get("code", "") or "") for revision in revisions],
        counties=[str(revision.payload.get("county", "")) for revision in revisions],
        states=[revision.state.value for revision in revisions],
        geometries=geometries,
        payloads=[revision.payload for revision in revisions],
    )
