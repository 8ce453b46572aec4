"""Features as the text of GeoJSON, written while a snapshot is built: all but the names that differ by language.

What a page of features then costs is one look at a row, not one at each of its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from geo.model.field import Storage

Columns = dict[str, tuple[Storage, Sequence[Any]]]


def feature_texts(columns: Columns, geometries: Sequence[bytes]) -> list[bytes]:
    """Each row's Feature up to its last property: ',…}}' has to follow, the names in a language before it or nothing.

    columns: the JSON values of every property, `id` among them, and how they are held. geometries: their texts.
    Numbers are written as the floats that the snapshot holds, and what says nothing as null.
    """
    said = {name: _SAID.get(storage, _or_null)(values) for name, (storage, values) in columns.items()}
    ids, names = [orjson.dumps(value) for value in columns["id"][1]], tuple(said)
    return [
        b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b'
        % (own_id, shape, orjson.dumps(dict(zip(names, row, strict=True)))[:-1])
        for own_id, shape, *row in zip(ids, geometries, *said.values(), strict=True)
    ]


def _or_null(values: Sequence[str]) -> Sequence[str | None]:
    return [value or None for value in values]


def _numbers(values: Sequence[float | None]) -> Sequence[float | None]:
    return [None if value is None else float(value) for value in values]


def _sorted(values: Sequence[Any]) -> Sequence[Any]:
    """Objects with their members by name, as the snapshot's column holds them."""
    return [
        None if value == "" else orjson.Fragment(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)) for value in values
    ]


def _as_they_are(values: Sequence[Any]) -> Sequence[Any]:
    return values


_SAID: Mapping[Storage, Callable[[Sequence[Any]], Sequence[Any]]] = {
    Storage.NUMBER: _numbers,
    Storage.FLAG: _as_they_are,
    Storage.TERMS: _as_they_are,
    Storage.JSON: _sorted,
}
