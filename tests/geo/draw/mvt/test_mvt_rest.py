"""What is not drawn: counted and summed by cell, so that nothing is lost and nothing counts twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import made, only, project
from shapely import LineString, MultiPolygon, Point, box
from test_mvt_tiles import KINDS, cells, degrees, features

from geo.draw.mvt import EXTENT, Layer

Z, X, Y = 14, 13340, 6507
NOTHING = 60  # bytes that hold no feature
AROUND = [(X + dx, Y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]


@pytest.fixture(scope="module")
def snapshot_and_layer(drawn, atlas):
    """A function that gives the snapshot of these features and the layer of a kind."""

    def make(*rows, kind="plot"):
        snapshot = drawn(*rows).snapshot
        return snapshot, Layer(snapshot.table(kind), KINDS.get(kind), atlas)

    return make


def totals(tiles, key):
    """A number of all cells of several tiles."""
    return sum(cell.get(key, 0) for tile in tiles for _, cell, _ in cells(tile.data))


def scattered(seed, count=400):
    """Plots of many sizes in and around the tile, some without an area."""
    draw = np.random.default_rng(seed)
    at, size = draw.uniform(-4000, 8000, (count, 2)), draw.lognormal(3, 2, (count, 2))
    chains = ["nev", "food-cold-chain", ""]
    for n, ((x, y), (w, h)) in enumerate(zip(at.tolist(), size.tolist(), strict=True)):
        chain = chains[n % 3]
        yield made(
            "plot",
            id=f"p{n:03}",
            area_m2=float(n) + 0.1,
            chains=[chain] if chain else [],
            geometry=degrees(box(x, y, x + w, y + h)),
        )


@pytest.mark.parametrize("budget", [NOTHING, 4000, 8000])
def test_neighbouring_tiles_and_what_is_drawn_add_up(snapshot_and_layer, budget):
    rows = list(scattered(7))
    snapshot, layer = snapshot_and_layer(*rows)
    table = snapshot.table("plot")
    for z in (Z, Z - 2, Z + 1, 0):
        own: dict[tuple[int, int], set[str]] = {}
        for row, (x, y) in enumerate((table.point_grid.astype(int) >> (32 - z)).tolist()):
            own.setdefault((x, y), set()).add(table.column("id")[row])
        tiles = {at: layer.tile(z, *at, budget=budget) for at in own}
        drawn = {at: set(features(tile.data)) & own[at] for at, tile in tiles.items()}
        for at, tile in tiles.items():
            assert totals([tile], "n") == len(own[at]) - len(drawn[at]) == tile.left_out
        assert sum(map(len, drawn.values())) + totals(tiles.values(), "n") == len(rows)
        shown = set().union(*drawn.values())
        area = sum(row.area_m2 for row in rows if row.id in shown)
        assert area + totals(tiles.values(), "area_m2") == pytest.approx(sum(row.area_m2 for row in rows), rel=1e-12)


def test_each_cell_has_its_point_within_it_and_sums_what_it_counts(snapshot_and_layer, atlas):
    chain = next(iter(atlas.chains.chains.values()))
    at = [(10, 10), (30, 50), (600, 10), (4000, 4090)]
    rows = [
        made(
            "plot",
            id=f"p{n}",
            area_m2=10.0**n,
            chains=[chain.id] if n else [],
            geometry=degrees(box(x, y, x + 2, y + 2)),
        )
        for n, (x, y) in enumerate(at)
    ]
    _, layer = snapshot_and_layer(*rows)
    found = cells(layer.tile(Z, X, Y, budget=NOTHING).data)
    assert [number for _, _, number in found] == [1, 2, 3]
    cluster = f"c.{chain.cluster}"
    assert [properties for _, properties, _ in found] == [
        {"n": 2, "area_m2": 11.0, cluster: 1},
        {"n": 1, "area_m2": 100.0, cluster: 1},
        {"n": 1, "area_m2": 1000.0, cluster: 1},
    ]
    assert (
        np.abs(
            [
                (at.x - x, at.y - y)
                for (at, _, _), (x, y) in zip(found, [(21, 31), (601, 11), (4001, 4091)], strict=True)
            ]
        ).max()
        <= 1
    )


@given(places=st.lists(st.tuples(st.floats(0, EXTENT - 0.01), st.floats(0, EXTENT - 0.01)), min_size=1, max_size=30))
@settings(max_examples=25)
def test_the_point_of_a_cell_never_leaves_it(snapshot_and_layer, places):
    rows = [made("project", id=f"p{n}", geometry=degrees(Point(at))) for n, at in enumerate(places)]
    _, layer = snapshot_and_layer(*rows, kind="project")
    found = cells(layer.tile(Z, X, Y, budget=NOTHING).data)
    held = {(int(point.x) // 512, int(point.y) // 512) for point, _, _ in found}
    assert len(held) == len(found)
    assert sum(properties["n"] for _, properties, _ in found) == len(places)


def test_lines_and_points_are_counted_like_areas(snapshot_and_layer):
    line = LineString([(100, 100), (3000, 100)])
    parts = MultiPolygon([box(100, 100, 110, 110), box(9000, 100, 9010, 110)])
    for kind, shape in (("route", line), ("project", Point(7, 7)), ("park", parts)):
        _, layer = snapshot_and_layer(made(kind, geometry=degrees(shape)), kind=kind)
        tiles = [layer.tile(Z, *at, budget=NOTHING) for at in AROUND]
        assert totals(tiles, "n") == 1


def test_amounts_are_those_in_yuan_and_of_one_record_a_project(snapshot_and_layer):
    here = degrees(Point(50, 50))
    rows = [
        project(3, id="a", geometry=here),
        project(3, id="b", same_as="a", geometry=here),
        project(4, id="c", same_as="b", geometry=degrees(Point(3000, 50))),
        project(5, id="d", geometry=here, currency="USD"),
        project(id="e", geometry=here),
    ]
    snapshot, layer = snapshot_and_layer(*rows, kind="project")

    def amounts(*ids):
        mask = only(snapshot, project=ids).masks["project"] if ids else None
        return [cell.get("amount_wan") for _, cell, _ in cells(layer.tile(Z, X, Y, mask, budget=NOTHING).data)]

    assert amounts() == [30_000, None]
    assert amounts("b", "c") == [30_000, None]
    assert amounts("c", "d") == [None, 40_000] or amounts("c", "d") == [40_000, None]
    assert amounts("d", "e") == [None]
    assert sorted(layer.described[1]["fields"]) == sorted(
        ["n", "amount_wan", *(key for key in layer.described[1]["fields"] if key[:2] == "c.")]
    )


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [((), 3 + 7), (("a", "b", "c", "z"), 3 + 7), (("b", "c"), 3), (("c", "z"), 3 + 7), (("b",), 3), (("z",), 7)],
)
def test_a_project_recorded_in_several_tiles_counts_once_under_a_filter(snapshot_and_layer, chosen, expected):
    """Whichever of its records the filter leaves, their tiles together tell its amount once, at every zoom."""
    rows = [
        project(3, id="a", geometry=degrees(Point(50, 50))),
        project(3, id="b", same_as="a", geometry=degrees(Point(-900, 50))),
        project(3, id="c", same_as="b", geometry=degrees(Point(50, 5000))),
        project(7, id="z", geometry=degrees(Point(5000, 5000))),
    ]
    snapshot, layer = snapshot_and_layer(*rows, kind="project")
    mask = only(snapshot, project=chosen).masks["project"] if chosen else None
    for z, at in ((Z, AROUND), (Z - 1, {(x // 2, y // 2) for x, y in AROUND}), (0, [(0, 0)])):
        tiles = [layer.tile(z, x, y, mask, budget=NOTHING) for x, y in at]
        assert totals(tiles, "amount_wan") == expected * 10_000
        assert totals(tiles, "n") == (len(chosen) or len(rows))


def test_what_is_drawn_is_not_counted_but_takes_its_amount_along(snapshot_and_layer):
    """A record that is drawn counts for its project: those left out that repeat it add nothing."""
    big, speck = degrees(box(0, 0, 900, 900)), degrees(box(50, 50, 50.2, 50.2))
    rows = [
        project(3, id="a", geometry=big),
        project(3, id="b", same_as="a", geometry=speck),
        project(2, id="c", geometry=speck),
    ]
    _, layer = snapshot_and_layer(*rows, kind="project")
    tile = layer.tile(Z, X, Y)
    assert set(features(tile.data, "project")) == {"a"}
    ((_, properties, _),) = cells(tile.data)
    assert properties == {"n": 2, "amount_wan": 20_000}
