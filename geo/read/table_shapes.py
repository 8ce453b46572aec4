"""Geometries of a table's rows: a cell of WKT, a cell of points, two columns of one point, or one row a boundary point."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.model.finding import Finding
from geo.read.angles import degrees
from geo.read.axes import commonest, look_of, looks
from geo.read.columns import Heading
from geo.read.faults import error
from geo.read.geometry_text import geojson, has_wkt, wkt
from geo.read.pairs import Pair, found_in, rings_of
from geo.read.raw import RawFeature
from geo.read.rings import FARTHEST, Assembled, Ring, assembled
from geo.read.table_faults import Cell, bad_pair, contrary, implausible
from geo.read.texts import narrowed

Entry = tuple[int, list[Cell], list[Finding]]
Body = Iterable[Entry]
MOST_FINDINGS = 200
_BETWEEN = re.compile(r"[;；|\n]+")
_KEYS = (
    "地块编号",
    "地块编码",
    "地块代码",
    "宗地编号",
    "宗地号",
    "宗地代码",
    "地块号",
    "编号",
    "地块名称",
    "名称",
    "code",
    "plotcode",
    "parcelcode",
    "plotid",
    "plotno",
    "parcelno",
    "id",
    "name",
    "plotname",
    "parcelname",
)
_NAN = math.nan
LONGEST_CELL = 32_767  # characters that a spreadsheet's cell takes


@dataclass(frozen=True, slots=True)
class Grouped:
    """A table's headings, and its name for places."""

    columns: list[Heading]
    name: str

    def index(self, role: str) -> int | None:
        """The first column that plays a part in the geometry."""
        return next((index for index, column in enumerate(self.columns) if column.role == role), None)

    def continued(self, column: int) -> list[int]:
        """The columns that a text too long for one cell goes on in: those headed like `column`, with 2, 3 … behind."""
        stem = re.escape(self.columns[column].text)
        return [place for place, each in enumerate(self.columns) if re.fullmatch(rf"{stem}\d{{1,3}}", each.text)]

    @property
    def key(self) -> int | None:
        """The column that tells whose boundary point a row is."""
        bases = [column.base for column in self.columns]
        return next((bases.index(key) for key in _KEYS if key in bases), None)

    @property
    def pair(self) -> tuple[int, int, bool | None]:
        """The two columns of numbers; whether the headings say that the first is the easting (None: x, y, by magnitude)."""
        east, north = self.index("east"), self.index("north")
        if east is not None and north is not None:
            return east, north, True
        first, second = self.index("first"), self.index("second")
        if first is None or second is None:
            return -1, -1, None
        return first, second, None

    def attributes(self, cells: list[Cell], without: tuple[str, ...]) -> dict[str, object]:
        """The cells by heading, those of the geometry's columns left out."""
        return {
            column.text: cell for column, cell in zip(self.columns, cells, strict=True) if column.role not in without
        }


def mode_of(columns: list[Heading]) -> str:
    """How this table has its geometries: geometry, points, rows, pair or none."""
    table = Grouped(columns, "")
    has_pair = table.pair[0] >= 0
    if table.index("geometry") is not None:
        return "geometry"
    if has_pair and (table.index("point") is not None or table.index("ring") is not None):
        return "rows"
    if has_pair:
        return "pair"
    return "points" if table.index("points") is not None else "none"


def _of_cells(table: Grouped, body: Body) -> Iterator[RawFeature]:
    role = "geometry" if table.index("geometry") is not None else "points"
    column = table.index(role) or 0
    more = table.continued(column)
    for number, cells, odd in body:
        where = f"{table.name}:{number}"
        shape = of_cell(_whole(cells, column, more), where)
        attributes = table.attributes(cells, (role,))
        for place in more:
            attributes.pop(table.columns[place].text, None)
        yield RawFeature(where, attributes, shape.geometry, (*odd, *shape.findings))


def _whole(cells: list[Cell], column: int, more: list[int]) -> Cell:
    """The text of a cell that is full to the last character, with its continuation in other columns."""
    first = cells[column]
    if not more or not isinstance(first, str) or len(first) < LONGEST_CELL:
        return first
    return first + "".join(str(cells[place] or "") for place in more)


def of_cell(cell: Cell, where: str) -> Assembled:
    """The geometry that one cell describes: WKT, GeoJSON or `x,y;x,y;…`, rings parted by `|` or a repeated first point."""
    if cell is None:
        return Assembled(None)
    text = str(cell).strip()
    written = geojson(text, where) if text.startswith("{") else wkt(text, where) if has_wkt(text) else None
    if written:
        return written[0].result
    pairs: list[Pair] = []
    found = found_in(_BETWEEN.sub("\n", text))
    pairs = [item for item in found.items if isinstance(item, Pair)]
    if not pairs or found.other_system or found.no_pair:
        shown = text[:40]
        fault = error(
            "geometry-unreadable",
            where,
            f"单元格不是可用的坐标：{shown}；应为 WKT 或“x,y;x,y;…”",
            f"the cell holds no usable coordinates: {shown}; it should be WKT or 'x,y;x,y;…'",
        )
        return Assembled(None, (fault,))
    if len(pairs) == 1:
        return Assembled(shapely.Point(pairs[0].x, pairs[0].y))
    shape = assembled(rings_of(pairs, where))
    return Assembled(shape.geometry, tuple(Finding(f.code, f.severity, where, f.message) for f in shape.findings))


