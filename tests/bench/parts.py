"""The parts of the measuring, in the order in which they run."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass

from tests.bench.ground import Ground
from tests.bench.measured import Measured, NotMeasured, Unavailable


@dataclass(frozen=True)
class Part:
    """A module of this folder with a function `measure`, which takes the run's Ground or, `on_facts`, a data folder."""

    title: str
    module: str
    on_facts: bool = False

    def measure(self, ground: Ground) -> Iterable[Measured | NotMeasured]:
        """Run it; the module is loaded only now, so that what it lacks concerns no other."""
        try:
            measure = importlib.import_module(f"tests.bench.{self.module}").measure
        except ModuleNotFoundError as missing:
            raise Unavailable(f"the module {missing.name} is missing") from missing
        found: Iterable[Measured | NotMeasured] = measure(ground.facts if self.on_facts else ground)
        return found


PARTS = {
    "startup": Part("Start", "startup", on_facts=True),
    "queries": Part("One look at the map, computed", "queries", on_facts=True),
    "views": Part("Each view on the large map, computed", "views"),
    "first-view": Part("First view of the facts, in the browser", "first_view", on_facts=True),
    "embedding": Part("The map in another page, in the browser", "embedding", on_facts=True),
    "naive": Part("The same plots as a naive folium page, in the browser", "naive_pages"),
    "large-view": Part("First view of the large map, in the browser", "large_view"),
    "filter-change": Part("A filter changed, in the browser", "filter_change"),
    "panning": Part("Panning the large map, in the browser", "panning"),
    "tiles": Part("Tiles against PostGIS", "tiles"),
    "tiles-http": Part("Tiles over HTTP against tipg", "tiles_over_http"),
    "encoder": Part("Encoder against mapbox-vector-tile", "encoder"),
    "items": Part("Items against pygeoapi and tipg", "items"),
    "cached-tile": Part("A cached tile against nginx", "cached_tile"),
    "clusters": Part("Clusters against supercluster", "clusters"),
    "growth": Part("Growth", "growth"),
    "workers": Part("Memory of further workers", "workers"),
    "publishing": Part("One changed parcel against a whole rebuild", "publishing"),
    "import": Part("Import against bare pyogrio", "importing", on_facts=True),
}
