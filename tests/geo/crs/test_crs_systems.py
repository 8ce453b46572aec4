"""The catalogue, and the names and codes by which its systems are called."""

import pytest
from pyproj import CRS

from geo.crs import UnknownSystem, older_systems, system, systems

ALL = [*systems().values(), *older_systems().values()]
IN_REGISTRY = [s for s in ALL if s.epsg]


def test_the_catalogue_holds_every_system_once():
    codes = list(systems())
    assert len(codes) == len(set(codes)) == 2 * 21 + 2 * 11 + 5
    assert {s.epsg for s in systems().values() if s.kind == "gauss-kruger"} == set(range(4491, 4555))
    assert {"EPSG:4490", "EPSG:4326", "EPSG:3857", "GCJ-02", "BD-09"} <= set(codes)
    older = {s.epsg for s in older_systems().values()}
    assert {*range(2349, 2391), *range(2401, 2443), 4610, 4214} <= older
    assert not older & {s.epsg for s in systems().values()}


@pytest.mark.parametrize("known", IN_REGISTRY, ids=lambda s: s.code)
def test_every_code_means_in_the_registry_what_it_means_here(known):
    crs = CRS.from_epsg(known.epsg)
    assert crs.name == known.label.en
    if known.kind == "gauss-kruger":
        values = {p.name: p.value for p in crs.coordinate_operation.params}
        assert values["Longitude of natural origin"] == known.meridian
        assert values["False easting"] == known.false_easting
        assert values["Scale factor at natural origin"] == 1
        assert values["False northing"] == values["Latitude of natural origin"] == 0


@pytest.mark.parametrize("known", systems().values(), ids=lambda s: s.code)
def test_a_system_answers_to_its_code_and_its_names_in_both_languages(known):
    assert system(known.code) is known
    assert system(known.code.lower()) is known
    assert system(known.label.en) is known
    assert system(known.label.zh) is known
    if known.epsg:
        assert system(str(known.epsg)) is known
        assert system(f"urn:ogc:def:crs:EPSG::{known.epsg}") is known
        assert system(f"http://www.opengis.net/def/crs/EPSG/0/{known.epsg}") is known
        assert system(CRS.from_epsg(known.epsg).to_wkt("WKT1_ESRI").split('"')[1]) is known


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("  epsg: 4526 ", "EPSG:4526"),
        ("CGCS2000 3度带 38带", "EPSG:4526"),
        ("CGCS2000 三度带第38带", "EPSG:4526"),
        ("国家2000 3度分带 带号：38", "EPSG:4526"),
        ("2000国家大地坐标系，六度带，带号=19", "EPSG:4497"),
        ("2000国家大地坐标系 中央经线114°00′", "EPSG:4526"),
        ("ＣＧＣＳ２０００ 经纬度", "EPSG:4490"),
        ("2000国家大地坐标系", "EPSG:4490"),
        ("国家2000", "EPSG:4490"),
        ("国家2000大地坐标系", "EPSG:4490"),
        ("CGCS_2000", "EPSG:4490"),
        ("GCS_China_Geodetic_Coordinate_System_2000", "EPSG:4490"),
        ("WGS84", "EPSG:4326"),
        ("wgs-84", "EPSG:4326"),
        ("GCS_WGS_1984", "EPSG:4326"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("EPSG:900913", "EPSG:3857"),
        ("WGS_1984_Web_Mercator_Auxiliary_Sphere", "EPSG:3857"),
        ("Web墨卡托", "EPSG:3857"),
        ("gcj02", "GCJ-02"),
        ("火星坐标系", "GCJ-02"),
        ("高德", "GCJ-02"),
        ("bd09ll", "BD-09"),
        ("百度坐标", "BD-09"),
    ],
)
def test_the_spellings_in_use_are_understood(name, code):
    assert system(name).code == code


@pytest.mark.parametrize(
    "name",
    [
        "",
        "38",
        "foo",
        "EPSG:32650",
        "EPSG:99999",
        "WGS 84 / UTM zone 50N",
        "New Beijing",
        "郑州独立坐标系",
        "bd09mc",
        "CGCS2000 3度带",
        "CGCS2000 3度带 20带 中央经线 114",
        "CGCS2000 带号=77",
        "CGCS2000 中央子午线113°30′",
        "CGCS2000 6度带 中央经线114°",
        "3度带 38带",
    ],
)
def test_what_is_not_supported_or_too_little_is_refused_with_the_way_out(name):
    with pytest.raises(UnknownSystem) as fault:
        system(name)
    assert fault.value.label.zh and str(fault.value) == fault.value.label.en
    assert "CGCS2000" in fault.value.label.zh or "矛盾" in fault.value.label.zh


def test_a_systems_own_facts():
    zone, bare, six = system("4526"), system("4547"), system("4498")
    assert (zone.kind, zone.width, zone.zone, zone.meridian, zone.prefixed) == ("gauss-kruger", 3, 38, 114.0, True)
    assert (bare.width, bare.zone, bare.meridian, bare.prefixed) == (3, 38, 114.0, False)
    assert (six.width, six.zone, six.meridian, six.prefixed) == (6, 20, 117.0, True)
    assert zone.false_easting == 38_500_000 and bare.false_easting == 500_000 and system("4490").false_easting == 0
    assert (system("gcj02").kind, system("gcj02").epsg) == ("shifted", None)
