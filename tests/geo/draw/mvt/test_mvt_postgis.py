"""The same features through PostGIS: `ST_AsMVTGeom` and `ST_AsMVT` say the same of each as our tiles do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from made import made
from shapely import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, box
from test_mvt_tiles import KINDS, degrees, features

from geo.draw import mercator
from geo.draw.mvt import EXTENT, Layer
from geo.draw.mvt.grid import BUFFER

if TYPE_CHECKING:
    from postgres_cluster import Cluster

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")

STEP = 1.0
HALF = 20037508.342789244  # of the map's side, metres
TILE = """
SELECT ST_AsMVT(drawn, 'plot', %(extent)s, 'geom', 'gid') FROM (
  SELECT gid, id, name, demo, status,
    ST_AsMVTGeom(geom, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), %(extent)s, %(buffer)s, true) AS geom
  FROM shapes WHERE geom && ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => %(margin)s)
) drawn WHERE geom IS NOT NULL
"""
AT = (14, 13340, 6507)
FAR = (12, 3332, 3)  # a few kilometres from where the map ends in the north
LAST = (10, 900, 1023)


def star(points: int, radius: float, middle: tuple[float, float]) -> Polygon:
    """An outline of so many vertices that comes and goes."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    away = radius * (1 + 0.02 * np.sin(angle * points / 8))
    return Polygon(np.column_stack([middle[0] + away * np.cos(angle), middle[1] + away * np.sin(angle)]))


AREAS: dict[str, Any] = {
    "inside": Polygon([(100, 100), (900, 200), (700, 800), (150.5, 650.25)]),
    "wound the other way": shapely.reverse(Polygon([(1100, 100), (1900, 200), (1700, 800), (1150.5, 650.25)])),
    "angled": Polygon([(2000, 100), (2400, 100), (2400, 200), (2100, 200), (2100, 600), (2000, 600)]),
    "holed": box(1000, 1000, 2000, 2000)
    .difference(box(1200, 1200, 1500, 1600))
    .difference(box(1700, 1700, 1800, 1900)),
    "parts": MultiPolygon([box(2500, 100, 2900, 500), box(3100, 100, 3500, 500).difference(box(3200, 200, 3300, 300))]),
    "hole on the edge": box(3500, 2000, 4500, 2600).difference(box(3900, 2200, 4300, 2400)),
    "edge": box(3900, 3000, 4600, 3600),
    "corner": Polygon([(-500, -500), (700, -500), (-500, 700)]),
    "in two": Polygon(
        [(-300, 1000), (-300, 1900), (600, 1900), (600, 1700), (-200, 1700), (-200, 1200), (600, 1200), (600, 1000)]
    ),
    "through": box(-300, 2300, 4400, 2400),
    "on the edge": box(0, 3800, 300, 4096),
    "larger than the tile": box(-1e5, -1e5, 1e5, 1e5),
    "larger, holed": box(-9000, -9000, 9000, 9000).difference(box(-50, -50, 4000, 4100)),
    "sliver": Polygon([(200, 3000), (1800, 3001.2), (1800, 3002.4), (200, 3001.1)]),
    "many vertices": star(100_000, 30_000, (2000, 33_000)),
}
NOWHERE = {
    "beyond": box(5000, 5000, 6000, 6000),
    "speck": box(3000.1, 3000.1, 3000.3, 3000.3),
    "round the corner": Polygon([(4300, 4300), (9000, 4300), (9000, -900), (4300, 4100)]),
}


@pytest.fixture(scope="module")
def peer(cluster: Cluster) -> Iterator[Callable[..., dict[Any, tuple[Any, Any, Any]]]]:
    """A function that gives PostGIS's tile of features, read back."""
    with psycopg.connect(cluster.new_database(), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE shapes (gid int, id text, name text, demo bool, status text, geom geometry(Geometry, 3857))"
        )

        def tile(
            rows: list[Any], numbers: list[int], at: tuple[int, int, int], layer: str = "plot"
        ) -> dict[Any, tuple[Any, Any, Any]]:
            connection.execute("TRUNCATE shapes")
            for row, number in zip(rows, numbers, strict=True):
                connection.execute(
                    "INSERT INTO shapes VALUES (%s, %s, %s, %s, %s, ST_GeomFromWKB(%s, 3857))",
                    (
                        number,
                        row.id,
                        row.name,
                        row.demo,
                        getattr(row, "status", None),
                        shapely.to_wkb(on_map(row.geometry)),
                    ),
                )
            z, x, y = at
            told = {"z": z, "x": x, "y": y, "extent": EXTENT, "buffer": BUFFER, "margin": BUFFER / EXTENT}
            answer = connection.execute(TILE.replace("'plot'", f"'{layer}'"), told).fetchone()
            return features(bytes(answer[0]) if answer and answer[0] else b"", layer)

        yield tile


def on_map(shape: Any) -> Any:
    """WGS-84 degrees as metres of EPSG:3857."""

    def turned(xy: np.ndarray) -> np.ndarray:
        x, y = mercator.fraction(*xy.T)
        return np.column_stack([(2 * x - 1) * HALF, (1 - 2 * y) * HALF])

    return shapely.transform(shape, turned)


