"""A record as somebody is writing it: read from the form, checked, compared with what stood there before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import shapely
from flask import request
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.check import Severity
from geo.check.required import missing_to_publish
from geo.model import Feature, fields_of
from geo.model.fields import Entries
from geo.model.invalid import InvalidFeature
from geo.store.revisions import Change, Revision
from webmap.staff import checks, posted, routes
from webmap.staff.desk import desk
from webmap.staff.differences import geojson, same_shape
from webmap.staff.inputs import Told
from webmap.staff.shapes import UnreadableShape, read_shape
from webmap.staff.visiting import covers, visit
from webmap.staff.words import in_words, t

DRAWN_IN = "EPSG:4326"
REASON_LENGTH = 2000
Messages = dict[str, list[str]]


@dataclass(frozen=True)
class Draft:
    """What a form holds. `base` is the revision that it was made from, None for a new record."""

    kind: type[Feature]
    id: str
    values: Mapping[str, Any]
    geometry: BaseGeometry | None
    base: Revision | None
    geometry_text: str = ""
    expires_on: str = ""
    reason: str = ""
    told: Told = field(default_factory=Told)
    feature: Feature | None = None

    @property
    def expected(self) -> int:
        """The number of the revision that its author had before him."""
        return self.base.number if self.base else 0

    @property
    def geometry_json(self) -> str:
        """The geometry for the form's hidden field, every digit kept."""
        shape = geojson(self.geometry)
        return "" if shape is None else json.dumps(shape, separators=(",", ":"))

    @property
    def stops(self) -> str:
        """The name of the field whose entries are stops that the line goes through; empty where there is none."""
        return stops_field(self.kind)

    def says_nothing_new(self) -> bool:
        """Whether the form says what its base says."""
        if self.base is None or self.feature is None:
            return False
        same = self.feature.says_same(self.base.feature(desk().kinds))
        return same and self.expires_on == self.base.expires_on

    def change(self) -> Change:
        """The change to record; the original geometry and file stay with a shape that was not touched."""
        assert self.feature is not None  # noqa: S101 - only a checked draft is recorded
        if self.base is not None and same_shape(self.geometry, self.base.geometry):
            return Change(
                self.feature,
                self.expected,
                self.base.original_geometry,
                self.base.original_crs,
                self.base.origin,
                self.expires_on,
            )
        drawn = None if self.geometry is None else shapely.to_wkb(self.geometry)
        return Change(self.feature, self.expected, drawn, DRAWN_IN if drawn else "", "", self.expires_on)


def stops_field(kind: type[Feature]) -> str:
    """The field of a kind whose entries name other records to pass through."""
    for name, declared in fields_of(kind).items():
        if isinstance(declared, Entries) and any(key == "feature" for key, _ in declared.columns):
            return name
    return ""


def from_revision(revision: Revision, kind: type[Feature]) -> Draft:
    """The form of a record as it stands."""
    return Draft(
        kind, revision.feature_id, revision.payload, revision.geometry, revision, expires_on=revision.expires_on
    )


def from_form(kind: type[Feature], feature_id: str, base: Revision | None) -> Draft:
    """What the request's form holds, not yet checked but for the geometry, whose text may be unreadable."""
    form = request.form
    values = posted.values_of(kind, form, base.payload if base else {})
    errors: Messages = {}
    text = form.get("geometry_text", "").strip()
    shape = None
    stops = stops_field(kind)
    try:
        hidden = form.get("geometry", "")
        if "geometry_clear" not in form:
            shape = read_shape(hidden)
        if text:
            shape = read_shape(text, line=bool(stops))
    except UnreadableShape as fault:
        errors["geometry"] = [in_words(fault.label)]
        shape = base.geometry if base else None
    if base is not None and same_shape(shape, base.geometry):
        shape = base.geometry
    return Draft(
        kind,
        feature_id,
        values,
        shape,
        base,
        text if errors else "",
        form.get("expires_on", "").strip(),
        form.get("reason", "").strip()[:REASON_LENGTH],
        Told(errors),
    )


def along_stops(draft: Draft) -> Draft:
    """The draft with its line drawn anew where the stops have changed and the author wants it so."""
    name = draft.stops
    if not name or "follow" not in request.form:
        return draft
    before = draft.base.payload.get(name, []) if draft.base else []
    if list(draft.values[name]) == list(before):
        return draft
    return replace(draft, geometry=routes.line_through(draft.values[name]))


def checked(draft: Draft, *, to_publish: bool = False) -> Draft:
    """The draft with its feature, or with what is wrong beside each field; oddities are told in any case."""
    errors: Messages = {name: list(words) for name, words in draft.told.errors.items()}
    warnings: Messages = {}
    if draft.expires_on and not _is_day(draft.expires_on):
        errors.setdefault("expires_on", []).append(t("staff.bad_day"))
    county = str(draft.values.get("county", ""))
    if county and not covers(visit().account, county):
        errors.setdefault("county", []).append(t("staff.county_not_yours"))
    feature = None
    try:
        feature = draft.kind.from_row({"id": draft.id, **draft.values}, draft.geometry)
    except InvalidFeature as invalid:
        for fault in invalid.errors:
            errors.setdefault(fault.field, []).append(in_words(fault.message))
    if feature is not None:
        found = checks.findings(feature) + (missing_to_publish(feature) if to_publish else [])
        for finding in found:
            about = errors if finding.severity is Severity.ERROR else warnings
            _tell(about, finding.where.removeprefix(f"{draft.id}."), finding.message)
    return replace(draft, told=Told(errors, warnings), feature=None if errors else feature)


def _tell(messages: Messages, name: str, label: Label) -> None:
    words = messages.setdefault(name, [])
    if in_words(label) not in words:
        words.append(in_words(label))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def kept(form: posted.Form) -> Sequence[tuple[str, str]]:
    """Everything that was typed, to be sent again; without what belongs to one request."""
    return [(name, value) for name, value in form.items(multi=True) if name not in ("csrf", "do", "over")]
