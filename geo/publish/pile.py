"""Rows on their way into a table: their values come in pieces, in any order, and are read back as whole arrays."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from geo.publish.arrays import Array, ArrayFile
from geo.publish.layout import DERIVED, Stored
from geo.publish.packed import offsets_of

SPILL = 1 << 22  # bytes of an array that are held in memory before they go to a file


class Source(Protocol):
    """Where rows come from: what a table holds by the names of `geo.publish.layout`."""

    def array(self, name: str) -> Array:
        """The array `name`."""

    def terms(self, name: str) -> Sequence[str]:
        """The dictionary of a coded array."""


class Held:
    """A table that has been written."""

    def __init__(self, arrays: ArrayFile, entry: dict[str, Any]) -> None:
        self.array = arrays.get
        self._columns = entry["columns"]

    def terms(self, name: str) -> Sequence[str]:
        """The dictionary of a coded array."""
        found: list[str] = self._columns[name]["terms"]
        return found


class Pile:
    """A table that is being collected. What outgrows a few megabytes an array waits in files of `folder`, which are gone once it is read."""

    def __init__(self, arrays: Sequence[Stored], folder: Path) -> None:
        self._growing = {each.name: _Growing(each, folder) for each in (*arrays, *DERIVED)}
        self._counts = {name: _Growing(Stored(name, "<i8"), folder) for each in arrays for name in each.offsets}
        self._books: dict[str, dict[str, int]] = {each.name: {"": -1} for each in arrays if each.coded}

    def add(self, name: str, piece: Array | Sequence[Any]) -> None:
        """Take further entries of the array `name`."""
        self._growing[name].add(piece)

    def add_counts(self, name: str, counts: Array | Sequence[int]) -> None:
        """Take in how many entries each further row has, for the array of offsets `name`."""
        self._counts[name].add(counts)

    def add_terms(self, name: str, terms: Sequence[str]) -> None:
        """Take further entries of a coded array."""
        book = self._books[name]
        self.add(name, np.fromiter((book.setdefault(term, len(book) - 1) for term in terms), np.int32, len(terms)))

    def add_bytes(self, name: str, texts: Sequence[bytes]) -> None:
        """Take further rows of a column of texts."""
        self.add_counts(f"{name}.offsets", list(map(len, texts)))
        self.add(f"{name}.data", np.frombuffer(b"".join(texts), np.uint8))

    def array(self, name: str) -> Array:
        """The array `name`."""
        if name in self._counts:
            return offsets_of(self._counts[name].whole())
        return self._growing[name].whole()

    def terms(self, name: str) -> Sequence[str]:
        """The dictionary of a coded array, in the order of arrival."""
        return list(self._books[name])[1:]


class _Growing:
    """An array that grows at its end; read once it is whole."""

    def __init__(self, kind: Stored, folder: Path) -> None:
        self._kind = kind
        self._folder = folder
        self._pieces: list[NDArray[Any]] = []
        self._held = 0
        self._file: Path | None = None
        self._whole: Array | None = None

    def add(self, piece: Array | Sequence[Any]) -> None:
        """Put entries at the end."""
        taken = np.ascontiguousarray(piece, self._kind.dtype)
        self._pieces.append(taken.reshape(self._kind.shape(-1)))
        self._held += taken.nbytes
        if self._held > SPILL:
            self._spill()

    def whole(self) -> Array:
        """All of it."""
        if self._whole is None:
            if self._file is None:
                self._whole = np.concatenate([np.empty(self._kind.shape(0), self._kind.dtype), *self._pieces])
            else:
                self._spill()
                mapped = np.memmap(self._file, self._kind.dtype, "r").view(np.ndarray)
                self._whole = mapped.reshape(self._kind.shape(-1))
                self._file.unlink()  # the map keeps what it holds until it is let go
            self._pieces.clear()
        return self._whole

    def _spill(self) -> None:
        if self._file is None:
            descriptor, name = tempfile.mkstemp(prefix=".pile-", dir=self._folder)
            os.close(descriptor)
            self._file = Path(name)
        with self._file.open("ab") as out:
            for piece in self._pieces:
                out.write(piece.reshape(-1).view(np.uint8).data)
        self._pieces.clear()
        self._held = 0
