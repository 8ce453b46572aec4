"""The line of a visit through its stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from webmap.site import site
from webmap.staff.desk import desk
from webmap.staff.visiting import covers, visit

Point = tuple[float, float]


def line_through(stops: Sequence[Mapping[str, Any]]) -> shapely.LineString | None:
    """The line (WGS-84) through the stops whose place is known, in their order; None with fewer than two of them."""
    named = [str(stop.get("feature") or "") for stop in stops]
    known = places_of([name for name in named if name])
    points = [known[name] for name in named if name in known]
    return shapely.LineString(points) if len(set(points)) > 1 else None


def places_of(ids: Sequence[str]) -> dict[str, Point]:
    """Where records lie: the published ones, and in the person's own counties those that are not yet out."""
    found: dict[str, Point] = {}
    snapshot = site().snapshot
    for kind in snapshot.kinds:
        table = snapshot.table(kind)
        for name in ids:
            row = None if name in found else table.row_of(name)
            if row is not None and np.isfinite(table.point[row, 0]):
                found[name] = (float(table.point[row, 0]), float(table.point[row, 1]))
    for name, revision in desk().store.currents([name for name in ids if name not in found]).items():
        if revision.geometry is not None and covers(visit().account, str(revision.payload.get("county", ""))):
            inner = revision.geometry.representative_point()
            found[name] = (inner.x, inner.y)
    return found