@pytest.fixture(scope="module")
def both(drawn: Any, atlas: Any, peer: Any) -> Callable[..., tuple[dict[Any, Any], dict[Any, Any]]]:
    """A function that gives both tiles of shapes on the grid of the tile `at`."""

    def make(
        shapes: dict[str, Any], at: tuple[int, int, int] = AT, kind: str = "plot"
    ) -> tuple[dict[Any, Any], dict[Any, Any]]:
        rows = [
            made(kind, id=name, demo=bool(len(name) % 2), geometry=degrees(shape, at)) for name, shape in shapes.items()
        ]
        table = drawn(*rows).snapshot.table(kind)
        ours = features(Layer(table, KINDS.get(kind), atlas).tile(*at).data, kind)
        return ours, peer(rows, [table.row_of(row.id) + 1 for row in rows], at, kind)

    return make


def alike(ours: Any, theirs: Any, frame: Any) -> None:
    """Both are valid and nowhere more than their rounding apart; PostGIS cuts a step beyond the buffer or on it."""
    assert shapely.is_valid(ours), shapely.is_valid_reason(ours)
    apart = ours.symmetric_difference(shapely.make_valid(theirs).intersection(frame))
    assert apart.area <= 2 * STEP * (ours.length + 8)
    assert apart.buffer(-STEP).is_empty


FRAME = box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)


@pytest.mark.parametrize("at", [AT, FAR, LAST, (3, 6, 3), (20, 855_000, 416_400)])
def test_areas_are_those_of_postgis(both: Any, at: tuple[int, int, int]) -> None:
    z, _, y = at
    shapes = {
        name: shape
        for name, shape in (AREAS | NOWHERE).items()
        # Beyond the map's end nothing can be asked for.
        if -y * EXTENT < shape.bounds[1]
        and shape.bounds[3] < (2**z - y) * EXTENT
        and abs(shape.bounds[0]) < EXTENT << z - 2
    }
    assert len(shapes) > 10
    ours, theirs = both(shapes, at)
    assert set(ours) == set(theirs) == set(shapes) - set(NOWHERE)
    for name, (shape, properties, number) in ours.items():
        other, other_properties, other_number = theirs[name]
        alike(shape, other, FRAME)
        assert (properties, number) == (other_properties, other_number), name


def test_holes_and_parts_stay(both: Any) -> None:
    ours, theirs = both(
        {name: AREAS[name] for name in ("holed", "parts", "in two", "hole on the edge", "larger, holed")}
    )

    def told(found: dict[Any, Any]) -> dict[Any, tuple[int, int]]:
        parts = {name: shapely.get_parts(shape) for name, (shape, _, _) in found.items()}
        return {name: (len(each), sum(len(part.interiors) for part in each)) for name, each in parts.items()}

    assert told(ours) == told(theirs)


def test_lines_and_points_are_those_of_postgis(both: Any) -> None:
    lines = {
        "across": LineString([(-900, 100), (2000, 100), (2000, 9000)]),
        "back again": LineString([(100, 100), (100, -900), (900, -900), (900, 100)]),
        "several": MultiLineString([[(10, 10), (50, 90)], [(1000, 1000), (9000, 1000)]]),
        "elsewhere": LineString([(5000, 0), (5000, 900)]),
    }
    ours, theirs = both(lines, kind="route")
    assert set(ours) == set(theirs) == set(lines) - {"elsewhere"}
    for name, (shape, _, _) in ours.items():
        assert shape.hausdorff_distance(theirs[name][0].intersection(FRAME)) <= STEP, name
    points = {"one": Point(17, 4095), "several": MultiPoint([(1, 2), (3, 4), (9000, 1)]), "elsewhere": Point(5000, 5)}
    ours, theirs = both(points, kind="project")
    assert set(ours) == set(theirs) == {"one", "several"}
    assert all(shape.equals(theirs[name][0]) for name, (shape, _, _) in ours.items())


def test_a_tile_with_nothing_in_it_is_empty_on_both_sides(both: Any) -> None:
    assert both(NOWHERE) == ({}, {})


def test_a_million_vertices_are_those_of_postgis(both: Any) -> None:
    ours, theirs = both({"many": star(1_000_000, 30_000, (2000, 33_000))})
    alike(ours["many"][0], theirs["many"][0], FRAME)


@pytest.mark.parametrize("seed", range(3))
def test_crowds_of_outlines_are_those_of_postgis(both: Any, seed: int) -> None:
    draw = np.random.default_rng(seed)
    shapes = {}
    for number in range(150):
        vertices = int(draw.integers(3, 12))
        angle = np.sort(draw.uniform(0, 2 * np.pi, vertices))
        away = draw.lognormal(4, 1.2) * draw.uniform(0.2, 1, vertices)
        x, y = draw.uniform(-200, EXTENT + 200, 2)
        shape = shapely.make_valid(Polygon(np.column_stack([x + away * np.cos(angle), y + away * np.sin(angle)])))
        if shape.geom_type == "Polygon" and shape.area > 20:
            shapes[f"p{number}"] = shape
    ours, theirs = both(shapes)
    assert set(ours) ^ set(theirs) <= {
        name for name in shapes if shapes[name].intersection(FRAME).area < 4 * shapes[name].length
    }
    for name in set(ours) & set(theirs):
        alike(ours[name][0], theirs[name][0], FRAME)
    total, other = (sum(shape.area for shape, _, _ in found.values()) for found in (ours, theirs))
    assert total == pytest.approx(other, rel=0.002)
    numbers = [number for _, _, number in ours.values()]
    assert len(set(numbers)) == len(numbers)
