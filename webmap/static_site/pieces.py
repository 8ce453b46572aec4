"""Ready-made markup of features and areas, many to a piece, so that the browser need not know how anything is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from geo.query import Filter
from webmap.present.items import item
from webmap.present.lists import listing
from webmap.static_site.columns import DETAILS_A_PIECE, ROWS_A_PIECE, order_of
from webmap.static_site.edition import Edition, feature_address, in_language

Rewrite = Callable[[str], str]
Piece = tuple[str, Any]


def rows(edition: Edition, lang: str, rewrite: Rewrite) -> Iterator[Piece]:
    """`rows/<kind>-<number>`: of each feature its line, its row among all kinds and its row among its own."""
    for kind in edition.kinds:
        made = _rows_of(edition, lang, kind, rewrite)
        yield from _pieces(f"rows/{kind}", made, ROWS_A_PIECE)


def _rows_of(edition: Edition, lang: str, kind: str, rewrite: Rewrite) -> Iterator[list[str]]:
    site, declared = edition.site, edition.site.kinds.get(kind)
    with edition.reading(lang) as who:
        lines = edition.app.jinja_env.get_template("parts/items.html").make_module({})
        tables = edition.app.jinja_env.get_template("parts/table.html").make_module({})
        mixed, single = (_heads(edition, who, wanted) for wanted in (Filter(), Filter(kinds=(kind,))))
        table = site.snapshot.table(kind)
        for row in ordered(edition, kind):
            shown = item(table.record(row), declared, who, in_columns=True)
            yield [
                rewrite(" ".join(str(made).split()))
                for made in (
                    lines.line(shown),  # type: ignore[attr-defined]
                    tables.mixed(shown, mixed),  # type: ignore[attr-defined]
                    tables.single(shown, single),  # type: ignore[attr-defined]
                )
            ]


def _heads(edition: Edition, who: Any, wanted: Filter) -> Any:
    site = edition.site
    found = listing(
        wanted, site.select(wanted), site.facets(wanted).counts["kind"], _none, who, sort="", offset=0, limit=1
    )
    return found.heads


def _none(_wanted: Filter) -> int:
    return 0


def heads(edition: Edition, lang: str) -> dict[str, list[dict[str, Any]]]:
    """The columns of the list by kind; those of all kinds together under the empty one."""
    with edition.reading(lang) as who:
        found = {
            kind: _heads(edition, who, Filter(kinds=(kind,)) if kind else Filter()) for kind in ("", *edition.kinds)
        }
    return {
        kind: [
            {"label": head.column.label, "numeric": head.column.numeric, "sort": head.column.sort} for head in columns
        ]
        for kind, columns in found.items()
    }


def details(edition: Edition, lang: str, rewrite: Rewrite) -> Iterator[Piece]:
    """`details/<kind>-<number>`: the panel of each feature."""
    for kind in edition.kinds:
        ids = edition.site.snapshot.table(kind).column("id")
        addresses = (feature_address(kind, str(ids[row])) for row in ordered(edition, kind))
        yield from _pieces(f"details/{kind}", _fragments(edition, lang, addresses, rewrite), DETAILS_A_PIECE)


def areas(edition: Edition, lang: str, rewrite: Rewrite) -> Iterator[Piece]:
    """`areas/<county|place>-<number>`: the panel of each county, city and place, in the order of their codes."""
    for sort, codes in area_codes(edition).items():
        addresses = (f"/{sort}/{quote(code, safe='')}" for code in codes)
        yield from _pieces(f"areas/{sort}", _fragments(edition, lang, addresses, rewrite), DETAILS_A_PIECE)


def area_codes(edition: Edition) -> dict[str, list[str]]:
    """Every county, city and place."""
    units = edition.site.world.boundaries
    return {
        "county": sorted({*units.cities, *units.counties}),
        "place": sorted(edition.site.world.gazetteer.places),
    }


def ordered(edition: Edition, kind: str) -> list[int]:
    """The rows of a kind in the order of the pieces."""
    site = edition.site
    places = order_of(site.snapshot, site.kinds.get(kind), site.world)
    rows_of = [0] * len(places)
    for row, place in enumerate(places.tolist()):
        rows_of[place] = row
    return rows_of


def _fragments(edition: Edition, lang: str, addresses: Iterator[str], rewrite: Rewrite) -> Iterator[str]:
    for address in addresses:
        markup = edition.text(in_language(f"{address}?fragment=1", lang))
        yield rewrite("\n".join(line.strip() for line in markup.splitlines() if line.strip()))


def _pieces(name: str, values: Iterator[Any], size: int) -> Iterator[Piece]:
    held: list[Any] = []
    number = 0
    for value in values:
        held.append(value)
        if len(held) == size:
            yield f"{name}-{number}", held
            held, number = [], number + 1
    if held:
        yield f"{name}-{number}", held
