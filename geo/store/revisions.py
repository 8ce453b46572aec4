"""Revisions: what was said of a feature, by whom, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.model import Feature, Kinds


class State(StrEnum):
    """Where a revision stands on its way to the public."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Conflict(RuntimeError):
    """Somebody else has changed the feature since it was read; nothing was written."""

    def __init__(self, feature_id: str, expected: int, found: int) -> None:
        super().__init__(f"{feature_id}: revision {found} is newer than {expected}")
        self.feature_id = feature_id
        self.expected = expected
        self.found = found


@dataclass(frozen=True)
class Change:
    """A feature as it should be.

    expected: the number of the revision that the author had before him (0 for a new feature), or None where he does not
    care. original_geometry is WKB in original_crs; origin names the file that it came from (its SHA-256 and the row).
    expires_on: the last day (ISO) on which the public sees it, empty for no end. withdraws: it asks that the feature be
    taken down, which its approval does.
    """

    feature: Feature
    expected: int | None = None
    original_geometry: bytes | None = None
    original_crs: str = ""
    origin: str = ""
    expires_on: str = ""
    withdraws: bool = False


@dataclass(frozen=True)
class Revision:
    """One row of the record. geometry: WGS-84 lon/lat."""

    feature_id: str
    number: int
    kind: str
    state: State
    author: str
    created_at: datetime
    reason: str
    payload: Mapping[str, Any]
    geometry: BaseGeometry | None
    original_geometry: bytes | None
    original_crs: str
    origin: str
    expires_on: str
    withdraws: bool = False

    def feature(self, kinds: Kinds) -> Feature:
        """The feature that this revision describes, checked against its kind's declaration."""
        return kinds.get(self.kind).from_row(self.payload, self.geometry)


def revision_of(row: Mapping[str, Any]) -> Revision:
    """The revision in a row of the table."""
    blob = row["geometry"]
    return Revision(
        feature_id=row["feature_id"],
        number=row["number"],
        kind=row["kind"],
        state=State(row["state"]),
        author=row["author"],
        created_at=row["created_at"],
        reason=row["reason"],
        payload=row["payload"],
        geometry=None if blob is None else shapely.from_wkb(bytes(blob)),
        original_geometry=row["original_geometry"],
        original_crs=row["original_crs"],
        origin=row["origin"],
        expires_on=row["expires_on"],
        withdraws=bool(row["withdraws"]),
    )
