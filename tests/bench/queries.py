"""What the server computes for one look at the map, against reading the same out of the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geo.draw.choropleth import choropleth
from geo.draw.heat import heat
from geo.draw.heat_grid import HeatGrid
from geo.draw.marks import marks
from geo.model import default_kinds
from geo.query import Filter, facets, select
from geo.store import Store
from tests.bench.measured import Measured, median_ms
from webmap.config import load_config
from webmap.site import Site

FILTER = [("city", "411000"), ("year_from", "2020")]


def measure(data: Path) -> Iterator[Measured]:
    """Medians in milliseconds on the facts and the demonstration data."""
    config = load_config(data, {})
    kinds = default_kinds()
    site = Site(config, kinds)
    wanted = Filter.parse(FILTER, kinds, site.world)
    store = Store.open(config.store_url)
    selection = site.select(wanted)
    grid = HeatGrid(site.world.boundaries)

    def from_database() -> list[object]:
        return [f for f in store.published(kinds) if f.county[:4] == "4110" and f.as_of[:4] >= "2020"]

    method = "median of 30, city and year filter, one process"
    yield Measured(
        "filtered selection",
        median_ms(lambda: select(wanted, site.snapshot, kinds, site.world)),
        "ms",
        method,
        peer="the same from the database",
        theirs=median_ms(from_database),
    )
    yield Measured(
        "counts beside every option", median_ms(lambda: facets(wanted, site.snapshot, kinds, site.world)), "ms", method
    )
    yield Measured("marks at zoom 12", median_ms(lambda: marks(selection, site.world, 12)), "ms", method)
    everything = site.select(Filter())
    yield Measured(
        "heat picture, all projects", median_ms(lambda: heat(everything, site.world, grid, "sqrt").png()), "ms", method
    )
    yield Measured(
        "choropleth, all projects", median_ms(lambda: choropleth(everything, site.world, "amount")), "ms", method
    )
    store.close()
