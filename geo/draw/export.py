"""A selection as a file. A new format is one new module in `geo.draw.formats`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache

from datasets.labels import DEFAULT_LANGUAGE
from datasets.world import World
from geo.draw import formats as _formats
from geo.draw.about import Publisher, about
from geo.draw.choices import offered
from geo.draw.sheet import Format, Sheet
from geo.model import Kinds, default_kinds
from geo.query.selection import Selection


@cache
def formats() -> Mapping[str, Format]:
    """Every format by its name, in the order of the names."""
    modules = pkgutil.iter_modules(_formats.__path__)
    found = [importlib.import_module(f"{_formats.__name__}.{module.name}").FORMAT for module in modules]
    return {each.name: each for each in found}


def formats_for(kind: str) -> Mapping[str, Format]:
    """The formats that can hold features of a kind."""
    return {name: each for name, each in formats().items() if each.holds(kind)}


def export(
    selection: Selection,
    kind: str,
    format: str,  # noqa: A002 - the word of the address
    world: World,
    lang: str = DEFAULT_LANGUAGE,
    kinds: Kinds | None = None,
    filter_query: str = "",
    publisher: Publisher | None = None,
) -> Iterator[bytes]:
    """The selected features of `kind` as the bytes of a file, piece by piece, in the order of their ids.

    Raises UnknownKind, or BadParameters for an unknown format or one that cannot hold the kind, before the first piece is
    asked for. filter_query, publisher: what the file says of itself beside its sources, precision and version.
    """
    declared = (kinds or default_kinds()).get(kind)
    chosen = formats()[offered("format", format, formats_for(kind))]
    table, rows = selection.snapshot.table(kind), selection.rows_by_id(kind)
    told = about(table, rows, declared, lang, selection.snapshot.version, filter_query, publisher)
    sheet = Sheet(table, rows, declared, world, lang, told)
    return chosen.write(sheet)