def _of_pairs(table: Grouped, body: Body) -> Iterator[RawFeature]:
    said = table.pair[2]
    rows = list(body)
    if _is_boundary(table, rows):
        yield from _of_rows(table, rows)
        return
    axes = _Axes(table, rows)
    for index, (number, cells, odd) in enumerate(rows):
        where = f"{table.name}:{number}"
        pair, faults = axes.point(index, where, cells)
        if pair is not None and axes.contrary:
            faults.append(contrary(where))
        geometry = None if pair is None else shapely.Point(pair)
        attributes = table.attributes(cells, ("east", "north") if said else ("first", "second"))
        yield RawFeature(where, attributes, geometry, (*odd, *faults))


def _is_boundary(table: Grouped, rows: Sequence[Entry]) -> bool:
    """Whether rows without a point number are boundary points all the same: at least three of them a parcel."""
    if table.key is None:
        return False
    keys = {cells[table.key] for _, cells, _ in rows} - {None}
    return bool(keys) and len(rows) >= 3 * len(keys)


def _of_rows(table: Grouped, body: Body) -> Iterator[RawFeature]:
    groups: dict[Cell, list[Entry]] = {}
    key = table.key
    current: Cell = None
    for row in body:
        # Offices merge the cells of one parcel's code: only its first row has it.
        if key is not None and row[1][key] is not None:
            current = row[1][key]
        groups.setdefault(current, []).append(row)
    every = [row for rows in groups.values() for row in rows]
    axes = _Axes(table, every)
    start = 0
    for rows in groups.values():
        where = f"{table.name}:{rows[0][0]}"
        rings, faults = _row_rings(table, rows, axes, start)
        start += len(rows)
        shape = assembled(rings) if rings else Assembled(None)
        if axes.contrary:
            faults.append(contrary(where))
        attributes = table.attributes(rows[0][1], ("east", "north", "first", "second", "point", "ring"))
        odd = [finding for _, _, findings in rows for finding in findings]
        yield RawFeature(where, attributes, shape.geometry, (*odd, *faults, *shape.findings))


class _Axes:
    """The two columns of numbers of a table, and which of them is the easting: told by magnitude over all rows."""

    def __init__(self, table: Grouped, rows: Sequence[Entry]) -> None:
        self.first, self.second, said = table.pair
        pairs = [(_number(cells[self.first]), _number(cells[self.second])) for _, cells, _ in rows]
        self.numbers = np.array(pairs, dtype=np.float64).reshape(-1, 2)
        self.codes = looks(self.numbers[:, 0], self.numbers[:, 1])
        self.common = commonest(self.codes)
        look = look_of(self.common)
        # Where magnitude doesn't tell, x is the easting.
        self.swapped = look is not None and not look.easting_first
        self.contrary = self.swapped and bool(said)

    def point(self, index: int, where: str, cells: list[Cell]) -> tuple[tuple[float, float] | None, list[Finding]]:
        """(x, y) of a row, None where its cells are empty or no numbers; and what is odd about them."""
        first, second = self.numbers[index].tolist()
        shown = (cells[self.first], cells[self.second])
        if shown == (None, None):
            return None, []
        if not (abs(first) <= FARTHEST and abs(second) <= FARTHEST):
            return None, [bad_pair(shown, where)]
        code = int(self.codes[index])
        return ((second, first) if self.swapped else (first, second)), self._odd(code, where)

    def _odd(self, code: int, where: str) -> list[Finding]:
        look, usual = look_of(code), look_of(self.common)
        if code == self.common or usual is None:
            return []
        if look is None:
            return [implausible(where)]
        return [
            error(
                "mixed-systems",
                where,
                f"此行坐标与其他行不是同一坐标系或次序（此行为{look.zh}，其他行为{usual.zh}）",
                f"this row's coordinates are in another system or order ({look.en}) than the rest ({usual.en})",
            )
        ]


def _row_rings(table: Grouped, rows: Sequence[Entry], axes: _Axes, start: int) -> tuple[list[Ring], list[Finding]]:
    ring, point = table.index("ring"), table.index("point")
    found: list[Pair] = []
    faults: list[Finding] = []
    number = "1"
    for index, (line, cells, _) in enumerate(rows, start=start):
        if ring is not None and cells[ring] is not None:
            number = str(cells[ring])
        pair, odd = axes.point(index, f"{table.name}:{line}", cells)
        faults += odd[: MOST_FINDINGS - len(faults)]
        if pair is not None:
            label = "" if point is None or cells[point] is None else str(cells[point])
            found.append(Pair(line, *pair, (label, number)))
    return rings_of(found, table.name) if found else [], faults


def _number(cell: Cell) -> float:
    if isinstance(cell, (int, float)):
        return float(cell) if abs(cell) < 1e300 else _NAN
    text = narrowed(cell or "").strip()
    try:
        value = float(text) if "_" not in text else _NAN
    except ValueError:
        angle = degrees(text)
        return _NAN if angle is None else angle
    return value


def _plain(table: Grouped, body: Body) -> Iterator[RawFeature]:
    for number, cells, odd in body:
        yield RawFeature(f"{table.name}:{number}", table.attributes(cells, ()), None, tuple(odd))


MODES: Mapping[str, Callable[[Grouped, Body], Iterator[RawFeature]]] = {
    "geometry": _of_cells,
    "points": _of_cells,
    "pair": _of_pairs,
    "rows": _of_rows,
    "none": _plain,
}
