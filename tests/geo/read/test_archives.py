"""Zips are checked before they are unpacked, and every refusal says why."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from fuzzed_gis import damaged
from hypothesis import given
from hypothesis import strategies as st
from made_gis import zipped, zipped_gbk

from geo.read import archives
from geo.read.raw import Unreadable


def code(path: Path, opening: bool = True) -> str:
    with pytest.raises(Unreadable) as fault:
        if opening:
            with archives.opened(path, "a.zip"):
                pass
        else:
            archives.checked(path, "a.zip")
    assert fault.value.finding.message.zh.startswith("a.zip：")
    return fault.value.finding.code


def unpacked(path: Path) -> dict[str, bytes]:
    with archives.opened(path, "a.zip") as folder:
        return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_files_in_folders_are_unpacked_and_gone_afterwards(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"b/c/地块.shp": b"1", "d.txt": b"2", "__MACOSX/._d.txt": b"", ".DS_Store": b""})
    with archives.opened(path, "a.zip") as folder:
        assert (folder / "b/c/地块.shp").read_bytes() == b"1"
        assert sorted(each.name for each in folder.rglob("*") if each.is_file()) == ["d.txt", "地块.shp"]
    assert not folder.exists()


def test_the_folder_is_gone_after_an_exception_too(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a": b"1"})
    with pytest.raises(KeyError), archives.opened(path, "a.zip") as folder:
        raise KeyError
    assert not folder.exists()


def test_gbk_names_are_put_right(tmp_path: Path) -> None:
    path = zipped_gbk(tmp_path / "a.zip", {"许昌/地块.shp": b"1"})
    assert unpacked(path) == {"许昌/地块.shp": b"1"}
    assert archives.names_in(path.read_bytes()) == ("许昌/地块.shp",)


def test_backslashes_part_folders(tmp_path: Path) -> None:
    assert unpacked(zipped(tmp_path / "a.zip", {"a\\b.shp": b"1"})) == {"a/b.shp": b"1"}


def test_only_what_is_wanted_is_written(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"A.SHP": b"1", "a.tif": b"2"})
    with archives.opened(path, "a.zip", wanted=lambda name: name.endswith(".shp")) as folder:
        assert [each.name for each in folder.iterdir()] == ["A.SHP"]


@pytest.mark.parametrize(
    "name",
    [
        "../a.shp",
        "a/../../b.shp",
        "/etc/passwd",
        "C:\\a.shp",
        "..\\a.shp",
        "\\\\host\\a",
        "a\x01b",
        "x" * 300,
        "a/" * 30,
    ],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    assert code(zipped(tmp_path / "a.zip", {name: b"1"})) == "zip-slip"
    assert code(tmp_path / "a.zip", opening=False) == "zip-slip"


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert code(tmp_path / "a.zip") == "zip-slip"


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    assert code(zipped(tmp_path / "a.zip", {"a.shp": b"1", "A.SHP": b"2"})) == "zip-duplicate"


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.shp": bytes(8 << 20)})
    assert code(path) == code(path, opening=False) == "zip-bomb"


def test_a_small_blank_table_is_no_bomb(tmp_path: Path) -> None:
    assert unpacked(zipped(tmp_path / "a.zip", {"a.dbf": b" " * 500_000}))["a.dbf"] == b" " * 500_000


def test_a_thousand_entries_pass_and_one_more_does_not(tmp_path: Path) -> None:
    assert len(unpacked(zipped(tmp_path / "a.zip", {str(number): b"1" for number in range(1000)}))) == 1000
    assert code(zipped(tmp_path / "b.zip", {str(number): b"1" for number in range(1001)})) == "zip-bomb"


def test_a_directory_too_long_to_be_counted_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {str(number) * 40: b"" for number in range(100, 40_000)}, zipfile.ZIP_STORED)
    assert code(path) == "zip-bomb"


def test_more_than_a_gibibyte_is_refused_by_what_the_headers_say(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", {"a.shp": b"1" * 100}).read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", (1 << 30) + 1)
    (tmp_path / "a.zip").write_bytes(data)
    assert code(tmp_path / "a.zip") == "zip-bomb"


def test_a_size_that_lies_is_found_while_unpacking(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", {"a.shp": b"1" * 100_000}).read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    (tmp_path / "a.zip").write_bytes(data)
    assert code(tmp_path / "a.zip") == "zip-damaged"


def test_overlapping_files_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", {"a.shp": b"1" * 100, "b.shp": b"1" * 100}).read_bytes())
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 5)
    (tmp_path / "a.zip").write_bytes(data)
    assert code(tmp_path / "a.zip") == "zip-bomb"


def test_a_zip_in_a_zip_is_refused_by_name_and_by_content(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "b.zip", {"a.shp": b"1"}).read_bytes()
    assert code(zipped(tmp_path / "a.zip", {"b.zip": inner})) == "nested-zip"
    assert code(zipped(tmp_path / "a.zip", {"b.rar": b"Rar!"})) == "nested-zip"
    assert code(zipped(tmp_path / "a.zip", {"b.shp": inner})) == "nested-zip"
    assert unpacked(zipped(tmp_path / "a.zip", {"b.xlsx": inner})) == {"b.xlsx": inner}


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", {"a.shp": b"1"}).read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert code(tmp_path / "a.zip") == "zip-encrypted"


def test_an_odd_method_is_refused(tmp_path: Path) -> None:
    assert code(zipped(tmp_path / "a.zip", {"a.shp": b"1"}, zipfile.ZIP_LZMA)) == "zip-method"


def test_truncation_at_every_tenth_byte_is_refused(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", {"a.shp": bytes(range(256)) * 4}).read_bytes()
    for length in range(4, len(whole), 10):
        (tmp_path / "a.zip").write_bytes(whole[:length])
        assert code(tmp_path / "a.zip") in ("zip-truncated", "zip-damaged")


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no zip")
    assert code(tmp_path / "a.zip") == "zip-damaged"


def test_an_entry_without_a_name_gets_one(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", {"a": b"1"}).read_bytes())
    for begins, lengths in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):
        # The one letter of the name counts as extra field instead: every offset stays.
        at = data.index(begins) + lengths
        data[at : at + 4] = struct.pack("<HH", 0, 1)
    (tmp_path / "a.zip").write_bytes(data)
    assert unpacked(tmp_path / "a.zip") == {"_": b"1"}


@given(st.data())
def test_damaged_zips_raise_nothing_but_unreadable(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("地块.shp", b"123" * 50)
        archive.writestr("b.dbf", b"456" * 50)
    path = tmp_path_factory.getbasetemp() / "fuzzed.zip"
    path.write_bytes(data.draw(damaged(buffer.getvalue()) | st.binary(max_size=200)))
    try:
        unpacked(path)
    except Unreadable as fault:
        assert fault.finding.code
