"""Cuts spikes off."""

from __future__ import annotations

import numpy as np
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.check.corners import Corners
from geo.check.repair.outline import outlines_of, with_points
from geo.check.repair.proposal import Repair
from geo.check.rings import spike_corners


def without_spikes(geometry: BaseGeometry) -> BaseGeometry | None:
    """The shape without the tips of spikes, until none is left; None where that leaves no area."""
    mended: BaseGeometry | None = geometry
    while mended is not None:
        flat = outlines_of(mended)
        corners = Corners.of(flat)
        tips = corners.index[spike_corners(flat, corners)]
        if not tips.size:
            break
        kept = np.ones(len(flat.lonlat), bool)
        # One tip of a ring at a time: its neighbour may seem a spike only because of it.
        _, firsts = np.unique(flat.ring[tips], return_index=True)
        kept[tips[firsts]] = False
        mended = with_points(flat, kept)
    return mended


REPAIR = Repair("remove-spikes", Label("删除尖刺", "Remove spikes"), frozenset({"spike"}), without_spikes, 40)
