"""XLSX for spreadsheets: one sheet named after the kind, the columns of the CSV, every text a text and never a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from datasets.labels import Label
from geo.draw.sheet import GEOMETRY, Format, Sheet

PIECE = 256 * 1024
LONGEST_CELL = 32_767  # characters that Excel takes; openpyxl cuts off what is longer


def _write(sheet: Sheet) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        write_book(
            file,
            sheet.kind.title.text(sheet.lang),
            [(sheet.headings, sheet.texts())],
            GEOMETRY.text(sheet.lang),
            sheet.about.lines if sheet.about else (),
        )
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def write_book(
    file: BinaryIO,
    title: str,
    tables: list[tuple[list[str], Iterator[list[Any]]]],
    long_heading: str = "",
    about: Sequence[tuple[str, str]] = (),
) -> None:
    """Write a workbook: a sheet for each pair of headings and rows, the first one called `title`.

    Texts stay texts, whatever sign they begin with. Only the column `long_heading`, which must be the last, may hold more than a
    cell takes: what is over goes on in further columns to its right, headed with the same words and 2, 3 … about: what the book says of itself, in its properties (File, Info), where no reader
    of tables takes it for a row.
    """
    import openpyxl

    untyped: Any = openpyxl
    book = untyped.Workbook(write_only=True)
    if about:
        book.properties.title = title
        book.properties.description = "\n".join(f"{name}: {value}" for name, value in about)
    for number, (headings, rows) in enumerate(tables):
        page = book.create_sheet((title if number == 0 else f"{title} {number + 1}")[:31])
        page.freeze_panes = "B2"
        for place, heading in enumerate(headings, 1):
            page.column_dimensions[untyped.utils.get_column_letter(place)].width = min(40, max(10, 2 * len(heading)))
        content = [_pieces(row) if long_heading else row for row in rows]
        widest = max(map(len, content), default=0)
        more = [f"{long_heading}{place}" for place in range(2, widest - len(headings) + 2)]
        head = [_cell(page, text) for text in [*headings, *more]]
        for cell in head:
            cell.font = untyped.styles.Font(bold=True)
        page.append(head)
        for row in content:
            page.append([_cell(page, value) for value in row])
    book.save(file)


def _pieces(row: list[Any]) -> list[Any]:
    last = row[-1]
    if not isinstance(last, str) or len(last) <= LONGEST_CELL:
        return row
    return [*row[:-1], *(last[start : start + LONGEST_CELL] for start in range(0, len(last), LONGEST_CELL))]


def _cell(page: Any, value: Any) -> Any:
    """A cell that no spreadsheet runs: texts are marked as such, and as quoted for whoever edits them later."""
    from openpyxl import cell as untyped_cells

    cells: Any = untyped_cells
    if not isinstance(value, str):
        return cells.WriteOnlyCell(page, int(value) if isinstance(value, float) and value.is_integer() else value)
    cell = cells.WriteOnlyCell(page, cells.cell.ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL])
    cell.data_type = "s"
    cell.quotePrefix = value[:1] in "=+-@\t\r\n＝＋－＠" and bool(value)
    return cell


FORMAT = Format(
    "xlsx",
    Label("Excel 表格", "Excel table"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    _write,
)
