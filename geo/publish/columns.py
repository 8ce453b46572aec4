"""Columns of a snapshot: how the values of one field are read back out of its arrays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from geo.model.field import Storage
from geo.publish.arrays import ArrayFile
from geo.publish.packed import Whole


@dataclass(frozen=True)
class NumberColumn:
    """float64, NaN where the source says nothing."""

    values: NDArray[np.float64]

    def __getitem__(self, row: int) -> float | None:
        value = float(self.values[row])
        return None if np.isnan(value) else value


@dataclass(frozen=True)
class FlagColumn:
    """bool."""

    values: NDArray[np.bool_]

    def __getitem__(self, row: int) -> bool:
        return bool(self.values[row])


@dataclass(frozen=True)
class TermColumn:
    """Codes into a dictionary of terms; -1 where empty."""

    codes: NDArray[np.int32]
    terms: tuple[str, ...]

    @cached_property
    def terms_json(self) -> tuple[bytes, ...]:
        """The terms as they stand in JSON."""
        return tuple(orjson.dumps(term) for term in self.terms)

    def __getitem__(self, row: int) -> str:
        code = int(self.codes[row])
        return "" if code < 0 else self.terms[code]


@dataclass(frozen=True)
class TermsColumn:
    """Several codes a row: row i holds codes[offsets[i]:offsets[i + 1]]."""

    offsets: Whole
    codes: NDArray[np.int32]
    terms: tuple[str, ...]

    @cached_property
    def terms_json(self) -> tuple[bytes, ...]:
        """The terms as they stand in JSON."""
        return tuple(orjson.dumps(term) for term in self.terms)

    def __getitem__(self, row: int) -> list[str]:
        return [self.terms[code] for code in self.codes[self.offsets[row] : self.offsets[row + 1]]]


@dataclass(frozen=True)
class TextColumn:
    """UTF-8 text: row i is data[offsets[i]:offsets[i + 1]]."""

    offsets: Whole
    data: NDArray[np.uint8]

    def __getitem__(self, row: int) -> str:
        return bytes(self.data[self.offsets[row] : self.offsets[row + 1]]).decode()


@dataclass(frozen=True)
class JsonColumn:
    """JSON values, held as text."""

    text: TextColumn

    def __getitem__(self, row: int) -> Any:
        return json.loads(self.text[row])


Column = NumberColumn | FlagColumn | TermColumn | TermsColumn | TextColumn | JsonColumn


def read_text(arrays: ArrayFile, name: str) -> TextColumn:
    """Texts, or byte strings."""
    return TextColumn(arrays.get(f"{name}.offsets"), arrays.get(f"{name}.data"))


def read_column(arrays: ArrayFile, name: str, entry: dict[str, Any]) -> Column:
    """The column of a field that is held as `entry` says."""
    storage = Storage(entry["storage"])
    if storage is Storage.NUMBER:
        return NumberColumn(arrays.get(name))
    if storage is Storage.FLAG:
        return FlagColumn(arrays.get(name))
    if storage is Storage.TERM:
        return TermColumn(arrays.get(name), tuple(entry["terms"]))
    if storage is Storage.TERMS:
        return TermsColumn(arrays.get(f"{name}.offsets"), arrays.get(name), tuple(entry["terms"]))
    text = read_text(arrays, name)
    return JsonColumn(text) if storage is Storage.JSON else text
