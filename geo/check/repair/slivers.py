"""Drops parts and holes that are too small or thin to mean anything."""

from __future__ import annotations

from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.check.repair.outline import outlines_of, with_rings
from geo.check.repair.proposal import Repair
from geo.check.rings import sliver_rings


def without_slivers(geometry: BaseGeometry) -> BaseGeometry | None:
    """The shape without sliver parts and holes; None where all of it is one."""
    flat = outlines_of(geometry)
    thin = sliver_rings(flat)
    return with_rings(flat, ~thin) if thin.any() else geometry


REPAIR = Repair("drop-slivers", Label("删除碎片", "Drop slivers"), frozenset({"sliver"}), without_slivers, 60)
