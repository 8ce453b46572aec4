"""pygeoapi on a GeoPackage (by GDAL, which asks its R-tree) and on the run's PostGIS, by gunicorn."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyogrio
import shapely

from geo.publish import Table
from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Unavailable
from tests.bench.peers import postgis
from tests.bench.peers.places import PEERS_PYTHON, PREPARE, peers_program
from tests.bench.peers.serving import Server, started
from tests.browser.browser_session import free_port

COLLECTION = "/collections/plots/items"
WORLD = [72.0, 0.0, 137.0, 55.0]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def on_postgres(ground: Ground, workers: int = 1) -> Server:
    """The run's pygeoapi on PostgreSQL; raises Unavailable."""
    peers_program("gunicorn")
    database = urlsplit(postgis.filled(ground).url)
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": database.hostname,
            "port": database.port,
            "dbname": database.path[1:],
            "user": database.username,
            "password": "none",
            "search_path": ["public"],
        },
        "id_field": "gid",
        "table": "plots",
        "geom_field": "geom",
    }
    return _kept(ground, "postgresql", provider, workers)


def on_geopackage(ground: Ground, workers: int = 1) -> Server:
    """The run's pygeoapi on a GeoPackage; raises Unavailable."""
    peers_program("gunicorn")
    done = subprocess.run([PEERS_PYTHON, "-c", "import osgeo.ogr"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(f"GDAL's Python bindings are not installed; {PREPARE}")
    path = ground.folder / "plots.gpkg"
    if not path.exists():
        _write(path, ground.made(LARGE).snapshot.table("plot"))
    provider = {
        "type": "feature",
        "name": "OGR",
        "data": {"source_type": "GPKG", "source": str(path), "gdal_ogr_options": {"SHPT": "POLYGON"}},
        "id_field": "gid",
        "layer": "plots",
        "crs": [CRS84],
        "storage_crs": CRS84,
    }
    return _kept(ground, "geopackage", provider, workers)


def _kept(ground: Ground, name: str, provider: dict[str, Any], workers: int) -> Server:
    return ground.keep(f"pygeoapi-{name}-{workers}", lambda: _running(ground, name, provider, workers))


@contextmanager
def _running(ground: Ground, name: str, provider: dict[str, Any], workers: int) -> Iterator[Server]:
    port = free_port()
    folder = ground.folder / f"pygeoapi-{name}-{workers}"
    folder.mkdir()
    config, openapi = folder / "config.json", folder / "openapi.json"
    config.write_text(json.dumps(_config(port, provider)), encoding="utf-8")  # YAML reads JSON
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi), "PYTHONPATH": ""}
    made = subprocess.run(
        [peers_program("pygeoapi"), "openapi", "generate", str(config), "--output-file", str(openapi)],
        capture_output=True,
        text=True,
        check=False,
        env=settings,
    )
    if made.returncode:
        raise Unavailable(f"pygeoapi on {name} did not start: {made.stderr.strip()[-300:]}")
    command = [peers_program("gunicorn"), "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4"]
    command += ["--workers", str(workers), "pygeoapi.flask_app:APP"]
    with started(f"pygeoapi-{name}", command, folder, port, COLLECTION + "?limit=1&f=json", settings) as server:
        yield server


def _config(port: int, provider: dict[str, Any]) -> dict[str, Any]:
    address = f"http://127.0.0.1:{port}"
    words = {"title": "plots", "description": "plots", "keywords": ["plots"]}
    contact = {"name": "bench", "position": "", "email": "bench@example.org", "url": address}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": address,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 1000},
            "map": {"url": "https://example.org/{z}/{x}/{y}.png", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**words, "keywords_type": "theme", "terms_of_service": "none", "url": address},
            "license": {"name": "none", "url": address},
            "provider": {"name": "bench", "url": address},
            "contact": contact,
        },
        "resources": {
            "plots": {
                "type": "collection",
                **words,
                "links": [],
                "extents": {"spatial": {"bbox": WORLD, "crs": CRS84}},
                "providers": [provider],
            }
        },
    }


def _write(path: Path, table: Table) -> None:
    """The plots as a GeoPackage with an R-tree, in the snapshot's order."""
    names = ("id", "name", "county", "status", "land_use", "price_wan_mu", "area_m2", "as_of", "demo")
    every = np.arange(table.rows)
    columns = []
    for name in names:
        column = table.column(name)
        values = [column[row] for row in range(table.rows)]
        columns.append(np.array(values, object if isinstance(values[0], str) else None))
    pyogrio.raw.write(
        path,
        shapely.to_wkb(table.geometries(every)),
        [every + 1, *columns],
        np.array(["gid", *names], object),
        layer="plots",
        geometry_type="Polygon",
        crs="EPSG:4326",
        driver="GPKG",
        layer_options={"SPATIAL_INDEX": "YES"},
    )
