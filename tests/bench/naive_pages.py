"""Our map against what anyone would write with folium, the same plots on both, in Chromium."""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from datasets.world import World
from geo.publish import Table
from tests.bench.first_view import LOADED, READY, folder_served, look, save
from tests.bench.ground import Ground
from tests.bench.measured import Measured
from tests.bench.peers.serving import relitu
from tests.browser.browser_session import chromium

SIZES = {1_000: 3, 10_000: 3, 100_000: 1}  # plots → how often the naive pages are opened
LEAST = 3  # times that ours is opened
WAIT_S = 400
ATTRIBUTES = ("id", "name", "county", "status", "price_wan_mu", "area_m2")
FIGURES = (("kB", "on the wire", "kB"), ("ms", "time to ready", "ms"), ("heap_MB", "JS heap", "MB"))
COLOURED = "naive folium page"
AIMS = {(COLOURED, 100_000, "ms"): "≥ 30×"}


@dataclass(frozen=True)
class Naive:
    """A saved folium page; told: how it was written, for the method."""

    path: Path
    built_s: float
    told: str

    def method(self) -> str:
        """Its side of the method."""
        packed = len(gzip.compress(self.path.read_bytes(), 6)) / 1e6
        return f"{self.told}, saved ({self.built_s:.1f} s), served as the plain file it is ({packed:.3g} MB if it were gzipped)"


def measure(ground: Ground) -> Iterator[Measured]:
    """Bytes, time to ready and heap by number of plots, against a page that colours plots as ours does and a plainer one."""
    for plots, times in SIZES.items():
        made = ground.made(plots)
        folder = ground.folder / f"naive-{plots}"
        pages = _pages(made.snapshot.table("plot"), ground.world, folder)
        ours: list[dict[str, float]] = []
        theirs: dict[str, list[dict[str, float]]] = {peer: [] for peer in pages}
        with relitu(made.data) as server, chromium() as browser, folder_served(folder, plain=True) as address:
            for turn in range(max(times, LEAST)):
                ours.append(look(browser, f"{server.address}/?kind=plot", READY))
                for peer, page in pages.items() if turn < times else ():
                    at = page.path.relative_to(folder).as_posix()
                    theirs[peer].append(look(browser, f"{address}/{at}", LOADED, WAIT_S))
        for peer, page in pages.items():
            method = (
                f"Chromium, 1440×900, empty cache, in turns; medians of {len(ours)} and {len(theirs[peer])}; peer: {page.method()};"
                " ours: /?kind=plot, compressed as served"
            )
            for key, what, unit in FIGURES:
                mine, other = (statistics.median(found[key] for found in side) for side in (ours, theirs[peer]))
                aim = AIMS.get((peer, plots, key), "")
                yield Measured(f"{plots:,} plots, {what}", mine, unit, method, peer, other, aim)


def _pages(table: Table, world: World, folder: Path) -> dict[str, Naive]:
    """The two pages by name, below `folder`."""
    import folium

    columns = {name: table.column(name) for name in ATTRIBUTES}
    colours = [world.chains.colour(chains[0]) for chains in table.column("chains")]
    features = [
        {
            "type": "Feature",
            "properties": {"colour": colours[row], **{name: column[row] for name, column in columns.items()}},
            "geometry": shapely.geometry.mapping(shape),
        }
        for row, shape in enumerate(table.geometries(np.arange(table.rows)))
    ]
    told = f"folium.GeoJson of {table.rows:,} plots with tooltips of {len(ATTRIBUTES)} attributes"
    by_chain = {"style_function": lambda feature: {"color": feature["properties"]["colour"], "weight": 1}}
    found = {}
    for peer, more, way in (
        (COLOURED, by_chain, "a style_function that gives each plot the colour of its chain, as on ours"),
        ("naive folium page of one colour", {}, "no style"),
    ):
        start = time.perf_counter()
        page = folium.Map(location=[34.5, 113.5], zoom_start=8, tiles=None)
        tooltip = folium.GeoJsonTooltip(list(ATTRIBUTES))
        folium.GeoJson({"type": "FeatureCollection", "features": features}, tooltip=tooltip, **more).add_to(page)
        within = folder / f"{len(found)}"
        within.mkdir(parents=True)
        found[peer] = Naive(save(page, within), time.perf_counter() - start, f"{told} and {way}")
    return found
