"""Boundary-point text: no bytes crash it, none keep it busy."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_txt import text

from geo.model.finding import Severity
from geo.read.formats.boundary_txt import READER, parsed
from geo.read.raw import ReadFile, Sniff, Unreadable, nothing_done

PLAIN = text()


def read(data: bytes) -> ReadFile:
    return parsed(data, "a.txt", nothing_done)


LINES = st.sampled_from(
    [
        *PLAIN.split("\r\n"),
        "@",
        "@@,@",
        "[属性描述]",
        "=,=",
        "J1,1",
        "J1 1 nan inf",
        ",,,",
        "1,1,1e308,-1e308",
        "\x00",
        "【",
    ]
)


@settings(max_examples=300, deadline=1000)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=40).map(
            lambda rows: "\n".join(rows).encode("utf-8", "replace")
        ),
        st.tuples(st.integers(0, 600), st.binary(max_size=6)).map(
            lambda at: PLAIN.encode("gbk")[: at[0]] + at[1] + PLAIN.encode("gbk")[at[0] + 2 :]
        ),
    )
)
def test_no_bytes_crash_it(data: bytes) -> None:
    READER.recognises(Sniff("a.txt", data))
    try:
        file = read(data)
    except Unreadable as refused:
        assert refused.finding.severity is Severity.ERROR
        return
    assert all(f.where.startswith("a.txt") for feature in file.features for f in feature.findings)


@pytest.mark.parametrize(
    "data",
    [
        b"@" * 2_000_000,
        b"[" * 2_000_000,
        b"=" * 2_000_000,
        b" " * 2_000_000 + b"x",
        b"1," * 1_000_000,
        b"@\n" * 100_000,
        b"1 " * 1_000_000,
    ],
)
def test_hostile_lines_take_little_time(data: bytes) -> None:
    began = time.process_time()
    for content in (data, text().encode() + data):
        try:
            read(content)
        except Unreadable:
            continue
    assert time.process_time() - began < 10
