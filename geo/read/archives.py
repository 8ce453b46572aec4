"""Zip files opened safely: every name and every size is checked before a byte is written.

Limits: 1 GiB unpacked, 1000 entries, 200 times smaller than what is inside. Refused besides: zips in zips, encrypted entries,
links, names that lead out of the folder, entries that overlap. Names in GBK without the UTF-8 mark are put right.
"""

from __future__ import annotations

import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from geo.read.archive_names import LOCAL, is_litter, names_in, safe_name
from geo.read.faults import unreadable

__all__ = ["Entry", "checked", "is_zip", "names_in", "opened"]

MAX_BYTES = 1 << 30
MAX_ENTRIES = 1000
MAX_RATIO = 200
SMALL = 1 << 20
"""Up to this many bytes inside the ratio is not looked at: a short blank table may shrink a thousandfold."""

_CHUNK = 1 << 18
_ARCHIVES = {".zip", ".kmz", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".cab", ".iso"}
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LONGEST_DIRECTORY = MAX_ENTRIES * 4096
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a zip: its name put right, with `/` between folders; its size unpacked; how the zip itself lists it."""

    name: str
    size: int
    info: zipfile.ZipInfo

    @property
    def suffix(self) -> str:
        """Its extension, lower-cased, with the dot."""
        return PurePosixPath(self.name).suffix.lower()


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip (an empty one included)."""
    return head.startswith((LOCAL, b"PK\x05\x06"))


def checked(path: Path, name: str) -> tuple[Entry, ...]:
    """The files in a zip, none of them unpacked; for formats that are a zip themselves (xlsx).

    name: what the person called the zip. Raises Unreadable: zip-damaged, zip-truncated, zip-bomb, zip-slip, zip-encrypted,
    zip-method, zip-duplicate.
    """
    with _read(path, name) as archive:
        return _checked(archive, path, name)


@contextmanager
def opened(path: Path, name: str, wanted: Callable[[str], bool] | None = None) -> Iterator[Path]:
    """A temporary folder with the zip's files, gone again afterwards.

    wanted: told a name in lower case, says whether that file is unpacked (all are where it is left out); the limits hold
    for all. Raises Unreadable as `checked` does, and nested-zip.
    """
    with _read(path, name) as archive:
        entries = _checked(archive, path, name)
        for entry in entries:
            if entry.suffix in _ARCHIVES:
                raise _nested(name, entry.name)
        with tempfile.TemporaryDirectory(prefix="unpacked-") as folder:
            left = MAX_BYTES
            for entry in entries:
                if wanted is None or wanted(entry.name.lower()):
                    left -= _unpack(archive, entry, Path(folder), name, left)
            yield Path(folder)


