"""What an intake gives: one row a feature of the file, with everything that a person must see before he commits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from datasets.labels import DEFAULT_LANGUAGE, Label
from geo.check.outlines import AREAL
from geo.check.repair import Proposal, proposals
from geo.check.required import EMPTY
from geo.check.spot import Geometries, Points, Spot, finding_payload
from geo.crs import Candidate, System
from geo.model import Feature, fields_of
from geo.model.finding import Finding, Severity
from geo.read import RawFeature

PLACES = 7


@dataclass(frozen=True, eq=False)
class Facts:
    """Of each row's shape: middle (n, 2) lon/lat, NaN without one; numbers of parts and holes; whether it is an area."""

    middle: Points
    parts: NDArray[np.int64]
    holes: NDArray[np.int64]
    areal: NDArray[np.bool_]


@dataclass(eq=False)
class Sheet:
    """All rows side by side. columns: field → stored values; given: shapes as the file has them; crs: each row's system in words;
    geometries: WGS-84; areas: geodesic ㎡; spots: row → spots; unchanged: rows that say what the record says."""

    kind: type[Feature]
    raw: Sequence[RawFeature]
    columns: Mapping[str, list[Any]]
    given: Geometries
    crs: Sequence[str]
    geometries: Geometries
    areas: Points
    spots: dict[int, list[Spot]] = field(default_factory=dict)
    unchanged: set[int] = field(default_factory=set)
    known: set[int] = field(default_factory=set)

    @cached_property
    def facts(self) -> Facts:
        """What the JSON form says of each shape."""
        shapes = self.geometries
        parts, owner = shapely.get_parts(shapes, return_index=True)
        areal = np.isin(shapely.get_type_id(shapes), AREAL) & ~shapely.is_empty(shapes)
        holes = np.maximum(shapely.get_num_interior_rings(parts), 0)
        middle = np.full((len(shapes), 2), np.nan)
        there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
        middle[there] = shapely.get_coordinates(shapely.centroid(shapes[there]))
        return Facts(
            middle,
            np.bincount(owner, minlength=len(shapes)),
            np.bincount(owner, holes, len(shapes)).astype(np.int64),
            areal,
        )

    def values(self, row: int) -> dict[str, Any]:
        """The stored values of a row, by field."""
        return {name: column[row] for name, column in self.columns.items()}


class Row:
    """One row of a file. Nothing of it is made before it is asked for, since a file may have a hundred thousand."""

    def __init__(self, sheet: Sheet, number: int) -> None:
        self._sheet = sheet
        self.number = number

    @property
    def where(self) -> str:
        """Its place in the file."""
        return self._sheet.raw[self.number].where

    @property
    def text(self) -> Mapping[str, object]:
        """The cells as the file has them, by heading."""
        return self._sheet.raw[self.number].attributes

    @property
    def values(self) -> dict[str, Any]:
        """The stored values by field, in the order of declaration."""
        return self._sheet.values(self.number)

    @property
    def id(self) -> str:
        """The feature's id; "" where the row has not enough to make one."""
        return str(self._sheet.columns["id"][self.number])

    @property
    def geometry(self) -> BaseGeometry | None:
        """WGS-84 lon/lat; None where there is none or it could not be placed."""
        shape: BaseGeometry | None = self._sheet.geometries[self.number]
        return shape

    @property
    def area_m2(self) -> float:
        """Geodesic square metres of the shape; 0 where it is no area."""
        return float(self._sheet.areas[self.number])

    @property
    def original_geometry(self) -> bytes | None:
        """The shape as the file has it, in `original_crs`, as WKB (with Z and M)."""
        shape = self._sheet.given[self.number]
        return None if shape is None else bytes(shapely.to_wkb(shape))

    @property
    def original_crs(self) -> str:
        """The system of `original_geometry` and how its numbers were read: "EPSG:4526", "EPSG:4526 swapped"."""
        return self._sheet.crs[self.number]

    @property
    def spots(self) -> list[Spot]:
        """Its findings, the gravest first, with the places where they are."""
        order = list(Severity)
        return sorted(self._sheet.spots.get(self.number, ()), key=lambda spot: order.index(spot.finding.severity))

    @property
    def findings(self) -> list[Finding]:
        """Its findings, the gravest first."""
        return [spot.finding for spot in self.spots]

    @property
    def has_errors(self) -> bool:
        """Whether something keeps it from being committed."""
        return any(spot.finding.severity is Severity.ERROR for spot in self._sheet.spots.get(self.number, ()))

    @property
    def unchanged(self) -> bool:
        """Whether the record says the same of it already, fields and shape."""
        return self.number in self._sheet.unchanged

    @property
    def is_new(self) -> bool:
        """Whether the record has no feature of this id."""
        return self.number not in self._sheet.known

    @property
    def feature(self) -> Feature | None:
        """The feature; None where a required value is missing."""
        values = self.values
        required = (name for name, spec in fields_of(self._sheet.kind).items() if spec.required)
        if any(values[name] in EMPTY for name in required):
            return None
        return self._sheet.kind(**values, geometry=self.geometry)

    @property
    def proposals(self) -> list[Proposal]:
        """Repairs of its shape that would remove findings."""
        return proposals(self.geometry, {spot.code for spot in self.spots})

    def payload(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """The JSON form: where, code, name, geodesic area in ㎡, centroid, numbers of parts and holes, findings."""
        sheet, row = self._sheet, self.number
        facts = sheet.facts
        lon, lat = facts.middle[row].tolist()
        return {
            "where": self.where,
            "id": self.id,
            "code": sheet.columns["code"][row] if "code" in sheet.columns else "",
            "name": sheet.columns["name"][row],
            "area_m2": round(self.area_m2, 2) if facts.areal[row] else None,
            "centroid": None if lon != lon else [round(lon, PLACES), round(lat, PLACES)],  # noqa: PLR0124 (NaN)
            "parts": int(facts.parts[row]),
            "holes": int(facts.holes[row]),
            "findings": [spot.payload(lang) for spot in self.spots],
        }


@dataclass(eq=False)
class Intake:
    """A file, read, placed on the map and checked.

    format: the reader's name. system: of most rows, None without coordinates; system_reason: why that one; candidates: all that
    fit, best first. rows: one a feature, in the file's order. findings: about the file as a whole.
    """

    name: str
    format: str
    kind: type[Feature]
    chosen: Candidate | None
    system_reason: Label
    candidates: list[Candidate]
    sheet: Sheet
    findings: list[Finding]

    @property
    def system(self) -> System | None:
        """The coordinate system of most rows."""
        return self.chosen.system if self.chosen else None

    @cached_property
    def rows(self) -> list[Row]:
        """The rows in the file's order."""
        return [Row(self.sheet, number) for number in range(len(self.sheet.raw))]

    @property
    def has_errors(self) -> bool:
        """Whether anything in the file keeps it from being committed."""
        spots = (spot.finding for found in self.sheet.spots.values() for spot in found)
        return any(finding.severity is Severity.ERROR for group in (self.findings, spots) for finding in group)

    def payload(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """The object that `relitu import --format json` prints: format, crs, crs_reason, parcels, findings."""
        return {
            "file": self.name,
            "format": self.format,
            "crs": self.system.code if self.system else None,
            "crs_reason": self.system_reason.text(lang),
            "parcels": [row.payload(lang) for row in self.rows],
            "findings": [finding_payload(finding, lang) for finding in self.findings],
        }
