"""Damaged copies of sound files, and the promise that every reader keeps on them."""

from __future__ import annotations

import time
from pathlib import Path

from hypothesis import strategies as st
from numpy import isfinite
from shapely import get_coordinates

from geo.model.finding import Finding
from geo.read.raw import Reader, ReadFile, Unreadable, nothing_done

SLOWEST_SECONDS = 20.0


def read(reader: Reader, path: Path, name: str = "") -> ReadFile:
    """The file by this reader, unwatched."""
    return reader.read(path, name or path.name, nothing_done)


def refused(reader: Reader, path: Path, name: str = "") -> str:
    """The code with which the reader refuses the file; its words name the file in both languages."""
    try:
        read(reader, path, name)
    except Unreadable as fault:
        words = fault.finding.message
        assert (name or path.name) in words.zh
        assert (name or path.name) in words.en
        return fault.finding.code
    raise AssertionError("the file was read")


def codes(file: ReadFile) -> list[str]:
    """The codes of all findings, those about the file first."""
    return [each.code for each in file.findings] + [each.code for row in file.features for each in row.findings]


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The file with some bytes overwritten, a stretch cut out or doubled, or its end missing."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        how = draw(st.sampled_from(("byte", "word", "cut", "double", "end", "noise")))
        if how == "byte":
            data[at : at + 1] = bytes([draw(st.integers(0, 255))])
        elif how == "word":
            data[at : at + 4] = draw(
                st.sampled_from((b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f"))
            )
        elif how == "cut":
            del data[at : at + draw(st.integers(1, 64))]
        elif how == "double":
            data[at:at] = data[at : at + draw(st.integers(1, 64))]
        elif how == "end":
            del data[at:]
        else:
            data[at : at + 8] = draw(st.binary(min_size=8, max_size=8))
    return bytes(data)


def holds(reader: Reader, path: Path, data: bytes) -> None:
    """Reads the bytes: nothing but Unreadable may be raised, in bounded time, and no geometry that isn't finite is given."""
    path.write_bytes(data)
    begun = time.monotonic()
    try:
        file = read(reader, path)
    except Unreadable as fault:
        _can_be_sent(fault.finding)
    else:
        shapes = [each.geometry for each in file.features if each.geometry is not None]
        assert isfinite(get_coordinates(shapes)).all()
        for finding in file.findings:
            _can_be_sent(finding)
        for each in file.features:
            assert each.where.encode()
            repr(each.attributes).encode()
            for finding in each.findings:
                _can_be_sent(finding)
    assert time.monotonic() - begun < SLOWEST_SECONDS


def _can_be_sent(finding: Finding) -> None:
    """Half a character out of damaged bytes would break the answer that carries it."""
    assert finding.code.encode()
    assert finding.message.zh.encode()
    assert finding.message.en.encode()
