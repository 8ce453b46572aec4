"""Installations for the staff's tests; what they are made of stands in staff_office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from staff_office import Installation, install

import datasets.world
import webmap.site


@pytest.fixture(scope="session")
def world() -> datasets.world.World:
    return datasets.world.load()


@pytest.fixture(scope="session", autouse=True)
def _one_world(world: datasets.world.World) -> Iterator[None]:
    """Loading the counties anew for every application would take most of the time."""
    patch = pytest.MonkeyPatch()
    patch.setattr(webmap.site, "load_world", lambda *_: world)
    yield
    patch.undo()


@pytest.fixture
def here(tmp_path: Path, world: datasets.world.World) -> Iterator[Installation]:
    """A fresh installation."""
    made_here = install(tmp_path, world)
    yield made_here
    made_here.desk.store.close()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory, world: datasets.world.World) -> Iterator[Installation]:
    """One installation for all tests of a module."""
    made_here = install(tmp_path_factory.mktemp("lasting"), world)
    yield made_here
    made_here.desk.store.close()
