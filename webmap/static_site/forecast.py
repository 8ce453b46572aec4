"""How large a site will be, told before any of it is written, and refused where nobody can have meant it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from datasets.labels import Label
from geo.draw.mvt.grid import box_of
from geo.publish import Table
from webmap.static_site.addresses import LIST_PAGE
from webmap.static_site.edition import Edition, feature_address, in_language
from webmap.static_site.pieces import area_codes
from webmap.static_site.refusals import SiteRefused
from webmap.static_site.tiles import ROUND

MB = 1_000_000
SAMPLES = 6  # pages and tiles of each kind that are made to learn how large they are

Place = tuple[str, int, int, int]  # kind, z, x, y


@dataclass(frozen=True)
class Forecast:
    """pages: in all languages. tiles: down to each zoom, from 0 on; it ends before `zoom` where counting was stopped.

    size: bytes of pages and tiles together, uncompressed, after a sample of each kind.
    """

    pages: int
    tiles: tuple[int, ...]
    size: float
    zoom: int | None

    @property
    def files(self) -> int:
        """Pages and tiles."""
        return self.pages + (self.tiles[-1] if self.tiles else 0)

    @property
    def label(self) -> Label:
        """What will be written, for the person who waits."""
        size = f"{max(self.size / MB, 0.1):,.1f} MB"
        if self.zoom is None:
            return Label(f"约 {self.pages:,} 个页面，约 {size}", f"about {self.pages:,} pages, {size}")
        n = self.tiles[-1]
        return Label(
            f"约 {self.pages:,} 个页面、{n:,} 个瓦片（到第 {self.zoom} 级），约 {size}，压缩副本和下载文件另计",
            f"about {self.pages:,} pages and {n:,} tiles to zoom {self.zoom}, {size}, "
            "compressed copies and downloads not counted",
        )


def forecast(edition: Edition, zoom: int | None, most: int) -> Forecast:
    """How much there will be: pages, and tiles to `zoom` (None: none). Raises SiteRefused for more than `most` files."""
    site = edition.site
    rows = {kind: site.snapshot.table(kind).rows for kind in edition.kinds}
    lists = sum(math.ceil(n / LIST_PAGE) for n in (*rows.values(), sum(rows.values())))
    areas = sum(map(len, area_codes(edition).values()))
    pages = (sum(rows.values()) + lists + areas + 1) * len(edition.languages)
    _refuse_pages(edition, pages, most)
    tables = {kind: site.snapshot.table(kind) for kind in edition.kinds if site.snapshot.table(kind).located}
    levels: list[list[Place]] = []
    if zoom is not None:
        for level in _levels(tables, zoom):
            levels.append([])
            for place in level:
                levels[-1].append(place)
                if sum(map(len, levels)) + pages > most:
                    _refuse_tiles(zoom, len(levels) - 2, most)
    tiles = tuple(np.cumsum([len(level) for level in levels]).tolist())
    return Forecast(pages, tiles, _page_bytes(edition, pages) + _tile_bytes(edition, levels), zoom)


def _levels(tables: dict[str, Table], zoom: int) -> Iterator[Iterator[Place]]:
    """Level by level the tiles that a feature's box reaches; each level has to be walked before the next."""
    waiting: list[Place] = [(kind, 0, 0, 0) for kind in tables]

    def walked(above: list[Place], found: list[Place]) -> Iterator[Place]:
        for kind, z, x, y in above:
            if len(tables[kind].meeting(*box_of(z, x, y, ROUND))):
                found.append((kind, z, x, y))
                yield kind, z, x, y

    for z in range(zoom + 1):
        found: list[Place] = []
        yield walked(waiting, found)
        waiting = [(kind, z + 1, 2 * x + dx, 2 * y + dy) for kind, _, x, y in found for dy in (0, 1) for dx in (0, 1)]


def _page_bytes(edition: Edition, pages: int) -> float:
    sizes = []
    for kind in edition.kinds:
        ids = edition.site.snapshot.table(kind).column("id")
        for row in _spread(edition.site.snapshot.table(kind).rows):
            address = in_language(feature_address(kind, str(ids[row])), edition.languages[0])
            sizes.append(len(edition.content(address)))
    return pages * float(np.mean(sizes)) if sizes else 0.0


def _tile_bytes(edition: Edition, levels: list[list[Place]]) -> float:
    total, version = 0.0, edition.site.snapshot.version
    for level in levels:
        chosen = [level[at] for at in _spread(len(level))]
        sizes = [len(edition.content(f"/tiles/{version}/{kind}/{z}/{x}/{y}.mvt")) for kind, z, x, y in chosen]
        total += len(level) * float(np.mean(sizes)) if sizes else 0.0
    return total


def _spread(n: int) -> list[int]:
    """Some of the numbers below n, evenly spaced."""
    return sorted(set(np.linspace(0, n - 1, min(n, SAMPLES)).astype(int).tolist())) if n else []


def _refuse_pages(edition: Edition, pages: int, most: int) -> None:
    if pages <= most:
        return
    other = len(edition.languages) > 1 and pages / len(edition.languages) <= most
    raise SiteRefused(
        Label(
            f"这个网站将有约 {pages:,} 个页面，超过上限 {most:,}，什么也没有写。"
            + (f"可用 --lang {edition.languages[0]} 只写一种语言，或" if other else "请")
            + f"用 --most {pages * 2} 放行；数据这样多时，relitu serve 更省事也更快。",
            f"the site would have about {pages:,} pages, more than {most:,}; nothing was written. "
            + (f"Write one language with --lang {edition.languages[0]}, or allow it" if other else "Allow it")
            + f" with --most {pages * 2}; for so much data relitu serve is less trouble and faster.",
        )
    )


def _refuse_tiles(zoom: int, deepest: int, most: int) -> None:
    raise SiteRefused(
        Label(
            f"到第 {zoom} 级的瓦片连同页面将超过 {most:,} 个文件，什么也没有写。"
            + (f"请用 --zoom {deepest}（不超过上限的最深级别），或" if deepest >= 0 else "请")
            + f"用 --most {most * 10} 放行。",
            f"tiles to zoom {zoom} and the pages would be more than {most:,} files; nothing was written. "
            + (
                f"Use --zoom {deepest}, the deepest that keeps within it, or allow more"
                if deepest >= 0
                else "Allow more"
            )
            + f" with --most {most * 10}.",
        )
    )
