"""Demonstration data: the printed totals, plausible places, plain marks, the same bytes in every run."""

import hashlib
import itertools
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer
from scipy.sparse.csgraph import connected_components
from shapely.geometry import Point, Polygon

from datasets import boundaries, chains, demo, vocab
from datasets.boundaries import Boundaries
from datasets.errors import DatasetError

ROOT = Path(__file__).parents[2]
GEOD = Geod(ellps="WGS84")
WORLD = boundaries.load()
CHAINS = chains.load()
ROWS = list(demo.rows(WORLD, CHAINS))
XUCHANG = {"411002", "411003", "411024", "411025", "411081", "411082"}
KINDS = ("park", "plot", "opportunity", "route")
BY_ID = {row["id"]: row for row in ROWS}
OFFICIAL = {each.id for each in CHAINS.clusters.values() if each.official}

DIGEST = """
import hashlib
from datasets import boundaries, chains, demo
found = hashlib.sha256()
for row in demo.rows(boundaries.load(), chains.load()):
    for key, value in row.items():
        found.update(repr((key, value.wkb_hex if key == "geometry" else value)).encode())
print(found.hexdigest())
"""


def of(kind):
    return [row for row in ROWS if row["kind"] == kind]


def area_m2(geometry):
    return GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))[0]


def in_metres(geometry, lon, lat):
    """`geometry` around (lon, lat) by the azimuthal equidistant projection: not the plane that the layout uses."""
    local = Transformer.from_crs("EPSG:4326", f"+proj=aeqd +lon_0={lon} +lat_0={lat}", always_xy=True)
    return shapely.transform(geometry, lambda at: np.column_stack(local.transform(at[:, 0], at[:, 1])))


def test_counts_are_those_that_xuchang_printed():
    assert Counter(row["kind"] for row in ROWS) == {"route": 38, "park": 68, "plot": 35, "opportunity": 48}


def test_plots_make_135_square_kilometres():
    assert sum(area_m2(row["geometry"]) for row in of("plot")) == pytest.approx(135_000_000, abs=1)
    assert sum(row["area_m2"] for row in of("plot")) == pytest.approx(135_000_000, abs=1)


@pytest.mark.parametrize("row", of("plot"), ids=lambda row: row["id"])
def test_a_plots_area_is_its_geodesic_area(row):
    assert row["area_m2"] == pytest.approx(area_m2(row["geometry"]), abs=0.05)


def test_plot_sizes_vary_and_weidu_has_small_ones():
    sizes = [row["area_m2"] / 1e6 for row in of("plot")]
    assert min(sizes) == 0.5 and max(sizes) == 9.0 and len(set(sizes)) > 25
    assert max(row["area_m2"] for row in of("plot") if row["county"] == "411002") < 1.5e6


@pytest.mark.parametrize("county", sorted(XUCHANG))
def test_plots_and_points_lie_500_m_inside_their_county(county):
    lon, lat = WORLD.counties[county].anchor
    inner = in_metres(WORLD.counties[county].geometry, lon, lat).buffer(-500)
    here = [row for row in ROWS if row["county"] == county and row["kind"] != "route"]
    assert {row["kind"] for row in here} == {"park", "plot", "opportunity"}
    for row in here:
        assert inner.contains(in_metres(row["geometry"], lon, lat)), row["id"]


def test_plots_are_valid_disjoint_and_of_many_forms():
    shapes = [row["geometry"] for row in of("plot")]
    assert all(shapely.is_valid(each) for each in shapes)
    assert not any(a.intersects(b) for a, b in itertools.combinations(shapes, 2))
    assert sum(each.geom_type == "MultiPolygon" for each in shapes) >= 3
    assert sum(isinstance(each, Polygon) and len(each.interiors) > 0 for each in shapes) >= 3
    assert {len(each.exterior.coords) - 1 for each in shapes if isinstance(each, Polygon)} >= {4, 6}


def test_plots_gather_at_a_few_sites_in_each_county():
    for county, share in demo.PLAN.items():
        centres = [row["geometry"].centroid for row in of("plot") if row["county"] == county]
        near = np.array([[_km(a, b) < 5 for b in centres] for a in centres])
        groups, _ = connected_components(near, directed=False)
        assert groups <= share.sites < len(centres), county


def _km(a, b):
    return GEOD.inv(a.x, a.y, b.x, b.y)[2] / 1000


def test_parks_lie_apart_but_near_the_sites():
    points = [row["geometry"] for row in of("park")]
    assert all(isinstance(each, Point) for each in points)
    assert min(_km(a, b) for a, b in itertools.combinations(points, 2)) > 0.14
    plots = [row["geometry"].centroid for row in of("plot")]
    assert max(min(_km(each, plot) for plot in plots) for each in points) < 8


@pytest.mark.parametrize("kind", KINDS)
def test_every_official_cluster_is_in_every_kind(kind):
    shown = {CHAINS.chains[chain].cluster for row in of(kind) for chain in row["chains"]}
    assert shown >= OFFICIAL


@pytest.mark.parametrize("kind", KINDS)
def test_every_county_has_every_kind(kind):
    assert {row["county"] for row in of(kind)} == XUCHANG


def test_chains_and_nodes_are_known_and_belong_together():
    for row in ROWS:
        assert row["chains"] and set(row["chains"]) <= set(CHAINS.chains), row["id"]
        for node in row["nodes"]:
            assert CHAINS.node(node).id.split("/")[0] in row["chains"], row["id"]


