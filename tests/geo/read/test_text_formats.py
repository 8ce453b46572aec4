"""The text and table formats through the registry: told by content, whatever the extension says."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_tables import delimited, workbook
from made_txt import PLAIN_SQUARE, text

from geo.read.raw import Unreadable
from geo.read.registry import read

WKT = "POLYGON((114 34,114.1 34,114.1 34.1,114 34))"
TABLE = [["地块编号", "WKT"], ["A", WKT]]


@pytest.mark.parametrize(
    ("name", "data", "format_name", "codes"),
    [
        ("a.txt", text().encode("gbk"), "boundary-txt", []),
        ("a.csv", text().encode(), "boundary-txt", ["extension-differs"]),
        ("a.txt", PLAIN_SQUARE.encode(), "pasted", []),
        ("a.wkt", WKT.encode(), "pasted", []),
        ("a.doc", WKT.encode(), "pasted", ["extension-differs"]),
        ("a.csv", delimited(TABLE), "csv", []),
        ("a.txt", delimited(TABLE, "\t", "gbk"), "csv", []),
        ("a.xlsx", delimited(TABLE), "csv", ["extension-differs"]),
        ("a.csv", PLAIN_SQUARE.encode(), "pasted", []),
    ],
)
def test_content_tells_the_format(tmp_path: Path, name: str, data: bytes, format_name: str, codes: list[str]) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    file = read(path)
    assert (file.format, [f.code for f in file.findings]) == (format_name, codes)
    assert [f.geometry.geom_type for f in file.features if f.geometry] == ["Polygon"]


def test_a_workbook_under_another_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"S": TABLE}).rename(tmp_path / "b.dat")
    file = read(path, "b.zip")
    assert (file.format, [f.code for f in file.findings]) == ("xlsx", ["extension-differs"])


@pytest.mark.parametrize(
    ("name", "data"), [("a.txt", b""), ("a.txt", b"\0\1\2" * 99), ("a.csv", b"hello"), ("a.xlsx", b"hello")]
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=name):
        read(path)
