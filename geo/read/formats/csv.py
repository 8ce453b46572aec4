"""CSV and TSV: any usual delimiter and encoding; row numbers as a spreadsheet shows them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from datasets.labels import Label
from geo.model.finding import Finding
from geo.read.extensions import extension
from geo.read.faults import unreadable, warning
from geo.read.formats import pasted
from geo.read.raw import Progress, Reader, ReadFile, Sniff, Unreadable
from geo.read.table_faults import Cell
from geo.read.tables import HEADING_ROWS, Row, has_heading, read_table
from geo.read.texts import decoded, lines_of

DELIMITERS = ",;\t|"
_SUFFIXES = (".csv", ".tsv", ".tab", ".txt", "")
LONGEST_CELL = 64 * 1024 * 1024
_SEPARATOR_LINE = re.compile(r"sep=(.)\n", re.I)
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')


def recognises(sniff: Sniff) -> int:
    """By its extension if it is text, else by two headings that mean something."""
    try:
        text = decoded(sniff.head, sniff.name).text
    except Unreadable:
        return 0
    if text.lstrip()[:1] in ("<", "{", "["):
        return 10 if sniff.suffix in READER.suffixes else 0
    if sniff.suffix in READER.suffixes:
        return 60
    _, known = _delimiter(text)
    return 55 if known >= 2 else 0


def read(path: Path, name: str, progress: Progress) -> ReadFile:
    """The features of a table; raises Unreadable where it has neither a heading nor coordinates."""
    return parsed(path.read_bytes(), name, progress)


def parsed(data: bytes, name: str, progress: Progress) -> ReadFile:
    """The same from bytes."""
    text, _, findings = decoded(data, name)
    delimiter, _ = _delimiter(text)
    body = _SEPARATOR_LINE.sub("", text, count=1) if text[:4].lower() == "sep=" else text
    odd: list[Finding] = []
    table = read_table(_rows(body, delimiter, name, odd, progress), name)
    if not table.headed:
        try:
            return pasted.parsed(data, name, progress)
        except Unreadable:
            raise unreadable(
                "heading-not-found",
                name,
                "没有找到表头（如“地块编号”“面积”“X”“Y”“经度”）",
                "no row of headings is found (such as 'plot code', 'area', 'X', 'Y', 'longitude')",
            ) from None
    if body.count('"') % 2:
        odd.append(
            warning(
                "quotes-unbalanced",
                name,
                "引号不成对，部分行可能并在一起，请核对行数",
                "quotes do not pair up; rows may have run together, so check their number",
            )
        )
    findings = (*extension(READER, name, _SUFFIXES), *findings, *odd, *table.findings)
    return ReadFile(name, READER.name, table.declared, tuple(table.features), findings)


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter under which most headings mean something, of those the one with most columns; how many do."""
    said = _SEPARATOR_LINE.match(text)
    if said:
        return said.group(1), 0
    head = text[: 64 * 1024]
    best = (0, 0, ",")
    for delimiter in DELIMITERS:
        rows = [Row(number, [*cells]) for number, cells in _first(head, delimiter)]
        columns = max((len(row.cells) for row in rows), default=0)
        best = max(best, (has_heading(rows), columns, delimiter), key=lambda option: option[:2])
    return best[2], best[0]


def _first(head: str, delimiter: str) -> list[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines_of(head), delimiter=delimiter)
    return [(number, cells) for number, cells in zip(range(HEADING_ROWS), reader, strict=False)]


def _rows(text: str, delimiter: str, name: str, odd: list[Finding], progress: Progress) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    total = text.count("\n")
    reader = csv.reader(lines_of(text), delimiter=delimiter)
    for number, cells in enumerate(reader, start=1):
        if number % 500 == 0:
            progress(number, max(total, number))
        yield Row(number, [_plain(cell, f"{name}:{number}", odd) if cell[:1] == "=" else cell for cell in cells])


def _plain(cell: str, where: str, odd: list[Finding]) -> Cell:
    """`="0374"` is how a spreadsheet is kept from making a number of text; any other formula has no value here."""
    quoted = _QUOTED_FORMULA.fullmatch(cell)
    if quoted:
        return quoted.group(1)
    if len(odd) < 200:
        odd.append(
            warning(
                "formula-without-value",
                where,
                f"单元格是公式 {cell[:30]}，没有数值，按空处理",
                f"the cell is the formula {cell[:30]} without a value; taken as empty",
            )
        )
    return None


READER = Reader(
    name="csv",
    label=Label("CSV 表格", "CSV table"),
    suffixes=(".csv", ".tsv"),
    recognises=recognises,
    read=read,
    order=60,
)
