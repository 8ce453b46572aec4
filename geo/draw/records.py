"""The values and geometries of some rows at once, column by column: as Python takes them, ready to be written as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.publish import Table
from geo.publish.columns import Column, FlagColumn, JsonColumn, NumberColumn, TermColumn, TermsColumn, TextColumn
from geo.publish.geometry_json import NAMES
from geo.publish.packed import entries
from geo.publish.shapes import LINE, MULTILINE, MULTIPOINT, MULTIPOLYGON, NOTHING, POINT, POLYGON
from geo.publish.winding import right_handed

Rows = NDArray[np.intp]


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


_PART: dict[int, Any] = {
    POINT: lambda lines: lines[0][0],
    MULTIPOINT: lambda lines: lines[0][0],
    LINE: lambda lines: lines[0],
    MULTILINE: lambda lines: lines[0],
    POLYGON: lambda lines: lines,
    MULTIPOLYGON: lambda lines: lines,
}
