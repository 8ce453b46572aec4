"""The values and geometries of some rows at once, column by column: as Python takes them, ready to be written as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.publish import Table
from geo.publish.columns import Column, FlagColumn, JsonColumn, NumberColumn, TermColumn, TermsColumn, TextColumn
from geo.publish.packed import counts_of, entries
from geo.publish.shapes import LINE, MULTILINE, MULTIPOINT, MULTIPOLYGON, NOTHING, POINT, POLYGON, Shapes

NAMES = {
    POINT: "Point",
    LINE: "LineString",
    POLYGON: "Polygon",
    MULTIPOINT: "MultiPoint",
    MULTILINE: "MultiLineString",
    MULTIPOLYGON: "MultiPolygon",
}
DOUBTFUL = 1e-9  # the share of the area's terms below which their sum may be rounding
Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


def values(column: Column, rows: Rows) -> Sequence[Any]:
    """What `column[row]` gives for each of the rows."""
    if isinstance(column, NumberColumn):
        return [None if value != value else value for value in column.values[rows].tolist()]  # noqa: PLR0124 (NaN)
    if isinstance(column, FlagColumn):
        flags: list[bool] = column.values[rows].tolist()
        return flags
    if isinstance(column, TermColumn):
        terms = (*column.terms, "")
        return [terms[code] for code in column.codes[rows].tolist()]
    if isinstance(column, TermsColumn):
        return _lists(column, rows)
    if isinstance(column, TextColumn):
        return _texts(column, rows)
    if isinstance(column, JsonColumn):
        return [column[row] for row in rows.tolist()]
    raise TypeError(f"{type(column).__name__} is no column")


def _lists(column: TermsColumn, rows: Rows) -> list[list[str]]:
    positions, offsets = entries(column.offsets, rows)
    terms = [column.terms[code] for code in column.codes[positions].tolist()]
    edges = offsets.tolist()
    return [terms[start:stop] for start, stop in pairwise(edges)]


def _texts(column: TextColumn, rows: Rows) -> list[str]:
    starts, stops = column.offsets[rows], column.offsets[rows + 1]
    if not (stops > starts).any():  # as many columns are, row after row
        return [""] * len(rows)
    data = column.data.data
    spans = zip(starts.tolist(), stops.tolist(), strict=True)
    return [str(data[start:stop], "utf-8") if stop > start else "" for start, stop in spans]


def geometries(table: Table, rows: Rows, decimals: int) -> list[dict[str, Any] | None]:
    """The rows' geometries as GeoJSON, rings counter-clockwise outside (RFC 7946 §3.1.6), rounded to `decimals`.

    None where there is none. What the arrays do not hold exactly (`table.unfit`) is as they show it. The coordinates of
    a point, a line or a ring are a numpy array: a page of outlines would be thousands of lists.
    """
    shapes = table.shapes.take(rows)
    coordinates = np.round(right_handed(shapes), decimals)
    vertices, rings, parts = shapes.vertices.tolist(), shapes.rings.tolist(), shapes.parts.tolist()
    runs = [coordinates[start:stop] for start, stop in pairwise(vertices)]
    made: list[dict[str, Any] | None] = []
    for number, kind in enumerate(shapes.type.tolist()):
        if kind == NOTHING:
            made.append(None)
            continue
        own: list[Any] = []
        for part in range(parts[number], parts[number + 1]):
            lines = runs[rings[part] : rings[part + 1]]
            own.append(_PART[kind](lines))
        made.append({"type": NAMES[kind], "coordinates": own[0] if kind in (POINT, LINE, POLYGON) else own})
    return made


def right_handed(shapes: Shapes) -> NDArray[np.float64]:
    """All vertices, those of shells running counter-clockwise and those of holes clockwise."""
    count = counts_of(shapes.vertices)
    closed = ((shapes.type == POLYGON) | (shapes.type == MULTIPOLYGON)).repeat(counts_of(shapes.parts))
    closed = closed.repeat(counts_of(shapes.rings))
    if not closed.any():
        return shapes.xy
    shell = np.zeros(len(count), np.bool_)
    shell[shapes.rings[:-1][counts_of(shapes.rings) > 0]] = True
    wrong = closed & (_counter_clockwise(shapes, closed) != shell)
    if not wrong.any():
        return shapes.xy
    ends, place = (shapes.vertices[:-1] + shapes.vertices[1:] - 1).repeat(count), np.arange(len(shapes.xy))
    return shapes.xy[np.where(wrong.repeat(count), ends - place, place)]


def _counter_clockwise(shapes: Shapes, closed: Mask) -> Mask:
    """Which rings run counter-clockwise; closed: those that are asked about, the others' verdicts mean nothing.

    By the sign of the area; where rounding could turn it, GEOS decides.
    """
    starts, count = shapes.vertices[:-1], counts_of(shapes.vertices)
    xy = shapes.xy - shapes.xy[starts].repeat(count, axis=0)  # small numbers: nothing is lost in the products
    twice = np.zeros(len(xy))
    # The first vertex of each ring is (0, 0) here, so that what runs from one ring into the next adds nothing.
    twice[:-1] = xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]
    area, most = np.add.reduceat(twice, starts), np.add.reduceat(np.abs(twice), starts)
    found: Mask = area > 0
    for ring in np.flatnonzero(closed & (np.abs(area) <= DOUBTFUL * most)).tolist():
        found[ring] = shapely.is_ccw(shapely.linearrings(shapes.xy[starts[ring] : starts[ring] + count[ring]]))
    return found


_PART: dict[int, Any] = {
    POINT: lambda lines: lines[0][0],
    MULTIPOINT: lambda lines: lines[0][0],
    LINE: lambda lines: lines[0],
    MULTILINE: lambda lines: lines[0],
    POLYGON: lambda lines: lines,
    MULTIPOLYGON: lambda lines: lines,
}
