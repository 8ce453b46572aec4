"""The published data as data sets, one a kind: what a catalogue says of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geo.draw.about import Publisher, about
from geo.draw.sheet import Format
from geo.publish import Snapshot
from webmap.present.reader import Reader


@dataclass(frozen=True)
class Distribution:
    """One way to get a data set."""

    name: str
    label: str
    media_type: str
    href: str
    is_service: bool = False


@dataclass(frozen=True)
class Dataset:
    """The features of one kind. bbox: WGS-84 degrees; years: of the facts; sources: titles of documents."""

    kind: str
    title: str
    n: int
    demo: int
    bbox: tuple[float, float, float, float] | None
    years: tuple[int, int] | None
    sources: tuple[str, ...]
    precision: tuple[tuple[str, int], ...]
    page: str
    distributions: tuple[Distribution, ...]


def datasets(
    snapshot: Snapshot,
    reader: Reader,
    root: str,
    formats: Mapping[str, Mapping[str, Format]],
    publisher: Publisher | None = None,
) -> list[Dataset]:
    """Every kind that something is published of; `root` is the site's address, `formats` the files of each kind."""
    found = []
    for kind in reader.kinds:
        table = snapshot.table(kind.kind)
        if not table.rows:
            continue
        told = about(table, np.arange(table.rows), kind, reader.lang, snapshot.version, publisher=publisher).members
        years = table.year[table.year > 0]
        items = f"{root}api/collections/{kind.kind}"
        files = [
            Distribution(each.name, each.label.text(reader.lang), each.media_type, f"{root}export/{kind.kind}.{name}")
            for name, each in formats[kind.kind].items()
        ]
        services = [
            Distribution("ogcapi", "OGC API – Features", "application/geo+json", f"{items}/items", is_service=True),
            Distribution("tiles", "TileJSON", "application/json", f"{root}tiles/{kind.kind}.json", is_service=True),
        ]
        found.append(
            Dataset(
                kind=kind.kind,
                title=kind.plural.text(reader.lang),
                n=table.rows,
                demo=told["demonstration"],
                bbox=table.bounds,
                years=(int(years.min()), int(years.max())) if years.size else None,
                sources=tuple(told["sources"]),
                precision=tuple(told["precision"].items()),
                page=f"{root}list?kind={kind.kind}",
                distributions=(*files, *services),
            )
        )
    return found
