"""Columns of a snapshot: how the values of one field are packed into arrays and read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.model.field import Storage
from geo.publish.arrays import ArrayFile, ArrayFileWriter


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

    def __getitem__(self, row: int) -> str:
        code = int(self.codes[row])
        return "" if code < 0 else self.terms[code]


@dataclass(frozen=True)
class TermsColumn:
    """Several codes a row: row i holds codes[offsets[i]:offsets[i + 1]]."""

    offsets: NDArray[np.int64]
    codes: NDArray[np.int32]
    terms: tuple[str, ...]

    def __getitem__(self, row: int) -> list[str]:
        return [self.terms[code] for code in self.codes[self.offsets[row] : self.offsets[row + 1]]]


@dataclass(frozen=True)
class TextColumn:
    """UTF-8 text: row i is data[offsets[i]:offsets[i + 1]]."""

    offsets: NDArray[np.int64]
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


def write_text(out: ArrayFileWriter, name: str, values: Sequence[str]) -> None:
    """Pack texts."""
    encoded = [value.encode() for value in values]
    write_blobs(out, name, encoded)


def write_blobs(out: ArrayFileWriter, name: str, values: Sequence[bytes]) -> None:
    """Pack byte strings of any length."""
    offsets = np.zeros(len(values) + 1, np.int64)
    np.cumsum([len(value) for value in values], out=offsets[1:])
    out.add(f"{name}.offsets", offsets)
    out.add(f"{name}.data", np.frombuffer(b"".join(values), np.uint8))


def write_column(out: ArrayFileWriter, name: str, storage: Storage, values: Sequence[Any]) -> dict[str, Any]:
    """Pack the JSON values of one field; what `read_column` needs besides the arrays."""
    entry: dict[str, Any] = {"storage": storage.value}
    if storage is Storage.NUMBER:
        out.add(name, np.array([np.nan if value is None else value for value in values], np.float64))
    elif storage is Storage.FLAG:
        out.add(name, np.array(values, np.bool_))
    elif storage is Storage.TERM:
        terms = sorted({value for value in values if value})
        rank = {term: code for code, term in enumerate(terms)}
        out.add(name, np.array([rank.get(value, -1) for value in values], np.int32))
        entry["terms"] = terms
    elif storage is Storage.TERMS:
        terms = sorted({term for value in values for term in value})
        rank = {term: code for code, term in enumerate(terms)}
        offsets = np.zeros(len(values) + 1, np.int64)
        np.cumsum([len(value) for value in values], out=offsets[1:])
        out.add(f"{name}.offsets", offsets)
        out.add(name, np.array([rank[term] for value in values for term in value], np.int32))
        entry["terms"] = terms
    elif storage is Storage.JSON:
        write_text(out, name, [json.dumps(value, ensure_ascii=False, sort_keys=True) for value in values])
    else:
        write_text(out, name, values)
    return entry


def read_text(arrays: ArrayFile, name: str) -> TextColumn:
    """Texts or byte strings that `write_text` or `write_blobs` packed."""
    return TextColumn(arrays.get(f"{name}.offsets"), arrays.get(f"{name}.data"))


def read_column(arrays: ArrayFile, name: str, entry: dict[str, Any]) -> Column:
    """The column that `write_column` packed."""
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
