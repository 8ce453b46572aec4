"""One file of many arrays: written once, mapped into memory by every worker."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNMENT = 64
Array = NDArray[Any]


class ArrayFileWriter:
    """Collects named arrays and writes them aligned, one after the other."""

    def __init__(self) -> None:
        self._arrays: dict[str, Array] = {}

    def add(self, name: str, array: Array) -> None:
        """Take `array` in under `name`."""
        if name in self._arrays:
            raise ValueError(f"two arrays are called {name}")
        self._arrays[name] = np.ascontiguousarray(array)

    def write(self, path: Path) -> dict[str, Any]:
        """Write all arrays to `path`; the directory that `ArrayFile` needs to find them, with a SHA-256 of the file."""
        directory: dict[str, Any] = {}
        digest = hashlib.sha256()
        offset = 0
        with path.open("wb") as out:
            for name, array in self._arrays.items():
                padding = -offset % ALIGNMENT
                for chunk in (bytes(padding), array.reshape(-1).view(np.uint8).data):
                    out.write(chunk)
                    digest.update(chunk)
                directory[name] = {"dtype": array.dtype.str, "shape": list(array.shape), "offset": offset + padding}
                offset += padding + array.nbytes
        return {"arrays": directory, "bytes": offset, "sha256": digest.hexdigest()}


class ArrayFile:
    """The arrays of one file as read-only views of a shared memory map."""

    def __init__(self, path: Path, entry: dict[str, Any]) -> None:
        self._directory = entry["arrays"]
        size = int(entry["bytes"])
        # A plain array on the map: the class memmap itself makes every slice several times as slow.
        mapped = np.memmap(path, dtype=np.uint8, mode="r", shape=(size,)) if size else np.empty(0, np.uint8)
        self._bytes: Array = mapped.view(np.ndarray)

    def get(self, name: str) -> Array:
        """The array `name`."""
        entry = self._directory[name]
        dtype = np.dtype(entry["dtype"])
        shape = tuple(entry["shape"])
        start = int(entry["offset"])
        stop = start + dtype.itemsize * int(np.prod(shape, dtype=np.int64))
        view: Array = self._bytes[start:stop].view(dtype).reshape(shape)
        return view