def test_every_row_says_that_it_is_a_demonstration():
    for row in ROWS:
        assert row["demo"] is True and row["source"] == "demo" and row["as_of"] == "2020-12"
        assert row["name"].startswith("演示") and row["name_en"].startswith("Demo ")
        assert row["note"].startswith("演示数据")
        assert re.fullmatch(rf"demo-{row['kind']}-{row['county']}-\d\d", row["id"])
    assert len(BY_ID) == len(ROWS)
    assert all(row["content"].startswith("演示") for row in of("opportunity"))
    assert {row["contact_office"] for row in of("park") + of("opportunity")} == {"演示：招商服务窗口"}


def test_names_are_counted_by_county():
    last = [row for row in of("plot") if row["county"] == "411082"][-1]
    assert (last["id"], last["name"], last["name_en"]) == (
        "demo-plot-411082-07",
        "演示地块 长葛-07",
        "Demo plot Changge-07",
    )


@pytest.mark.parametrize(
    ("kind", "key", "vocabulary"),
    [
        ("plot", "status", "plot_status"),
        ("plot", "land_use", "land_use"),
        ("plot", "precision", "precision"),
        ("park", "level", "park_level"),
        ("park", "park_type", "park_type"),
        ("park", "precision", "precision"),
        ("opportunity", "form", "cooperation_form"),
        ("route", "date_precision", "date_precision"),
    ],
)
def test_codes_are_of_their_vocabulary(kind, key, vocabulary):
    assert {row[key] for row in of(kind)} <= set(vocab.load(vocabulary).codes())


def test_plots_are_surveyed_and_the_rest_is_at_address_precision():
    assert {row["precision"] for row in of("plot")} == {"surveyed"}
    assert {row["precision"] for row in ROWS if row["kind"] != "plot"} == {"address"}


def test_terms_of_plots_are_in_the_range_of_real_listings():
    for row in of("plot"):
        assert 0.5 <= row["far_min"] < row["far_max"] <= 4
        assert 30 <= row["density_max"] <= 70 and 0 < row["green_min"] <= 20
        assert row["term_years"] <= 50 and 0 < row["price_wan_mu"] < row["intensity_wan_mu"]


def test_plots_name_a_park_of_their_county_or_none():
    named = [row for row in of("plot") if row["park"]]
    assert 20 <= len(named) < 35
    assert all(BY_ID[row["park"]]["county"] == row["county"] for row in named)


def test_opportunities_stand_at_their_own_park():
    parks = [row["park"] for row in of("opportunity")]
    assert len(set(parks)) == 48
    for row in of("opportunity"):
        park = BY_ID[row["park"]]
        assert park["kind"] == "park" and park["geometry"].equals(row["geometry"])
        assert park["county"] == row["county"] and park["chains"] == row["chains"]
        assert 0 < row["sought_wan"] < row["amount_wan"]
        assert row["valid_until"] > "2020-12"


@pytest.mark.parametrize("row", of("route"), ids=lambda row: row["id"])
def test_a_route_runs_through_its_stops(row):
    stops = [BY_ID[stop["feature"]] for stop in row["stops"]]
    assert 3 <= len(stops) <= 6 and len({stop["id"] for stop in stops}) == len(stops)
    assert [stop["name"] for stop in row["stops"]] == [stop["name"] for stop in stops]
    assert list(row["geometry"].coords) == [stop["geometry"].coords[0] for stop in stops]
    assert stops[0]["county"] == row["county"] and {stop["kind"] for stop in stops} == {"park"}
    driving = row["minutes"] - sum(stop["minutes"] for stop in row["stops"])
    assert driving == pytest.approx(row["length_km"] / 40 * 60, abs=1)
    assert row["length_km"] == pytest.approx(GEOD.geometry_length(row["geometry"]) / 1000, abs=0.06)
    assert "直线仅为示意" in row["note"]
    assert set(row["chains"]) == {chain for stop in stops for chain in stop["chains"]}


def test_no_two_routes_are_the_same():
    ways = [tuple(stop["feature"] for stop in row["stops"]) for row in of("route")]
    assert len(set(ways)) == len(ways)


def test_every_run_gives_the_same_bytes():
    digests = set()
    for seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", DIGEST],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout.strip())
    assert len(digests) == 1 and len(digests.pop()) == len(hashlib.sha256().hexdigest())


def test_a_missing_county_is_named_with_the_way_out():
    fewer = Boundaries(
        [county for county in WORLD.counties.values() if county.adcode not in ("411024", "411081")],
        {code: city.name for code, city in WORLD.cities.items()},
        WORLD.source,
    )
    with pytest.raises(DatasetError, match=r"411024, 411081.*--no-demo"):
        next(demo.rows(fewer, CHAINS))


@pytest.mark.parametrize("width", [0.001, 0.035])
def test_a_county_without_room_is_named_with_the_way_out(width):
    lon, lat = WORLD.counties["411082"].anchor
    tiny = replace(
        WORLD.counties["411082"],
        geometry=shapely.box(lon, lat, lon + width, lat + width),
        area_km2=(width * 100) ** 2,
    )
    changed = [tiny if county.adcode == "411082" else county for county in WORLD.counties.values()]
    squeezed = Boundaries(changed, {code: city.name for code, city in WORLD.cities.items()}, WORLD.source)
    with pytest.raises(DatasetError, match=r"Changge City \(411082\).*--no-demo"):
        list(demo.rows(squeezed, CHAINS))
