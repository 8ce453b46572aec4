"""The published features of one kind, read through a memory map."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.publish.arrays import ArrayFile
from geo.publish.columns import Column, TextColumn, read_column, read_text
from geo.publish.identity import candidates, hashed
from geo.publish.index import BoxIndex, Judge
from geo.publish.layout import BRANCHES
from geo.publish.levels import LEVELS, Outlines
from geo.publish.names import rank_name
from geo.publish.shapes import Geometries, Shapes

FEW = 2  # geometries up to which it is quicker to make them one by one


class Table:
    """The features of one kind; every array has one entry a row.

    Rows stand along a Hilbert curve; the first `located` have a geometry of their own, the others follow by id.
    bbox: (n, 4) float64 west south east north, point: (n, 2) float64 lon lat, both WGS-84 and NaN where the feature
    has no geometry. girth: (n,) float32 width and height of the box in degrees of latitude, 0 for points.
    year: (n,) int16, 0 where the date is unknown. search: the row's own
    texts that are searched, lower-cased, a line each. shapes: what can be drawn, in degrees;
    outlines: the same on the grid of the map, from afar in fewer vertices. feature_text: those of
    `geo.publish.ready_text`; None in a snapshot of a format that has none.
    """

    def __init__(self, kind: str, arrays: ArrayFile, entry: dict[str, Any], names: ArrayFile) -> None:
        """names: the orders by name of all kinds together."""
        self.kind = kind
        self.rows = int(entry["rows"])
        self.located = int(entry["located"])
        self._arrays = arrays
        self._entries: dict[str, Any] = entry["columns"]
        self._names = names
        self._columns: dict[str, Column] = {}
        get = arrays.get
        self.bbox: NDArray[np.float64] = get("bbox")
        self.point: NDArray[np.float64] = get("point")
        self.girth: NDArray[np.float32] = get("girth")
        self.year: NDArray[np.int16] = get("year")
        self.search: TextColumn = read_text(arrays, "search")
        branches = {name: get(f"shape.{name}") for name in ("type", *BRANCHES)}
        self.shapes = Shapes(**branches, xy=get("shape.xy"))
        levels = {zoom: [get(f"level.{zoom}.{name}") for name in (*BRANCHES, "grid")] for zoom in LEVELS}
        self.outlines = Outlines(
            Shapes(**branches, xy=get("shape.grid")),
            get("shape.first"),
            get("shape.clearance"),
            {zoom: Shapes(self.shapes.type, *arrays) for zoom, arrays in levels.items()},
        )
        self._unfit = read_text(arrays, "unfit")
        self.feature_text = read_text(arrays, "feature") if "feature.data" in arrays else None
        above = [get(f"index.{number}") for number in range(int(entry["levels"]))]
        self._index = BoxIndex(self.bbox[: self.located], above)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(self._entries)

    def column(self, name: str) -> Column:
        """The column `name`; a KeyError where the kind has none."""
        if name not in self._columns:
            self._columns[name] = read_column(self._arrays, name, self._entries[name])
        return self._columns[name]

    def record(self, row: int) -> dict[str, Any]:
        """The JSON payload of one row, `city` included."""
        return {name: self.column(name)[row] for name in self._entries}

    def geometry(self, row: int) -> shapely.Geometry | None:
        """The row's geometry (WGS-84 lon/lat), exactly as it was published, or None."""
        exact = self._exact(row)
        return self.shapes.geometry(row) if exact is None else exact

    def geometries(self, rows: NDArray[np.intp]) -> Geometries:
        """The same for several rows, (n,) objects."""
        if len(rows) <= FEW:
            few = np.empty(len(rows), object)
            few[:] = [self.geometry(row) for row in rows.tolist()]
            return few
        found = self.shapes.take(rows).geometries()
        offsets = self._unfit.offsets
        for number in np.flatnonzero(offsets[rows + 1] > offsets[rows]).tolist():
            found[number] = self._exact(int(rows[number]))
        return found

    @cached_property
    def unfit(self) -> Collection[int]:
        """The few rows whose geometry `shapes` does not hold exactly."""
        if not len(self._unfit.data):
            return frozenset()
        offsets = self._unfit.offsets
        return frozenset(np.flatnonzero(offsets[1:] > offsets[:-1]).tolist())

    def meeting(self, west: float, south: float, east: float, north: float) -> NDArray[np.intp]:
        """The rows whose box shares a point with this one (WGS-84 degrees), ascending."""
        return self._index.meeting(west, south, east, north)

    def parted(self, west: float, south: float, east: float, north: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The rows of `meeting`, and those of them of which the boxes do not tell whether they have a point in it, ascending."""
        return self._index.parted(west, south, east, north)

    def chosen(self, judge: Judge, asked: Callable[[NDArray[np.intp]], NDArray[np.bool_]]) -> NDArray[np.intp]:
        """The located rows that something is true of, ascending: judged by boxes of many, asked where that leaves doubt."""
        return self._index.chosen(judge, asked)

    @property
    def point_grid(self) -> NDArray[np.uint32]:
        """(n, 2) the points on a grid of 2^32 steps a side over the Web-Mercator map, from its north-western corner.

        0 where the feature has no geometry.
        """
        return self._arrays.get("point.grid")

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of everything that is located, WGS-84 degrees; None where nothing is."""
        return self._index.bounds

    def row_of(self, feature_id: str) -> int | None:
        """The row of a feature, or None."""
        ids = self.column("id")
        hashes, rows = self._arrays.get("id.hashes"), self._arrays.get("id.rows")
        return next((row for row in candidates(hashes, rows, feature_id) if ids[row] == feature_id), None)

    def rows_of(self, feature_ids: Collection[str]) -> NDArray[np.intp]:
        """The rows of several features, ascending; ids that the table does not hold are passed over."""
        ids = self.column("id")
        hashes, rows = self._arrays.get("id.hashes"), self._arrays.get("id.rows")
        wanted = {hashed(feature_id): feature_id for feature_id in feature_ids}
        if len(wanted) < len(set(feature_ids)):  # two ids of one hash
            found = [row for row in map(self.row_of, set(feature_ids)) if row is not None]
            return np.array(sorted(found), np.intp)
        keys = np.fromiter(wanted, np.uint64, len(wanted))
        first, last = np.searchsorted(hashes, keys, side="left"), np.searchsorted(hashes, keys, side="right")
        known = list(wanted.values())
        found = [
            int(row)
            for number in np.flatnonzero(first < last).tolist()
            for row in rows[first[number] : last[number]]
            if ids[row] == known[number]
        ]
        return np.array(sorted(found), np.intp)

    def by_id(self, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
        """The rows of `mask` in the order of their ids."""
        order = self.id_order
        found: NDArray[np.intp] = order[mask[order]].astype(np.intp)
        return found

    @cached_property
    def id_order(self) -> NDArray[np.int32]:
        """All rows in the order of their ids."""
        return self._arrays.get("id.order")

    @cached_property
    def id_rank(self) -> NDArray[np.int32]:
        """The place of every row in the order of ids."""
        return self._arrays.get("id.rank")

    def name_rank(self, lang: str) -> NDArray[np.int32]:
        """The place of every row in the order by name, id and kind over the whole snapshot; no two agree.

        In other languages than Chinese the English name counts, where there is one.
        """
        return self._names.get(rank_name(self.kind, _shown(lang)))

    def name_number(self, lang: str) -> NDArray[np.int32]:
        """A number for the name as it is shown: rows have the same one if they have the same name."""
        return self._arrays.get(f"name.number.{_shown(lang)}")

    def days(self, name: str) -> NDArray[np.float64]:
        """The dates of a field as numbers yyyymmdd, 00 for a month or day that is not known; NaN where there is none."""
        return self._arrays.get(f"{name}.day")

    def _exact(self, row: int) -> shapely.Geometry | None:
        """The geometry of one of the few rows whose arrays do not hold it exactly; None of all others."""
        start, stop = self._unfit.offsets[row : row + 2]
        return shapely.from_wkb(bytes(self._unfit.data[start:stop])) if stop > start else None


def _shown(lang: str) -> str:
    return "zh" if lang == "zh" else "en"
