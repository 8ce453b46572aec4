"""Examples of what can be embedded, chosen from what is published so that none is empty."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.draw.investment import investments
from geo.model import Kinds
from geo.publish.columns import TermColumn, TermsColumn
from geo.query import Selection
from webmap.present.reader import Reader

HEIGHT = 420
FRAME_PX, TILE_PX = 560, 256


@dataclass(frozen=True)
class Example:
    """`name` is that of its words; `of` what it shows: county, chain or kind of feature, and its code or id. No height: that of its content."""

    name: str
    of: tuple[str, str]
    query: tuple[tuple[str, str], ...]
    height: int | None = HEIGHT

    def value(self, reader: Reader) -> str:
        """What the example shows, by name."""
        sort, code = self.of
        if sort == "county":
            return reader.unit_name(code)
        if sort == "chain":
            chain = reader.world.chains.chains.get(code)
            return chain.label.text(reader.lang) if chain else code
        record = reader.record(sort, code)
        return reader.title_of(record) if record else code


def examples(selection: Selection, kinds: Kinds) -> Iterator[Example]:
    """A county's plots, a chain's heat, a route, a table, a figure: those that the selection has something for."""
    county = _commonest(selection, "plot", "county", kinds)
    if county:
        yield Example("plots", ("county", county), (("kind", "plot"), ("county", county)))
    chain = _hottest(selection)
    if chain:
        yield Example("heat", ("chain", chain), (("chain", chain), ("layers", "heat,features")))
    if "route" in kinds and selection.count("route"):
        table, row = selection.snapshot.table("route"), int(selection.rows("route")[0])
        name = str(table.column("name")[row])
        yield Example(
            "route",
            ("route", str(table.column("id")[row])),
            (("kind", "route"), ("q", name), *_looking_at(table.bbox[row])),
        )
    busiest = _commonest(selection, "project", "county", kinds)
    if busiest:
        query = (("kind", "project"), ("county", busiest), ("layers", "none"), ("list", "1"))
        yield Example("table", ("county", busiest), query, None)
    if county:
        query = (("kind", "plot"), ("county", county), ("layers", "none"), ("figure", "1"))
        yield Example("figure", ("county", county), query, None)


def _commonest(selection: Selection, kind: str, name: str, kinds: Kinds) -> str:
    """The code that most of the selected features of a kind bear; empty where none does."""
    if kind not in kinds or not selection.count(kind):
        return ""
    column = selection.snapshot.table(kind).column(name)
    if isinstance(column, TermColumn):
        codes = column.codes[selection.masks[kind]]
    elif isinstance(column, TermsColumn):
        codes = column.codes
    else:
        return ""
    codes = codes[codes >= 0]
    return column.terms[int(np.bincount(codes).argmax())] if codes.size else ""


def _hottest(selection: Selection) -> str:
    """The chain with the most signed investment, which is what heat is made of; empty where none has any."""
    most: dict[str, float] = {}
    for money in investments(selection):
        column = money.table.column("chains")
        if not isinstance(column, TermsColumn):
            return ""
        rows = np.arange(money.table.rows)[money.at]
        wan = np.zeros(money.table.rows)
        wan[rows[money.weighs]] = money.wan[money.weighs]
        codes = np.asarray(column.codes)
        sums = np.bincount(codes, np.repeat(wan, np.diff(column.offsets)), len(column.terms))
        for at in np.flatnonzero(sums).tolist():
            most[column.terms[at]] = most.get(column.terms[at], 0.0) + float(sums[at])
    return max(sorted(most), key=lambda chain: most[chain], default="")


def _looking_at(box: NDArray[np.float64]) -> tuple[tuple[str, str], ...]:
    """Centre and zoom that show a box (WGS-84 degrees) in a frame some 600 pixels wide; nothing where there is none."""
    if np.isnan(box).any():
        return ()
    west, south, east, north = map(float, box)
    span = max(east - west, 1.6 * (north - south), 1e-3)
    zoom = min(14, int(math.log2(360 * FRAME_PX / (TILE_PX * span))))
    return ("center", f"{(west + east) / 2:.4f},{(south + north) / 2:.4f}"), ("zoom", str(zoom))
