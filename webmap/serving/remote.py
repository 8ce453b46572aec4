"""Snapshots in a folder elsewhere: another machine's, an object storage's, whatever fsspec reaches by an address."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import fsspec

from datasets.labels import Label
from geo.publish import DamagedSnapshot, Shelf, Snapshot
from geo.publish.manifest import MANIFEST
from geo.publish.shelf import POINTER, VERSION

KEEP = 5  # versions that stay there: a node may still be copying an older one
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
LOCK = ".copying"
RENAMING = {"file", "local"}  # where writing is not one step, but renaming is


class RemoteTrouble(RuntimeError):
    """The folder elsewhere cannot be used; the label says where, why and what to do. It never holds a password."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


def shown(url: str) -> str:
    """The address as it may be printed: without user, password and query."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


class Remote:
    """`<url>/<version>/…` and `<url>/CURRENT`, as in a data folder; what is there is believed only once it is verified."""

    def __init__(self, url: str) -> None:
        """Raises RemoteTrouble for an address of a kind that nothing installed can read."""
        self.shown = shown(url)
        try:
            self._files, root = fsspec.core.url_to_fs(url, use_listings_cache=False)  # type: ignore[no-untyped-call]
        except (ValueError, ImportError) as error:
            raise RemoteTrouble(
                Label(
                    f"无法使用地址 {self.shown}：{error}。可用 file://、s3:// 等；s3 需先安装 relitu[s3]",
                    f"the address {self.shown} cannot be used: {error}. Write file://, s3:// …; s3 needs relitu[s3]",
                )
            ) from error
        self._root = str(root).rstrip("/")

    def current_version(self) -> str:
        """The version that is to be served; raises RemoteTrouble."""
        with self._reaching():
            text: str = self._files.cat_file(self._at(POINTER)).decode("ascii", errors="replace").strip()
        if not VERSION.fullmatch(text):
            raise self._trouble(f"{POINTER} 不是版本号", f"{POINTER} names no version")
        return text

    def reach(self) -> None:
        """See that the folder is there or can be made; raises RemoteTrouble."""
        with self._reaching():
            self._files.makedirs(self._root, exist_ok=True)
            self._files.ls(self._root, detail=False)

    def push(self, shelf: Shelf) -> str:
        """Bring the current version there; the pointer moves last. Gives the version.

        Raises RemoteTrouble; DamagedSnapshot and geo.publish.shelf.NoSnapshot where there is nothing sound to bring.
        """
        version = shelf.current_version()
        folder = Snapshot(shelf.folder / version).folder
        with self._reaching():
            self._files.makedirs(self._at(version), exist_ok=True)
            names = sorted(path.name for path in folder.iterdir() if path.is_file() and FILE_NAME.fullmatch(path.name))
            names.sort(key=lambda name: name == MANIFEST)  # a folder with its manifest is whole
            for name in names:
                if not self._is_there(f"{version}/{name}", folder / name):
                    self._files.put_file(str(folder / name), self._at(f"{version}/{name}"))
            self._point(version)
            self._drop_old(version)
        return version

    def pull(self, shelf: Shelf) -> str | None:
        """Bring the newest version from there and make it the current one; None where it is that already.

        It is copied beside the others and verified before anything else sees it. Raises RemoteTrouble where it cannot be
        reached or is damaged or half there, PublishFailed where it cannot be written here; the local folder is then as it was.
        """
        version = self.current_version()
        if _served(shelf) == version:
            return None
        with shelf.alone():
            if _is_sound(shelf.folder / version, version):
                shelf.keep(version, None)
            else:
                shelf.install(lambda scratch: self._copied(version, scratch), None)
        return version

    def _copied(self, version: str, scratch: Path) -> str:
        """Copy a version into the empty folder `scratch`, and see that it is whole."""
        self._copy(version, scratch)
        if not _is_sound(scratch, version):
            raise self._trouble(f"版本 {version} 不完整或已损坏", f"version {version} is incomplete or damaged")
        return version

    def _copy(self, version: str, scratch: Path) -> None:
        with self._reaching():
            found = [str(path).rsplit("/", 1)[-1] for path in self._files.ls(self._at(version), detail=False)]
            for name in found:
                if FILE_NAME.fullmatch(name):
                    self._files.get_file(self._at(f"{version}/{name}"), str(scratch / name))

    def _is_there(self, name: str, local: Path) -> bool:
        """Whether a file is there already; one of the manifest's size may be an older one and is always written."""
        if local.name == MANIFEST:
            return False
        try:
            return bool(self._files.info(self._at(name))["size"] == local.stat().st_size)
        except FileNotFoundError:
            return False

    def _point(self, version: str) -> None:
        protocol = self._files.protocol
        kinds = {protocol} if isinstance(protocol, str) else set(protocol)
        if kinds & RENAMING:
            beside = self._at(f".{POINTER}-{os.getpid()}")
            self._files.pipe_file(beside, version.encode())
            self._files.mv(beside, self._at(POINTER))
        else:
            self._files.pipe_file(self._at(POINTER), version.encode())

    def _drop_old(self, current: str) -> None:
        """Remove all but the newest; where the storage does not say when a file came, nothing is removed."""
        found = [str(path).rstrip("/").rsplit("/", 1)[-1] for path in self._files.ls(self._root, detail=False)]
        versions = [name for name in found if VERSION.fullmatch(name) and name != current]
        try:
            aged = sorted(versions, key=lambda name: self._files.modified(self._at(f"{name}/{MANIFEST}")), reverse=True)
        except (NotImplementedError, FileNotFoundError):
            return
        for name in aged[KEEP - 1 :]:
            self._files.rm(self._at(name), recursive=True)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """What goes wrong inside is the other side's doing: its libraries raise whatever they like."""
        try:
            yield
        except (DamagedSnapshot, RemoteTrouble):
            raise
        except FileNotFoundError as error:
            raise self._trouble(f"其中没有 {_last(error)}", f"it does not hold {_last(error)}") from error
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            raise self._trouble(f"无法访问（{reason}）", f"it cannot be reached ({reason})") from error

    def _trouble(self, zh: str, en: str) -> RemoteTrouble:
        return RemoteTrouble(
            Label(
                f"快照来源 {self.shown}：{zh}；现有版本继续使用，请检查地址、权限和网络，或重新推送",
                f"snapshots at {self.shown}: {en}; the version at hand stays in use. Check address, rights and network, or push anew",
            )
        )


@contextmanager
def only_one(shelf: Shelf) -> Iterator[bool]:
    """Whether this process is the one that copies for this folder; workers of one machine share it."""
    shelf.folder.mkdir(parents=True, exist_ok=True)
    with (shelf.folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _last(error: Any) -> str:
    return str(getattr(error, "filename", None) or error).rsplit("/", 1)[-1][:80]


def _served(shelf: Shelf) -> str:
    try:
        version = (shelf.folder / POINTER).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
    return version if (shelf.folder / version / MANIFEST).is_file() else ""


def _is_sound(folder: Path, version: str) -> bool:
    try:
        return Snapshot(folder).version == version
    except DamagedSnapshot:
        return False
