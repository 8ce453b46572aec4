"""In which encoding a shapefile's texts are: what the .cpg says, weighed against the bytes themselves.

Texts come here as Latin-1, one character a byte, so that nothing is lost before the encoding is known.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from geo.model.finding import Finding
from geo.read.faults import warning

UNDECODED = "ISO-8859-1"

_KNOWN = re.compile(
    r"utf-8(-sig)?|gbk|gb2312|gb18030|hz|big5\w*|cp\d+|iso8859-\d+|ascii|shift_jis\w*|euc_\w+|koi8-\w|mac-\w+"
)
_MOST = 5000
_FIRST_CJK = 0x2E80


def encoding_of(cpg: Path | None, texts: Iterable[str], layer: str) -> tuple[str, tuple[Finding, ...]]:
    """The codec of these texts, and a warning where the .cpg is wrong or unknown.

    UTF-8 wins where all texts are valid in it and Chinese comes out: text in GBK is hardly ever valid UTF-8 by chance.
    """
    odd = list(dict.fromkeys(text for text in texts if not text.isascii()))[:_MOST]
    raw = [text.encode("latin-1") for text in odd]
    declared, said = _declared(cpg)
    guessed = _guessed(raw, declared)
    if not said:
        return guessed, ()
    if not declared:
        return guessed, (
            warning(
                "cpg-unknown",
                layer,
                f".cpg 里的编码“{said}”无法识别，已按 {guessed} 解读文字",
                f"the encoding '{said}' in the .cpg is not known; texts were read as {guessed}",
            ),
        )
    if guessed == declared or not raw:
        return declared, ()
    return guessed, (
        warning(
            "cpg-wrong",
            layer,
            f".cpg 写的是 {said}，文字实际是 {guessed}，已按 {guessed} 解读，请核对",
            f"the .cpg says {said} but the texts are {guessed}; read as {guessed}, please check",
        ),
    )


def plain(text: str, encoding: str) -> str:
    """A Latin-1 text in its true encoding; a character cut in half at the end of a full cell is dropped."""
    if text.isascii():
        return text
    raw = text.encode("latin-1", "replace")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        return decoder.decode(raw)


def _guessed(raw: Sequence[bytes], declared: str) -> str:
    if raw and all(_fits(each, "utf-8") for each in raw):
        text = "".join(each.decode("utf-8", "ignore") for each in raw)
        if declared in ("", "utf-8") or any(ord(character) >= _FIRST_CJK for character in text):
            return "utf-8"
    chinese = bool(raw) and all(_fits(each, "gb18030") for each in raw)
    if declared and declared != "utf-8" and all(_fits(each, declared) for each in raw):
        # Every byte is valid in a Western code page, so that it fits says nothing where the bytes make Chinese.
        western = declared in ("iso8859-1", "cp1252", "cp437", "ascii")
        return "gb18030" if western and chinese and all(_is_hanzi(each) for each in raw) else declared
    return "gb18030" if chinese or not declared else declared


def _is_hanzi(raw: bytes) -> bool:
    return any(0x4E00 <= ord(character) <= 0x9FFF for character in raw.decode("gb18030", "ignore"))


def _fits(raw: bytes, encoding: str) -> bool:
    """Whether the bytes are valid, but for a character cut off at the end."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(raw)
    except UnicodeDecodeError:
        return False
    return True


def _declared(cpg: Path | None) -> tuple[str, str]:
    """The codec that a .cpg names ("" where it is unknown), and its words."""
    said = cpg.read_bytes()[:64].decode("ascii", "replace").strip("\ufeff\ufffd \t\r\n\0") if cpg else ""
    if not said:
        return "", ""
    page = re.fullmatch(r"(?:cp|oem|ansi|windows)?[ _-]*(\d{3,5})", said, re.IGNORECASE)
    number = page[1] if page else ""
    wanted = {"65001": "utf-8", "936": "gb18030", "54936": "gb18030"}.get(number, f"cp{number}" if number else said)
    if wanted == "cp88591":
        wanted = "iso8859-1"
    try:
        codec = codecs.lookup(wanted).name if wanted.isascii() and wanted.isprintable() else ""
    except LookupError:
        return "", said
    # Python has codecs that are no encodings of text in bytes.
    if not _KNOWN.fullmatch(codec):
        return "", said
    return {"gbk": "gb18030", "gb2312": "gb18030", "hz": "gb18030", "utf-8-sig": "utf-8"}.get(codec, codec), said
