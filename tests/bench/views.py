"""What each view costs the server on the large map, nothing of the answer being kept from before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from flask import Flask

from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Measured
from webmap.app import create_app
from webmap.config import load_config
from webmap.site import Site

FILTER = "status=available&price_min=20"
AIM = "≤ 30 ms"
REPEATS = 5
# What a change of the filter asks the server for stands first; the others are looked at one at a time.
CHANGED = {
    "counts beside every option": f"/api/summary?{FILTER}",
    "results beside the map": f"/list?fragment=1&{FILTER}",
    "marks, zoom 7": f"/api/marks?zoom=7&{FILTER}",
    "marks of a view, zoom 11": f"/api/marks?zoom=11&within=113.5,34,114,34.3&{FILTER}",
    "outlines of a view": f"/api/shapes?within=113.7,34.1,113.85,34.2&{FILTER}",
    "heat": f"/api/heat.png?{FILTER}",
    "counties coloured": f"/api/choropleth?{FILTER}",
}
OTHERS = {
    "counts, words": "/api/summary?q=%E5%9C%B0%E5%9D%9712",
    "counts, three words of one letter": "/api/summary?q=1+2+3",
    "counts, 300 km around a point": "/api/summary?near=113.8,34.1,300",
    "counts, 30 km around a point": "/api/summary?near=113.8,34.1,30",
    "counts, a box": "/api/summary?bbox=113.5,34,114,34.3",
    "the list by area": f"/list?sort=-area_m2&{FILTER}",
    "the list by name": f"/list?sort=name&{FILTER}",
    "the list, 100,000 down": f"/list?offset=100000&{FILTER}",
    "items, bbox, 100 of them": "/api/collections/plot/items?bbox=113.5,34,114,34.3&limit=100",
    "items, filtered, 150,000 down": f"/api/collections/plot/items?limit=100&offset=150000&{FILTER}",
    "a plot with what is near": "/f/plot/plot-0000007",
    "a county": "/county/411082",
    "a city": "/county/411000",
    "the front page": "/",
}


def measure(ground: Ground) -> Iterator[Measured]:
    """Processor time of each view."""
    app = create_app(load_config(ground.made(LARGE).data, {}))
    for what, address in (CHANGED | OTHERS).items():
        taken, size = _cost(app, address)
        method = f"processor time, median of {REPEATS}, one process, {LARGE:,} plots, selections forgotten; {size / 1000:.0f} kB"
        yield Measured(what, taken, "ms", method, aim=AIM if what in CHANGED else "")


def _cost(app: Flask, address: str) -> tuple[float, int]:
    """The median cost of an answer in ms, and its bytes before compression."""
    site: Site = app.extensions["relitu"]
    times, size = [], 0
    for _ in range(REPEATS + 1):
        site.forget()
        start = time.process_time()
        with app.test_request_context(address):
            response = app.full_dispatch_request()
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status}")
            size = len(response.get_data())
        times.append((time.process_time() - start) * 1000)
    return median(times[1:]), size
