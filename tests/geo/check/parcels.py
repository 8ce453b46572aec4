"""Shapes near Changge (411082) given in metres, and raw files of them, for tests that reason about ground distances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.check.outlines import AUTHALIC_RADIUS
from geo.crs import Declared
from geo.model.finding import Finding
from geo.read import RawFeature, ReadFile

ORIGIN = (113.85, 34.2)  # inside Changge, more than a kilometre from its border
COUNTY = "411082"
METRE = np.degrees(1 / AUTHALIC_RADIUS)

Ring = Sequence[tuple[float, float]]


def placed(geometry: BaseGeometry) -> BaseGeometry:
    """A shape in metres about ORIGIN as WGS-84 (within 0.4 %)."""
    scale = np.array([METRE / np.cos(np.radians(ORIGIN[1])), METRE])
    moved: BaseGeometry = shapely.transform(geometry, lambda xy: np.array(ORIGIN) + xy * scale)
    return moved


def square(x: float, y: float, size: float) -> Ring:
    return [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]


def polygon(shell: Ring, *holes: Ring) -> BaseGeometry:
    return placed(shapely.Polygon(shell, holes))


def parts(*polygons: BaseGeometry) -> BaseGeometry:
    rings: Any = list(polygons)
    return shapely.MultiPolygon(rings)


def array(*geometries: BaseGeometry | None) -> np.ndarray[Any, Any]:
    found = np.full(len(geometries), None, object)
    found[:] = geometries
    return found


def raw(
    rows: Iterable[tuple[Mapping[str, object], BaseGeometry | None]],
    name: str = "plots.geojson",
    declared: Declared | None = None,
    findings: tuple[Finding, ...] = (),
) -> ReadFile:
    """A file as a reader gives it, in WGS-84 unless it declares something else."""
    features = tuple(
        RawFeature(f"{name}#{number}", attributes, geometry) for number, (attributes, geometry) in enumerate(rows, 1)
    )
    return ReadFile(name, "geojson", declared or Declared(epsg=4326), features, findings)
