"""Excel workbooks (.xlsx): every visible sheet a table; formulas by the values that Excel saved with them."""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl.reader.excel import load_workbook
from openpyxl.utils.cell import get_column_letter

from datasets.labels import Label
from geo.model.finding import Finding
from geo.read.archives import checked
from geo.read.extensions import extension
from geo.read.faults import info, unreadable, warning
from geo.read.raw import Declared, Progress, RawFeature, Reader, ReadFile, Sniff
from geo.read.table_faults import Cell
from geo.read.tables import HEADING_ROWS, MOST_COLUMNS, Row, read_table

LAST_ROW = 1_048_576
BATCH = 200
MOST_BLANK = 100_000
MOST_STRINGS = 256 * 1024 * 1024
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORMULA = re.compile(rb"<f[\s/>]")


def recognises(sniff: Sniff) -> int:
    """A zip with a workbook inside, or an old or encrypted workbook (which `read` refuses by its name)."""
    if sniff.head.startswith(_OLD):
        return 70 if sniff.suffix in (".xls", ".xlsx", ".et") else 30
    if not sniff.head.startswith(b"PK\x03\x04"):
        return 20 if sniff.suffix in READER.suffixes else 0
    if b"xl/workbook.xml" in sniff.head or b"xl/worksheets/" in sniff.head:
        return 95
    return 80 if sniff.suffix in READER.suffixes else 0


def read(path: Path, name: str, progress: Progress) -> ReadFile:
    """The features of all sheets; raises Unreadable for a damaged, old or encrypted workbook and for one without headings."""
    with path.open("rb") as file:
        head = file.read(8)
    if head == _OLD:
        raise unreadable(
            "old-xls",
            name,
            "这是旧版 .xls 或加密的工作簿，请在 Excel 中去掉密码并另存为 .xlsx",
            "this is an old .xls or an encrypted workbook; remove the password and save it as .xlsx",
        )
    if not head.startswith(b"PK"):
        raise unreadable(
            "not-a-workbook",
            name,
            "扩展名是 Excel 工作簿，内容却不是，请在 Excel 中另存为 .xlsx",
            "the extension is a workbook's, the content is not; save it as .xlsx in Excel",
        )
    _guarded(path, name)
    features: list[RawFeature] = []
    findings: list[Finding] = []
    declared: Declared | None = None
    headed = False
    with _book(path, True, name) as book:
        for index, sheet in enumerate(book.worksheets):
            if sheet.sheet_state != "visible":
                findings.append(_hidden(name, sheet.title))
                continue
            where = f"{name}!{sheet.title}"
            rows = _rows(sheet, where, _formulas(path, name, index, sheet), findings, len(features), progress)
            table = read_table(rows, where)
            headed = headed or table.headed
            declared = declared or table.declared
            features += table.features
            findings += table.findings
    if not headed:
        raise unreadable(
            "heading-not-found",
            name,
            "各工作表都没有找到表头（如“地块编号”“面积”“X”“Y”“经度”）",
            "no sheet has a row of headings (such as 'plot code', 'area', 'X', 'Y', 'longitude')",
        )
    progress(len(features), len(features))
    return ReadFile(
        name, READER.name, declared, tuple(features), (*extension(READER, name, (*READER.suffixes, "")), *findings)
    )


def _guarded(path: Path, name: str) -> None:
    strings = sum(entry.size for entry in checked(path, name) if entry.name.lower().endswith("sharedstrings.xml"))
    if strings > MOST_STRINGS:
        raise unreadable(
            "zip-bomb", name, "工作簿展开后过大，拒绝读取", "unpacked the workbook is too large; it is not read"
        )


@contextmanager
def _book(path: Path, data_only: bool, name: str) -> Iterator[Any]:
    """The workbook, read as it is asked for. Opened as a stream, for openpyxl judges a path by its extension."""
    with path.open("rb") as file:
        book = _safely(
            lambda: load_workbook(file, read_only=True, data_only=data_only, keep_links=False),  # type: ignore[no-untyped-call]
            name,
        )
        try:
            yield book
        finally:
            book.close()


