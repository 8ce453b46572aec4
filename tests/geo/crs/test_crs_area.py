"""Geodesic areas against pyproj's own and against the closed formula of a zone between two parallels."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon

from geo.crs import OutOfDomain, from_wgs84, geodesic_area_m2, geodesic_areas_m2, hectares, mu, system, transform

GEOD = Geod(ellps="WGS84")
ONE_IN_100_000 = 1e-5


def star(lon, lat, size, corners, twist=0.3):
    angles = np.linspace(0, 2 * math.pi, corners, endpoint=False) + twist
    reach = size * (1 + 0.4 * np.cos(3 * angles)) / 111_320
    return list(
        zip(lon + reach * np.cos(angles) / math.cos(math.radians(lat)), lat + reach * np.sin(angles), strict=True)
    )


def theirs(geometry):
    return GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))[0]


places = st.tuples(st.floats(110.4, 116.6), st.floats(31.4, 36.3), st.floats(20, 5000), st.integers(3, 60))


@given(places, st.booleans(), st.booleans())
def test_parcels_with_holes_and_parts_have_pyprojs_area_whichever_way_their_rings_run(place, outer_back, inner_back):
    lon, lat, size, corners = place
    outer, inner = star(lon, lat, size, corners), star(lon, lat, size / 4, corners)
    holed = Polygon(outer[::-1] if outer_back else outer, [inner[::-1] if inner_back else inner])
    detached = Polygon(star(lon + 0.2, lat, size, corners))
    both = MultiPolygon([holed, detached])
    assert geodesic_area_m2(holed) == pytest.approx(theirs(holed), rel=ONE_IN_100_000)
    assert geodesic_area_m2(both) == pytest.approx(theirs(both), rel=ONE_IN_100_000)
    solid = Polygon(outer)
    assert geodesic_area_m2(holed) == pytest.approx(geodesic_area_m2(solid) - geodesic_area_m2(Polygon(inner)))


def test_whole_counties_have_pyprojs_area(world):
    for county in world.boundaries.counties.values():
        assert geodesic_area_m2(county.geometry) == pytest.approx(theirs(county.geometry), rel=ONE_IN_100_000)


@given(st.lists(st.tuples(places, st.booleans()), max_size=8))
def test_many_at_once_have_the_areas_of_each_alone(drawn):
    shapes = [None, Point(113, 34), Polygon()]
    for (lon, lat, size, corners), back in drawn:
        outer, inner = star(lon, lat, size, corners), star(lon, lat, size / 4, corners)
        holed = Polygon(outer[::-1] if back else outer, [inner])
        shapes += [
            holed,
            GeometryCollection([Point(lon, lat), MultiPolygon([Polygon(star(lon + 0.2, lat, size, 7)), holed])]),
        ]
    expected = [0.0, *(geodesic_area_m2(shape) for shape in shapes[1:])]
    assert geodesic_areas_m2(shapes) == pytest.approx(np.array(expected), rel=1e-6)


def test_many_at_once_have_the_areas_of_whole_counties(world):
    shapes = [county.geometry for county in world.boundaries.counties.values()]
    assert geodesic_areas_m2(shapes) == pytest.approx(np.array([theirs(shape) for shape in shapes]), rel=1e-6)
    assert geodesic_areas_m2([]).shape == (0,)
    with pytest.raises(OutOfDomain):
        geodesic_areas_m2([shapes[0], Point(38_500_000, 3_780_000)])


def test_a_degree_square_has_the_area_of_the_closed_formula():
    """Snyder, Map Projections (USGS PP 1395), 3-12: the ellipsoid's area between two parallels."""
    a, f = 6378137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    e = math.sqrt(e2)

    def q(lat):
        s = math.sin(math.radians(lat))
        return (1 - e2) * (s / (1 - e2 * s * s) + math.atanh(e * s) / e)

    expected = a * a / 2 * math.radians(1) * (q(35) - q(34))
    edge = np.linspace(113, 114, 4001)
    ring = [*((lon, 34.0) for lon in edge), *((lon, 35.0) for lon in edge[::-1])]
    assert geodesic_area_m2(Polygon(ring)) == pytest.approx(expected, rel=1e-8)


def test_a_surveyed_hectare_is_a_hectare():
    """100 m by 100 m on the plane of its own zone, near the central meridian, where the plane is true."""
    corners = [(38_500_000, 3_780_000), (38_500_100, 3_780_000), (38_500_100, 3_780_100), (38_500_000, 3_780_100)]
    area = geodesic_area_m2(transform(Polygon(corners), system("4526")))
    assert area == pytest.approx(10_000, rel=ONE_IN_100_000)
    assert mu(area) == pytest.approx(15, rel=ONE_IN_100_000)
    assert hectares(area) == pytest.approx(1, rel=ONE_IN_100_000)


def test_units():
    assert mu(2000) == pytest.approx(3)
    assert mu(1_000_000) == pytest.approx(1500)
    assert hectares(10_000) == 1


def test_what_has_no_area_has_none():
    assert geodesic_area_m2(Polygon()) == 0
    assert geodesic_area_m2(Point(113, 34)) == 0
    assert geodesic_area_m2(LineString([(113, 34), (114, 35)])) == 0
    square = Polygon(star(113, 34, 500, 4))
    assert geodesic_area_m2(GeometryCollection([Point(113, 34), square])) == geodesic_area_m2(square)


@pytest.mark.parametrize("bad", [(float("nan"), 34.0), (float("inf"), 34.0), (38_500_000.0, 3_780_000.0)])
def test_what_is_no_degree_is_refused(bad):
    with np.errstate(invalid="ignore"):
        line = LineString([(113.0, 34.0), bad])
    with pytest.raises(OutOfDomain) as fault:
        geodesic_area_m2(line)
    assert fault.value.index == 1


def test_web_mercator_would_overstate_by_nearly_half():
    square = Polygon(star(113.85, 34.0, 500, 40))
    flat = shapely.transform(square, lambda xy: from_wgs84(system("3857"), xy))
    assert flat.area / geodesic_area_m2(square) == pytest.approx(1.459, abs=0.01)
