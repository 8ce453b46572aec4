"""The system found from the numbers, the place and what the file says, with its reasons."""

import math
from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon

import datasets.boundaries
from datasets.labels import Label
from geo.crs import Declared, LocalParametersNeeded, OutOfDomain, candidates, from_wgs84, system, systems

METRES_PER_DEGREE = 111_320.0
CHANGGE = "411082"
PARCEL = np.array([(113.851, 34.221), (113.856, 34.221), (113.856, 34.225), (113.851, 34.225), (113.851, 34.221)])


@cache
def boundaries():
    return datasets.boundaries.load()


def here(county=CHANGGE):
    unit = boundaries().unit(county)
    city = boundaries().unit(unit.city)
    return {"home": unit.geometry, "names": (unit.name, city.name), "around": (city.geometry,)}


def written(code, lonlat=PARCEL):
    return from_wgs84(system(code), lonlat)


@st.composite
def parcels(draw):
    """A county of Henan and a polygon of some hundred metres about a point in it."""
    county = boundaries().counties[draw(st.sampled_from(sorted(boundaries().counties)))]
    west, south, east, north = county.bbox
    across, up = draw(st.tuples(st.floats(0, 1), st.floats(0, 1)))
    lon, lat = west + across * (east - west), south + up * (north - south)
    if not shapely.contains_xy(county.geometry, lon, lat):
        lon, lat = county.anchor
    angles = np.sort(draw(st.lists(st.floats(0, 6.28), min_size=3, max_size=12)))
    reach = draw(st.floats(10, 250)) / METRES_PER_DEGREE
    ring = np.column_stack([lon + reach * np.cos(angles) / math.cos(math.radians(lat)), lat + reach * np.sin(angles)])
    return county, np.vstack([ring, ring[:1]])


def usable(chosen, lon):
    """A zone is used within its strip and, for a county at the edge, a little beyond."""
    return chosen.meridian is None or abs(lon - chosen.meridian) <= chosen.width / 2 + 0.4


@given(parcels(), st.sampled_from(sorted(systems())), st.integers(0, 40), st.booleans(), st.booleans())
def test_the_true_system_comes_first_with_home_and_without_a_declaration(parcel, code, nth, swapped, bare):
    county, lonlat = parcel
    true = systems()[code]
    if true.kind == "gauss-kruger":  # most zones do not serve Henan: draw again among those that do
        serving = [s for s in systems().values() if s.kind == true.kind and usable(s, lonlat[0, 0])]
        true = serving[nth % len(serving)]
    xy = from_wgs84(true, lonlat)
    if bare and true.prefixed:
        xy = xy - (true.zone * 1_000_000, 0)
    found = candidates(xy[:, ::-1] if swapped else xy, None, county.geometry, [county.name])
    best = found[0]
    assert best.swapped == swapped
    assert not best.contradicts
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    if true.kind == "shifted":
        assert next(c for c in found if c.system == true).inside == 1
        assert best.system.kind == "geographic"
        return
    moved = best.to_wgs84(xy[:, ::-1] if swapped else xy)
    assert best.inside == 1
    assert np.abs((moved - lonlat) * METRES_PER_DEGREE).max() < 0.001
    if true.prefixed and not bare:
        assert best.system == true
    elif true.meridian is not None:
        # A 3-degree and a 6-degree zone of one meridian give the same numbers.
        assert (best.system.meridian, best.system.prefixed) == (true.meridian, False)
        alike = {c.system.width for c in found if c.system.meridian == true.meridian}
        assert true.width in alike


@given(parcels(), st.sampled_from(sorted(systems())), st.booleans())
def test_a_declaration_that_the_numbers_bear_out_comes_first_wherever_home_is(parcel, code, elsewhere):
    county, lonlat = parcel
    true = systems()[code]
    assume(usable(true, lonlat[0, 0]))
    declared = Declared(epsg=true.epsg) if true.epsg else Declared(datum=true.code)
    home = Point(111.2, 34.7).buffer(0.1) if elsewhere else county.geometry
    best = candidates(from_wgs84(true, lonlat), declared, home)[0]
    assert (best.system, best.swapped, best.prefix_added, best.contradicts) == (true, False, None, False)
    assert best.score >= 0.5


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("4526", "东坐标以 38 开头，为 3 度带第 38 带，中央经线 114°", "eastings begin with 38: 3-degree zone 38"),
        ("4497", "东坐标以 19 开头，为 6 度带第 19 带，中央经线 111°", "eastings begin with 19: 6-degree zone 19"),
        ("4547", "没有带号；按 3 度带、中央经线 114° 试算", "taken as 3-degree, central meridian 114°"),
        ("4490", "数值是度", "degrees"),
        ("3857", "Web 墨卡托", "Web-Mercator"),
    ],
)
def test_the_reason_names_the_evidence_and_the_place(code, zh, en):
    best = candidates(written(code), **here())[0]
    assert best.system.code == system(code).code
    assert zh in best.reason.zh and en in best.reason.en
    assert "100% 的点落在长葛市境内" in best.reason.zh and "100% of the points lie in Changge City" in best.reason.en
    swapped = candidates(written(code)[:, ::-1], **here())[0]
    assert swapped.swapped and "两列需对调" in swapped.reason.zh and "first column" in swapped.reason.en


