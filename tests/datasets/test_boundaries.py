"""The packaged polygons of Henan: which units there are, their topology, measures and answers."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Point

from datasets import boundaries
from datasets.boundaries import names

HENAN = boundaries.load()
UNITS: list[boundaries.County | boundaries.City] = [*HENAN.counties.values(), *HENAN.cities.values()]
SHAPES = [county.geometry for county in HENAN.counties.values()]
ZHENGZHOU = [f"4101{end}" for end in ("02", "03", "04", "05", "06", "08", "22", "81", "82", "83", "84", "85")]
JIAOZUO = ["410802", "410803", "410804", "410811", "410821", "410822", "410823", "410825", "410882", "410883"]
XUCHANG = ["411002", "411003", "411024", "411025", "411081", "411082"]


def test_henan_has_157_counties_jiyuan_among_them_and_18_prefectures() -> None:
    assert len(HENAN.counties) == 157
    assert len(HENAN.cities) == 18
    assert list(HENAN.counties) == sorted(HENAN.counties)
    assert HENAN.cities["419001"].counties == ("419001",)
    assert HENAN.city_of("419001") == "419001"


@pytest.mark.parametrize(
    ("city", "expected"), [("410100", ZHENGZHOU), ("410800", JIAOZUO), ("411000", XUCHANG)], ids=str
)
def test_a_prefecture_has_exactly_its_counties(city: str, expected: list[str]) -> None:
    assert list(HENAN.cities[city].counties) == expected
    assert {HENAN.city_of(code) for code in expected} == {city}


def test_every_county_stands_in_one_prefecture() -> None:
    listed = [code for city in HENAN.cities.values() for code in city.counties]
    assert sorted(listed) == list(HENAN.counties)


def test_polygons_are_valid_and_share_their_borders() -> None:
    assert [code for code, county in HENAN.counties.items() if not county.geometry.is_valid] == []
    assert shapely.coverage_is_valid(SHAPES)


def test_no_two_counties_overlap() -> None:
    left, right = shapely.STRtree(SHAPES).query(SHAPES, predicate="intersects")
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a < b]
    assert len(pairs) > 300  # neighbours were really compared
    assert max(shapely.intersection(SHAPES[a], SHAPES[b]).area for a, b in pairs) == 0


@pytest.mark.parametrize(
    ("adcode", "km2"),
    [("411082", 635.7), ("411081", 1470.0), ("410882", 594.9), ("410823", 800.7), ("410108", 221.0)],
)
def test_areas_are_the_measured_ones(adcode: str, km2: float) -> None:
    assert HENAN.counties[adcode].area_km2 == pytest.approx(km2, abs=0.5)


def test_a_prefecture_measures_what_its_counties_do() -> None:
    for city in HENAN.cities.values():
        assert city.area_km2 == pytest.approx(sum(HENAN.counties[code].area_km2 for code in city.counties))
        west, south, east, north = zip(*(HENAN.counties[code].bbox for code in city.counties), strict=True)
        assert city.bbox == (min(west), min(south), max(east), max(north))


def test_anchors_lie_well_inside() -> None:
    for unit in UNITS:
        point = Point(unit.anchor)
        assert unit.geometry.contains(point), unit.adcode
        # The largest circle of a county is never a sliver: this fails for a point near a border.
        assert unit.geometry.boundary.distance(point) > 0.1 * math.sqrt(unit.geometry.area), unit.adcode
    assert all(HENAN.county_at(*county.anchor) == code for code, county in HENAN.counties.items())


def test_names_table_covers_exactly_henan_and_ranks_agree() -> None:
    with Path(names.__file__).with_name("henan_names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["adcode"] for row in rows}) == 157 + 17
    assert {row["adcode"] for row in rows} == set(HENAN.counties) | set(HENAN.cities)
    ranks = {"市": " City", "县": " County", "区": " District"}
    for row in rows:
        county = row["adcode"] in HENAN.counties
        assert row["en"].endswith(ranks[row["zh"][-1]]) is county, row
        assert row["en"].isascii() and row["en"][0].isupper(), row


def test_every_unit_of_henan_has_an_english_name_because_the_package_writes_the_same_chinese() -> None:
    for unit in UNITS:
        assert unit.name.en, unit.adcode
    # Independently of our table: the package's own list of prefectures.
    for code in HENAN.cities:
        assert names._packaged_prefectures()[code] == HENAN.cities[code].name.zh


@pytest.mark.parametrize(
    ("adcode", "zh", "en"),
    [
        ("411082", "长葛", "Changge"),
        ("410425", "郏县", "Jia County"),
        ("410304", "瀍河", "Chanhe"),
        ("410522", "安阳县", "Anyang County"),
        ("410621", "浚县", "Xun County"),
        ("419001", "济源", "Jiyuan"),
        ("410800", "焦作", "Jiaozuo"),
    ],
)
def test_short_names(adcode: str, zh: str, en: str) -> None:
    short = HENAN.unit(adcode).short
    assert (short.zh, short.en) == (zh, en)


def test_a_prefecture_and_its_county_never_share_a_short_name() -> None:
    clashes = [
        county.adcode
        for county in HENAN.counties.values()
        if county.city != county.adcode and county.short.zh == HENAN.cities[county.city].short.zh
    ]
    assert clashes == []


def test_an_unknown_code_is_a_key_error_that_reads_as_a_sentence() -> None:
    with pytest.raises(KeyError) as caught:
        HENAN.name("411099")
    assert isinstance(caught.value, boundaries.UnknownUnit)
    assert "'411099'" in str(caught.value) and str(caught.value)[0] == "N"
    assert "411099" in caught.value.label.zh


def test_a_point_outside_or_nowhere_is_in_no_county() -> None:
    assert HENAN.county_at(121.47, 31.23) is None
    assert HENAN.county_at(math.nan, 34.0) is None
    assert not HENAN.within_m("411082", math.inf, 34.0)


def test_the_tolerance_is_in_metres() -> None:
    county = HENAN.counties["411082"]
    east = max(shapely.get_coordinates(county.geometry), key=lambda corner: corner[0])
    lon, lat = float(east[0]), float(east[1])
    for metres, inside in ((290, True), (310, False)):
        away_lon, away_lat, _ = Geod(ellps="WGS84").fwd(lon, lat, 90, metres)
        assert HENAN.within_m("411082", away_lon, away_lat, 300) is inside
        assert HENAN.within_m("411082", away_lon, away_lat, 0) is False
    assert HENAN.within_m("411000", *county.anchor, 0)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(HENAN.counties)), st.floats(0, 1), st.floats(0, 1))
def test_a_point_in_a_county_resolves_to_it(adcode: str, across: float, up: float) -> None:
    county = HENAN.counties[adcode]
    west, south, east, north = county.bbox
    lon, lat = west + across * (east - west), south + up * (north - south)
    inside = county.geometry.covers(Point(lon, lat))
    if inside:
        assert HENAN.within_m(adcode, lon, lat, 0.01)
    found = HENAN.county_at(lon, lat)
    assert (found == adcode) is inside or HENAN.within_m(adcode, lon, lat, 300)


@pytest.mark.parametrize("metres", [200, 1500])
def test_simplified_counties_still_share_their_borders(metres: float) -> None:
    thin = HENAN.simplified(metres)
    assert list(thin) == list(HENAN.counties)
    shapes = list(thin.values())
    assert shapely.coverage_is_valid(shapes)
    total, before = sum(map(shapely.area, shapes)), sum(map(shapely.area, SHAPES))
    assert total == pytest.approx(before, rel=0.005)
    for code, other in (("411082", "411081"), ("410108", "410105"), ("410811", "410821")):
        border = thin[code].boundary.intersection(thin[other].boundary)
        assert shapely.intersection(thin[code], thin[other]).area == 0
        assert border.length > 0.02, (code, other)


def test_simplifying_removes_vertices_and_moves_none() -> None:
    before = {tuple(corner) for corner in shapely.get_coordinates(SHAPES)}
    after = shapely.get_coordinates(list(HENAN.simplified(1500).values()))
    assert len(after) < 0.5 * len(shapely.get_coordinates(SHAPES))
    assert {tuple(corner) for corner in after} <= before


def test_another_province_loads_without_a_table_of_names() -> None:
    hubei = boundaries.load(province="42")
    assert hubei.name("420100").text("en") == "武汉市"
    assert hubei.city_of("429004") == "429004"
