"""Which rows of a table lie in a box or a circle: found through the table's index, not by asking every row."""

from __future__ import annotations

from typing import cast
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from datasets.boundaries import UnknownUnit
from datasets.world import World
from geo.publish import Table
from geo.publish.columns import TermColumn
from geo.query.masks import EARTH_RADIUS_KM, crossing, distance_km
from geo.query.selection import Listed, Mask
from geo.query.values import Box, Near

_known: WeakKeyDictionary[Table, tuple[World, NDArray[np.float64]]] = WeakKeyDictionary()
STRIPS = 2048
SURE = 1 - 1e-9  # the share of a circle's half width within which no rounding can put a point outside


def in_box(table: Table, box: Box, world: World) -> Listed:
    """The rows that meet the box, ascending; a row without a geometry does where its county's or city's box does."""
    return np.concatenate([table.meeting(*box), unlocated_in_box(table, box, world)])


def unlocated_in_box(table: Table, box: Box, world: World) -> Listed:
    """The rows without a geometry whose county's or city's box meets the box, ascending."""
    return _unlocated(table, crossing(_units(table, world)[:, :4], *box))


def near(table: Table, circle: Near, world: World) -> Listed:
    """The rows whose point lies in the circle, ascending; the anchor of its county or city where a row has none."""
    anchors = _units(table, world)[:, 4:]
    units = distance_km(anchors[:, 0], anchors[:, 1], circle[:2]) <= circle.km
    return np.concatenate([located_near(table, circle), _unlocated(table, units)])


def located_near(table: Table, circle: Near) -> Listed:
    """The rows with a point of their own in the circle, ascending."""
    around = _box_around(circle)
    rows = np.arange(table.located) if around is None else table.meeting(*around)
    points = table.point[rows]
    inside = np.zeros(len(rows), np.bool_) if around is None else _surely(points, circle)
    doubtful = np.flatnonzero(~inside)
    at = points[doubtful]
    inside[doubtful] = distance_km(at[:, 0], at[:, 1], circle[:2]) <= circle.km
    return rows[inside]


def _box_around(circle: Near) -> Box | None:
    """A box that holds the circle; None of a circle that reaches a pole or the antimeridian."""
    # A little more than the circle: the box must hold what rounding lets in.
    angle = circle.km / EARTH_RADIUS_KM * (1 + 1e-9) + 1e-12
    lat = np.radians(circle.lat)
    if abs(lat) + angle >= np.pi / 2:
        return None
    tall = np.degrees(angle)
    wide = np.degrees(np.arcsin(min(1.0, np.sin(angle) / np.cos(lat)))) * (1 + 1e-9) + 1e-9
    if abs(circle.lon) + wide >= 180:
        return None
    return Box(circle.lon - wide, circle.lat - tall, circle.lon + wide, circle.lat + tall)


def _surely(points: NDArray[np.float64], circle: Near) -> Mask:
    """Points (n, 2 lon/lat) that lie inside beyond doubt: of strips along the parallels the narrower end is known."""
    angle = circle.km / EARTH_RADIUS_KM
    lat0 = np.radians(circle.lat)
    edges = lat0 + np.linspace(-angle, angle, STRIPS + 1)
    left = np.clip(np.sin(angle / 2) ** 2 - np.sin((edges - lat0) / 2) ** 2, 0, None)
    share = left / (np.cos(lat0) * np.cos(edges))
    half = 2 * np.arcsin(np.sqrt(np.clip(share, 0, 1)))
    width = np.degrees(np.minimum(half[:-1], half[1:])) * SURE
    strip = (points[:, 1] - np.degrees(edges[0])) * (STRIPS / np.degrees(2 * angle))
    width = np.concatenate([width, [-1.0]])
    within = (strip >= 0) & (strip < STRIPS)
    found: Mask = np.abs(points[:, 0] - circle.lon) < width[np.where(within, strip, STRIPS).astype(np.intp)]
    return found


def _unlocated(table: Table, verdicts: Mask) -> Listed:
    """The rows without a geometry of whose county something is true; verdicts: one entry a term of the column."""
    return table.located + np.flatnonzero(np.append(verdicts, False)[_counties(table).codes[table.located :]])


def _counties(table: Table) -> TermColumn:
    return cast(TermColumn, table.column("county"))


def _units(table: Table, world: World) -> NDArray[np.float64]:
    """For each county or city that the table names west, south, east, north, and lon and lat of its anchor."""
    kept = _known.get(table)
    if kept is None or kept[0] is not world:
        measures = np.array([_measures(adcode, world) for adcode in _counties(table).terms]).reshape(-1, 6)
        kept = _known[table] = world, measures
    return kept[1]


def _measures(adcode: str, world: World) -> tuple[float, ...]:
    """West, south, east, north and the anchor of a county or city; NaN where the boundaries no longer have it."""
    try:
        unit = world.boundaries.unit(adcode)
    except UnknownUnit:
        return (np.nan,) * 6
    return (*unit.bbox, *unit.anchor)
