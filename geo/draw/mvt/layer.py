"""One kind's features as a layer of vector tiles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from datasets.world import World
from geo.draw.mercator import Box
from geo.draw.mvt import wire
from geo.draw.mvt.features import features
from geo.draw.mvt.fitting import drawn as drawn_rings
from geo.draw.mvt.grid import BUFFER, EXTENT, box_of
from geo.draw.mvt.rest import MORE, Rest
from geo.draw.mvt.rings import Rings
from geo.draw.mvt.values import Values
from geo.model import Feature
from geo.publish import Table

BUDGET = 100_000  # bytes of a compressed tile
LEAST_BYTES = 33  # of a compressed feature: identifier, name and tags
VERTEX_BYTES = 0.8
ROUNDS = 4
LEVEL, GZIP = 3, 31  # a tenth of the time of zlib's level 6, a tenth larger
REST_BYTES = 5000  # of a compressed layer of those left out
GOLDEN = (5**0.5 - 1) / 2  # multiples of it are spread evenly, wherever one stops
SPECK = 16  # steps: two pixels of a tile that is shown with 512
SINGLY = 14  # the zoom from which on even what is smaller than a pixel is drawn one by one
Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Tile:
    """An encoded tile. drawn: its features. left_out: how many further ones have their middle in it."""

    data: bytes
    drawn: int = 0
    left_out: int = 0

    @cached_property
    def gzipped(self) -> bytes:
        """The same compressed, without a time in it, so that the same tile gives the same bytes."""
        return isal_zlib.compress(self.data, LEVEL, GZIP)

    def within(self, budget: int) -> bool:
        """Whether the compressed tile has at most `budget` bytes."""
        return len(self.data) <= budget or len(self.gzipped) <= budget


class Layer:
    """Draws tiles of a table. The layer has the kind's name; its features have their row plus one as number.

    Attributes: id, name, cluster (of the first chain), demo, and the kind's leading list of codes (a plot's status, a
    project's stage) under its field's name; what is empty is left out. Where not all fit, a layer `more` holds the rest
    by the cells of a grid (`geo.draw.mvt.rest`): a point each with their number `n`, the sums `area_m2` and
    `amount_wan` where the kind has them, and `c.<cluster>`, how many belong to each cluster of chains.
    """

    def __init__(self, table: Table, kind: type[Feature], world: World) -> None:
        self._table = table
        self._values = Values(table, kind, world)
        cluster = self._values.cluster(np.arange(table.rows)).astype(np.int8)
        self._rest = Rest(table, self._values.clusters, cluster)

    @property
    def described(self) -> list[dict[str, object]]:
        """The layers with the types of their attributes, as TileJSON lists them (`vector_layers`)."""
        fields = {key: "Boolean" if key == "demo" else "String" for key in self._values.keys}
        return [{"id": self._table.kind, "fields": fields}, {"id": MORE, "fields": self._rest.fields}]

    def tile(
        self,
        z: int,
        x: int,
        y: int,
        mask: Mask | None = None,
        lang: str = "zh",
        budget: int = BUDGET,
    ) -> Tile:
        """The tile z/x/y of the rows of `mask`, all where it is None: the largest features within `budget` bytes."""
        box = box_of(z, x, y, BUFFER)
        found = self._table.meeting(*box)
        if mask is not None:
            found = found[mask[found]]
        if not len(found):
            return Tile(b"")
        chosen = self._largest(found, z, y, budget)
        for _ in range(ROUNDS):
            tile = self._encoded((z, x, y), box, found, chosen, mask, lang)
            if tile.within(budget):
                return tile
            chosen = chosen[: int(len(chosen) * 0.93 * budget / len(tile.gzipped))]
        return self._encoded((z, x, y), box, found, chosen[:0], mask, lang)

    def _largest(self, found: Rows, z: int, y: int, budget: int) -> Rows:
        """The rows that may fit, the largest first; of equal ones, as points are, some from everywhere.

        In a crowd what is smaller than a speck is not drawn: the map would turn grey with it, and say nothing.
        """
        girth = self._table.girth[found]
        if len(found) * (LEAST_BYTES + VERTEX_BYTES * EXTENT) <= budget:
            return found[(-girth).argsort(kind="stable")]
        most = budget // LEAST_BYTES
        if len(found) > most and z < SINGLY:
            seen = np.flatnonzero(girth >= _girth_of(2 * SPECK, z, y))
            found, girth = found[seen], girth[seen]
        if len(found) > most:
            least = np.partition(girth, len(girth) - most)[len(girth) - most]
            above, equal = np.flatnonzero(girth > least), np.flatnonzero(girth == least)
            free = most - len(above)
            chosen = np.concatenate([above, equal[np.arange(free) * len(equal) // free]])
            found, girth = found[chosen], girth[chosen]
        # Of equal ones each part of the order, however short, comes from everywhere.
        scattered = np.arange(len(found)) * GOLDEN % 1 if len(found) * LEAST_BYTES > budget // 2 else found
        found = found[np.lexsort((scattered, -girth))]
        vertices = self._table.outlines.vertices(z, found)
        cost = np.cumsum(LEAST_BYTES + VERTEX_BYTES * np.minimum(vertices, EXTENT))
        if not len(cost) or cost[-1] <= budget:
            return found
        return found[: max(1, int(np.searchsorted(cost, budget - min(REST_BYTES, budget // 2), side="right")))]

    def _encoded(
        self, at: tuple[int, int, int], box: Box, found: Rows, chosen: Rows, mask: Mask | None, lang: str
    ) -> Tile:
        z, x, y = at
        west, south, east, north = box
        step = 360 / (EXTENT << z)  # of longitude; no step of latitude is more degrees than that
        left, bottom, right, top = self._table.bbox.take(chosen, axis=0).T
        inside = (left >= west + step) & (bottom >= south + step) & (right <= east - step) & (top <= north - step)
        rings = drawn_rings(self._table.outlines, chosen, inside, z, x, y)
        drawn = chosen[rings.owners]
        data = self._layer(drawn, rings, lang) if len(drawn) else b""
        if len(drawn) == len(found):
            return Tile(data, len(drawn))
        missing = np.ones(len(found), np.bool_)
        missing[np.searchsorted(found, drawn)] = False
        left_out = self._rest.of_tile(z, x, y, found[missing])
        return Tile(data + self._rest.layer(z, left_out, mask), len(drawn), len(left_out.rows))

    def _layer(self, rows: Rows, rings: Rings, lang: str) -> bytes:
        tags, values = self._values.tags(rows, lang)
        return wire.layer(self._table.kind, features(rows + 1, rings, tags), self._values.keys, values, EXTENT)


def _girth_of(steps: int, z: int, y: int) -> float:
    """So many steps of a tile in degrees of latitude, at the tile's middle."""
    _, south, _, north = box_of(z, 0, y)
    return steps / EXTENT * 360 / float(1 << z) * math.cos(math.radians((south + north) / 2))
