"""What all views share: the configuration, the world, the current snapshot, and remembered selections."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TypeVar, cast

from flask import current_app

import seeds.tables
from datasets.world import World
from datasets.world import load as load_world
from geo.draw.heat_grid import HeatGrid
from geo.model import Kinds
from geo.publish import Current, Shelf, Snapshot
from geo.query.facets import Facets, facets
from geo.query.filter import Filter
from geo.query.match import forget as forget_found
from geo.query.match import select
from geo.query.parameters import parameters
from geo.query.selection import Selection
from seeds.rows import Document
from webmap.config import Config
from webmap.embedding.allowed import AllowedSites
from webmap.embedding.counting import UseCounter
from webmap.remembering import Remembered

REMEMBERED, REMEMBERED_BYTES = 256, 32 << 20
TILES, TILE_BYTES = 8192, 32 << 20
LASTING, LASTING_BYTES = 16, 8 << 20
T = TypeVar("T")


class Site:
    """One installation as its views see it. Reads touch the snapshot only, never the database."""

    def __init__(self, config: Config, kinds: Kinds) -> None:
        self.config = config
        self.kinds = kinds
        parameters(kinds)  # declarations that clash are found here, not at the first request
        self.world: World = load_world(config.boundary_file, config.chain_file)
        self._remembered = Remembered(REMEMBERED, REMEMBERED_BYTES)
        self.tiles = Remembered(TILES, TILE_BYTES)
        self.lasting = Remembered(LASTING, LASTING_BYTES)  # what no snapshot changes
        self._current = Current(Shelf(config.snapshots), self.forget)
        self.embed_sites = AllowedSites(config.snapshots)
        self.embed_uses = UseCounter()
        self._held: Snapshot | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The current snapshot; a newer one is noticed within a second and verified while this one is read."""
        return self._held or self._current.snapshot

    @property
    def trouble(self) -> str:
        """Why the newest version is not the one that is served; empty while it is."""
        return self._current.trouble

    def look(self) -> None:
        """See at once whether there is a newer snapshot; where it cannot be read the one at hand goes on."""
        if self._held is None:
            self._current.look()

    def forget(self) -> None:
        """Let go of what is remembered: of a snapshot that is no longer served it keeps the arrays in memory."""
        self._remembered.clear()
        self.tiles.clear()
        forget_found()

    def hold(self) -> None:
        """Stay with the snapshot of the moment, for whoever writes out all of it."""
        self._held = self._current.snapshot

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

    def row_of(self, kind: str, feature_id: str) -> int | None:
        """The row of a published feature in its kind's table; None where there is no such kind or feature."""
        snapshot = self.snapshot
        return snapshot.table(kind).row_of(feature_id) if kind in self.kinds and kind in snapshot.kinds else None

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

    def remember(self, key: tuple[object, ...], make: Callable[[], T], weigh: Callable[[T], int] = lambda _: 0) -> T:
        """The value for `key`, made once and kept among the recently used ones; `weigh` tells its bytes."""
        return self._remembered.get(key, make, weigh)


def _mask_bytes(selection: Selection) -> int:
    return selection.most_bytes


def site() -> Site:
    """The site of the running request's application."""
    return cast(Site, current_app.extensions["relitu"])
