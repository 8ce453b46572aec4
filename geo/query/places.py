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
from geo.publish.index import Judge
from geo.query.masks import EARTH_RADIUS_KM, crossing, distance_km
from geo.query.selection import Listed, Mask, Rows
from geo.query.values import Box, Near

_known: WeakKeyDictionary[Table, tuple[World, NDArray[np.float64]]] = WeakKeyDictionary()
SLACK, LEAST = 1e-9, 1e-12  # of a circle's angle, and radians (6 µm on the ground)


def in_box(table: Table, box: Box, world: World) -> Listed:
    """The rows that meet the box, ascending; a row without a geometry does where its county's or city's box does."""
    return np.concatenate([table.meeting(*box), unlocated_in_box(table, box, world)])


def unlocated_in_box(table: Table, box: Box, world: World) -> Listed:
    """The rows without a geometry whose county's or city's box meets the box, ascending."""
    return _unlocated(table, crossing(_units(table, world)[:, :4], *box))


def near(table: Table, circle: Near, world: World) -> Rows:
    """The rows whose point lies in the circle; the anchor of its county or city where a row has none."""
    anchors = _units(table, world)[:, 4:]
    units = distance_km(anchors[:, 0], anchors[:, 1], circle[:2]) <= circle.km
    return Rows(table.rows, listed=np.concatenate([located_near(table, circle), _unlocated(table, units)]))


def located_near(table: Table, circle: Near) -> Listed:
    """The rows with a point of their own in the circle, ascending; distances are measured near its edge only."""

    def asked(rows: Listed) -> Mask:
        points = table.point[rows]
        inside: Mask = distance_km(points[:, 0], points[:, 1], circle[:2]) <= circle.km
        return inside

    within = _judge(circle)
    if within is None:
        rows = np.arange(table.located)
        return rows[asked(rows)]
    return table.chosen(within, asked)


def _judge(circle: Near) -> Judge | None:
    """Which boxes (west south east north) may share a point with the circle, and which ones it surely holds.

    None of a circle that reaches a pole or the antimeridian. On every parallel that it cuts the circle is an interval
    of longitudes around its middle, which grows from either end up to one parallel between.
    """
    angle, lat = circle.km / EARTH_RADIUS_KM, np.radians(circle.lat)
    # A little more and a little less than the circle: what rounding may put on the other side is left in doubt.
    more, less = angle * (1 + SLACK) + LEAST, angle * (1 - SLACK) - LEAST
    if abs(lat) + more >= np.pi / 2 or abs(circle.lon) + np.degrees(np.arcsin(np.sin(more) / np.cos(lat))) >= 180:
        return None
    widest = np.degrees(np.arcsin(np.sin(lat) / np.cos(more)))

    def half(parallels: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
        """Half the width in degrees of a circle of this angle on the parallels; -1 where it does not reach them."""
        at = np.radians(parallels)
        share = (np.sin(angle / 2) ** 2 - np.sin((at - lat) / 2) ** 2) / (np.cos(lat) * np.cos(at))
        found: NDArray[np.float64] = np.degrees(2 * np.arcsin(np.sqrt(np.clip(share, 0, 1))))
        return np.where(share < 0, -1.0, found)

    def judge(boxes: NDArray[np.float64]) -> tuple[Mask, Mask]:
        west, south, east, north = boxes.T
        nearest = np.maximum(np.maximum(west - circle.lon, circle.lon - east), 0)
        possible: Mask = half(np.clip(widest, south, north), more) >= nearest
        if less <= 0:
            return possible, np.zeros(len(boxes), np.bool_)
        farthest = np.maximum(np.abs(west - circle.lon), np.abs(east - circle.lon))
        sure: Mask = np.minimum(half(south, less), half(north, less)) >= farthest
        return possible, sure

    return judge


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
