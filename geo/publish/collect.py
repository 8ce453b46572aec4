"""Columns while they are filled: values come in pieces and leave as arrays, in an order that is known at the end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from geo.model.field import Storage
from geo.publish.arrays import ArrayFileWriter
from geo.publish.packed import Whole, offsets_of, reordered, smallest


class Collector(Protocol):
    """Takes the JSON values of one field, piece by piece."""

    def add(self, values: Sequence[Any]) -> None:
        """Take the values of further rows."""

    def write(self, out: ArrayFileWriter, name: str, order: Whole) -> dict[str, Any]:
        """Pack all rows in `order`; what a reader needs besides the arrays."""


class Numbers:
    """Numbers, None where the source says nothing, or flags."""

    def __init__(self, dtype: type[np.generic] = np.float64) -> None:
        self._dtype = dtype
        self._pieces: list[NDArray[Any]] = []

    def add(self, values: Sequence[Any]) -> None:
        if self._dtype is np.float64:
            values = [np.nan if value is None else value for value in values]
        self._pieces.append(np.array(values, self._dtype))

    def write(self, out: ArrayFileWriter, name: str, order: Whole) -> dict[str, Any]:
        out.add(name, np.concatenate([np.empty(0, self._dtype), *self._pieces])[order])
        return {}


class Terms:
    """One code a row, "" where the cell is empty."""

    def __init__(self) -> None:
        self._book: dict[str, int] = {}
        self._pieces: list[NDArray[np.int32]] = []

    def add(self, values: Sequence[str]) -> None:
        book = self._book
        numbers = (book.setdefault(value, len(book)) for value in values)
        self._pieces.append(np.fromiter(numbers, np.int32, len(values)))

    def write(self, out: ArrayFileWriter, name: str, order: Whole) -> dict[str, Any]:
        terms, code_of = _sorted_book(self._book)
        out.add(name, code_of[np.concatenate([np.empty(0, np.int32), *self._pieces])[order]])
        return {"terms": terms}


class TermLists:
    """Several codes a row."""

    def __init__(self) -> None:
        self._codes = Terms()
        self._counts: list[int] = []

    def add(self, values: Sequence[Sequence[str]]) -> None:
        self._counts += map(len, values)
        self._codes.add([code for value in values for code in value])

    def write(self, out: ArrayFileWriter, name: str, order: Whole) -> dict[str, Any]:
        terms, code_of = _sorted_book(self._codes._book)
        codes = code_of[np.concatenate([np.empty(0, np.int32), *self._codes._pieces])]
        offsets, codes = reordered(offsets_of(self._counts), codes, order)
        out.add(f"{name}.offsets", smallest(offsets))
        out.add(name, codes)
        return {"terms": terms}


class Texts:
    """Texts as UTF-8, or byte strings."""

    def __init__(self) -> None:
        self._counts: list[int] = []
        self._pieces: list[bytes] = []

    def add(self, values: Sequence[str]) -> None:
        self.add_bytes([value.encode() for value in values])

    def add_bytes(self, values: Sequence[bytes]) -> None:
        """The same for byte strings."""
        self._counts += map(len, values)
        self._pieces.append(b"".join(values))

    def write(self, out: ArrayFileWriter, name: str, order: Whole) -> dict[str, Any]:
        data = np.frombuffer(b"".join(self._pieces), np.uint8)
        offsets, data = reordered(offsets_of(self._counts), data, order)
        out.add(f"{name}.offsets", smallest(offsets))
        out.add(f"{name}.data", data)
        return {}


class Values(Texts):
    """JSON values, held as text."""

    def add(self, values: Sequence[Any]) -> None:
        super().add([json.dumps(value, ensure_ascii=False, sort_keys=True) for value in values])


def collector(storage: Storage) -> Collector:
    """What collects the values of a field that is held in this way."""
    if storage is Storage.FLAG:
        return Numbers(np.bool_)
    kinds: dict[Storage, type[Collector]] = {
        Storage.NUMBER: Numbers,
        Storage.TERM: Terms,
        Storage.TERMS: TermLists,
        Storage.JSON: Values,
        Storage.TEXT: Texts,
    }
    return kinds[storage]()


def _sorted_book(book: dict[str, int]) -> tuple[list[str], NDArray[np.int32]]:
    """The terms in their order, and the final code of each number; -1 for the empty text."""
    terms = sorted(term for term in book if term)
    code_of = np.full(len(book), -1, np.int32)
    for code, term in enumerate(terms):
        code_of[book[term]] = code
    return terms, code_of
