"""One feature's page: its fields, where they are printed, how exactly it lies, what belongs to it and what is near."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.model import Feature, fields_of
from geo.model.fields import Code
from geo.publish.columns import TermColumn
from webmap.present import fields
from webmap.present.items import Item, item
from webmap.present.nearby import Around, around
from webmap.present.reader import Reader
from webmap.present.values import Link, Row, Text, Value

MEMBERS = 50


@dataclass(frozen=True)
class Members:
    """Features that name this one in a field of theirs."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class FeaturePage:
    """What the page of a feature shows. `subtitle` is its name in the other language, where the source has one."""

    kind: str
    id: str
    title: str
    subtitle: str
    kind_label: str
    symbol: str
    demo: bool
    lead: str
    stage: Value | None
    where: tuple[Link, ...]
    rows: tuple[Row, ...]
    origin: Value
    precision: Text
    unlocated: str
    members: tuple[Members, ...]
    around: Around
    href: str
    on_map: str


def feature_page(kind: type[Feature], row: int, reader: Reader) -> FeaturePage:
    """The page of the feature in `row` of its kind's table."""
    record = reader.snapshot.table(kind.kind).record(row)
    located = bool(np.isfinite(reader.snapshot.table(kind.kind).point[row, 0]))
    where = _where(record, reader)
    other = record["name"] if reader.lang != "zh" else record.get("name_en")
    title = reader.title_of(record)
    stage = fields.cell("stage", record, kind, reader) if record.get("stage") else None
    return FeaturePage(
        kind=kind.kind,
        id=str(record["id"]),
        title=title,
        subtitle=str(other or "") if other != title else "",
        kind_label=kind.title.text(reader.lang),
        symbol=kind.symbol,
        demo=bool(record["demo"]),
        lead=item(record, kind, reader).measure,
        stage=stage,
        where=where,
        rows=tuple(fields.fields(record, kind, reader)),
        origin=fields.origin(record, reader),
        precision=fields.term("precision", str(record["precision"]), reader),
        # For a county or city the precision's own sentence says it; a place is named here.
        unlocated="" if located or not record.get("place") else reader.t("feature.unlocated", name=where[-1].text),
        members=tuple(_members(kind.kind, str(record["id"]), reader)),
        around=around(kind.kind, row, reader),
        href=reader.link("f", kind.kind, str(record["id"])),
        on_map=reader.link(query=[("select", f"{kind.kind}/{record['id']}")]),
    )


def _where(record: Mapping[str, Any], reader: Reader) -> tuple[Link, ...]:
    """City, county and place, from the largest to the smallest."""
    county, city = str(record["county"]), str(record.get("city") or "")
    units = [code for code in dict.fromkeys((city, county)) if code and reader.has_unit(code)]
    found = [Link(reader.unit_name(code), reader.link("county", code), f"county/{code}") for code in units]
    place = str(record.get("place") or "")
    if place:
        found.append(Link(reader.place_name(place), reader.link("place", place), f"place/{place}"))
    return tuple(found)


def _members(kind: str, feature_id: str, reader: Reader) -> list[Members]:
    """By kind, the features with a field that holds this one's identifier."""
    found = []
    for other in reader.kinds:
        if other.kind not in reader.snapshot.kinds:
            continue
        table = reader.snapshot.table(other.kind)
        for name, field in fields_of(other).items():
            column = (
                table.column(name) if isinstance(field, Code) and field.of == kind and name in table.names else None
            )
            if not isinstance(column, TermColumn) or feature_id not in column.terms:
                continue
            rows = np.flatnonzero(column.codes == column.terms.index(feature_id))[:MEMBERS]
            items = tuple(item(table.record(int(row)), other, reader) for row in rows)
            found.append(Members(other.plural.text(reader.lang), items))
    return found
