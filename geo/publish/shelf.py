"""The folder of snapshots: a new one is built beside the old and swapped in by one rename."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from datasets.world import World
from geo.model import Feature, Kinds
from geo.publish.build import build
from geo.publish.snapshot import DamagedSnapshot, Snapshot

POINTER = "CURRENT"
KEEP = 3


class NoSnapshot(RuntimeError):
    """Nothing has been published into the folder yet."""


class Shelf:
    """Snapshots under one folder, one sub-folder a version; the file CURRENT names the one to serve."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def publish(self, features: Iterable[Feature], kinds: Kinds, world: World) -> str:
        """Build a snapshot of `features`, make it the current one and give its version.

        Half-written work never becomes visible: the folder is renamed when whole, the pointer replaced last.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".building-", dir=self.folder))
        try:
            version = build(features, kinds, world, scratch)
            _sync(scratch)
            target = self.folder / version
            if not _sound(target):
                shutil.rmtree(target, ignore_errors=True)
                scratch.chmod(0o755)
                scratch.rename(target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        pointer = self.folder / f".{POINTER}-{os.getpid()}"
        pointer.write_text(version, encoding="ascii")
        pointer.replace(self.folder / POINTER)
        self._drop_old(version)
        return version

    def current_version(self) -> str:
        """The version to serve; raises NoSnapshot."""
        try:
            return (self.folder / POINTER).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            raise NoSnapshot(str(self.folder)) from None

    def is_sound(self) -> bool:
        """Whether something is published and the current snapshot can be served."""
        try:
            return _sound(self.folder / self.current_version())
        except NoSnapshot:
            return False

    def open(self, version: str | None = None) -> Snapshot:
        """The current snapshot, or an earlier one that is still kept, verified.

        Where the current one is damaged the newest sound one stands in; raises DamagedSnapshot if there is none.
        """
        wanted = version or self.current_version()
        try:
            return Snapshot(self.folder / wanted)
        except DamagedSnapshot:
            if version is None and (fallback := self._newest_sound(wanted)):
                return fallback
            raise

    def _versions(self) -> list[Path]:
        """Folders of snapshots, newest first."""
        folders = [path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
        return sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)

    def _newest_sound(self, damaged: str) -> Snapshot | None:
        for path in self._versions():
            if path.name != damaged:
                try:
                    return Snapshot(path)
                except DamagedSnapshot:
                    continue
        return None

    def _drop_old(self, current: str) -> None:
        for path in self._versions()[KEEP:]:
            if path.name != current:
                shutil.rmtree(path, ignore_errors=True)


def _sound(folder: Path) -> bool:
    try:
        Snapshot(folder)
    except DamagedSnapshot:
        return False
    return True


def _sync(folder: Path) -> None:
    """Bring every file to the disk before the folder gets its name."""
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