def _safely(call: Callable[[], Any], name: str) -> Any:
    """What openpyxl gives. Damage shows in it as any exception at all, which is why all are caught."""
    try:
        with warnings.catch_warnings():
            # What openpyxl cannot keep (validation, extensions) is of no use here.
            warnings.simplefilter("ignore")
            return call()
    except MemoryError:
        raise
    except Exception as fault:
        raise unreadable(
            "xlsx-damaged",
            name,
            "工作簿已损坏或不完整，请在 Excel 中打开后重新另存为 .xlsx",
            "the workbook is damaged or cut off; open it in Excel and save it as .xlsx again",
        ) from fault


def _formulas(path: Path, name: str, index: int, sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The same sheet's rows with formulas for values; none where it has no formula, for reading twice takes twice the time."""
    if not _safely(lambda: _has_formula(path, sheet), name):
        return
    with _book(path, False, name) as book:
        yield from _plain_rows(book.worksheets[index], name)


def _has_formula(path: Path, sheet: Any) -> bool:
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as source:
        before = b""
        while chunk := source.read(1 << 20):
            if _FORMULA.search(before + chunk):
                return True
            before = chunk[-4:]
    return False


def _rows(
    sheet: Any,
    where: str,
    formulas: Iterator[tuple[Any, ...]],
    findings: list[Finding],
    done: int,
    progress: Progress,
) -> Iterator[Row]:
    blank = 0
    for number, cells in enumerate(_plain_rows(sheet, where), start=1):
        formula = next(formulas, ())
        row = [_value(cell) for cell in cells]
        for column, cell in enumerate(formula):
            if column < len(row) and row[column] is None and isinstance(cell.value, str) and cell.value[:1] == "=":
                findings.append(_no_value(f"{where}:{number}", f"{get_column_letter(column + 1)}{number}"))
        if number % 500 == 0:
            progress(done + number, 0)
        blank = blank + 1 if all(cell is None for cell in row) else 0
        if blank > MOST_BLANK or number >= LAST_ROW:
            return
        yield Row(number, row)


def _plain_rows(sheet: Any, where: str) -> Iterator[tuple[Any, ...]]:
    """The rows of cells, as wide as the heading: one stray cell far to the right must not widen all of them."""
    sheet.reset_dimensions()
    head = _safely(lambda: [len(row) for row in sheet.iter_rows(max_row=HEADING_ROWS)], where)
    width = min(max(head, default=0), MOST_COLUMNS)
    rows = sheet.iter_rows(max_col=width or 1, max_row=LAST_ROW)
    while batch := _safely(lambda: list(islice(rows, BATCH)), where):
        yield from batch


def _value(cell: Any) -> Cell:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float)):
        return _number(value, str(getattr(cell, "number_format", "") or ""))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)


def _number(value: float, number_format: str) -> Cell:
    if "%" in number_format:
        return f"{value * 100:.10g}%"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _hidden(name: str, title: str) -> Finding:
    return info(
        "hidden-sheet-ignored",
        f"{name}!{title}",
        f"隐藏的工作表“{title}”未读取",
        f"the hidden sheet '{title}' is not read",
    )


def _no_value(where: str, address: str) -> Finding:
    return warning(
        "formula-without-value",
        where,
        f"单元格 {address} 的公式没有保存计算结果，按空处理；请在 Excel 中打开并保存一次",
        f"the formula in {address} was saved without its value; taken as empty: open and save the file in Excel once",
    )


READER = Reader(
    name="xlsx",
    label=Label("Excel 工作簿", "Excel workbook"),
    suffixes=(".xlsx", ".xlsm"),
    recognises=recognises,
    read=read,
    order=60,
)
