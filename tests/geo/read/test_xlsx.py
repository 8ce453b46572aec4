"""Excel workbooks: sheets, merged headings, dates, percentages, formulas, and every way to be no workbook."""

from __future__ import annotations

import datetime
import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_tables import workbook
from made_txt import square

from geo.read.formats.xlsx import READER, read
from geo.read.raw import ReadFile, Sniff, Unreadable, nothing_done

WKT = "POLYGON((114 34,114.1 34,114.1 34.1,114 34))"
HEAD = ["地块编号", "名称", "WKT"]


def opened(path: Path) -> ReadFile:
    return read(path, "b.xlsx", nothing_done)


def test_several_sheets_with_rows_as_excel_shows_them(tmp_path: Path) -> None:
    rows = [["一览表"], [], HEAD, ["A1", "甲", WKT]]
    path = workbook(
        tmp_path / "b.xlsx",
        {"东区": rows, "西区": [HEAD, ["B1", "乙", None]], "说明": [["随便写写"]], "旧": rows},
        hidden=["旧"],
    )
    assert READER.recognises(Sniff("b.bin", path.read_bytes()[:65536])) == 95
    file = opened(path)
    assert [f.where for f in file.features] == ["b.xlsx!东区:4", "b.xlsx!西区:2"]
    assert file.features[0].geometry is not None
    assert sorted((f.code, f.where) for f in file.findings) == [
        ("heading-not-found", "b.xlsx!说明:1"),
        ("hidden-sheet-ignored", "b.xlsx!旧"),
    ]


def test_merged_headings_and_merged_codes(tmp_path: Path) -> None:
    corners = [[None, f"J{n}", y, x] for n, (x, y) in enumerate(square(), start=1)]
    corners[0][0] = "A"
    rows = [["地块编号", "点号", "坐标", None], [None, None, "X", "Y"], *corners]
    path = workbook(tmp_path / "b.xlsx", {"Sheet1": rows}, merged=["A1:A2", "B1:B2", "C1:D1", "A3:A6"])
    (feature,) = opened(path).features
    assert feature.attributes == {"地块编号": "A"} and feature.findings == ()
    assert feature.geometry is not None and feature.geometry.area == pytest.approx(10_000)


def test_cells_keep_their_meaning(tmp_path: Path) -> None:
    rows = [
        ["编号", "面积", "日期", "时间", "绿地率", "备注", "状态"],
        [1, 1200.5, datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1, 8, 30), 0.2, "#N/A", True],
        ["007", "1,200㎡", None, None, None, "=甲", False],
    ]
    path = workbook(tmp_path / "b.xlsx", {"S": rows})
    import openpyxl

    book = openpyxl.load_workbook(path)
    book["S"]["E2"].number_format = "0.0%"
    book["S"]["F3"].data_type = "s"
    book.save(path)
    first, second = opened(path).features
    assert list(first.attributes.values()) == [1, 1200.5, "2026-03-01", "2026-03-01 08:30:00", "20%", None, "是"]
    assert [f.code for f in first.findings] == ["cell-error"]
    assert second.attributes["编号"] == "007"
    assert second.attributes["面积"] == "1,200㎡"


def test_a_formula_without_a_saved_value_is_warned_of(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"S": [["编号", "面积"], ["A", "=1+1"]]})
    file = opened(path)
    assert file.features[0].attributes == {"编号": "A", "面积": None}
    assert [(f.code, f.where) for f in file.findings] == [("formula-without-value", "b.xlsx!S:2")]
    assert "B2" in file.findings[0].message.zh


def test_a_formula_counts_by_its_saved_value(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"S": [["编号", "面积"], ["A", "=1+1"]]})
    _replaced(path, "xl/worksheets/sheet1.xml", b"<v />", b"<v>2</v>", b"<v></v>", b"<v>2</v>", b"<v/>", b"<v>2</v>")
    file = opened(path)
    assert (file.features[0].attributes["面积"], file.findings) == (2, ())


def _replaced(path: Path, name: str, *swaps: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == name:
                for before, after in zip(swaps[::2], swaps[1::2], strict=True):
                    data = data.replace(before, after)
            new.writestr(entry.filename, data)
    path.write_bytes(out.getvalue())


def test_a_wrong_dimension_hides_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"S": [HEAD, ["A1", "甲", WKT], ["A2", "乙", WKT]]})
    _replaced(path, "xl/worksheets/sheet1.xml", b'ref="A1:C3"', b'ref="A1"')
    assert len(opened(path).features) == 2


def test_a_stray_row_number_takes_no_time(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"S": [HEAD, ["A1", "甲", WKT], ["A2", "乙", WKT]]})
    _replaced(path, "xl/worksheets/sheet1.xml", b'<row r="3"', b'<row r="99999999999"')
    began = time.process_time()
    assert len(opened(path).features) >= 1
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-xls"),
        (b"PK\x03\x04 no zip at all", "zip-"),
        (b"plain text", "not-a-workbook"),
    ],
)
def test_what_is_no_workbook_is_refused_by_name(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        opened(path)
    assert caught.value.finding.code.startswith(code)
    assert "b.xlsx" in caught.value.finding.message.zh


def test_a_zip_that_is_no_workbook_an_entity_bomb_and_no_heading(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(Unreadable, match="damaged"):
        opened(path)
    workbook(path, {"S": [HEAD, ["A1", "甲", WKT]]})
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet '
    _replaced(path, "xl/worksheets/sheet1.xml", b"<worksheet ", bomb)
    with pytest.raises(Unreadable, match="damaged"):
        opened(path)
    workbook(path, {"S": [["a1", "b2"], [1, 2]]})
    with pytest.raises(Unreadable, match="headings"):
        opened(path)


def test_cancelling_is_not_taken_for_damage(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"S": [HEAD, *[["A", "b", None]] * 600]})

    class Cancelled(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read(path, "b.xlsx", cancel)


@settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=4),
    st.integers(0, 6000),
)
def test_damage_anywhere_is_refused_or_read(tmp_path: Path, edits: list[tuple[int, bytes]], cut: int) -> None:
    whole = bytearray(workbook(tmp_path / "w.xlsx", {"S": [HEAD, ["A1", "甲", WKT]]}).read_bytes())
    for at, piece in edits:
        whole[at % len(whole) : at % len(whole) + len(piece)] = piece
    path = tmp_path / "b.xlsx"
    path.write_bytes(bytes(whole[: len(whole) - cut]) if cut < 3000 else bytes(whole))
    READER.recognises(Sniff("b.xlsx", path.read_bytes()[:65536]))
    try:
        opened(path)
    except Unreadable as refused:
        assert "b.xlsx" in refused.finding.message.zh
