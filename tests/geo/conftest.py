"""Worlds and snapshots for all tests of the core.

world: the packaged datasets, loaded once. tiny: the world of `small_world.py`, for tests that reason about every unit.
snapshot_of(features, kinds=…, world=…): a snapshot of these features, published into a folder of its own.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from small_world import small_world

import datasets.world
from datasets.world import World
from geo.model import Feature, Kinds, default_kinds
from geo.publish import Shelf, Snapshot

SnapshotOf = Callable[..., Snapshot]


@pytest.fixture(scope="session")
def world() -> World:
    """The real world: all counties, places and chains that ship with the project."""
    return datasets.world.load()


@pytest.fixture(scope="session")
def tiny() -> World:
    """Four counties, two places, three chains."""
    return small_world()


@pytest.fixture(scope="session")
def snapshot_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SnapshotOf:
    """A function that publishes features: in the real world and with the default kinds, unless it is told others."""

    def publish(features: Iterable[Feature], kinds: Kinds | None = None, world: World | None = None) -> Snapshot:
        folder: Path = tmp_path_factory.mktemp("shelf")
        shelf = Shelf(folder)
        shelf.publish(features, kinds or default_kinds(), world or request.getfixturevalue("world"))
        return shelf.open()

    return publish
