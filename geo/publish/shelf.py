"""The folder of snapshots: a new one is built beside the old and swapped in by one rename."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from datasets.labels import Label
from datasets.world import World
from geo.model import Feature, Kinds
from geo.publish.build import build
from geo.publish.snapshot import DamagedSnapshot, Snapshot

if TYPE_CHECKING:
    from geo.publish.basis import Basis  # which loads the record's libraries

POINTER = "CURRENT"
LOCK = ".publishing"
SCRATCH = ".building-"
KEEP = 3
VERSION = re.compile(r"[0-9a-f]{16}")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NoSnapshot(RuntimeError):
    """Nothing has been published into the folder yet."""


class PublishFailed(RuntimeError):
    """A snapshot that could not be written; the one before is served on. The label says why and what to do."""

    def __init__(self, folder: Path, error: OSError) -> None:
        where = error.filename or folder
        if error.errno in FULL:
            self.label = Label(
                f"磁盘空间不足，数据快照未能写入 {folder}；公众仍看到上一版，已录入的内容没有丢失。"
                "请腾出空间后再发布一次",
                f"there is no room to write the snapshot into {folder}; the public still sees the last one, and nothing"
                " recorded is lost. Free some space, then publish again",
            )
        else:
            reason = error.strerror or str(error)
            self.label = Label(
                f"数据快照未能写入（{where}：{reason}）；公众仍看到上一版，已录入的内容没有丢失。"
                "请检查该路径和权限后再发布一次",
                f"the snapshot could not be written ({where}: {reason}); the public still sees the last one, and nothing"
                " recorded is lost. Check that path and its rights, then publish again",
            )
        super().__init__(self.label.en)


class Shelf:
    """Snapshots under one folder, one sub-folder a version; the file CURRENT names the one to serve."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def publish(self, features: Iterable[Feature], kinds: Kinds, world: World) -> str:
        """Build a snapshot of `features`, make it the current one and give its version. Raises PublishFailed.

        Half-written work never becomes visible: the folder is renamed when whole, the pointer replaced last.
        """
        with self.alone():
            return self.install(lambda scratch: build(features, kinds, world, scratch), None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While this lasts nobody else publishes into the folder; what a dead process has left half-built is removed."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / LOCK).open("w")
        except OSError as error:
            raise PublishFailed(self.folder, error) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for path in self.folder.glob(f"{SCRATCH}*"):
                shutil.rmtree(path, ignore_errors=True)
            yield

    def install(self, make: Callable[[Path], str], basis: Basis | None) -> str:
        """Make the snapshot that `make` writes into an empty folder the current one; its version. Only within `alone`.

        Raises PublishFailed, and leaves everything as it was, where it cannot be written.
        """
        try:
            scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=self.folder))
            try:
                version = make(scratch)
                if not self._sound(version):
                    self._put(scratch, version)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
        except OSError as error:
            raise PublishFailed(self.folder, error) from error
        self.keep(version, basis)
        return version

    def keep(self, version: str, basis: Basis | None) -> None:
        """Make a version that stands in the folder the current one. Only within `alone`. Raises PublishFailed."""
        pointer = self.folder / f".{POINTER}-{os.getpid()}"
        try:
            if basis:
                basis.write(self.folder / version)
            pointer.write_text(version, encoding="ascii")
            _sync(pointer)
            pointer.replace(self.folder / POINTER)
            _sync(self.folder)
        except OSError as error:
            raise PublishFailed(self.folder, error) from error
        finally:
            pointer.unlink(missing_ok=True)
        self._drop_old(version)

    def _put(self, scratch: Path, version: str) -> None:
        """Give a whole snapshot its name, once everything in it has reached the disk."""
        scratch.chmod(0o755)
        for path in (*scratch.iterdir(), scratch):
            _sync(path)
        shutil.rmtree(self.folder / version, ignore_errors=True)
        scratch.rename(self.folder / version)

    def current_version(self) -> str:
        """The version to serve; raises NoSnapshot."""
        try:
            return (self.folder / POINTER).read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            raise NoSnapshot(str(self.folder)) from None

    def pointer(self) -> tuple[str, int]:
        """The version to serve, and when it was said (ns): each publication says it anew. Raises NoSnapshot, OSError."""
        version = self.current_version()
        return version, (self.folder / POINTER).stat().st_mtime_ns

    def is_sound(self) -> bool:
        """Whether something is published and the current snapshot can be served."""
        try:
            return self._sound(self.current_version())
        except NoSnapshot:
            return False

    def open(self, version: str | None = None) -> Snapshot:
        """The current snapshot, or an earlier one that is still kept, verified.

        Where the current one is damaged, or CURRENT names none, the newest sound one stands in; raises DamagedSnapshot
        if there is none, NoSnapshot if nothing was ever published.
        """
        if version is not None:
            return self._open(version)
        try:
            wanted = self.current_version()
            return self._open(wanted)
        except NoSnapshot:
            if fallback := self._newest_sound(""):
                return fallback
            raise
        except DamagedSnapshot:
            if fallback := self._newest_sound(wanted):
                return fallback
            raise

    def _open(self, version: str) -> Snapshot:
        if not VERSION.fullmatch(version):
            raise DamagedSnapshot(self.folder / POINTER, f"{version[:40]!r} names no version")
        found = Snapshot(self.folder / version)
        if found.version != version:
            raise DamagedSnapshot(found.folder, f"holds version {found.version}")
        return found

    def _versions(self) -> list[Path]:
        """Folders of snapshots, newest first."""
        if not self.folder.is_dir():
            return []
        folders = [path for path in self.folder.iterdir() if path.is_dir() and VERSION.fullmatch(path.name)]
        return sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)

    def _newest_sound(self, damaged: str) -> Snapshot | None:
        for path in self._versions():
            if path.name != damaged:
                try:
                    return self._open(path.name)
                except DamagedSnapshot:
                    continue
        return None

    def _sound(self, version: str) -> bool:
        try:
            self._open(version)
        except DamagedSnapshot:
            return False
        return True

    def _drop_old(self, current: str) -> None:
        for path in self._versions()[KEEP:]:
            if path.name != current:
                shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    """Bring a file, or what a folder lists, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
