"""Takes out points that repeat their neighbour."""

from __future__ import annotations

import numpy as np
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.check.corners import Corners
from geo.check.repair.outline import outlines_of, with_points
from geo.check.repair.proposal import Repair


def without_duplicates(geometry: BaseGeometry) -> BaseGeometry | None:
    """The shape without points within 1 cm of the one before; the first of them stays.

    A ring that then has fewer than three points encloses nothing and goes.
    """
    mended: BaseGeometry | None = geometry
    # Taking a point out can bring its neighbours within 1 cm of each other.
    while mended is not None:
        flat = outlines_of(mended)
        repeats = Corners.of(flat).repeats
        if not repeats.size:
            break
        kept = np.ones(len(flat.lonlat), bool)
        kept[repeats] = False
        mended = with_points(flat, kept)
    return mended


REPAIR = Repair(
    "remove-duplicate-points",
    Label("删除重复点", "Remove repeated points"),
    frozenset({"duplicate-point", "ring-too-few-points"}),
    without_duplicates,
    30,
)
