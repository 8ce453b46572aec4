"""Closes lines that stand for a boundary, and makes the area of them."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.check.repair.proposal import Repair


def closed(geometry: BaseGeometry) -> BaseGeometry | None:
    """The area that the lines enclose, each closed at its first point; a line inside another is a hole in it."""
    if geometry.geom_type not in ("LineString", "LinearRing", "MultiLineString"):
        return geometry
    rings = [_ring(line) for line in shapely.get_parts(geometry)]
    if any(ring is None for ring in rings):
        return None
    faces = sorted((shapely.Polygon(ring) for ring in rings), key=lambda face: -face.area)
    return faces[0] if len(faces) == 1 else _nested(faces)


def _ring(line: BaseGeometry) -> list[tuple[float, float]] | None:
    points = [(point[0], point[1]) for point in line.coords]
    if len(set(points)) < 3:
        return None
    return points if points[0] == points[-1] else [*points, points[0]]


def _nested(faces: list[shapely.Polygon]) -> BaseGeometry | None:
    parts: list[tuple[shapely.Polygon, list[shapely.Polygon]]] = []
    for face in faces:
        owner = next((holes for shell, holes in parts if shapely.is_valid(shell) and shell.contains(face)), None)
        if owner is None:
            parts.append((face, []))
        elif not any(hole.contains(face) for hole in owner):
            owner.append(face)
        else:
            parts.append((face, []))
    polygons = [shapely.Polygon(shell.exterior, [hole.exterior for hole in holes]) for shell, holes in parts]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


REPAIR = Repair(
    "close", Label("闭合界线并成面", "Close the boundary"), frozenset({"ring-not-closed", "line-for-area"}), closed, 10
)
