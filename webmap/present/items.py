"""Features as they stand in a list: one line, card or row each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geo.model import Feature, Field, fields_of
from geo.model.fields import Area, Money, Number
from webmap.present import fields, quantities
from webmap.present.reader import Reader
from webmap.present.values import Chips, Text, Value

FIRST, LAST = ("name",), ("county", "chains", "as_of")


@dataclass(frozen=True)
class Item:
    """One feature. `measure` is its amount, area or figure, `note` a remark such as a distance."""

    kind: str
    id: str
    title: str
    href: str
    kind_label: str
    symbol: str
    county: Value
    chains: Chips
    measure: str
    date: str
    date_note: str
    source: Value
    demo: bool
    note: str = ""
    cells: tuple[Value, ...] = ()

    @property
    def select(self) -> str:
        """The feature as the map's address names it."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True)
class Column:
    """A column of the list: `sort` is the key it sorts by, empty where it doesn't."""

    name: str
    label: str
    numeric: bool = False
    sort: str = ""


def item(
    record: Mapping[str, Any], kind: type[Feature], reader: Reader, note: str = "", *, in_columns: bool = False
) -> Item:
    """A record as an item; with `in_columns` its `cells` hold the columns of `columns(kind)`."""
    names = [name for name, _ in _listed(kind) if name not in FIRST] if in_columns else []
    chains = fields.cell("chains", record, kind, reader)
    date = fields.cell("as_of", record, kind, reader)
    return Item(
        kind=kind.kind,
        id=str(record["id"]),
        title=reader.title_of(record),
        href=reader.link("f", kind.kind, str(record["id"])),
        kind_label=kind.title.text(reader.lang),
        symbol=kind.symbol,
        county=fields.cell("county", record, kind, reader),
        chains=chains if isinstance(chains, Chips) else Chips(()),
        measure=measure(record, kind, reader),
        date=date.text if record.get("as_of") else "",
        date_note=date.note if isinstance(date, Text) else "",
        source=fields.cell("source", record, kind, reader),
        demo=bool(record["demo"]),
        note=note,
        cells=tuple(fields.cell(name, record, kind, reader) for name in names),
    )


def measure(record: Mapping[str, Any], kind: type[Feature], reader: Reader) -> str:
    """What a mixed list says of the feature's size: its first known amount, else area, else listed figure."""
    declared = list(fields_of(kind).items())
    for wanted in (Money, Area, Number):
        for name, field in declared:
            if isinstance(field, wanted) and field.listed and record.get(name) is not None:
                if isinstance(field, Area):
                    return quantities.area(record[name], reader.lang, both=False)
                shown = fields.cell(name, record, kind, reader)
                return shown.text if isinstance(shown, Text) else ""
    return ""


def columns(kind: type[Feature], reader: Reader, sortable: Iterable[str] = ()) -> list[Column]:
    """The columns of a list of one kind: what its declaration lists, the common ones behind its own, the source last."""
    keys = frozenset(sortable)
    made = [
        Column(name, field.label.text(reader.lang), _numeric(field), name if name in keys else "")
        for name, field in _listed(kind)
    ]
    return [*made, Column("source", reader.t("list.source"))]


def _listed(kind: type[Feature]) -> list[tuple[str, Field]]:
    declared = {name: field for name, field in fields_of(kind).items() if field.listed and name not in fields.APART}
    own = [name for name in declared if name not in LAST]
    order = [*FIRST, *own, *(name for name in LAST if name in declared)]
    return [(name, fields_of(kind)[name]) for name in order]


def _numeric(field: Field) -> bool:
    return isinstance(field, Number)
