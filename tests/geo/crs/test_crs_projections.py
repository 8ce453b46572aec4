"""Gauss-Krüger, Web-Mercator and degrees against outside authorities, both ways, and what lies outside them."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from gauss_reference import AIRY, gauss_kruger, meridian_arc
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon

from geo.crs import OutOfDomain, from_wgs84, system, systems, to_wgs84, transform, transform_all

MILLIMETRE = 0.001
METRES_PER_DEGREE = 111_320.0
ZONES = [s for s in systems().values() if s.kind == "gauss-kruger"]
LATITUDES = (3.5, 18.25, 31.4, 34.2137, 36.3, 47.9, 53.5)


def control_points(zone):
    half = zone.width / 2
    return np.array(
        [(zone.meridian + off, lat) for off in (-half, -half / 3, 0.0, half / 2, half) for lat in LATITUDES]
    )


def apart_m(lonlat, other):
    return float(np.abs((np.asarray(lonlat) - other) * METRES_PER_DEGREE).max())


def test_the_reference_gives_the_ordnance_surveys_published_point():
    """Ordnance Survey, A Guide to Coordinate Systems in Great Britain, annexe C: Caister water tower, to the millimetre."""
    lon, lat = 1 + 43 / 60 + 4.5177 / 3600, 52 + 39 / 60 + 27.2531 / 3600
    east, north = gauss_kruger(lon, lat, -2.0, AIRY)
    scale = 0.9996012717
    assert 400_000 + scale * east == pytest.approx(651_409.903, abs=MILLIMETRE)
    origin = meridian_arc(49.0, AIRY)
    assert -100_000 + scale * (north - origin) == pytest.approx(313_177.270, abs=MILLIMETRE)


def test_the_reference_gives_the_published_meridian_quadrant_of_grs80():
    """Moritz, Geodetic Reference System 1980: Q = 10 001 965.7293 m, on the ellipsoid that CGCS2000 shares."""
    assert meridian_arc(90.0) == pytest.approx(10_001_965.7293, abs=MILLIMETRE)
    quadrant = from_wgs84(system("4526"), [(114.0, 90.0)])
    assert quadrant == pytest.approx(np.array([[38_500_000.0, 10_001_965.7293]]), abs=MILLIMETRE)


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.code)
def test_every_zone_meets_the_definition_within_a_millimetre_both_ways(zone):
    lonlat = control_points(zone)
    expected = np.array([gauss_kruger(lon, lat, zone.meridian) for lon, lat in lonlat])
    expected[:, 0] += 500_000 + (zone.zone * 1_000_000 if zone.prefixed else 0)
    assert np.abs(from_wgs84(zone, lonlat) - expected).max() < MILLIMETRE
    assert apart_m(to_wgs84(zone, expected), lonlat) < MILLIMETRE


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.code)
def test_every_zone_meets_the_registrys_definition_within_a_millimetre_both_ways(zone):
    """pyproj's database in the registry's own order of axes: latitude first, northing first."""
    registry = Transformer.from_crs(4490, zone.epsg)
    lonlat = control_points(zone)
    north, east = registry.transform(lonlat[:, 1], lonlat[:, 0])
    assert np.abs(from_wgs84(zone, lonlat) - np.column_stack([east, north])).max() < MILLIMETRE
    lat, lon = registry.transform(north, east, direction="INVERSE")
    assert apart_m(to_wgs84(zone, np.column_stack([east, north])), np.column_stack([lon, lat])) < MILLIMETRE


def test_web_mercator_is_the_published_formula():
    lonlat = np.array([(113.85, 34.22), (73.5, 39.5), (134.7, 48.4), (110.35, 18.3)])
    x = 6378137 * np.radians(lonlat[:, 0])
    y = 6378137 * np.log(np.tan(np.pi / 4 + np.radians(lonlat[:, 1]) / 2))
    assert np.abs(from_wgs84(system("3857"), lonlat) - np.column_stack([x, y])).max() < MILLIMETRE
    assert apart_m(to_wgs84(system("3857"), np.column_stack([x, y])), lonlat) < MILLIMETRE


@pytest.mark.parametrize("code", ["EPSG:4490", "EPSG:4326"])
def test_degrees_stay_as_they_are(code):
    lonlat = np.array([(113.85, 34.22), (110.5, 36.0)])
    assert np.array_equal(to_wgs84(system(code), lonlat), lonlat)
    assert np.array_equal(from_wgs84(system(code), lonlat), lonlat)


@given(st.sampled_from(ZONES), st.floats(-1.0, 1.0), st.floats(3.0, 54.0))
def test_there_and_back_in_every_chinese_zone(zone, across, lat):
    lonlat = np.array([(zone.meridian + across * (zone.width / 2 + 0.5), lat)])
    xy = from_wgs84(zone, lonlat)
    assert apart_m(to_wgs84(zone, xy), lonlat) < MILLIMETRE / 100
    assert np.abs(from_wgs84(zone, to_wgs84(zone, xy)) - xy).max() < MILLIMETRE / 100


numbers = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-5e7, 5e7)


@given(st.sampled_from([s for s in systems().values() if s.kind != "shifted"]), numbers, numbers)
def test_any_numbers_are_either_refused_or_come_back(chosen, x, y):
    try:
        lonlat = to_wgs84(chosen, [(x, y)])
    except OutOfDomain as fault:
        assert fault.index == 0
        return
    assert np.isfinite(lonlat).all() and (np.abs(lonlat) <= (180, 90)).all()
    assert np.abs(from_wgs84(chosen, lonlat) - (x, y)).max() < MILLIMETRE


@pytest.mark.parametrize(
    ("code", "bad"),
    [
        ("4526", (float("nan"), 3.8e6)),
        ("4526", (38.5e6, float("inf"))),
        ("4526", (3.8e6, 38.5e6)),
        ("4526", (500_000.0, 3.8e6)),
        ("4526", (39.9e6, 3.8e6)),
        ("4547", (3.8e6, 500_000.0)),
        ("4547", (38.5e6, 3.8e6)),
        ("4490", (34.2, 113.9)),
        ("4490", (38.5e6, 3.8e6)),
        ("GCJ-02", (34.2, 113.9)),
        ("BD-09", (float("nan"), 34.0)),
        ("3857", (3.8e7, 4e6)),
        ("3857", (1.2e7, 3e7)),
    ],
)
def test_the_first_bad_point_is_named(code, bad):
    good = from_wgs84(system(code), [(113.9, 34.2), (113.91, 34.21)])
    with pytest.raises(OutOfDomain) as fault:
        to_wgs84(system(code), np.vstack([good, [bad], [bad]]))
    assert fault.value.index == 2
    assert "3" in fault.value.label.zh and "point 3" in fault.value.label.en


@pytest.mark.parametrize("bad", [(float("nan"), 34.0), (113.0, float("inf")), (34.0, 113.0), (90.0, 34.0)])
def test_from_wgs84_refuses_what_a_zone_cannot_hold(bad):
    with pytest.raises(OutOfDomain) as fault:
        from_wgs84(system("4526"), [(114.0, 34.0), bad])
    assert fault.value.index == 1


def test_no_points_are_no_points_and_odd_shapes_are_refused():
    assert to_wgs84(system("4526"), []).shape == (0, 2)
    assert from_wgs84(system("GCJ-02"), np.empty((0, 2))).shape == (0, 2)
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        to_wgs84(system("4526"), [(1.0, 2.0, 3.0)])


def test_the_given_points_are_left_alone():
    for code in ("4526", "4490", "3857", "GCJ-02", "BD-09"):
        xy = from_wgs84(system(code), [(113.9, 34.2)])
        before = xy.copy()
        to_wgs84(system(code), xy)[0, 0] = 0.0
        assert np.array_equal(xy, before)


def test_a_shape_keeps_its_parts_rings_and_points_in_order_and_loses_z_and_m():
    def square(x, y, size):
        return [(x, y), (x, y + size), (x + size, y + size), (x + size, y), (x, y)]

    flat = MultiPolygon(
        [
            Polygon(
                square(38_486_000, 3_787_000, 400),
                [square(38_486_100, 3_787_100, 50), square(38_486_200, 3_787_200, 50)],
            ),
            Polygon(square(38_480_000, 3_780_000, 100)),
        ]
    )
    expected = to_wgs84(system("4526"), shapely.get_coordinates(flat))
    moved = transform(shapely.force_3d(flat, 12.5), system("4526"))
    assert np.array_equal(shapely.get_coordinates(moved), expected)
    assert not moved.has_z and not moved.has_m
    assert [len(part.interiors) for part in moved.geoms] == [2, 0]
    measured = shapely.from_wkt("LINESTRING ZM (38486000 3787000 5 6, 38486100 3787100 7 8)")
    assert not transform(measured, system("4526")).has_m


def test_a_shape_of_any_kind_and_an_empty_one():
    mixed = GeometryCollection(
        [Point(38_486_000, 3_787_000), LineString([(38_486_000, 3_787_000), (38_486_010, 3_787_000)])]
    )
    moved = transform(mixed, system("4526"))
    assert [part.geom_type for part in moved.geoms] == ["Point", "LineString"]
    assert transform(Polygon(), system("4526")).is_empty
    with pytest.raises(OutOfDomain):
        transform(Point(486_000, 3_787_000), system("4526"))


def test_many_shapes_at_once_are_each_as_alone():
    shapes = [Point(38_486_000, 3_787_000, 3.0), None, LineString([(38_486_000, 3_787_000), (38_486_010, 3_787_000)])]
    moved = transform_all(shapes, system("4526"))
    assert moved[1] is None
    assert [moved[0], moved[2]] == [transform(shapes[0], system("4526")), transform(shapes[2], system("4526"))]
    assert transform_all([], system("4526")) == []
    with pytest.raises(OutOfDomain) as fault:
        transform_all([*shapes, Point(1, 1)], system("4526"))
    assert fault.value.index == 3


def test_threads_do_not_disturb_one_another():
    lonlat = np.column_stack([np.linspace(112.6, 115.4, 5000), np.linspace(31.5, 36.3, 5000)])
    zone = system("4526")
    expected = from_wgs84(zone, lonlat)
    with ThreadPoolExecutor(4) as pool:
        for result in pool.map(lambda _: from_wgs84(zone, lonlat), range(16)):
            assert np.array_equal(result, expected)
