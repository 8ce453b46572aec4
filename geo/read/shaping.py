"""Geometries put together from parts that a file spells out; what is wrong with a part is said in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.model.finding import Finding
from geo.read.faults import error
from geo.read.rings import FARTHEST, Points

_MAKERS: dict[str, Any] = {
    "Point": shapely.multipoints,
    "LineString": shapely.multilinestrings,
    "Polygon": shapely.multipolygons,
}


class Malformed(ValueError):
    """A geometry that is none; the words say why, in Chinese and English."""

    def __init__(self, zh: str, en: str, code: str = "geometry-malformed") -> None:
        super().__init__(en)
        self.zh, self.en, self.code = zh, en, code

    def finding(self, where: str) -> Finding:
        """The error of the row at this place."""
        return error(self.code, where, f"图形有误：{self.zh}", f"the geometry is malformed: {self.en}")


def closed_ring(xy: Points, notes: set[str]) -> Points:
    """The ring with its first point at its end; notes gain "open" where the file has it not so.

    Raises Malformed where the ring has fewer than three points or impossible coordinates.
    """
    if not np.isfinite(xy).all():
        raise Malformed("坐标不是有限数值", "a coordinate is not finite", "coordinate-not-finite")
    if (np.abs(xy) > FARTHEST).any():
        raise Malformed("坐标大得不可能", "a coordinate is impossibly large", "coordinate-out-of-range")
    if len(xy) and (xy[0] != xy[-1]).any():
        notes.add("open")
        xy = np.vstack([xy, xy[:1]])
    if len(xy) < 4:
        raise Malformed("环不足三个不同的点", "a ring has fewer than three different points")
    return xy


def together(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    """A multi-part geometry of parts of one type, a collection of parts of several."""
    kinds = {part.geom_type for part in parts}
    maker = _MAKERS.get(kinds.pop()) if len(kinds) == 1 else None
    made: BaseGeometry = maker(np.array(parts, dtype=object)) if maker else shapely.GeometryCollection(list(parts))
    return made
