"""An immutable snapshot, read through a memory map."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from geo.publish.arrays import ArrayFile
from geo.publish.manifest import FORMAT, MANIFEST, NAMES, READABLE, table_file, version_of
from geo.publish.pile import Held
from geo.publish.table import Table


class DamagedSnapshot(RuntimeError):
    """A snapshot folder that must not be served: a file is missing, cut short or altered."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder.name}: {reason}")
        self.folder = folder
        self.reason = reason


class Snapshot:
    """All tables of one version."""

    def __init__(self, folder: Path, *, verify: bool = True) -> None:
        """Open the snapshot in `folder`; with `verify` every file's checksum is compared. Raises DamagedSnapshot."""
        self.folder = folder
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise DamagedSnapshot(folder, f"{MANIFEST} cannot be read ({error})") from error
        if not isinstance(manifest, dict) or manifest.get("format") not in READABLE:
            found = manifest.get("format") if isinstance(manifest, dict) else None
            raise DamagedSnapshot(folder, f"{MANIFEST} is of format {found} instead of {FORMAT}: publish anew")
        if manifest.get("version") != version_of(manifest):
            raise DamagedSnapshot(folder, f"{MANIFEST} does not match its version")
        self.version = str(manifest["version"])
        self._entries: dict[str, dict[str, Any]] = manifest["tables"]
        self.names = _open(folder, NAMES, manifest["names"], verify)
        self._arrays = {kind: _open(folder, table_file(kind), entry, verify) for kind, entry in self._entries.items()}
        self._tables = {
            kind: Table(kind, self._arrays[kind], entry, self.names) for kind, entry in self._entries.items()
        }

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that the snapshot holds a table of."""
        return tuple(self._tables)

    def table(self, kind: str) -> Table:
        """The table of `kind`."""
        return self._tables[kind]

    def entry(self, kind: str) -> dict[str, Any]:
        """What the manifest says of the table of `kind`."""
        return self._entries[kind]

    def source(self, kind: str) -> Held:
        """The bare arrays of `kind`, for another snapshot that is made out of this one."""
        return Held(self._arrays[kind], self._entries[kind])


def _open(folder: Path, name: str, entry: dict[str, Any], verify: bool) -> ArrayFile:
    path = folder / name
    try:
        size = path.stat().st_size
        if size != entry["bytes"]:
            raise DamagedSnapshot(folder, f"{name} has {size} bytes instead of {entry['bytes']}")
        if verify and _sha256(path) != entry["sha256"]:
            raise DamagedSnapshot(folder, f"{name} does not match its checksum")
        return ArrayFile(path, entry)
    except FileNotFoundError as error:
        raise DamagedSnapshot(folder, f"{name} is missing") from error
    except OSError as error:
        raise DamagedSnapshot(folder, f"{name} cannot be read ({error.strerror})") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
