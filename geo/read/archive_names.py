"""The names in a zip: decoded, and refused where they lead out of the folder."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib

from geo.read.faults import unreadable

LOCAL = b"PK\x03\x04"

_LONGEST_NAME = 240
_DEEPEST = 20
_UNICODE_PATH = 0x7075


def names_in(head: bytes) -> tuple[str, ...]:
    """The names of the entries that begin within the first bytes of a zip; enough to tell what kind of zip it is."""
    found = []
    at = head.find(LOCAL)
    while at >= 0 and at + 30 <= len(head):
        flags, length = struct.unpack_from("<6xH18xH", head, at)
        raw = head[at + 30 : at + 30 + length]
        found.append(_decoded(raw, bool(flags & 0x800)).replace("\\", "/"))
        at = head.find(LOCAL, at + 30)
    return tuple(found)


def safe_name(info: zipfile.ZipInfo, name: str) -> str:
    """The entry's name put right; raises Unreadable where it leads elsewhere than into the folder."""
    found = _name(info).replace("\\", "/")
    parts = found.rstrip("/").split("/")
    if found.startswith("/") or ".." in parts or re.match(r"^[A-Za-z]:", found) or re.search(r"[\x00-\x1f]", found):
        raise unreadable(
            "zip-slip",
            name,
            f"压缩包内的文件名“{found[:80]!r}”指向文件夹之外，拒绝展开",
            f"the name {found[:80]!r} in the zip leads out of its folder; it is not unpacked",
        )
    if any(len(part.encode()) > _LONGEST_NAME for part in parts) or len(parts) > _DEEPEST:
        raise unreadable(
            "zip-slip",
            name,
            f"压缩包内的文件名过长（“{found[:40]}…”），请改短",
            f"a name in the zip is too long ('{found[:40]}…'); shorten it",
        )
    return "/".join(part for part in found.split("/") if part != ".") if found not in ("", ".") else "_"


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return _decoded(info.orig_filename.encode("utf-8", "surrogatepass"), True)
    raw = info.orig_filename.encode("cp437", "replace")
    return _unicode_path(info.extra, raw) or _decoded(raw, False)


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in Info-ZIP's Unicode path field, where it belongs to this very name."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(body) > 5 and struct.unpack_from("<I", body, 1)[0] == zlib.crc32(raw):
            return body[5:].decode("utf-8", "replace")
    return ""


def _decoded(raw: bytes, is_utf8: bool) -> str:
    for encoding in ("utf-8",) if is_utf8 else ("utf-8", "gb18030", "cp437"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def is_litter(name: str) -> bool:
    """What macOS and Windows put into zips by themselves."""
    last = name.rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or last.startswith("._") or last in (".DS_Store", "Thumbs.db", "desktop.ini")
