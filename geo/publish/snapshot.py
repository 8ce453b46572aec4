"""An immutable snapshot, read through a memory map."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.publish.arrays import ArrayFile
from geo.publish.build import FORMAT, MANIFEST
from geo.publish.columns import Column, TextColumn, read_column, read_text


class DamagedSnapshot(RuntimeError):
    """A snapshot folder that must not be served: a file is missing, cut short or altered."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder.name}: {reason}")
        self.folder = folder
        self.reason = reason


class Table:
    """The published features of one kind; every array has one entry a row.

    bbox: (n, 4) float64 west south east north, point: (n, 2) float64 lon lat, both WGS-84 and NaN where the feature
    has no geometry of its own. year: (n,) int16, 0 where the date is unknown. search: lower-cased text.
    """

    def __init__(self, kind: str, arrays: ArrayFile, entry: dict[str, Any]) -> None:
        self.kind = kind
        self.rows = int(entry["rows"])
        self._arrays = arrays
        self._entries: dict[str, Any] = entry["columns"]
        self._columns: dict[str, Column] = {}
        self.bbox: NDArray[np.float64] = arrays.get("bbox")
        self.point: NDArray[np.float64] = arrays.get("point")
        self.year: NDArray[np.int16] = arrays.get("year")
        self.search: TextColumn = read_text(arrays, "search")
        self._geometry = read_text(arrays, "geometry")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(self._entries)

    def column(self, name: str) -> Column:
        """The column `name`; a KeyError where the kind has none."""
        if name not in self._columns:
            self._columns[name] = read_column(self._arrays, name, self._entries[name])
        return self._columns[name]

    def record(self, row: int) -> dict[str, Any]:
        """The JSON payload of one row, `city` included."""
        return {name: self.column(name)[row] for name in self._entries}

    def geometry(self, row: int) -> shapely.Geometry | None:
        """The row's geometry (WGS-84 lon/lat), or None."""
        start, stop = self._geometry.offsets[row : row + 2]
        return shapely.from_wkb(bytes(self._geometry.data[start:stop])) if stop > start else None

    @cached_property
    def _row_of_id(self) -> dict[str, int]:
        ids = self.column("id")
        return {str(ids[row]): row for row in range(self.rows)}

    def row_of(self, feature_id: str) -> int | None:
        """The row of a feature, or None."""
        return self._row_of_id.get(feature_id)


class Snapshot:
    """All tables of one version."""

    def __init__(self, folder: Path, *, verify: bool = True) -> None:
        """Open the snapshot in `folder`; with `verify` every file's checksum is compared. Raises DamagedSnapshot."""
        self.folder = folder
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DamagedSnapshot(folder, f"{MANIFEST} cannot be read ({error})") from error
        if manifest.get("format") != FORMAT:
            raise DamagedSnapshot(folder, f"format {manifest.get('format')} is not {FORMAT}")
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
