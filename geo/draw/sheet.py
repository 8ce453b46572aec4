"""Selected features of one kind as rows for a file: which columns, under which headings, with which texts."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from datasets import vocab
from datasets.labels import Label
from datasets.world import World
from geo.draw import geojson
from geo.draw.about import About
from geo.model import Feature, Field, fields_of
from geo.model.fields import Codes, Flag, Term
from geo.publish import Table, geometry_json

ADDED = {
    "city": Label("市（代码）", "City (code)"),
    "county_name": Label("县（市、区）名称", "County name"),
    "place_name": Label("所在地名称", "Place name"),
}
POINT = (Label("经度（WGS-84）", "Longitude (WGS-84)"), Label("纬度（WGS-84）", "Latitude (WGS-84)"))
LICENCE = Label("许可", "Licence")
GEOMETRY = Label("几何(WKT)", "Geometry (WKT)")
YES, NO = Label("是", "Yes"), Label("否", "No")


@dataclass(frozen=True, eq=False)
class Sheet:
    """The rows of a table that go into a file, the language of its headings and labels, and what the file says of itself."""

    table: Table
    rows: NDArray[np.intp]
    kind: type[Feature]
    world: World
    lang: str
    about: About | None = None

    @property
    def fields(self) -> dict[str, Field]:
        """The declared fields in the order of declaration."""
        return dict(fields_of(self.kind))

    @property
    def headings(self) -> list[str]:
        """The headings of `texts`, with units: the declared fields, city, county and place names, lon, lat, WKT."""
        declared = [_heading(field, self.lang) for field in self.fields.values()]
        return [
            *declared,
            *(label.text(self.lang) for label in (*ADDED.values(), *self._licence_heading, *POINT, GEOMETRY)),
        ]

    @property
    def _licence_heading(self) -> tuple[Label, ...]:
        """A table without room for remarks says its licence in a column, as it does source, date, precision and demonstration."""
        return (LICENCE,) if self.about else ()

    def records(self) -> Iterator[dict[str, Any]]:
        """Each row's JSON values: the properties of the API, codes as codes."""
        for row in self.rows.tolist():
            yield geojson.properties(self.table, row, self.kind, self.world, self.lang)

    def texts(self) -> Iterator[list[str | float | None]]:
        """Each row's cells under the headings, as a person reads them: labels for codes of vocabularies and chains.

        Longitude and latitude are those of the feature's middle; the last cell is its geometry, WGS-84, every digit of it, so that
        the file read back says the same. All three are empty where the feature has no geometry of its own.
        """
        readable = self._readable
        licence = [self.about.licence] if self.about else []
        points = np.round(self.table.point[self.rows], geometry_json.DECIMALS).tolist()
        for row, record, point in zip(self.rows.tolist(), self.records(), points, strict=True):
            cells = [readable[name](value) if name in readable else value for name, value in record.items()]
            yield [*cells, *licence, *(None if math.isnan(degree) else degree for degree in point), self._wkt(row)]

    def _wkt(self, row: int) -> str:
        shape = self.table.geometry(row)
        return "" if shape is None else str(shapely.to_wkt(shape, rounding_precision=-1))

    @cached_property
    def _readable(self) -> dict[str, Callable[[Any], str]]:
        """How to put values into words, for the columns whose values are codes or more than one text."""
        found = {name: self._reader(field) for name, field in self.fields.items()}
        return {name: reader for name, reader in found.items() if reader is not None}

    def _reader(self, field: Field) -> Callable[[Any], str] | None:
        if isinstance(field, Flag):
            return lambda value: (YES if value else NO).text(self.lang)
        if isinstance(field, Term):
            labels = {term.code: term.label.text(self.lang) for term in vocab.load(field.vocabulary)}
            return lambda value: labels.get(value, value)
        if isinstance(field, Codes):
            names = self._names(field.of)
            return lambda value: "; ".join(names.get(code, code) for code in value)
        if field.storage.value == "json":
            return lambda value: json.dumps(value, ensure_ascii=False) if value else ""
        return None

    def _names(self, of: str) -> dict[str, str]:
        chains = self.world.chains.chains
        if of == "chain":
            return {code: chain.label.text(self.lang) for code, chain in chains.items()}
        if of == "node":
            return {node.id: node.label.text(self.lang) for chain in chains.values() for node in chain.nodes}
        return {}


@dataclass(frozen=True)
class Format:
    """A kind of file: `write` gives its bytes piece by piece. A module of `geo.draw.formats` holds one as FORMAT.

    extension: of the file's name, where that is not the format's name. only: the kinds that it can hold, all where empty.
    """

    name: str
    label: Label
    media_type: str
    write: Callable[[Sheet], Iterator[bytes]]
    extension: str = ""
    only: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """What a file's name ends with, without the dot."""
        return self.extension or self.name

    def holds(self, kind: str) -> bool:
        """Whether features of a kind can be written in it."""
        return not self.only or kind in self.only


def plain(value: Any) -> str:
    """A JSON value as the text of one column: codes between semicolons, records as JSON, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        codes = all(isinstance(each, str) for each in value)
        return ";".join(value) if codes else json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _heading(field: Field, lang: str) -> str:
    label = field.label.text(lang)
    if field.unit is None:
        return label
    unit = field.unit.text(lang)
    return f"{label}（{unit}）" if lang == "zh" else f"{label} ({unit})"
