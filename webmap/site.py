"""What all views share: the configuration, the world, the current snapshot, and remembered selections."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TypeVar, cast

from flask import current_app

import seeds.tables
from datasets.world import World
from datasets.world import load as load_world
from geo.draw.heat_grid import HeatGrid
from geo.model import Kinds
from geo.publish import DamagedSnapshot, Shelf, Snapshot
from geo.publish.shelf import NoSnapshot
from geo.query.facets import Facets, facets
from geo.query.filter import Filter
from geo.query.match import select
from geo.query.parameters import parameters
from geo.query.selection import Selection
from seeds.rows import Document
from webmap.config import Config
from webmap.remembering import Remembered

LOOK_AGAIN_S = 1.0
REMEMBERED, REMEMBERED_BYTES = 256, 48 << 20
TILES, TILE_BYTES = 8192, 32 << 20
T = TypeVar("T")

log = logging.getLogger(__name__)


class Site:
    """One installation as its views see it. Reads touch the snapshot only, never the database."""

    def __init__(self, config: Config, kinds: Kinds) -> None:
        self.config = config
        self.kinds = kinds
        parameters(kinds)  # declarations that clash are found here, not at the first request
        self.world: World = load_world(config.boundary_file, config.chain_file)
        self._shelf = Shelf(config.snapshots)
        self._snapshot = self._shelf.open()
        self._looked = time.monotonic()
        self._opening = threading.Lock()
        self.trouble = ""  # why the newest version is not the one that is served; empty while it is
        self._remembered = Remembered(REMEMBERED, REMEMBERED_BYTES)
        self.tiles = Remembered(TILES, TILE_BYTES)

    @property
    def snapshot(self) -> Snapshot:
        """The current snapshot; a newer one is noticed within a second."""
        if time.monotonic() - self._looked > LOOK_AGAIN_S:
            self.look()
        return self._snapshot

    def look(self) -> None:
        """See at once whether there is a newer snapshot; where it cannot be read the one at hand goes on."""
        if not self._opening.acquire(blocking=False):
            return  # somebody is looking, and the one at hand will do until he has it
        try:
            if self._shelf.current_version() != self._snapshot.version:
                newer = self._shelf.open()
                if newer.version != self._snapshot.version:
                    self._snapshot = newer
                    self._remembered.clear()  # what it holds keeps the old arrays in memory
                    self.tiles.clear()
            self.trouble = ""
        except (NoSnapshot, DamagedSnapshot, OSError, ValueError) as error:
            if self.trouble != str(error):
                log.error("no newer snapshot can be served, %s goes on: %s", self._snapshot.version, error)
            self.trouble = str(error)
        finally:
            self._looked = time.monotonic()
            self._opening.release()

    @cached_property
    def boundaries_version(self) -> str:
        """A hash of the counties' names and shapes, for addresses that may be kept for ever."""
        digest = hashlib.sha256()
        for county in self.world.boundaries.counties.values():
            digest.update(f"{county.adcode}{county.name}".encode() + county.geometry.wkb)
        return digest.hexdigest()[:16]

    @cached_property
    def heat_grid(self) -> HeatGrid:
        """The heat layer's grid; what each county covers of it is computed once."""
        return HeatGrid(self.world.boundaries)

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The source documents by file name."""
        return {document.document: document for document in seeds.tables.load().documents}

    def select(self, wanted: Filter) -> Selection:
        """The rows of the current snapshot that `wanted` selects."""
        snapshot = self.snapshot
        key = ("select", snapshot.version, wanted)
        return self._remembered.get(key, lambda: select(wanted, snapshot, self.kinds, self.world), _mask_bytes)

    def facets(self, wanted: Filter) -> Facets:
        """The counts beside each option under `wanted`."""
        snapshot = self.snapshot
        return self.remember(
            ("facets", snapshot.version, wanted), lambda: facets(wanted, snapshot, self.kinds, self.world)
        )

    def remember(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """The value for `key`, made once and kept among the recently used ones."""
        return self._remembered.get(key, make)


def _mask_bytes(selection: Selection) -> int:
    return selection.most_bytes


def site() -> Site:
    """The site of the running request's application."""
    return cast(Site, current_app.extensions["relitu"])
