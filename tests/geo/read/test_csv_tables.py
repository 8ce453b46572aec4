"""CSV: delimiters, quotes, encodings, rows as a spreadsheet numbers them."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import delimited
from made_txt import PLAIN_SQUARE

from geo.read.formats.csv import READER, parsed
from geo.read.raw import ReadFile, Sniff, Unreadable, nothing_done

WKT = "POLYGON((114 34,114.1 34,114.1 34.1,114 34))"
ROWS = [["地块编号", "名称", "WKT"], ["A1", "甲，\n乙", WKT], ["A2", '丙"丁', WKT]]


def read(data: bytes) -> ReadFile:
    return parsed(data, "t.csv", nothing_done)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    data = delimited(ROWS, delimiter, encoding)
    assert READER.recognises(Sniff("t.csv", data)) == 60
    assert READER.recognises(Sniff("t.txt", data)) == 55
    file = read(data)
    assert [f.where for f in file.features] == ["t.csv:2", "t.csv:3"]
    assert [f.attributes["名称"] for f in file.features] == ["甲，\n乙", '丙"丁']
    assert all(f.geometry is not None and not f.findings for f in file.features)


def test_blank_lines_count_as_rows() -> None:
    file = read("标题\n\n地块编号,名称\n\nA,甲\n".encode())
    assert [f.where for f in file.features] == ["t.csv:5"]


def test_a_line_that_names_the_separator() -> None:
    file = read("sep=;\n地块编号;名称\nA;甲,乙\n".encode())
    assert [(f.where, f.attributes["名称"]) for f in file.features] == [("t.csv:2", "甲,乙")]


def test_formulas() -> None:
    (feature,) = (file := read('编号,名称,备注\n="0374",=1+1,x\n'.encode())).features
    assert feature.attributes == {"编号": "0374", "名称": None, "备注": "x"}
    assert [(f.code, f.where) for f in file.findings] == [("formula-without-value", "t.csv:2")]


def test_an_open_quote_is_warned_of() -> None:
    file = read('编号,名称\nA,"甲\nB,乙\n'.encode())
    assert "quotes-unbalanced" in [f.code for f in file.findings]


def test_bare_coordinates_need_no_heading() -> None:
    file = read(PLAIN_SQUARE.encode())
    assert file.format == "pasted"
    assert file.features[0].geometry is not None and file.features[0].geometry.geom_type == "Polygon"


def test_neither_heading_nor_coordinates_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        read(b"a1,b2\n1,2\n")
    assert caught.value.finding.code == "heading-not-found"


def test_progress_may_cancel() -> None:
    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parsed(delimited([ROWS[0], *[["A", "b", WKT]] * 600]), "t.csv", cancel)


@pytest.mark.parametrize(
    "data",
    [
        b"," * 1_000_000,
        b'"' * 1_000_000,
        "地块编号,WKT\n".encode() + b'A,"' + b"POLYGON((" * 100_000,
        "编号,坐标\n".encode() + b"A," + b"114.1 34.2;" * 50_000,
        "编号,".encode() + b"(" * 1_000_000,
        "编号\n".encode() + b"=1\n" * 100_000,
    ],
)
def test_hostile_tables_take_little_time(data: bytes) -> None:
    began = time.process_time()
    with contextlib.suppress(Unreadable):
        assert len(read(data).findings) <= 1000
    assert time.process_time() - began < 10


PIECES = st.sampled_from(
    [
        "地块编号",
        "X",
        "Y",
        "WKT",
        "经度",
        "纬度",
        "点号",
        ",",
        ";",
        "\t",
        "\n",
        '"',
        "114.1",
        "34.2",
        "nan",
        "3770000",
        "38512000",
        WKT,
        "=1",
        "#N/A",
        "1e999",
        "sep=",
        "面积(亩)",
    ]
)


@settings(max_examples=400, deadline=1000)
@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=60).map(lambda p: "".join(p).encode())))
def test_no_bytes_crash_it(data: bytes) -> None:
    READER.recognises(Sniff("t.csv", data))
    try:
        read(data)
    except Unreadable as refused:
        assert "t.csv" in refused.finding.message.zh
