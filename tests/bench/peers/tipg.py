"""tipg on the run's PostGIS: OGC API – Features and tiles straight from the database, by uvicorn with uvloop and httptools."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.ground import Ground
from tests.bench.peers import postgis
from tests.bench.peers.places import peers_program
from tests.bench.peers.serving import Server, started
from tests.browser.browser_session import free_port

NAME = "tipg"
ITEMS = "/collections/public.plots/items"
TILES = "/collections/public.plots_mercator/tiles/WebMercatorQuad"
SETTINGS = {
    "TIPG_MAX_FEATURES_PER_TILE": "1000000",  # it would leave out what is beyond 10,000 otherwise
    "TIPG_TILE_BUFFER": "64",  # as ours
    "TIPG_CATALOG_TTL": "100000",
    "DB_MIN_CONN_SIZE": "4",
}


def running(ground: Ground, workers: int = 1) -> Server:
    """The run's tipg; raises Unavailable."""
    return ground.keep(f"{NAME}-{workers}", lambda: _running(ground, workers))


@contextmanager
def _running(ground: Ground, workers: int) -> Iterator[Server]:
    uvicorn, database = peers_program("uvicorn"), postgis.filled(ground)
    port = free_port()
    command = [
        uvicorn,
        "tipg.main:app",
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--no-access-log",
        "--log-level",
        "warning",
    ]
    settings = {**SETTINGS, "DATABASE_URL": database.url, "PYTHONPATH": ""}
    with started(NAME, command, ground.folder, port, ITEMS + "?limit=1", settings) as server:
        yield server
