"""Text out of bytes: every encoding that offices use reads the same, and what is no text is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.read.raw import Unreadable
from geo.read.texts import decoded, lines_of, narrowed

SAMPLE = "地块编号,面积\n许昌-01,84.5亩\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_encodings(encoding: str, told: str) -> None:
    assert decoded(SAMPLE.encode(encoding), "a") == (SAMPLE, told, ())


def test_big_endian_mark() -> None:
    assert decoded(b"\xfe\xff" + SAMPLE.encode("utf-16-be"), "a").text == SAMPLE


def test_rare_characters_of_gb18030() -> None:
    assert decoded("𠮷地块㐀村".encode("gb18030") * 3, "a").text == "𠮷地块㐀村" * 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_become_one(end: str) -> None:
    assert decoded(f"a{end}b{end}{end}c\n".encode(), "a").text == "a\nb\n\nc\n"


def test_mixed_line_ends() -> None:
    assert decoded(b"a\r\nb\rc\nd", "a").text == "a\nb\nc\nd"


def test_a_file_end_of_old_days_and_padding_go() -> None:
    assert decoded(b"abc\n\x1a", "a").text == "abc\n"
    assert decoded(b"abc\n\0\0\0\x1a", "a").text == "abc\n"


def test_a_damaged_byte_does_not_turn_utf8_into_something_else() -> None:
    text, encoding, findings = decoded(("地块" * 40 + "\n").encode() + b"\xff" + "许昌".encode(), "a.txt")
    assert encoding == "utf-8" and text.endswith("\n�许昌")
    assert [(f.code, f.where) for f in findings] == [("bad-characters", "a.txt:2")]


def test_a_cut_through_the_last_character() -> None:
    text, encoding, findings = decoded("许昌地块".encode()[:-1], "a")
    assert (text, encoding, len(findings)) == ("许昌地�", "utf-8", 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not-text"),
        (b"ab\0cd", "not-text"),
        (bytes(range(1, 32)) * 20, "not-text"),
        (b"\xff\x81\xff\xfe" * 200 + b"\xff", "unknown-encoding"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decoded(data, "图.txt")
    finding = caught.value.finding
    assert finding.code == code
    assert "图.txt" in finding.message.zh and "图.txt" in finding.message.en


@given(st.text(alphabet="ab\n", max_size=20))
def test_lines_are_the_text(text: str) -> None:
    assert list(lines_of(text)) == text.splitlines(keepends=True)


def test_narrowed() -> None:
    assert narrowed("Ｊ１，３８　５；［地］（亩）") == "J1,38 5;[地](亩)"
    assert narrowed("J1,38") == "J1,38"


@given(st.text(alphabet=st.characters(codec="gb18030", exclude_categories=("Cc", "Cs", "Co", "Cn")), min_size=1))
def test_utf8_reads_back(text: str) -> None:
    assert decoded(text.encode(), "a").text == text.removeprefix("﻿")


@settings(deadline=500)
@given(st.binary(max_size=500))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        read = decoded(data, "a")
    except Unreadable:
        return
    assert "\0" not in read.text and "\r" not in read.text