@contextmanager
def _read(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    if _directory_bytes(path) > _LONGEST_DIRECTORY:
        raise _too_many(name, f"{MAX_ENTRIES}+")
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGED:
        raise _damaged(path, name) from None
    with archive:
        yield archive


def _directory_bytes(path: Path) -> int:
    """How long the zip says its directory is: millions of entries would fill the memory before they could be counted."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 66_000, 0))
        tail = file.read()
    end, wide = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    if end < 0 or end + 16 > len(tail):
        return 0
    length = int(struct.unpack_from("<I", tail, end + 12)[0])
    if length == 0xFFFFFFFF and 0 <= wide <= len(tail) - 48:
        length = int(struct.unpack_from("<Q", tail, wide + 40)[0])
    return length


def _damaged(path: Path, name: str) -> Exception:
    with path.open("rb") as file:
        begins = file.read(4) == LOCAL
    if begins:
        return unreadable(
            "zip-truncated",
            name,
            "压缩包不完整（缺少末尾的目录），请重新压缩或重新上传",
            "the zip is cut off (its directory at the end is missing); zip or upload it again",
        )
    return unreadable(
        "zip-damaged", name, "不是有效的 zip 压缩包，请重新压缩", "this is no valid zip; please zip the files again"
    )


def _checked(archive: zipfile.ZipFile, path: Path, name: str) -> tuple[Entry, ...]:
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise _too_many(name, str(len(infos)))
    entries = []
    seen: set[str] = set()
    for info in infos:
        entry = Entry(safe_name(info, name), info.file_size, info)
        _refuse_odd(entry, name)
        if entry.name.endswith("/") or is_litter(entry.name):
            continue
        if entry.name.casefold() in seen:
            raise unreadable(
                "zip-duplicate",
                name,
                f"压缩包内有两个同名文件“{entry.name}”",
                f"the zip holds two files of the name '{entry.name}'",
            )
        seen.add(entry.name.casefold())
        entries.append(entry)
    _refuse_bombs(infos, path.stat().st_size, name)
    return tuple(entries)


def _refuse_odd(entry: Entry, name: str) -> None:
    if entry.info.flag_bits & 0x1:
        raise unreadable(
            "zip-encrypted",
            name,
            f"压缩包设有密码（“{entry.name}”），请取消密码后重新压缩",
            f"the zip is protected by a password ('{entry.name}'); zip the files without one",
        )
    if stat.S_ISLNK(entry.info.external_attr >> 16):
        raise unreadable(
            "zip-slip",
            name,
            f"压缩包内的“{entry.name}”是链接，不是文件",
            f"'{entry.name}' in the zip is a link, not a file",
        )
    if entry.info.compress_type not in _METHODS:
        raise unreadable(
            "zip-method",
            name,
            f"压缩方式不受支持（“{entry.name}”），请用系统自带的“压缩为 zip”重新压缩",
            f"'{entry.name}' is packed in a way that is not supported; use the ordinary zip of the system",
        )


def _refuse_bombs(infos: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    inside = sum(info.file_size for info in infos)
    if inside > MAX_BYTES:
        raise _too_large(name)
    if inside > SMALL and inside > MAX_RATIO * packed:
        raise unreadable(
            "zip-bomb",
            name,
            f"压缩包展开后是原来的 {inside // max(packed, 1)} 倍，超过上限 {MAX_RATIO} 倍",
            f"unpacked the zip is {inside // max(packed, 1)} times as large; {MAX_RATIO} times is the most",
        )
    end = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise unreadable(
                "zip-bomb", name, "压缩包内的文件互相重叠，拒绝展开", "files in the zip overlap; it is not unpacked"
            )
        end = info.header_offset + 30 + info.compress_size


def _unpack(archive: zipfile.ZipFile, entry: Entry, folder: Path, name: str, left: int) -> int:
    """Writes one file and gives its size, which is counted: what a header says may be a lie."""
    target = folder / entry.name
    written = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry.info) as source, target.open("wb") as sink:
            while chunk := source.read(_CHUNK):
                if not written and chunk.startswith(LOCAL) and entry.suffix not in (".xlsx", ".docx", ".pptx"):
                    raise _nested(name, entry.name)
                written += len(chunk)
                if written > left:
                    raise _too_large(name)
                sink.write(chunk)
    except (*_DAMAGED, RuntimeError) as fault:
        # Unreadable is a ValueError too: what was refused above stays refused for its own reason.
        if hasattr(fault, "finding"):
            raise
        raise unreadable(
            "zip-damaged",
            name,
            f"压缩包内的“{entry.name}”已损坏，请重新压缩",
            f"'{entry.name}' in the zip is damaged; please zip the files again",
        ) from None
    return written


def _too_many(name: str, count: str) -> Exception:
    return unreadable(
        "zip-bomb",
        name,
        f"压缩包内有 {count} 个文件，超过上限 {MAX_ENTRIES}",
        f"the zip holds {count} files, more than {MAX_ENTRIES}",
    )


def _too_large(name: str) -> Exception:
    return unreadable(
        "zip-bomb",
        name,
        f"压缩包展开后超过 {MAX_BYTES >> 30} GiB，拒绝展开",
        f"unpacked the zip is larger than {MAX_BYTES >> 30} GiB; it is not unpacked",
    )


def _nested(name: str, inner: str) -> Exception:
    return unreadable(
        "nested-zip",
        name,
        f"压缩包里还有压缩包（“{inner}”），请先解开，再直接压缩其中的文件",
        f"there is an archive in the zip ('{inner}'); unpack it and zip the files themselves",
    )
