"""The page of a county, a city or a place: key numbers, what lies there by kind, targets against actuals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from geo.draw.totals import totals
from geo.model import Feature, Kinds
from geo.model.fields import MU_IN_M2
from geo.publish.columns import FlagColumn, NumberColumn
from geo.query import Filter, Selection
from geo.query.page import page
from webmap.present import quantities
from webmap.present.items import Item, item
from webmap.present.reader import Reader
from webmap.present.targets import Comparison, comparisons
from webmap.present.values import Link

SHOWN = 8
TARGETS = "target"
MONEY_DIGITS = 2


@dataclass(frozen=True)
class KeyFigure:
    """A number of the area: `note` says what it rests on, `demo` how many demonstration features are in it."""

    label: str
    value: str
    note: str = ""
    href: str = ""
    demo: int = 0


@dataclass(frozen=True)
class Section:
    """What the area has of one kind: the first items, how many in all, and the list of all."""

    kind: str
    title: str
    symbol: str
    n: int
    items: tuple[Item, ...]
    href: str
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True)
class AreaPage:
    """What the page of an area shows; `select` is its name in the map's address."""

    select: str
    rank: str
    name: str
    other_name: str
    parent: Link | None
    figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    members: tuple[tuple[Link, int], ...]
    only_city: int
    list_href: str
    on_map: str
    href: str
    demo: bool

    @property
    def empty(self) -> bool:
        """Whether nothing is known to lie here."""
        return not self.sections


@dataclass(frozen=True)
class Area:
    """What distinguishes one area from another: its filter, names and rank."""

    select: str
    rank: str
    name: str
    other_name: str
    wanted: Filter
    parent: Link | None = None
    area_km2: float | None = None


def area_page(
    area: Area, selection: Selection, reader: Reader, *, members: tuple[tuple[Link, int], ...] = (), only_city: int = 0
) -> AreaPage:
    """The page of `area`, of which `selection` holds everything.

    members: the counties of a city with their counts. only_city: how much more is known to the county's city only.
    """
    sections = tuple(
        _section(kind, selection, area.wanted, reader) for kind in reader.kinds if _count(selection, kind.kind)
    )
    kind, _, identifier = area.select.partition("/")
    return AreaPage(
        select=area.select,
        rank=area.rank,
        name=area.name,
        other_name=area.other_name,
        parent=area.parent,
        figures=tuple(_figures(area, selection, reader)),
        sections=sections,
        members=members,
        only_city=only_city,
        list_href=reader.link("list", query=area.wanted.query()),
        on_map=reader.link(query=[("select", area.select)]),
        href=reader.link(kind, identifier),
        demo=any(each.demo for section in sections for each in section.items),
    )


def _count(selection: Selection, kind: str) -> int:
    return selection.count(kind) if kind in selection.masks else 0


def _section(kind: type[Feature], selection: Selection, wanted: Filter, reader: Reader) -> Section:
    only = Selection(selection.snapshot, {kind.kind: selection.masks[kind.kind]})
    table = selection.snapshot.table(kind.kind)
    whole = kind.kind == TARGETS  # targets are compared with one another, so none is left out
    n = only.count(kind.kind)
    rows = page(only, Kinds(kind), limit=n if whole else SHOWN, lang=reader.lang).rows
    records = [table.record(row) for _, row in rows]
    return Section(
        kind=kind.kind,
        title=kind.plural.text(reader.lang),
        symbol=kind.symbol,
        n=n,
        items=() if whole else tuple(item(record, kind, reader) for record in records),
        href=reader.link("list", query=wanted.with_("kind", [kind.kind]).query()),
        comparisons=comparisons(records, kind, reader) if whole else (),
    )


def _figures(area: Area, selection: Selection, reader: Reader) -> list[KeyFigure]:
    """Projects, their investment, parks, plots: those that the area has."""
    found = []
    for kind in ("project", "park", "plot"):
        if n := _count(selection, kind):
            title = reader.kinds.get(kind).plural.text(reader.lang)
            href = reader.link("list", query=area.wanted.with_("kind", [kind]).query())
            demo = _demo(selection, kind)
            own = [KeyFigure(title, quantities.number(n, reader.lang, 0), href=href)]
            own += {"project": _investment, "plot": _plots}.get(kind, _nothing)(selection, reader)
            found += [replace(figure, demo=demo) for figure in own]
    if area.area_km2 is not None:
        written = quantities.square_kilometres(area.area_km2, reader.lang, 0)
        found.append(KeyFigure(reader.t("area.area_km2"), written))
    return found


def _demo(selection: Selection, kind: str) -> int:
    """How many of the selected features of a kind are demonstration data."""
    column = cast(FlagColumn, selection.snapshot.table(kind).column("demo"))
    return int(np.count_nonzero(column.values[selection.rows(kind)]))


def _nothing(_selection: Selection, _reader: Reader) -> list[KeyFigure]:
    return []


def _investment(selection: Selection, reader: Reader) -> list[KeyFigure]:
    """The sum of the projects' amounts in yuan; other currencies stand beside it, for no source gives a rate."""
    money = totals(selection)
    notes = [reader.t("area.investment_known", n=money.known) if money.known else reader.t("area.investment_of_none")]
    notes += [
        reader.t("area.foreign", amount=quantities.money(wan, reader.lang, code, MONEY_DIGITS))
        for code, wan in sorted(_foreign(selection).items())
    ]
    main = quantities.money(money.wan, reader.lang, digits=MONEY_DIGITS) if money.known else reader.t("text.none")
    return [KeyFigure(reader.t("area.investment"), main, reader.t("text.list_separator").join(notes))]


def _foreign(selection: Selection) -> dict[str, float]:
    """The sum of the projects' amounts a currency, renminbi left out; in 万."""
    table = selection.snapshot.table("project")
    amounts, currencies = table.column("amount_wan"), table.column("currency")
    sums: dict[str, float] = {}
    for row in map(int, selection.rows("project")):
        amount, currency = amounts[row], str(currencies[row] or quantities.RENMINBI)
        if isinstance(amount, float) and currency != quantities.RENMINBI:
            sums[currency] = sums.get(currency, 0.0) + amount
    return sums


def _plots(selection: Selection, reader: Reader) -> list[KeyFigure]:
    column = cast(NumberColumn, selection.snapshot.table("plot").column("area_m2"))
    areas = column.values[selection.rows("plot")]
    if np.isnan(areas).all():
        return []
    total = float(np.nansum(areas))
    mu = quantities.number(total / MU_IN_M2, reader.lang, 0)
    note = reader.t("unit.joined", n=mu, unit=reader.t("unit.mu"))
    return [KeyFigure(reader.t("area.plots_area"), quantities.area(total, reader.lang, both=False), note)]
