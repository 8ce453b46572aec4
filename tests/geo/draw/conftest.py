"""What all tests of drawing share.

atlas: the real counties and chains with four places whose points are of every worth. drawn(*features): the selection of
these features, published in that world.
"""

import pytest
from made import CHANGGE, XUCHANG, everything

from datasets.gazetteer import Gazetteer, Place
from datasets.labels import Label
from datasets.world import World
from geo.draw.heat_grid import HeatGrid


def _place(slug, kind, county, lon, lat, precision):
    return Place(slug, Label(f"地{slug}", slug), (), kind, county, None, lon, lat, precision, "test", "")


PLACES = (
    _place("town", "town", CHANGGE, 113.8, 34.2, "town"),
    _place("zone", "functional_district", XUCHANG, 113.9, 34.05, "district"),
    _place("seat", "county", CHANGGE, 113.77, 34.21, "county"),
    _place("lost", "village", CHANGGE, None, None, "county"),
)


@pytest.fixture(scope="session")
def atlas(world):
    return World(world.boundaries, Gazetteer(PLACES, world.boundaries), world.chains)


@pytest.fixture(scope="session")
def drawn(snapshot_of, atlas):
    return lambda *features, **more: everything(snapshot_of(features, world=atlas, **more))


@pytest.fixture(scope="session")
def grid(atlas):
    """The heat's grid, built once."""
    return HeatGrid(atlas.boundaries)
