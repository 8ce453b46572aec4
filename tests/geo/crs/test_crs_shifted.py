"""GCJ-02 and BD-09 against the `prcoords` package."""

import warnings

import numpy as np
import prcoords
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.crs import from_wgs84, system, to_wgs84

GCJ, BD = system("GCJ-02"), system("BD-09")
CENTIMETRE, HUNDREDTH_MM = 0.01, 0.00001
METRES_PER_DEGREE = 111_320.0

chinese = st.tuples(st.floats(73.5, 135.0), st.floats(3.5, 53.5))


def theirs(convert, lonlat):
    """prcoords speaks latitude first."""
    lat, lon = convert((lonlat[1], lonlat[0]))
    return np.array([lon, lat])


def metres(one, other):
    return float(np.abs((np.asarray(one) - np.asarray(other)) * METRES_PER_DEGREE).max())


@given(chinese)
def test_forward_is_what_prcoords_gives(lonlat):
    assert metres(from_wgs84(GCJ, [lonlat])[0], theirs(prcoords.wgs_gcj, lonlat)) < HUNDREDTH_MM
    assert metres(from_wgs84(BD, [lonlat])[0], theirs(prcoords.wgs_bd, lonlat)) < HUNDREDTH_MM


@given(chinese)
def test_prcoords_forward_undoes_the_inverse(lonlat):
    for shifted, forward in ((GCJ, prcoords.wgs_gcj), (BD, prcoords.wgs_bd)):
        assert metres(theirs(forward, to_wgs84(shifted, [lonlat])[0]), lonlat) < HUNDREDTH_MM


@given(chinese)
def test_inverse_is_what_prcoords_finds_as_far_as_it_goes(lonlat):
    """Its search ends at 1e-5 degrees before the last step, which leaves up to a centimetre in GCJ-02, three in BD-09."""
    assert metres(to_wgs84(GCJ, [lonlat])[0], theirs(prcoords.gcj_wgs_bored, lonlat)) < CENTIMETRE
    assert metres(to_wgs84(BD, [lonlat])[0], theirs(prcoords.bd_wgs_bored, lonlat)) < 3 * CENTIMETRE


@given(chinese, st.sampled_from([GCJ, BD]))
def test_there_and_back_within_a_hundredth_of_a_millimetre(lonlat, shifted):
    assert metres(to_wgs84(shifted, from_wgs84(shifted, [lonlat]))[0], lonlat) < HUNDREDTH_MM
    assert metres(from_wgs84(shifted, to_wgs84(shifted, [lonlat]))[0], lonlat) < HUNDREDTH_MM


def test_many_points_at_once_equal_each_alone():
    rng = np.random.default_rng(3)
    lonlat = rng.uniform((110.4, 31.4), (116.6, 36.3), (200, 2))
    for shifted in (GCJ, BD):
        alone = np.vstack([to_wgs84(shifted, [point]) for point in lonlat])
        assert metres(to_wgs84(shifted, lonlat), alone) < HUNDREDTH_MM


def test_henan_is_shifted_by_495_to_632_metres(world):
    points = np.vstack([shapely.get_coordinates(county.geometry) for county in world.boundaries.counties.values()])
    ours, prs = from_wgs84(GCJ, points), np.array([theirs(prcoords.wgs_gcj, point) for point in points])
    assert metres(ours, prs) < HUNDREDTH_MM
    _, _, distance = Geod(ellps="WGS84").inv(*points.T, *ours.T)
    assert 495 < distance.min() < 510 and 620 < distance.max() < 632
    lon, lat = world.boundaries.unit("411082").anchor
    assert Geod(ellps="WGS84").inv(lon, lat, *from_wgs84(GCJ, [(lon, lat)])[0])[2] == pytest.approx(575, abs=1)


@pytest.mark.parametrize("lonlat", [(2.35, 48.86), (140.0, 35.7), (105.0, -10.0), (-114.0, 34.0)])
def test_outside_china_gcj_is_wgs_and_baidu_adds_its_own_offset(lonlat):
    assert np.array_equal(from_wgs84(GCJ, [lonlat])[0], lonlat)
    assert np.array_equal(to_wgs84(GCJ, [lonlat])[0], lonlat)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = theirs(prcoords.wgs_bd, lonlat)
    assert metres(from_wgs84(BD, [lonlat])[0], expected) < HUNDREDTH_MM
    assert metres(to_wgs84(BD, [expected])[0], lonlat) < HUNDREDTH_MM


def test_a_point_just_inside_that_is_shifted_outside_comes_back():
    inside = (137.832, 40.0)
    moved = from_wgs84(GCJ, [inside])
    assert moved[0, 0] > 137.8347
    assert metres(to_wgs84(GCJ, moved)[0], inside) < HUNDREDTH_MM


def test_inside_and_outside_points_mix_freely():
    both = np.array([(113.85, 34.22), (2.35, 48.86)])
    moved = from_wgs84(GCJ, both)
    assert metres(moved[0], both[0]) > 300
    assert np.array_equal(moved[1], both[1])
    assert metres(to_wgs84(GCJ, moved), both) < HUNDREDTH_MM
