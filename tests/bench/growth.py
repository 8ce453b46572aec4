"""What ten times as many plots cost: a tile that holds the same, and every step by size. Fills the table of docs/scale.md."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import numpy as np

from geo.draw.mvt import Layer
from tests.bench import curve
from tests.bench.ground import HUGE, LARGE, SMALL, Ground, Made
from tests.bench.measured import Measured, NotMeasured, Unavailable, busy_ms, side_by_side_ms
from tests.bench.mvt_content import features_in
from tests.bench.tiles import FILTER, TILES, UNLIMITED, ZOOMS, mask_of, places
from webmap.app import create_app
from webmap.config import load_config

PROVINCES = 10
SIZES = ((SMALL // 10, 1), (SMALL, 1), (LARGE, 1), (HUGE, PROVINCES))
PAIRS = (((SMALL, 1), (LARGE, PROVINCES)), ((LARGE, 1), (HUGE, PROVINCES)))
REPEATS = 30
SIDE = 0.1
QUERY = "&".join(f"{name}={value}" for name, value in FILTER)
REQUESTS = {
    "items": f"/api/collections/plot/items?bbox={{box}}&limit=100&{QUERY}",
    "summary": f"/api/summary?{QUERY}{{n}}",
}


def measure(ground: Ground) -> Iterator[Measured | NotMeasured]:
    """Every size by itself, then the same tiles at both ends of ten times as many plots."""
    found: list[curve.Point] = []
    for plots, provinces in SIZES:
        try:
            made = ground.made(plots, provinces)
        except Unavailable as missing:
            yield NotMeasured(f"{plots:,} plots", str(missing))
            continue
        point = curve.Point(plots, provinces)
        yield from _cost(ground, made, provinces, point)
        found.append(point)
    if [point.plots for point in found] == [10_000, 100_000, 1_000_000, 10_000_000]:
        curve.write(found)  # a run without the largest leaves the page's table, which bears its own date
    for small, large in PAIRS:
        try:
            ground.made(*large)
        except Unavailable as missing:
            yield NotMeasured(f"the same tiles of {small[0]:,} and of {large[0]:,} plots", str(missing))
            continue
        for zoom in ZOOMS:
            yield _grown(ground, zoom, small, large)


def _cost(ground: Ground, made: Made, provinces: int, point: curve.Point) -> Iterator[Measured]:
    """Building, disk, memory, tiles, items and summary of one size; kept in `point` too."""
    spread = f"{made.plots:,} made-up plots of 8 vertices" + (f" in {provinces} provinces" if provinces > 1 else "")
    method = f"{spread}, in a process of its own"
    told = f"{method}; of the processor, making them not counted; {made.seconds:.3g} s by the clock"
    yield point.keep("build", Measured(f"snapshot of {made.plots:,} plots, build", made.cpu_s, "s", told))
    yield point.keep("disk", Measured(f"snapshot of {made.plots:,} plots, on disk", made.disk_mb, "MB", method))
    yield point.keep(
        "memory",
        Measured(
            f"snapshot of {made.plots:,} plots, most memory",
            made.peak_mb,
            "MB",
            f"{method}; its own, mapped files not counted",
        ),
    )
    table = made.snapshot.table("plot")
    layer = Layer(table, ground.kinds.get("plot"), ground.world)
    mask = mask_of(ground, made.plots, provinces)
    for zoom in ZOOMS:
        where = places(table, zoom)
        drawn = [features_in(layer.tile(*place, mask).data, "plot") for place in where]
        times = [busy_ms(lambda at=place: layer.tile(*at, mask)) for place in where]
        told = f"{spread}, {np.count_nonzero(mask) / len(mask):.0%} of them; median of {TILES} tiles where plots are, at most 100 kB, processor time; {np.median(drawn):,.0f} features"
        yield point.keep(
            f"z{zoom}",
            Measured(f"tile z{zoom} of {made.plots:,} plots, filtered", statistics.median(times), "ms", told),
        )
    client = create_app(load_config(made.data, {})).test_client()
    boxes = table.point[np.random.default_rng(7).integers(0, table.located, REPEATS)]
    for name, path in REQUESTS.items():
        times = []
        for number, (lon, lat) in enumerate(boxes.tolist()):
            box = f"{lon - SIDE / 2:.4f},{lat - SIDE / 2:.4f},{lon + SIDE / 2:.4f},{lat + SIDE / 2:.4f}"
            at = path.format(box=box, n=f".{number:03}")
            times.append(busy_ms(lambda address=at: client.get(address).get_data()))
        told = f"{spread}; median of {REPEATS} requests in one process, without HTTP, the filter new each time, processor time"
        yield point.keep(name, Measured(f"{name} of {made.plots:,} plots", statistics.median(times[1:]), "ms", told))


def _grown(ground: Ground, zoom: int, small: tuple[int, int], large: tuple[int, int]) -> Measured:
    """The same tiles of both: in the first province, which is the same to the last digit."""
    layers, masks = [], []
    for size in (small, large):
        layers.append(Layer(ground.made(*size).snapshot.table("plot"), ground.kinds.get("plot"), ground.world))
        masks.append(mask_of(ground, *size))
    factors, features = [], []
    for place in places(ground.made(*small).snapshot.table("plot"), zoom):
        made = [layer.tile(*place, mask, budget=UNLIMITED).data for layer, mask in zip(layers, masks, strict=True)]
        counts = [features_in(tile, "plot") for tile in made]
        if counts[0] != counts[1]:
            raise RuntimeError(
                f"the tile {place} holds {counts[0]} features of {small[0]} plots and {counts[1]} of {large[0]}"
            )
        features.append(counts[0])
        before, after = side_by_side_ms(
            [lambda n=n, at=place: layers[n].tile(*at, masks[n], budget=UNLIMITED) for n in (0, 1)], 5, time.thread_time
        )
        factors.append(after / before)
    method = (
        f"the same {len(factors)} tiles, filtered, of {small[0]:,} plots in one province and of {large[0]:,} in {large[1]}, {np.median(features):,.0f} features in"
        " each; median of the quotients of processor time, in turns; the filter's mask is there"
    )
    return Measured(
        f"tile z{zoom}, {small[0]:,} → {large[0]:,} plots, same features",
        statistics.median(factors),
        "×",
        method,
        aim="≤ 1.3 ×",
    )
