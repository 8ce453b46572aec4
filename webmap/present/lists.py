"""The list: tabs, columns, items, pages, and what to do where nothing matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geo.model import Feature
from geo.query import Filter, Selection
from geo.query.page import page, sort_keys
from webmap.present.conditions import Chip, chips
from webmap.present.items import Column, Item, columns, item
from webmap.present.reader import Reader

WAYS_OUT = 6


@dataclass(frozen=True)
class Tab:
    """One kind, or all of them, with how many the rest of the filter leaves."""

    text: str
    n: int
    href: str
    current: bool


@dataclass(frozen=True)
class Head:
    """A column's head: `order` is the value of aria-sort, `href` the list sorted by it."""

    column: Column
    href: str = ""
    order: str = "none"


@dataclass(frozen=True)
class WayOut:
    """A condition to drop and what would then be found."""

    chip: Chip
    n: int
    href: str


@dataclass(frozen=True)
class Listing:
    """A page of the list. first and last count from 1; mixed lists have their own columns."""

    heading: str
    total: int
    first: int
    last: int
    number: int
    pages: int
    mixed: bool
    heads: tuple[Head, ...]
    items: tuple[Item, ...]
    tabs: tuple[Tab, ...]
    previous: str
    next: str
    ways_out: tuple[WayOut, ...]
    filtered: bool
    all_href: str
    map_href: str
    list_href: str


def listing(
    wanted: Filter,
    selection: Selection,
    kind_counts: Mapping[str, int],
    count: Callable[[Filter], int],
    reader: Reader,
    *,
    sort: str,
    offset: int,
    limit: int,
) -> Listing:
    """The list of `selection`; `count` tells how many features another filter selects.

    Raises BadParameters for a sort that there is not.
    """
    one = reader.kinds.get(wanted.kinds[0]) if len(wanted.kinds) == 1 else None
    found = page(selection, reader.kinds, sort, offset, limit, reader.lang)

    def href(filtered: Filter, **state: str | int) -> str:
        held = {"sort": sort, **state}
        kept = [(name, str(value)) for name, value in held.items() if value]
        return reader.link("list", query=[*filtered.query(), *kept])

    items = tuple(
        item(selection.snapshot.table(kind).record(row), reader.kinds.get(kind), reader, in_columns=one is not None)
        for kind, row in found.rows
    )
    return Listing(
        heading=one.plural.text(reader.lang) if one else reader.t("list.heading"),
        total=found.total,
        first=min(offset + 1, found.total),
        last=offset + len(items),
        number=offset // limit + 1,
        pages=max(1, -(-found.total // limit)),
        mixed=one is None,
        heads=tuple(_head(column, sort, lambda key: href(wanted, sort=key)) for column in _columns(one, reader)),
        items=items,
        tabs=tuple(_tabs(wanted, kind_counts, href, reader)),
        previous="" if found.previous is None else href(wanted, offset=found.previous),
        next="" if found.next is None else href(wanted, offset=found.next),
        ways_out=() if found.total else tuple(_ways_out(wanted, count, href, reader)),
        filtered=bool(wanted.active()),
        all_href=href(Filter()),
        map_href=reader.link(query=wanted.query()),
        list_href=href(wanted),
    )


def _columns(kind: type[Feature] | None, reader: Reader) -> list[Column]:
    if kind is not None:
        return columns(kind, reader, sort_keys(reader.kinds))
    names = ("name", "kind", "county", "chain", "measure", "date", "source")
    sorts = {"name": "name", "date": "as_of"}
    return [Column(name, reader.t(f"list.{name}"), name == "measure", sorts.get(name, "")) for name in names]


def _head(column: Column, sort: str, href: Callable[[str], str]) -> Head:
    """A first click sorts figures and dates from the top, names from the start; a second one turns that round."""
    key = column.sort
    if not key:
        return Head(column)
    orders = {key: "ascending", f"-{key}": "descending"}
    first, second = (key, f"-{key}") if key == "name" else (f"-{key}", key)
    return Head(column, href(second if sort == first else first), orders.get(sort, "none"))


def _tabs(wanted: Filter, counts: Mapping[str, int], href: Callable[..., str], reader: Reader) -> list[Tab]:
    everything = wanted.without("kind")
    tabs = [Tab(reader.t("list.all_kinds"), sum(counts.values()), href(everything, sort=""), not wanted.kinds)]
    for kind in reader.kinds:
        chosen = kind.kind in wanted.kinds
        if (n := counts.get(kind.kind, 0)) or chosen:
            target = href(everything.with_("kind", [kind.kind]), sort="")
            tabs.append(Tab(kind.plural.text(reader.lang), n, target, chosen))
    return tabs


def _ways_out(wanted: Filter, count: Callable[[Filter], int], href: Callable[..., str], reader: Reader) -> list[WayOut]:
    """The conditions whose removal alone brings something back, the most first."""
    found = []
    for chip in chips(wanted, reader):
        rest = wanted.minus(chip.param, chip.value)
        if n := count(rest):
            found.append(WayOut(chip, n, href(rest)))
    return sorted(found, key=lambda way: -way.n)[:WAYS_OUT]
