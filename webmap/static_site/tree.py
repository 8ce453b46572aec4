"""Replacing a folder of files whole: written beside, what is unchanged shared, swapped in by one rename."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import gzip
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import brotli

from datasets.labels import Label
from webmap.static_site.refusals import SiteRefused

MARKER = "site.json"
TEXTS = frozenset([".html", ".js", ".css", ".svg", ".json", ".geojson", ".csv", ".txt", ".xml", ".kml", ".mvt"])
SMALLEST = 512  # bytes below which compressing costs more than it saves
BROTLI = 9  # 11 is a few hundredths smaller and ten times as slow, over thousands of pages
EXCHANGE, HERE = 2, -100  # RENAME_EXCHANGE, AT_FDCWD (linux/fs.h, fcntl.h)


@dataclass
class Written:
    """What has been done: files that are new or changed, unchanged, and no longer there; bytes of all, uncompressed."""

    changed: int = 0
    kept: int = 0
    removed: int = 0
    size: int = 0

    @property
    def files(self) -> int:
        """How many files the folder holds, compressed forms not counted."""
        return self.changed + self.kept


class Tree:
    """The new folder while it is written; `old` is the one that it will replace."""

    def __init__(self, new: Path, old: Path, *, compressed: bool) -> None:
        self._new, self._old, self._compressed = new, old, compressed
        self._paths: set[str] = set()
        self.written = Written()

    def put(self, path: str, content: bytes) -> None:
        """Write a file, or share the old one where it says the same; a path comes once."""
        if path in self._paths:
            raise ValueError(f"{path} is written twice")
        self._paths.add(path)
        target, before = self._new / path, self._old / path
        target.parent.mkdir(parents=True, exist_ok=True)
        forms = self._forms(path, content)
        same = _holds(before, content) and all((self._old / f"{path}{end}").is_file() for end in forms)
        if same:
            for end in ("", *forms):
                _share(self._old / f"{path}{end}", self._new / f"{path}{end}")
        else:
            target.write_bytes(content)
            for end, compress in forms.items():
                (self._new / f"{path}{end}").write_bytes(compress(content))
        self.written.kept += same
        self.written.changed += not same
        self.written.size += len(content)

    def _forms(self, path: str, content: bytes) -> dict[str, Callable[[bytes], bytes]]:
        if not self._compressed or len(content) < SMALLEST or Path(path).suffix not in TEXTS:
            return {}
        return {".gz": _gzip, ".br": _brotli}

    def count_removed(self) -> None:
        """Count the old files that do not come again."""
        old = (path.relative_to(self._old).as_posix() for path in self._old.rglob("*") if path.is_file())
        self.written.removed = sum(path not in self._paths and not path.endswith((".gz", ".br")) for path in old)


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _brotli(content: bytes) -> bytes:
    return bytes(brotli.compress(content, quality=BROTLI))


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _share(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:  # a file system without hard links
        shutil.copy2(old, new)


@contextmanager
def replacing(folder: Path, *, compressed: bool = False) -> Iterator[Tree]:
    """A tree that takes the place of `folder` when the block ends; if it fails, nothing has happened to it.

    Raises SiteRefused for a folder that holds something other than a site of ours, or while another one writes it.
    """
    folder = folder.absolute()
    _check(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        new = folder.with_name(f".{folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)  # of a run that was killed
        try:
            new.mkdir()
            tree = Tree(new, folder, compressed=compressed)
            yield tree
            tree.count_removed()
            os.sync()
            _swap(new, folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def _check(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise SiteRefused(
            Label(
                f"{folder} 里有其他文件（没有 {MARKER}），不会覆盖；请换一个空文件夹，或先自行清空",
                f"{folder} holds other files (there is no {MARKER}) and is not replaced: name an empty folder, or empty it",
            )
        )
    if folder.exists() and not folder.is_dir():
        raise SiteRefused(Label(f"{folder} 不是文件夹", f"{folder} is no folder"))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    path = folder.with_name(f".{folder.name}.lock")
    with path.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SiteRefused(
                Label(
                    f"另一个进程正在写 {folder}，请等它结束再运行",
                    f"another process is writing {folder}: run this again when it is done",
                )
            ) from None
        yield  # the lock's file stays: who deletes it could lock one that is no longer there


def _swap(new: Path, folder: Path) -> None:
    """Put `new` in the place of `folder`; afterwards `new` is the old one, or is gone."""
    if not folder.exists():
        new.rename(folder)
    elif not _exchanged(new, folder):
        aside = folder.with_name(f".{folder.name}.old")
        folder.rename(aside)
        try:
            new.rename(folder)
        except OSError:
            aside.rename(folder)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, so that nobody finds neither; False where the system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(number, os.strerror(number), str(other))
