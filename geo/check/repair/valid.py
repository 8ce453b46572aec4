"""Makes a shape valid by its structure: shells and holes keep their meaning, crossings become corners."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.check.crossings import is_tangled
from geo.check.repair.areas_only import areas_only
from geo.check.repair.proposal import Repair

CODES = (
    "ring-self-crossing ring-touches-itself ring-repeated hole-outside hole-crosses-shell holes-nested"
    " holes-overlap shells-nested parts-overlap interior-disconnected geometry-invalid"
)


def made_valid(geometry: BaseGeometry) -> BaseGeometry | None:
    """The valid areas of the shape (shapely's make_valid, method structure); None where none is left."""
    if shapely.get_dimensions(geometry) != 2 or shapely.is_valid(geometry):
        return geometry
    if any(is_tangled(shapely.get_coordinates(ring)) for ring in _rings(geometry)):
        return None
    mended = areas_only(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    if mended is None or mended.is_empty or not shapely.is_valid(mended) or shapely.get_dimensions(mended) != 2:
        return None
    return mended


def _rings(geometry: BaseGeometry) -> list[BaseGeometry]:
    return list(shapely.get_rings(shapely.get_parts(geometry)))


REPAIR = Repair("make-valid", Label("修正拓扑", "Make valid"), frozenset(CODES.split()), made_valid, 50)