def test_six_digits_offer_the_meridians_of_henan_in_both_widths():
    for kwargs in (here(), {}):
        found = [c.system for c in candidates(written("4547"), **kwargs)]
        assert found[0].code == "EPSG:4547"
        offered = {(s.meridian, s.width) for s in found}
        assert {(111.0, 3), (114.0, 3), (117.0, 3)} <= offered
    assert {(111.0, 6), (117.0, 6)} <= {
        (c.system.meridian, c.system.width) for c in candidates(written("4508"), **here())
    }


def test_without_home_the_prefix_still_tells_and_the_share_is_of_china():
    best = candidates(written("4526"))[0]
    assert best.system.code == "EPSG:4526" and best.inside == 1
    assert candidates(written("4490"))[0].system.code == "EPSG:4490"


def test_larger_areas_speak_where_home_does_not():
    unit = boundaries().unit(CHANGGE)
    city = boundaries().unit(unit.city)
    yuzhou = np.array([boundaries().unit("411081").anchor])
    best = candidates(written("4547", yuzhou), None, unit.geometry, [unit.name, city.name], [city.geometry])[0]
    assert best.system.code == "EPSG:4547" and best.inside == 0
    assert "不在长葛市境内，但 100% 的点落在许昌市境内" in best.reason.zh


def test_home_reaches_300_metres_beyond_its_border_and_no_farther():
    square = Polygon([(113.8, 34.2), (113.9, 34.2), (113.9, 34.3), (113.8, 34.3)])
    metre = 1 / 111_195
    near, far = (np.array([(113.85, 34.2 - metres * metre)]) for metres in (295, 305))
    for spot, share in ((near, 1), (far, 0)):
        best = candidates(spot, None, square)[0]
        assert (best.system.code, best.inside) == ("EPSG:4490", share)


def test_the_share_is_of_all_points():
    lonlat = np.vstack([PARCEL[:3], [(110.6, 33.0)]])
    assert candidates(written("4490", lonlat), **here())[0].inside == 0.75


def test_a_header_zone_against_other_eastings_is_told():
    declared = Declared(datum="2000国家大地坐标系", width=3, zone=38)
    xy = written("4527", np.add(PARCEL, (3, 0)))
    found = candidates(xy, declared, **here())
    assert found[0].system.code == "EPSG:4527" and found[0].contradicts
    assert "以 39 开头" in found[0].reason.zh
    assert "但文件声明的是 3 度带第 38 带（中央经线 114°），与坐标不符" in found[0].reason.zh
    assert "but the file declares 3-degree zone 38" in found[0].reason.en


def test_a_header_that_contradicts_itself_is_told():
    best = candidates(written("4526"), Declared(datum="CGCS2000", width=6, zone=38), **here())[0]
    assert best.system.code == "EPSG:4526" and best.contradicts
    assert "自相矛盾：几度分带既为 6 又为 3" in best.reason.zh


def test_an_unsupported_declaration_is_told():
    best = candidates(written("4547"), Declared(epsg=32649), **here())[0]
    assert best.contradicts and "EPSG:32649" in best.reason.zh


def test_a_missing_prefix_that_the_header_names_is_put_before_the_eastings():
    xy = written("4547")
    best = candidates(xy, Declared(datum="2000国家大地坐标系", width=3, zone=38), **here())[0]
    assert (best.system.code, best.prefix_added, best.contradicts) == ("EPSG:4526", 38, False)
    assert best.arranged(xy)[:, 0] == pytest.approx(xy[:, 0] + 38_000_000)
    assert np.abs((best.to_wgs84(xy) - PARCEL) * METRES_PER_DEGREE).max() < 0.001
    swapped = candidates(xy[:, ::-1], Declared(datum="2000国家大地坐标系", width=3, zone=38), **here())[0]
    assert (swapped.system.code, swapped.prefix_added, swapped.swapped) == ("EPSG:4526", 38, True)
    assert np.abs((swapped.to_wgs84(xy[:, ::-1]) - PARCEL) * METRES_PER_DEGREE).max() < 0.001


def test_a_prefix_that_the_declared_system_lacks_is_no_contradiction():
    best = candidates(written("4526"), Declared(epsg=4547), **here())[0]
    assert best.system.code == "EPSG:4526" and not best.contradicts
    assert "坐标却带有带号" in best.reason.zh


