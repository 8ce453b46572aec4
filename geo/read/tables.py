"""A table as features: finds the heading, tells what the columns mean, makes geometries of them. CSV and XLSX share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from geo.model.finding import Finding
from geo.read.columns import Heading, heading, is_known
from geo.read.faults import info, warning
from geo.read.raw import Declared, RawFeature
from geo.read.table_faults import Cell
from geo.read.table_shapes import MODES, Grouped, mode_of
from geo.read.texts import narrowed

HEADING_ROWS = 30
MOST_COLUMNS = 500
MOST_FINDINGS = 200
_ERRORS = frozenset(
    {"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#spill!", "#calc!", "#getting_data"}
)
# Exports put an apostrophe before text that a spreadsheet would run.
_GUARDED = frozenset("=+-@＝＋－＠")
_TOTALS = ("合计", "总计", "小计", "total")
_NOTES = ("注:", "备注:", "说明:", "填表", "制表", "审核", "note:")


class Row(NamedTuple):
    """A row: its number as the spreadsheet shows it, its cells."""

    number: int
    cells: list[Cell]


@dataclass(slots=True)
class Table:
    """A table read: its features, what was odd about it, what its headings say of the coordinates, whether it had a heading."""

    features: list[RawFeature] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    declared: Declared | None = None
    headed: bool = False


def read_table(rows: Iterable[Row], name: str) -> Table:
    """The features of a table. name: for places ("a.csv", "b.xlsx!Sheet1"), to which the row is added.

    Rows above the heading, repeated headings, totals and notes are left out. Columns keep their names as written; a geometry
    comes from WKT, a cell of points, longitude and latitude, or one row a boundary point.
    """
    table = Table()
    source = iter(rows)
    first = _filled(source, HEADING_ROWS)
    if not first:
        return table
    found = _heading_at(first)
    if found is None:
        table.findings.append(_unheaded(f"{name}:{first[0].number}"))
        return table
    depth, names = found
    table.headed = True
    columns = [heading(text) for text in _unique(names)]
    table.declared = _declared(columns)
    body = _body([*first[depth:]], source, names, name, table.findings)
    mode = MODES[mode_of(columns)]
    grouped = Grouped(columns, name)
    table.features += mode(grouped, body)
    del table.findings[MOST_FINDINGS:]
    return table


def has_heading(rows: list[Row]) -> int:
    """How many known headings the likeliest heading among these rows has (0: none)."""
    return max((sum(is_known(str(cell)) for cell in row.cells if cell) for row in rows[:HEADING_ROWS]), default=0)


def _filled(rows: Iterator[Row], most: int) -> list[Row]:
    found = []
    for row in rows:
        if any(cell not in (None, "") for cell in row.cells):
            found.append(Row(row.number, row.cells[:MOST_COLUMNS]))
            if len(found) == most:
                break
    return found


def _heading_at(rows: list[Row]) -> tuple[int, list[str]] | None:
    """After how many rows the data begin, and the columns' names; a heading of two rows (merged cells) is joined."""
    best: tuple[int, int, list[str]] | None = None
    options = [(index + 1, _names(row)) for index, row in enumerate(rows)]
    options += [
        (index + 2, _joined(_names(upper), _names(lower)))
        for index, (upper, lower) in enumerate(pairwise(rows))
        if _may_head(lower)
    ]
    for depth, names in options:
        score = sum(is_known(text) for text in names if text)
        if score and (best is None or (score, -depth) > (best[0], -best[1])):
            best = (score, depth, names)
    return None if best is None else (best[1], best[2])


def _names(row: Row) -> list[str]:
    return ["" if cell is None else " ".join(str(cell).split())[:100] for cell in row.cells]


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    width = max(len(upper), len(lower))
    above, below = ([*names, *[""] * (width - len(names))] for names in (upper, lower))
    return [low or high for high, low in zip(above, below, strict=True)]


def _may_head(row: Row) -> bool:
    """Whether a row may be the lower half of a heading: words only."""
    filled = [str(cell).strip() for cell in row.cells if cell not in (None, "")]
    return all(not any(char.isdigit() for char in text) and len(text) <= 20 for text in filled)


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for position, text in enumerate(names, start=1):
        text = text or f"列{position}"  # noqa: PLW2901
        seen[text] = seen.get(text, 0) + 1
        unique.append(text if seen[text] == 1 else f"{text}_{seen[text]}")
    return unique


def _body(
    first: list[Row], rest: Iterator[Row], names: list[str], name: str, findings: list[Finding]
) -> Iterator[tuple[int, list[Cell], list[Finding]]]:
    """Rows of data: number, cells made plain, findings about cells."""
    for source in (first, rest):
        for row in source:
            cells = list(row.cells[: len(names)])
            cells += [None] * (len(names) - len(cells))
            where = f"{name}:{row.number}"
            odd: list[Finding] = []
            plain = [_cell(cell, where, text, odd) for cell, text in zip(cells, names, strict=True)]
            filled = [cell for cell in plain if cell is not None]
            if (not filled and not odd) or _names(Row(0, plain)) == names:
                continue
            left_out = _left_out(filled, len(names), where)
            if left_out:
                findings.append(left_out)
                continue
            yield row.number, plain, odd


def _cell(cell: Cell, where: str, column: str, odd: list[Finding]) -> Cell:
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if text[:1] == "'" and text[1:2] in _GUARDED:
        return text[1:]
    if text.lower() in _ERRORS:
        odd.append(
            warning(
                "cell-error",
                where,
                f"“{column}”列的单元格是错误值 {text}，按空处理",
                f"the cell under '{column}' holds the error {text}; taken as empty",
            )
        )
        return None
    return text or None


def _left_out(filled: Sequence[Cell], width: int, where: str) -> Finding | None:
    lead = narrowed(str(filled[0])).replace(" ", "").lower() if filled else ""
    if lead in _TOTALS:
        return info("total-row-ignored", where, "合计行，已略过", "a row of totals; left out")
    if len(filled) == 1 and width > 2 and lead.startswith(_NOTES):
        return info("note-row-ignored", where, "说明行，已略过", "a row of notes; left out")
    return None


def _declared(columns: list[Heading]) -> Declared | None:
    """WGS-84 where the heading of a longitude says so; nothing else in a table is said of its system."""
    said = next((column for column in columns if column.role == "east" and column.unit), None)
    if said is None or said.unit.upper().replace("-", "").replace(" ", "") != "WGS84":
        return None
    return Declared(epsg=4326, datum="WGS84", text=said.text)


def _unheaded(where: str) -> Finding:
    return warning(
        "heading-not-found",
        where,
        "没有找到表头（如“地块编号”“面积”“X”“Y”“经度”），此表未读取",
        "no row of headings is found (such as 'plot code', 'area', 'X', 'Y', 'longitude'); this table is not read",
    )
