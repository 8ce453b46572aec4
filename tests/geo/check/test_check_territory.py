"""In the county, at its border, beyond it, and in one that the editor does not hold."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from parcels import COUNTY, METRE, array, polygon, square
from shapely.geometry.base import BaseGeometry

from datasets.world import World
from geo.check.spot import Spot
from geo.check.territory import Territory, check_territory
from geo.model.finding import Severity


def at_border(world: World, metres: float) -> BaseGeometry:
    """A lot of 50 m whose nearest corner lies about so many metres south of the county."""
    county = world.boundaries.counties[COUNTY].geometry
    points = shapely.get_coordinates(county)
    lon, lat = points[points[:, 1].argmin()]
    lot: BaseGeometry = shapely.box(lon, lat - (metres + 50) * METRE, lon + 50 * METRE, lat - metres * METRE)
    return lot


def spots(world: World, shape: BaseGeometry | None, county: str = COUNTY, may: set[str] | None = None) -> list[Spot]:
    return [spot for _, spot in check_territory(array(shape), [county], Territory(world.boundaries), may)]


def test_inside_is_fine(world: World) -> None:
    inside = polygon(square(0, 0, 100))
    assert spots(world, inside) == []
    assert spots(world, inside, "411000") == []
    assert spots(world, None) == []
    assert spots(world, inside, "") == []


def test_a_little_beyond_the_border_is_a_warning(world: World) -> None:
    (spot,) = spots(world, at_border(world, 100))
    assert (spot.code, spot.finding.severity) == ("near-border", Severity.WARNING)
    assert spot.geometry is not None


def test_far_beyond_is_an_error_that_names_the_other_county(world: World) -> None:
    shape = at_border(world, 3000)
    (spot,) = spots(world, shape)
    middle = shape.centroid
    there = world.boundaries.county_at(middle.x, middle.y)
    assert (spot.code, spot.finding.severity) == ("outside-county", Severity.ERROR)
    assert there is not None
    assert world.boundaries.name(there).zh in spot.finding.message.zh


def test_outside_every_county_the_system_is_doubted(world: World) -> None:
    (spot,) = spots(world, shapely.box(100, 20, 100.001, 20.001))
    assert spot.code == "outside-county"
    assert "坐标系" in spot.finding.message.zh


@pytest.mark.parametrize(
    ("may", "told"), [(None, False), ({COUNTY}, False), ({"411000"}, False), ({"410882"}, True), (set(), True)]
)
def test_only_what_the_editor_holds(world: World, may: set[str] | None, told: bool) -> None:
    assert [spot.code for spot in spots(world, polygon(square(0, 0, 100)), may=may)] == ["county-not-held"] * told


def test_counties_of_many_points_are_those_that_the_boundaries_tell(world: World) -> None:
    rng = np.random.default_rng(3)
    points = np.column_stack([rng.uniform(110, 117, 300), rng.uniform(31, 37, 300)])
    shapes = array(*(shapely.Point(*point) for point in points), None)
    expected = [world.boundaries.county_at(*point) or "" for point in points]
    assert Territory(world.boundaries).county_of(shapes) == [*expected, ""]
    assert len(set(expected)) > 50
