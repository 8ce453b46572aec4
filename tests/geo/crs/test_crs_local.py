"""Xian 1980 and Beijing 1954: refused without a place's seven parameters, exact with them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import Polygon

from geo.crs import (
    Declared,
    LocalParameters,
    LocalParametersNeeded,
    candidates,
    from_wgs84,
    geodesic_area_m2,
    of_declared,
    older_systems,
    system,
    systems,
    to_wgs84,
    transform,
    with_local,
)

MADE_UP = LocalParameters(-112.3, -68.4, 41.7, 1.23, -2.31, 3.07, -4.2)  # of the usual size; of no place
ELLIPSOIDS = {"Xian80": (6378140.0, 298.257), "Beijing54": (6378245.0, 298.3), "CGCS2000": (6378137.0, 298.257222101)}
METRES_PER_DEGREE = 111_320.0
OLDER = list(older_systems().values())


def geocentric(lon, lat, ellipsoid):
    a, rf = ellipsoid
    e2 = (2 - 1 / rf) / rf
    lon, lat = math.radians(lon), math.radians(lat)
    normal = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    return np.array(
        [
            normal * math.cos(lat) * math.cos(lon),
            normal * math.cos(lat) * math.sin(lon),
            normal * (1 - e2) * math.sin(lat),
        ]
    )


def geodetic(xyz, ellipsoid):
    a, rf = ellipsoid
    e2 = (2 - 1 / rf) / rf
    x, y, z = xyz
    flat = math.hypot(x, y)
    lat = math.atan2(z, flat * (1 - e2))
    for _ in range(20):
        normal = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
        lat = math.atan2(z + e2 * normal * math.sin(lat), flat)
    return math.degrees(math.atan2(y, x)), math.degrees(lat)


def bursa(xyz, p):
    """The model as textbooks print it: X₂ = ΔX + (1 + k)(X + εz·Y − εy·Z), and so round."""
    x, y, z = xyz
    ex, ey, ez = (math.radians(second / 3600) for second in (p.rx, p.ry, p.rz))
    k = 1 + p.k * 1e-6
    return np.array(
        [p.dx + k * (x + ez * y - ey * z), p.dy + k * (-ez * x + y + ex * z), p.dz + k * (ey * x - ex * y + z)]
    )


@pytest.mark.parametrize("datum", ["Xian80", "Beijing54"])
def test_degrees_of_the_old_datum_go_through_the_textbooks_formula(datum):
    old = next(s for s in OLDER if s.datum == datum and s.kind == "geographic")
    lon, lat = 113.85, 34.22
    expected = geodetic(bursa(geocentric(lon, lat, ELLIPSOIDS[datum]), MADE_UP), ELLIPSOIDS["CGCS2000"])
    found = to_wgs84(with_local(old, {datum: MADE_UP}), [(lon, lat)])[0]
    assert np.abs((found - expected) * METRES_PER_DEGREE).max() < 0.001
    assert np.abs((found - (lon, lat)) * METRES_PER_DEGREE).max() > 10


@pytest.mark.parametrize(("convention", "turn"), [("position_vector", 0.554), ("coordinate_frame", -0.554)])
def test_the_published_example_of_the_seven_parameters(convention, turn):
    """IOGP Guidance Note 373-7-2, 4.3.3: WGS 72 to WGS 84."""
    step = LocalParameters(0.0, 0.0, 4.5, 0.0, 0.0, turn, 0.219, convention).step()
    found = Transformer.from_pipeline(f"+proj=pipeline {step}").transform(3657660.66, 255768.55, 5201382.11)
    assert found == pytest.approx((3657660.78, 255778.43, 5201387.75), abs=0.01)


parameters = st.builds(
    LocalParameters,
    *[st.floats(-200, 200)] * 3,
    *[st.floats(-6, 6)] * 3,
    st.floats(-20, 20),
    st.sampled_from(["coordinate_frame", "position_vector"]),
)


@given(st.sampled_from(OLDER), parameters, st.floats(-1.5, 1.5), st.floats(18.0, 53.0))
def test_there_and_back_with_any_parameters(old, local, across, lat):
    ready = with_local(old, {old.datum: local})
    lonlat = np.array([((old.meridian or 114.0) + across, lat)])
    assert np.abs((to_wgs84(ready, from_wgs84(ready, lonlat)) - lonlat) * METRES_PER_DEGREE).max() < 1e-5


def test_no_movement_still_changes_the_ellipsoid():
    nothing = LocalParameters(0, 0, 0, 0, 0, 0, 0)
    old = with_local(older_systems()["EPSG:2383"], {"Xian80": nothing})
    moved = to_wgs84(old, [(500_000.0, 3_786_000.0)])
    same = to_wgs84(systems()["EPSG:4547"], [(500_000.0, 3_786_000.0)])
    assert moved[0, 0] == pytest.approx(114.0, abs=1e-12)
    assert 0.1 < abs(moved[0, 1] - same[0, 1]) * METRES_PER_DEGREE < 5


@pytest.mark.parametrize("old", OLDER, ids=lambda old: old.code)
def test_every_older_system_is_recognised_and_refused(old):
    for attempt in (
        lambda: system(old.code),
        lambda: system(old.label.en),
        lambda: of_declared(Declared(epsg=old.epsg)),
        lambda: to_wgs84(old, [(1.0, 2.0)]),
        lambda: from_wgs84(old, [(114.0, 34.0)]),
        lambda: candidates([(38_500_000.0, 3_786_000.0)], Declared(epsg=old.epsg)),
    ):
        with pytest.raises(LocalParametersNeeded) as fault:
            attempt()
        assert fault.value.datum == old.datum
        assert "七参数" in fault.value.label.zh and "seven parameters" in fault.value.label.en
    assert old.code not in systems()


def test_another_datums_parameters_do_not_serve():
    with pytest.raises(LocalParametersNeeded):
        system("2362", {"Beijing54": MADE_UP})


def test_configured_parameters_are_used_wherever_a_system_is_named():
    local = {"Xian80": MADE_UP}
    named = system("Xian_1980_3_Degree_GK_Zone_38", local)
    assert named.code == "EPSG:2362" and named.local == MADE_UP
    assert of_declared(Declared(datum="1980西安坐标系", width=3, zone=38), local) == named
    xy = from_wgs84(named, [(113.85, 34.22), (113.86, 34.22), (113.86, 34.23)])
    best = candidates(xy, Declared(datum="西安80", width=3, zone=38), local=local)[0]
    assert best.system == named and not best.contradicts
    assert geodesic_area_m2(transform(Polygon(xy), named)) == pytest.approx(511_000, rel=0.01)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_parameters_must_be_numbers(bad):
    with pytest.raises(ValueError, match="finite"):
        LocalParameters(bad, 0, 0, 0, 0, 0, 0)


def test_an_unknown_convention_is_refused():
    with pytest.raises(ValueError, match="convention"):
        LocalParameters(0, 0, 0, 0, 0, 0, 0, "sideways")
