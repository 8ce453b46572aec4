"""What the server computes when somebody changes the filter of a large map: the answers that the page then asks for."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from flask.testing import FlaskClient

from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Measured, busy_ms
from tests.bench.tiles import FILTER, places
from webmap.app import create_app
from webmap.config import load_config

REPEATS = 15
AIM = "≤ 30 ms"
QUERY = "&".join(f"{name}={value}" for name, value in FILTER)


def measure(ground: Ground) -> Iterator[Measured]:
    """Medians under a filter that is new each time, through the application but without HTTP, in one process."""
    made = ground.made(LARGE)
    z, x, y = places(made.snapshot.table("plot"), 9)[0]
    asked = {
        "counts beside every option": f"/api/summary?{QUERY}{{n}}",
        "marks, zoom 9": f"/api/marks?zoom=9&{QUERY}{{n}}",
        "marks of a view, zoom 12": f"/api/marks?zoom=12&within=113.3,34.5,114,34.9&{QUERY}{{n}}",
        "tile z9": f"/tiles/{made.snapshot.version}/plot/{z}/{x}/{y}.mvt?{QUERY}{{n}}",
        "first page of the list": f"/list?fragment=1&kind=plot&{QUERY}{{n}}",
        "a word searched, counted": "/api/summary?q=1{n}{n}",
    }
    client = create_app(load_config(made.data, {})).test_client()
    for what, path in asked.items():
        times = []
        for number in range(REPEATS + 1):
            n = f"{number:02}" if "q=" in path else f".{number:02}"
            address = path.format(n=n)
            times.append(busy_ms(lambda at=address: _ask(client, at)))
        method = f"{LARGE:,} plots, one request after a change of the filter; median of {REPEATS}, one process, without HTTP, processor time"
        yield Measured(
            f"{what}, {LARGE:,} plots", statistics.median(times[1:]), "ms", method, aim="" if "q=" in path else AIM
        )


def _ask(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    answer.get_data()
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status}")
