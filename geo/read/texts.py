"""Text out of bytes: UTF-8, UTF-16, GB18030, with and without a byte order mark; and text made plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from geo.model.finding import Finding
from geo.read.faults import unreadable, warning

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_SAMPLE = 16 * 1024
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_BAD = "�"
_MOST_BAD = 0.02
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x00A0: " ",
    0x3001: ",",
    0xFEFF: None,
    0x200B: None,
}


class Decoded(NamedTuple):
    """Text with `\\n` line ends, the codec it was in ("utf-8", "utf-16-le", "gb18030" …), and what was odd."""

    text: str
    encoding: str
    findings: tuple[Finding, ...] = ()


def decoded(data: bytes, name: str) -> Decoded:
    """The text of a file; `name` is for the words of a fault.

    A mark decides; else the zero bytes of UTF-16; else UTF-8 if it fits, GB18030 (which holds GBK and GB2312) if not. A few
    undecodable bytes are replaced and warned of. Raises Unreadable for bytes that are no text.
    """
    body = data.rstrip(b"\x1a") if data.endswith(b"\x1a") else data
    encoding, text = _by_mark(body) or _by_zeros(body) or _by_fit(body)
    text = text.removeprefix("﻿").rstrip("\0\x1a")
    findings = _bad_characters(text, encoding, name)
    sample = text[:_SAMPLE]
    if "\0" in text or len(_CONTROLS.findall(sample)) > len(sample) * _MOST_BAD:
        raise unreadable(
            "not-text",
            name,
            "文件内容不是文本，请确认文件未损坏、扩展名正确",
            "this is no text; see that the file is whole and has its right extension",
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text, encoding, findings)


def narrowed(text: str) -> str:
    """The same with full-width letters, digits, marks and spaces as plain ones."""
    return text if text.isascii() else text.translate(_NARROW)


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text, each with its `\\n`, one at a time: a list of them would take several times the text's memory."""
    start = 0
    while (end := text.find("\n", start) + 1) > 0:
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _by_mark(data: bytes) -> tuple[str, str] | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, data[len(mark) :].decode(encoding, "replace")
    return None


def _by_zeros(data: bytes) -> tuple[str, str] | None:
    """UTF-16 without a mark: its digits and line ends have a zero byte each, all on the same side."""
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < max(2, len(sample) / 20) or min(even, odd) * 20 > max(even, odd):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    return encoding, data.decode(encoding, "replace")


def _by_fit(data: bytes) -> tuple[str, str]:
    try:
        return "utf-8", data.decode("utf-8")
    except UnicodeDecodeError as fault:
        lenient = data.decode("utf-8", "replace")
        # A single damaged byte must not turn a UTF-8 file into GB18030 mojibake: its other characters vote.
        bad = lenient.count(_BAD)
        fitting = sum(not char.isascii() for char in lenient[: _SAMPLE * 8]) - bad
        if fitting > 8 * bad or (fault.start >= len(data) - 3 and bad == 1 and fitting > 0):
            return "utf-8", lenient
    return "gb18030", data.decode("gb18030", "replace")


def _bad_characters(text: str, encoding: str, name: str) -> tuple[Finding, ...]:
    bad = text.count(_BAD)
    if not bad:
        return ()
    if bad > max(2, len(text) * _MOST_BAD):
        raise unreadable(
            "unknown-encoding",
            name,
            "无法识别文字编码，请另存为 UTF-8 或 GBK 后再上传",
            "the text encoding is not known; save the file as UTF-8 or GBK",
        )
    line = text.count("\n", 0, text.index(_BAD)) + 1
    where = f"{name}:{line}"
    return (
        warning(
            "bad-characters",
            where,
            f"有 {bad} 处文字无法按 {encoding} 解读（首处在第 {line} 行），已用“{_BAD}”代替",
            f"{bad} characters are not valid {encoding} (the first in line {line}); replaced by '{_BAD}'",
        ),
    )
