"""Geometries put together from parts that a file spells out; what is wrong with a part is said in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

_MAKERS: dict[str, Any] = {
    "Point": shapely.multipoints,
    "LineString": shapely.multilinestrings,
    "Polygon": shapely.multipolygons,
}


class Malformed(ValueError):
    """A geometry that is none; the words say why, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def together(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    """A multi-part geometry of parts of one type, a collection of parts of several."""
    kinds = {part.geom_type for part in parts}
    maker = _MAKERS.get(kinds.pop()) if len(kinds) == 1 else None
    made: BaseGeometry = maker(np.array(parts, dtype=object)) if maker else shapely.GeometryCollection(list(parts))
    return made
