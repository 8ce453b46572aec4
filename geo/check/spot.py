"""A finding together with the place where it is, so that it can be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from datasets.labels import DEFAULT_LANGUAGE, Label
from geo.model.finding import Finding, Severity

Geometries = NDArray[np.object_]
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spot:
    """A finding, and where on the map it is.

    geometry: WGS-84 lon/lat, what to draw (a crossing, an overlap); None where the finding is about a field or the whole
    feature. ring, point: their numbers in the feature, from 1. at: the point's coordinates as the file has them. field: the
    declared field that the finding is about.
    """

    finding: Finding
    geometry: BaseGeometry | None = None
    ring: int | None = None
    point: int | None = None
    at: tuple[float, float] | None = None
    field: str = ""

    @property
    def code(self) -> str:
        """The finding's code."""
        return self.finding.code

    def payload(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """The JSON form of the finding: code, severity, where, message."""
        return finding_payload(self.finding, lang)


Spotted = Iterator[tuple[int, Spot]]
"""Spots with the number of the row, from 0, that each belongs to."""


def finding_payload(finding: Finding, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """The JSON form of a finding: code, severity, where, message."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "where": finding.where,
        "message": finding.message.text(lang),
    }


def error(code: str, zh: str, en: str, **place: Any) -> Spot:
    """A fault that keeps the feature from being committed; `where` is added by the caller's row."""
    return Spot(Finding(code, Severity.ERROR, "", Label(zh, en)), **place)


def warning(code: str, zh: str, en: str, **place: Any) -> Spot:
    """Something odd that a person should look at."""
    return Spot(Finding(code, Severity.WARNING, "", Label(zh, en)), **place)


def info(code: str, zh: str, en: str, **place: Any) -> Spot:
    """Something that a person may like to know."""
    return Spot(Finding(code, Severity.INFO, "", Label(zh, en)), **place)


def placed(spot: Spot, where: str) -> Spot:
    """The spot as one of the row at `where`: "a.shp#3" becomes "a.shp#3 ring 2 point 5" or "a.shp#3 area_m2"."""
    parts = [where, f"ring {spot.ring}" if spot.ring else "", f"point {spot.point}" if spot.point else "", spot.field]
    finding = spot.finding
    full = Finding(finding.code, finding.severity, " ".join(part for part in parts if part), finding.message)
    return Spot(full, spot.geometry, spot.ring, spot.point, spot.at, spot.field)


def point_of(lonlat: Points) -> BaseGeometry:
    """One coordinate pair as a point to draw."""
    return shapely.Point(float(lonlat[0]), float(lonlat[1]))
