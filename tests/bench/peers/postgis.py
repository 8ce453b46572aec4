"""The same plots in PostGIS, as somebody who knows it would keep them: clustered, indexed, analysed, cached."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import psycopg
import shapely

from geo.draw import geojson
from geo.publish import Table
from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Unavailable
from tests.postgres_cluster import Cluster, NoPostgres

# An operator's settings for a machine that serves maps: the data fit into memory, tiles want no compiled plans.
SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "8GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
}
COLUMNS = ("id", "name", "county", "cluster", "status", "land_use", "price_wan_mu", "area_m2", "as_of", "demo")
TABLE = """
CREATE UNLOGGED TABLE plots (
  gid integer, id text, name text, county text, cluster text, status text, land_use text,
  price_wan_mu double precision, area_m2 double precision, as_of text, demo boolean, geom geometry(Polygon, 4326)
)"""
AFTER = (
    "ALTER TABLE plots ADD PRIMARY KEY (gid)",
    "CREATE UNLOGGED TABLE plots_mercator AS SELECT gid, id, name, county, cluster, status, land_use, price_wan_mu,"
    " area_m2, as_of, demo, ST_Transform(geom, 3857)::geometry(Polygon, 3857) AS geom FROM plots ORDER BY gid",
    "ALTER TABLE plots_mercator ADD PRIMARY KEY (gid)",
    "CREATE INDEX ON plots USING gist (geom)",
    "CREATE INDEX ON plots_mercator USING gist (geom)",
    "CREATE INDEX ON plots (status, price_wan_mu)",
    "CREATE INDEX ON plots_mercator (status, price_wan_mu)",
    "VACUUM ANALYZE plots",
    "VACUUM ANALYZE plots_mercator",
)
PIECE = 50_000


@dataclass(frozen=True)
class Postgis:
    """A database with the table `plots` (EPSG:4326) and `plots_mercator` (EPSG:3857); its URL and how long it took."""

    url: str
    seconds: float


def filled(ground: Ground) -> Postgis:
    """The run's database with LARGE plots; raises Unavailable."""
    return ground.keep("postgis", lambda: _filled(ground))


@contextmanager
def _filled(ground: Ground) -> Iterator[Postgis]:
    table = ground.made(LARGE).snapshot.table("plot")
    try:
        cluster = Cluster(durable=True)
    except NoPostgres as missing:
        raise Unavailable(str(missing)) from missing
    try:
        for name, value in SETTINGS.items():
            cluster.sql(f"ALTER SYSTEM SET {name} = '{value}'")
        cluster.stop()
        cluster.start()
        url = cluster.new_database()
        start = time.perf_counter()
        _fill(url, table, ground)
        yield Postgis(url, time.perf_counter() - start)
    finally:
        cluster.remove()


def _fill(url: str, table: Table, ground: Ground) -> None:
    """Copy the snapshot's rows in its own order, which lies along a Hilbert curve as CLUSTER would leave them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY plots (gid, {', '.join(COLUMNS)}, geom) FROM STDIN") as copy,
        ):
            for start in range(0, table.rows, PIECE):
                for row in rows(table, ground, start, min(start + PIECE, table.rows)):
                    copy.write_row(row)
        for statement in AFTER:
            connection.execute(statement)


def rows(table: Table, ground: Ground, start: int, stop: int) -> Iterator[tuple[object, ...]]:
    """Rows as the peers keep them: number, COLUMNS, geometry as hexadecimal EWKB."""
    wanted = np.arange(start, stop)
    shapes = shapely.to_wkb(shapely.set_srid(table.geometries(wanted), 4326), hex=True, include_srid=True)
    columns = {name: table.column(name) for name in (*COLUMNS, "chains") if name != "cluster"}
    for number, row in enumerate(range(start, stop)):
        values = {name: column[row] for name, column in columns.items()}
        values["cluster"] = geojson.chain_colour(list(values["chains"]), ground.world)
        yield (row + 1, *(values[name] for name in COLUMNS), shapes[number])
