"""What all kinds of feature have in common, and how a declaration is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Self, get_type_hints

import shapely
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.model.field import Field, Unreadable
from geo.model.fields import Code, Codes, Day, Flag, Term, Text
from geo.model.invalid import FieldError, InvalidFeature


@dataclass(frozen=True, kw_only=True)
class Feature:
    """A thing on the map or known to one of its counties.

    geometry is WGS-84 (taken as equal to CGCS2000), lon/lat, and None where the feature is known only to a town,
    district, county or city: such a feature must not pose as a point. `county` is a GB/T 2260 adcode, the city's
    where only that is known; `place` is the gazetteer's id of a functional district, town or landmark. Subclasses are
    kinds. `dated_by` names the dates that say from when and until when a feature is, or happened.
    """

    kind: ClassVar[str] = ""
    title: ClassVar[Label] = Label("要素", "Feature")
    plural: ClassVar[Label] = Label("要素", "Features")
    symbol: ClassVar[str] = "circle"
    order: ClassVar[int] = 100
    dated_by: ClassVar[tuple[str, str]] = ("as_of", "as_of")

    id: Annotated[str, Text(label=Label("编号", "ID"), required=True, max_length=120)]
    name: Annotated[str, Text(label=Label("名称", "Name"), required=True, listed=True, searched=True, max_length=200)]
    name_en: Annotated[str, Text(label=Label("英文名称", "English name"), searched=True, max_length=200)] = ""
    county: Annotated[
        str,
        Code(label=Label("县（市、区）", "County"), of="unit", pattern=r"\d{6}", required=True, listed=True),
    ]
    place: Annotated[str, Code(label=Label("所在地", "Place"), of="place", filter="any")] = ""
    chains: Annotated[tuple[str, ...], Codes(label=Label("产业链", "Industry chain"), of="chain", listed=True)] = ()
    nodes: Annotated[tuple[str, ...], Codes(label=Label("产业链环节", "Chain node"), of="node")] = ()
    precision: Annotated[
        str, Term(label=Label("位置精度", "Positional precision"), vocabulary="precision", required=True)
    ]
    source: Annotated[str, Text(label=Label("来源", "Source"), required=True)]
    as_of: Annotated[str, Day(label=Label("时间", "Date"), filter="years", param="year", listed=True)] = ""
    date_precision: Annotated[str, Term(label=Label("时间精度", "Date precision"), vocabulary="date_precision")] = ""
    note: Annotated[str, Text(label=Label("备注", "Note"))] = ""
    demo: Annotated[bool, Flag(label=Label("演示数据", "Demonstration data"))] = False
    geometry: BaseGeometry | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, object], geometry: BaseGeometry | None = None) -> Self:
        """The feature that a row of texts or JSON values describes.

        Raises InvalidFeature with every faulty field: unknown names, unreadable values, missing required ones.
        """
        declared = fields_of(cls)
        errors = [
            FieldError(
                name,
                row[name],
                Label(f"“{name}”不是{cls.title.zh}的字段", f"'{name}' is no field of {cls.kind}"),
            )
            for name in row
            if name not in declared
        ]
        values: dict[str, Any] = {}
        for name, field in declared.items():
            try:
                values[name] = field.read(row.get(name))
            except Unreadable as fault:
                errors.append(FieldError(name, row.get(name), fault.label))
                continue
            if field.required and values[name] in (None, "", ()):
                errors.append(
                    FieldError(name, row.get(name), Label(f"缺少{field.label.zh}", f"{field.label.en} is missing"))
                )
        if errors:
            raise InvalidFeature(cls.kind, tuple(errors))
        return cls(**values, geometry=geometry)

    def payload(self) -> dict[str, Any]:
        """All fields in their JSON form, the geometry left out."""
        return {name: field.dump(getattr(self, name)) for name, field in fields_of(type(self)).items()}

    def says_same(self, other: Feature) -> bool:
        """Whether both say the same of the same thing (fields and, exactly, geometry)."""
        if self.payload() != other.payload():
            return False
        if self.geometry is None or other.geometry is None:
            return self.geometry is other.geometry
        return bool(shapely.equals_exact(self.geometry, other.geometry, tolerance=0))


def fields_of(kind: type[Feature]) -> Mapping[str, Field]:
    """The declared fields of a kind by name, the common ones first, in the order of declaration."""
    hashable: Any = kind
    return _declared(hashable)


@cache
def _declared(kind: Any) -> Mapping[str, Field]:
    hints = get_type_hints(kind, include_extras=True)
    declared = {}
    for entry in fields(kind):
        for extra in getattr(hints[entry.name], "__metadata__", ()):
            if isinstance(extra, Field):
                declared[entry.name] = extra
    return MappingProxyType(declared)
