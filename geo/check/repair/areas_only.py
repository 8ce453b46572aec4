"""Keeps the areas of a shape that also holds points and lines."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.check.repair.proposal import Repair


def areas_only(geometry: BaseGeometry) -> BaseGeometry | None:
    """The polygons of a collection, in their order; None where it has none."""
    if geometry.geom_type != "GeometryCollection":
        return geometry
    flat = [part for member in _members(geometry) for part in shapely.get_parts(member)]
    polygons = [part for part in flat if part.geom_type == "Polygon" and not part.is_empty]
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _members(geometry: BaseGeometry) -> list[BaseGeometry]:
    if geometry.geom_type != "GeometryCollection":
        return [geometry]
    return [inner for member in shapely.get_parts(geometry) for inner in _members(member)]


REPAIR = Repair("areas-only", Label("只保留面", "Keep the areas only"), frozenset({"geometry-mixed"}), areas_only, 20)
