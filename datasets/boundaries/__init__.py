"""County and prefecture polygons of one province, by adcode."""

from __future__ import annotations

from datasets.boundaries.faults import BoundaryError, UnknownUnit
from datasets.boundaries.loading import load
from datasets.boundaries.units import Boundaries, City, County

__all__ = ["Boundaries", "BoundaryError", "City", "County", "UnknownUnit", "load"]
