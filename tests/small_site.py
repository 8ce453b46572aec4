"""A small installation for tests that write out a whole site: a few of the facts and of the demonstration data."""

from __future__ import annotations

from pathlib import Path

import datasets.world
import seeds.pour
from geo.model import default_kinds
from geo.publish import Shelf
from geo.store import Store
from webmap.config import Config, load_config

EVERY = 16


def small_site(folder: Path, every: int = EVERY) -> Config:
    """The configuration of a data folder in which every sixteenth feature is published."""
    config = load_config(folder, {})
    kinds, world = default_kinds(), datasets.world.load()
    store = Store.create(config.store_url)
    seeds.pour.pour(store, kinds, world, demo=True)
    features = sorted(store.published(kinds), key=lambda feature: (feature.kind, feature.id))[::every]
    store.close()
    Shelf(config.snapshots).publish(features, kinds, world)
    return config
