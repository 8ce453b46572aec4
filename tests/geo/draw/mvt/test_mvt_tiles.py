"""Whole tiles, read back with mapbox-vector-tile: the same features, shapes and attributes, within the budget."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
import shapely
from made import made, only
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry import shape as shape_of
from shapely.geometry.polygon import orient

from geo.draw import mercator
from geo.draw.mvt import EXTENT, MAX_ZOOM, Layer
from geo.draw.mvt.grid import BUFFER
from geo.model import default_kinds

reference = pytest.importorskip("mapbox_vector_tile", reason="mapbox-vector-tile is not installed")

KINDS = default_kinds()
Z, X, Y = 14, 13340, 6507
STEP = 1.0
FRAME = box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)


def degrees(shape, at=(Z, X, Y)):
    """A geometry on the grid of a tile as one in WGS-84 degrees."""
    z, x, y = at

    def turned(xy):
        lon, lat = mercator.degrees((xy[:, 0] / EXTENT + x) / 2**z, (xy[:, 1] / EXTENT + y) / 2**z)
        return np.column_stack([lon, lat])

    return shapely.transform(shape, turned)


def decoded(data):
    """The layers of a tile, y downwards."""
    return reference.decode(data, default_options={"y_coord_down": True})


def features(data, layer="plot"):
    """The features of a layer by id: geometry on the grid, properties, number."""
    found = decoded(data).get(layer, {"features": []})["features"]
    return {
        each["properties"].get("id"): (shape_of(each["geometry"]), each["properties"], each["id"]) for each in found
    }


def cells(data):
    """The cells of the layer `more`: point on the grid, properties, number."""
    found = decoded(data).get("more", {"features": []})["features"]
    return [(shape_of(each["geometry"]), each["properties"], each["id"]) for each in found]


@pytest.fixture(scope="module")
def layer_of(drawn, atlas):
    """A function that gives the layer of these features, and the table behind it."""

    def make(*rows, kind="plot"):
        table = drawn(*rows).snapshot.table(kind)
        return Layer(table, KINDS.get(kind), atlas), table

    return make


SHAPES = {
    "inside": Polygon([(100, 100), (900, 200), (700, 800), (150.5, 650.25)]),
    "holed": box(1000, 1000, 2000, 2000)
    .difference(box(1200, 1200, 1500, 1600))
    .difference(box(1700, 1700, 1800, 1900)),
    "parts": MultiPolygon([box(2500, 100, 2900, 500), box(3100, 100, 3500, 500).difference(box(3200, 200, 3300, 300))]),
    "edge": box(3900, 3000, 4600, 3600),
    "corner": Polygon([(-500, -500), (700, -500), (-500, 700)]),
    "both sides": box(-300, 2300, 4400, 2400),
    "on the edge": box(0, 3800, 300, 4096),
    "beyond": box(5000, 5000, 6000, 6000),
    "touching the buffer": box(EXTENT + BUFFER, 100, EXTENT + 500, 400),
}


def test_areas_come_back_as_they_are_cut_by_the_tile(layer_of):
    rows = [made("plot", id=name, geometry=degrees(shape)) for name, shape in SHAPES.items()]
    layer, table = layer_of(*rows)
    tile = layer.tile(Z, X, Y)
    found = features(tile.data)
    assert set(found) == set(SHAPES) - {"beyond", "touching the buffer"}
    assert (tile.drawn, tile.left_out) == (len(found), 0)
    for name, (shape, properties, number) in found.items():
        clipped = SHAPES[name].intersection(FRAME)
        assert shapely.is_valid(shape), name
        assert shape.difference(clipped.buffer(STEP)).area < 1e-6, name
        assert clipped.buffer(-STEP).difference(shape).area < 1e-6, name
        assert sum(len(part.interiors) for part in shapely.get_parts(shape)) == {"holed": 2, "parts": 1}.get(name, 0)
        assert number == table.row_of(name) + 1
        assert properties["id"] == name


def test_rings_are_wound_as_the_format_asks(layer_of):
    turned = {name: shapely.reverse(degrees(shape)) for name, shape in SHAPES.items() if name in ("holed", "inside")}
    layer, _ = layer_of(*(made("plot", id=name, geometry=shape) for name, shape in turned.items()))
    for shape, _, _ in features(layer.tile(Z, X, Y).data).values():
        # y points down: what runs clockwise on the screen is counter-clockwise by the numbers.
        assert shape.equals_exact(orient(shape, 1.0), 0)


def test_the_reference_encoder_gives_the_same_geometry(layer_of):
    names = ("inside", "holed", "parts", "on the edge")
    layer, _ = layer_of(*(made("plot", id=name, geometry=degrees(SHAPES[name])) for name in names))
    ours = features(layer.tile(Z, X, Y).data)
    rounded = [{"geometry": SHAPES[name], "properties": {"id": name}, "id": 1} for name in names]
    theirs = features(
        reference.encode(
            [{"name": "plot", "features": rounded}], default_options={"extents": EXTENT, "y_coord_down": True}
        )
    )
    for name in names:
        assert ours[name][0].symmetric_difference(theirs[name][0]).area <= STEP * SHAPES[name].length, name


def test_lines_and_points_come_back(layer_of):
    line = LineString([(-900, 100), (2000, 100), (2000, 9000)])
    layer, _ = layer_of(made("route", id="r", geometry=degrees(line)), kind="route")
    assert features(layer.tile(Z, X, Y).data, "route")["r"][0].equals(line.intersection(FRAME))
    points = {"one": Point(17, 4095), "several": MultiPoint([(1, 2), (3, 4)])}
    layer, _ = layer_of(
        *(made("project", id=name, geometry=degrees(at)) for name, at in points.items()), kind="project"
    )
    found = features(layer.tile(Z, X, Y).data, "project")
    assert {name: shape.equals(points[name]) for name, (shape, _, _) in found.items()} == {"one": True, "several": True}


def test_attributes_are_those_of_the_record_and_empty_ones_are_left_out(layer_of, atlas):
    chain = next(iter(atlas.chains.chains.values()))
    near, far = box(10, 10, 500, 500), box(600, 600, 900, 900)
    full = made("plot", id="a/1", name="地块甲", name_en="Plot A", chains=[chain.id], demo=True, geometry=degrees(near))
    bare = made("plot", id="b", name="地块乙", geometry=degrees(far))
    layer, _ = layer_of(full, bare)
    found = {name: properties for name, (_, properties, _) in features(layer.tile(Z, X, Y).data).items()}
    expected = {"id": "a/1", "name": "地块甲", "demo": True, "cluster": chain.cluster, "status": "available"}
    assert found["a/1"] == expected
    assert found["b"] == {"id": "b", "name": "地块乙", "demo": False, "status": "available"}
    english = features(layer.tile(Z, X, Y, lang="en").data)
    assert (english["a/1"][1]["name"], english["b"][1]["name"]) == ("Plot A", "地块乙")


def test_texts_that_are_equal_stand_once_and_long_ones_whole(layer_of):
    name = "很长的名称" * 40
    rows = [made("plot", id=f"p{n}", name=name, geometry=degrees(box(n * 9, 0, n * 9 + 7, 7))) for n in range(200)]
    layer, _ = layer_of(*rows)
    data = layer.tile(Z, X, Y).data
    assert data.count(name.encode()) == 1
    assert {properties["name"] for _, properties, _ in features(data).values()} == {name}


def test_only_what_is_selected_is_drawn(drawn, atlas):
    rows = [made("plot", id=name, geometry=degrees(shape)) for name, shape in SHAPES.items()]
    snapshot = drawn(*rows).snapshot
    layer = Layer(snapshot.table("plot"), KINDS.get("plot"), atlas)
    mask = only(snapshot, plot=["edge", "beyond"]).masks["plot"]
    assert set(features(layer.tile(Z, X, Y, mask).data)) == {"edge"}
    assert layer.tile(Z, X, Y, ~mask).drawn == 6


def test_a_tile_with_nothing_in_it_is_empty(layer_of):
    layer, _ = layer_of(made("plot", geometry=degrees(SHAPES["inside"])), made("plot"))
    assert layer.tile(Z, X + 5, Y).data == b""
    assert decoded(layer.tile(Z, X + 5, Y).data) == {}
    nothing, _ = layer_of(made("plot"))
    assert nothing.tile(0, 0, 0).data == b""


@pytest.mark.parametrize("lat", [84.9, 60.0, -84.9])
def test_far_from_the_equator_shapes_stand_where_they_belong(layer_of, lat):
    x, y = (float(part[0]) for part in mercator.fraction(np.array([113.9]), np.array([lat])))
    at = (16, int(x * 2**16), int(y * 2**16))
    shape = box(-200, 100, 3000, 4500)
    layer, _ = layer_of(made("plot", id="p", geometry=degrees(shape, at)))
    ((found, _, _),) = features(layer.tile(*at).data).values()
    assert found.symmetric_difference(shape.intersection(FRAME)).area <= STEP * shape.length


def test_the_deepest_tile_is_still_exact(layer_of):
    shape = Polygon([(100, 100), (900, 200), (700, 800)])
    at = (MAX_ZOOM, 855_000, 416_400)
    layer, _ = layer_of(made("plot", id="p", geometry=degrees(shape, at)))
    ((found, _, _),) = features(layer.tile(*at).data).values()
    assert found.symmetric_difference(shape).area <= STEP * shape.length


def test_neighbouring_tiles_meet_without_a_gap(layer_of):
    shape = Polygon([(3000, 500), (5000, 900), (4900, 2500), (3300, 2000)])
    layer, _ = layer_of(made("plot", id="p", geometry=degrees(shape)))
    left = features(layer.tile(Z, X, Y).data)["p"][0]
    right = shapely.transform(features(layer.tile(Z, X + 1, Y).data)["p"][0], lambda xy: xy + np.array([EXTENT, 0]))
    assert shapely.union(left, right).symmetric_difference(shape).area <= STEP * shape.length


FEW = 3000  # bytes that hold a few of the squares


def squares():
    """240 rows, each a little larger than the one before."""
    corners = [(n % 20 * 200, n // 20 * 300, n) for n in range(240)]
    return [made("plot", id=f"p{n:03}", geometry=degrees(box(x, y, x + 10 + n, y + 10))) for x, y, n in corners]


def test_the_largest_come_and_the_rest_is_counted(layer_of):
    rows = squares()
    layer, table = layer_of(*rows)
    tile = layer.tile(Z, X, Y, budget=FEW)
    assert len(gzip.decompress(tile.gzipped)) == len(tile.data)
    assert len(tile.gzipped) <= FEW
    found = features(tile.data)
    assert 5 < len(found) == tile.drawn < 240
    largest = sorted(rows, key=lambda row: -table.girth[table.row_of(row.id)])[: len(found)]
    assert set(found) == {row.id for row in largest}
    assert sum(cell["n"] for _, cell, _ in cells(tile.data)) == 240 - len(found) == tile.left_out


def test_what_is_left_out_is_counted_in_the_tile_of_its_middle_only(layer_of):
    rows = squares()
    layer, _ = layer_of(*rows)
    across = [layer.tile(Z, X + dx, Y + dy, budget=60) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    assert sum(tile.drawn for tile in across) == 0
    assert sum(tile.left_out for tile in across) == 240


def test_a_tile_that_holds_all_has_no_such_layer(layer_of):
    rows = squares()
    layer, _ = layer_of(*rows)
    assert set(decoded(layer.tile(Z, X, Y).data)) == {"plot"}


def test_specks_are_counted_not_drawn(layer_of):
    rows = squares()
    layer, _ = layer_of(*rows)
    tile = layer.tile(3, X >> 11, Y >> 11)
    assert (tile.drawn, tile.left_out) == (0, 240)


def test_points_that_do_not_fit_are_drawn_evenly(layer_of):
    rows = [made("project", id=f"p{n:04}", geometry=degrees(Point(n % 60 * 68, n // 60 * 68))) for n in range(3600)]
    layer, _ = layer_of(*rows, kind="project")
    found = features(layer.tile(Z, X, Y, budget=9000).data, "project")
    corners = [
        sum(at.x // 2048 == x and at.y // 2048 == y for at, _, _ in found.values()) for x in (0, 1) for y in (0, 1)
    ]
    assert min(corners) > 0.6 * max(corners)


def test_the_same_rows_give_the_same_bytes(layer_of):
    rows = [made("plot", id=name, name=name, geometry=degrees(shape)) for name, shape in SHAPES.items()]
    first, _ = layer_of(*rows)
    second, _ = layer_of(*reversed(rows))
    assert first.tile(Z, X, Y).gzipped == second.tile(Z, X, Y).gzipped
