"""An immutable snapshot, read through a memory map."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from geo.publish.arrays import ArrayFile
from geo.publish.build import FORMAT, MANIFEST, version_of
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
        except (OSError, ValueError) as error:
            raise DamagedSnapshot(folder, f"{MANIFEST} cannot be read ({error})") from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            found = manifest.get("format") if isinstance(manifest, dict) else None
            raise DamagedSnapshot(folder, f"format {found} is not {FORMAT}: publish anew")
        if manifest.get("version") != version_of(manifest):
            raise DamagedSnapshot(folder, f"{MANIFEST} does not match its version")
        self.version = str(manifest["version"])
        self._tables = {kind: _open(folder, kind, entry, verify) for kind, entry in manifest["tables"].items()}

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that the snapshot holds a table of."""
        return tuple(self._tables)

    def table(self, kind: str) -> Table:
        """The table of `kind`."""
        return self._tables[kind]


def _open(folder: Path, kind: str, entry: dict[str, Any], verify: bool) -> Table:
    path = folder / f"{kind}.bin"
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DamagedSnapshot(folder, f"{path.name} is missing") from error
    if size != entry["bytes"]:
        raise DamagedSnapshot(folder, f"{path.name} has {size} bytes instead of {entry['bytes']}")
    if verify and _sha256(path) != entry["sha256"]:
        raise DamagedSnapshot(folder, f"{path.name} does not match its checksum")
    return Table(kind, ArrayFile(path, entry), entry)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
