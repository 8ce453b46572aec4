"""What a filter may ask of a kind, read off its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from datasets.labels import Label
from geo.model import Feature, Field, fields_of
from geo.model.field import Storage
from geo.model.fields import Code, Day

GEOMETRY = "geometry"
Sort = Literal["text", "number", "flag", "date", "codes", "geometry"]

_SORTS: Mapping[Storage, Sort] = {
    Storage.TEXT: "text",
    Storage.TERM: "text",
    Storage.NUMBER: "number",
    Storage.FLAG: "flag",
    Storage.TERMS: "codes",
}
_CITY = Code(label=Label("所属市", "City"), of="unit", pattern=r"\d{6}")


@dataclass(frozen=True, slots=True)
class Queryable:
    """A property that a filter may name. sort: what can be asked of it; field: its declaration, None for the geometry."""

    name: str
    sort: Sort
    label: Label
    field: Field | None = None


def queryables(kind: type[Feature]) -> Mapping[str, Queryable]:
    """The properties of a kind by name: its fields but for tables within a feature, its city, and the geometry first."""
    hashable: Any = kind
    return _read_off(hashable)


@cache
def _read_off(kind: Any) -> Mapping[str, Queryable]:
    found = {GEOMETRY: Queryable(GEOMETRY, "geometry", Label("几何", "Geometry"))}
    for name, field in {**fields_of(kind), "city": _CITY}.items():
        sort: Sort | None = "date" if isinstance(field, Day) else _SORTS.get(field.storage)
        if sort is not None:
            found[name] = Queryable(name, sort, field.label, field)
    return MappingProxyType(found)