def test_degrees_declared_over_metres_is_told():
    best = candidates(written("4526"), Declared(epsg=4490), **here())[0]
    assert best.system.code == "EPSG:4526" and best.contradicts
    assert "但文件声明的是“CGCS2000 经纬度”" in best.reason.zh


def test_a_datum_alone_leaves_the_zone_to_the_numbers():
    for code in ("4526", "4490", "4498"):
        best = candidates(written(code), Declared(datum="2000国家大地坐标系"), **here())[0]
        assert best.system.code == system(code).code and not best.contradicts


def test_the_declared_of_two_equal_systems_comes_first():
    for code in (4490, 4326):
        assert candidates(written("4490"), Declared(epsg=code), **here())[0].system.epsg == code


def test_equal_zones_of_both_widths_contradict_neither_declaration():
    for epsg in (4509, 4548):
        found = candidates(written("4509"), Declared(epsg=epsg), **here())
        assert found[0].system.epsg == epsg
        assert {c.system.epsg for c in found if not c.contradicts} == {4509, 4548}


@pytest.mark.parametrize("code", ["GCJ-02", "BD-09"])
def test_shifted_degrees_are_offered_and_never_guessed_even_where_only_they_lie_inside(code):
    """A home so small that the shift alone decides."""
    home = shapely.box(113.853, 34.2225, 113.8535, 34.223)
    found = candidates(written(code, np.array([(113.8532, 34.2227)])), None, home)
    assert [c.system.code for c in found[:2]] == ["EPSG:4490", "EPSG:4326"]
    offered = next(c for c in found if c.system.code == code)
    assert offered.inside == 1 and "仅当坐标取自" in offered.reason.zh and "only where" in offered.reason.en
    assert candidates(written(code), Declared(datum=code), **here())[0].system.code == code


def test_zones_mixed_in_one_file_are_told_with_their_shares():
    xy = np.vstack([written("4526", PARCEL[:3]), written("4527", PARCEL[:1])])
    found = candidates(xy, None, **here())
    assert found[0].system.code == "EPSG:4526" and "以 38 开头（75% 的点）" in found[0].reason.zh
    assert found[1].system.code == "EPSG:4527" and "25%" in found[1].reason.zh
    with pytest.raises(OutOfDomain) as fault:
        found[0].to_wgs84(np.vstack([written("4526", PARCEL[:3]), [(38.5e6, math.nan)]]))
    assert fault.value.index == 3


def test_nan_and_infinity_are_passed_over():
    xy = np.vstack([written("4526"), [(math.nan, 1.0), (math.inf, 2.0)]])
    assert candidates(xy, **here())[0].inside == 1


@pytest.mark.parametrize(
    "xy",
    [
        np.empty((0, 2)),
        [(math.nan, math.nan)],
        [(1500.0, 2000.0), (1600.0, 2100.0)],
        [(1e300, -1e300)],
        [(38_950_000.0, 3.8e6)],
    ],
)
def test_numbers_that_fit_nothing_have_no_candidate(xy):
    assert candidates(xy, **here()) == []


def test_a_declaration_the_numbers_speak_against_is_still_told_last():
    paris = np.array([(2.35, 48.86)])
    found = candidates(from_wgs84(system("3857"), paris), Declared(epsg=3857), **here())
    assert [c.system.code for c in found] == ["EPSG:3857"]
    assert found[0].contradicts and found[0].score < 0.1


def test_an_older_datum_is_refused_before_any_guess():
    with pytest.raises(LocalParametersNeeded):
        candidates(written("4526"), Declared(datum="西安80", width=3, zone=38), **here())


def test_a_candidate_moves_shapes_as_it_moves_points():
    xy = written("4547")[:, ::-1]
    best = candidates(xy, **here())[0]
    shape = MultiPolygon([Polygon(np.column_stack([xy, np.full(len(xy), 7.0)]))])
    moved = best.transform(shape)
    assert not moved.has_z
    assert np.array_equal(shapely.get_coordinates(moved), best.to_wgs84(xy))
    assert best.transform_all([None, shape]) == [None, moved]


def test_a_large_file_is_sampled_over_its_whole_length():
    """Half the points elsewhere must show, wherever in the file they stand."""
    half = np.tile(PARCEL, (50_000, 1))
    best = candidates(np.vstack([half, half - (2.5, 0)]), **here())[0]
    assert best.inside == pytest.approx(0.5, abs=0.01)


def test_names_default_to_words_that_fit():
    best = candidates(written("4490"), None, here()["home"])[0]
    assert "所在县（市、区）" in best.reason.zh and "the county" in best.reason.en
    partly = candidates(written("4490"), None, here()["home"], [Label("甲", "A")], here()["around"])[0]
    assert "落在甲境内" in partly.reason.zh
