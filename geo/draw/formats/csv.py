"""CSV for spreadsheets: UTF-8 with a byte order mark, commas, CRLF (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from datasets.labels import Label
from geo.draw.sheet import Format, Sheet

PIECE = 64 * 1024
# What a spreadsheet takes for the start of a formula, in both widths.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(cell: object) -> object:
    """A cell that no spreadsheet runs: text that begins like a formula gets an apostrophe, whole numbers lose .0."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell


def _write(sheet: Sheet) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(sheet.headings)
    for row in sheet.texts():
        writer.writerow(map(guarded, row))
        if out.tell() >= PIECE:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    piece = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return piece


FORMAT = Format("csv", Label("CSV 表格", "CSV table"), "text/csv; charset=utf-8", _write)
