"""Our map against what anyone would write with folium, the same plots on both, in Chromium."""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely

from geo.publish import Table
from tests.bench.first_view import LOADED, READY, folder_served, look, save
from tests.bench.ground import Ground
from tests.bench.measured import Measured
from tests.bench.peers.serving import relitu
from tests.browser.browser_session import chromium

SIZES = {1_000: 3, 10_000: 3, 100_000: 1}  # plots → how often the naive page is opened
LEAST = 3  # times that ours is opened
WAIT_S = 400
ATTRIBUTES = ("id", "name", "county", "status", "price_wan_mu", "area_m2")
READY_AIM = {100_000: "≥ 30×"}


def measure(ground: Ground) -> Iterator[Measured]:
    """Bytes, time to ready and heap by number of plots."""
    for plots, times in SIZES.items():
        made = ground.made(plots)
        folder = ground.folder / f"naive-{plots}"
        folder.mkdir()
        start = time.perf_counter()
        page = _page(made.snapshot.table("plot"), folder)
        built = time.perf_counter() - start
        ours, theirs = [], []
        with relitu(made.data) as server, chromium() as browser, folder_served(page.parent) as address:
            for turn in range(max(times, LEAST)):
                ours.append(look(browser, f"{server.address}/?kind=plot", READY))
                if turn < times:
                    theirs.append(look(browser, f"{address}/{page.name}", LOADED, WAIT_S))
        packed = len(gzip.compress(page.read_bytes(), 6)) / 1e6
        method = (
            f"Chromium, 1440×900, empty cache, in turns; medians of {len(ours)} and {len(theirs)}; peer: folium.GeoJson of {plots:,} plots with"
            f" tooltips and {len(ATTRIBUTES)} attributes, saved ({built:.1f} s), served as the plain file it is ({packed:.3g} MB if it were gzipped);"
            " ours: /?kind=plot, compressed as served"
        )
        for key, what, unit, aim in (
            ("kB", "on the wire", "kB", ""),
            ("ms", "time to ready", "ms", READY_AIM.get(plots, "")),
            ("heap_MB", "JS heap", "MB", ""),
        ):
            mine, other = (statistics.median(found[key] for found in side) for side in (ours, theirs))
            yield Measured(f"{plots:,} plots, {what}", mine, unit, method, "naive folium page", other, aim)


def _page(table: Table, folder: Path) -> Path:
    import folium

    shapes = table.geometries(np.arange(table.rows))
    columns = {name: table.column(name) for name in ATTRIBUTES}
    features = [
        {
            "type": "Feature",
            "properties": {name: column[row] for name, column in columns.items()},
            "geometry": shapely.geometry.mapping(shape),
        }
        for row, shape in enumerate(shapes)
    ]
    page = folium.Map(location=[34.5, 113.5], zoom_start=8, tiles=None)
    tooltip = folium.GeoJsonTooltip(list(ATTRIBUTES))
    folium.GeoJson({"type": "FeatureCollection", "features": features}, tooltip=tooltip).add_to(page)
    return save(page, folder)
