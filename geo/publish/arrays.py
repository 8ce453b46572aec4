"""One file of many arrays: written once from end to end, mapped into memory by every worker."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

ALIGNMENT = 64
BUFFER = 1 << 20
Array = NDArray[Any]


class ArrayFileWriter:
    """Writes named arrays aligned, one after the other, and hashes the file as it grows; nothing is held in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._out = path.open("wb", buffering=BUFFER)
        self._digest = hashlib.sha256()
        self._directory: dict[str, Any] = {}
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.close()

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def add(self, name: str, array: Array) -> None:
        """Write a whole array under `name`."""
        self.add_pieces(name, array.dtype, array.shape, [array])

    def add_pieces(self, name: str, dtype: DTypeLike, shape: tuple[int, ...], pieces: Iterable[Array]) -> None:
        """Write an array under `name` that comes piece by piece."""
        if name in self._directory:
            raise ValueError(f"two arrays are called {name}")
        kind = np.dtype(dtype)
        self._put(bytes(-self._size % ALIGNMENT))
        start = self._size
        for piece in pieces:
            self._put(np.ascontiguousarray(piece, kind).reshape(-1).view(np.uint8).data)
        if self._size - start != kind.itemsize * int(np.prod(shape, dtype=np.int64)):
            raise ValueError(f"the pieces of {name} make {self._size - start} bytes, which is not {shape} of {kind}")
        self._directory[name] = {"dtype": kind.str, "shape": list(shape), "offset": start}

    def written(self, name: str) -> Array:
        """An array that has been written, mapped back."""
        self._out.flush()
        return ArrayFile(self._path, self._entry()).get(name)

    def finish(self) -> dict[str, Any]:
        """Close the file; the directory that `ArrayFile` needs to find the arrays, with a SHA-256 of the file."""
        self._out.close()
        return self._entry()

    def _entry(self) -> dict[str, Any]:
        return {"arrays": self._directory, "bytes": self._size, "sha256": self._digest.hexdigest()}

    def _put(self, chunk: bytes | memoryview) -> None:
        self._out.write(chunk)
        self._digest.update(chunk)
        self._size += len(chunk)


class ArrayFile:
    """The arrays of one file as read-only views of a shared memory map."""

    def __init__(self, path: Path, entry: dict[str, Any]) -> None:
        self._directory = entry["arrays"]
        size = int(entry["bytes"])
        # A plain array on the map: the class memmap itself makes every slice several times as slow.
        mapped = np.memmap(path, dtype=np.uint8, mode="r", shape=(size,)) if size else np.empty(0, np.uint8)
        self._bytes: Array = mapped.view(np.ndarray)

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def get(self, name: str) -> Array:
        """The array `name`."""
        entry = self._directory[name]
        dtype = np.dtype(entry["dtype"])
        shape = tuple(entry["shape"])
        start = int(entry["offset"])
        stop = start + dtype.itemsize * int(np.prod(shape, dtype=np.int64))
        view: Array = self._bytes[start:stop].view(dtype).reshape(shape)
        return view
