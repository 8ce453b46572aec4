"""Tables built in code: delimited text and workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

Rows = Sequence[Sequence[object]]


def delimited(rows: Rows, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """Rows as text with a delimiter, quoted where needed."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(path: Path, sheets: Mapping[str, Rows], merged: Sequence[str] = (), hidden: Sequence[str] = ()) -> Path:
    """A workbook with these sheets; `merged` ranges are merged in each."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for area in merged:
            sheet.merge_cells(area)
        if title in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path
