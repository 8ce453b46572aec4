"""The table of one kind while a snapshot is built: features come in pieces and leave as one file of arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from datasets.world import World
from geo.model import Feature, Field, fields_of
from geo.model.field import Storage
from geo.model.fields import Day
from geo.publish.arrays import ArrayFileWriter
from geo.publish.collect import Texts, collector
from geo.publish.identity import hash_table
from geo.publish.index import along_curve, levels_over
from geo.publish.order import day_number, numbered
from geo.publish.packed import Whole, smallest
from geo.publish.shapes import Geometries, Shapes, drawable, fits


class TableMaker:
    """Collects the features of one kind; `ids`, `names` and `names_en` (as shown in English) in the order of arrival."""

    def __init__(self, kind: type[Feature], world: World) -> None:
        self._fields = fields_of(kind)
        self._world = world
        self._columns = {name: collector(field.storage) for name, field in self._fields.items()}
        self._columns["city"] = collector(Storage.TERM)
        self._search = Texts()
        self._years: list[int] = []
        self._days: dict[str, list[float]] = {
            name: [] for name, field in self._fields.items() if isinstance(field, Day)
        }
        self._shapes: list[Shapes] = []
        self._points: list[NDArray[np.float64]] = [np.empty((0, 2))]
        self._boxes: list[NDArray[np.float64]] = [np.empty((0, 4))]
        self._unfit: dict[str, bytes] = {}
        self._units: dict[str, tuple[str, str]] = {}
        self._chains: dict[str, str] = {}
        self.ids: list[str] = []
        self.names: list[str] = []
        self.names_en: list[str] = []

    def add(self, rows: Sequence[Feature]) -> None:
        """Take further features in."""
        if not rows:
            return
        for name, field in self._fields.items():
            values = list(map(attrgetter(name), rows))
            if name in self._days:
                self._days[name] += map(day_number, values)
            self._columns[name].add(_dumped(field, values))
        self._columns["city"].add([self._unit(row.county)[0] for row in rows])
        self._years += [int(row.as_of[:4] or 0) for row in rows]
        self.ids += [row.id for row in rows]
        self.names += [row.name for row in rows]
        self.names_en += [row.name_en or row.name for row in rows]
        self._add_search(rows)
        self._add_geometry(rows)

    def write(self, path: Path, ranks: NDArray[np.int32], ranks_en: NDArray[np.int32]) -> dict[str, Any]:
        """Write the table to `path`; its entry in the manifest. ranks: the features' places in the order by name."""
        out = ArrayFileWriter()
        boxes = np.concatenate(self._boxes)
        by_id = np.empty(len(self.ids), np.int32)
        by_id[sorted(range(len(self.ids)), key=self.ids.__getitem__)] = np.arange(len(self.ids), dtype=np.int32)
        order = np.lexsort((by_id, along_curve(boxes)))
        columns = {
            name: {"storage": self._storage(name).value, **column.write(out, name, order)}
            for name, column in self._columns.items()
        }
        self._search.write(out, "search", order)
        for name, days in self._days.items():
            out.add(f"{name}.day", np.array(days, np.float64)[order])
        out.add("year", np.array(self._years, np.int16)[order])
        self._write_orders(out, order, by_id, ranks, ranks_en)
        boxes = boxes[order]
        located = int(np.count_nonzero(~np.isnan(boxes[:, 0])))
        unfit = self._write_geometry(out, order, boxes)
        levels = levels_over(boxes[:located])
        for number, level in enumerate(levels):
            out.add(f"index.{number}", level)
        entry = {"rows": len(order), "located": located, "levels": len(levels), "unfit": unfit, "columns": columns}
        return entry | out.write(path)

    def _storage(self, name: str) -> Storage:
        return self._fields[name].storage if name in self._fields else Storage.TERM

    def _unit(self, adcode: str) -> tuple[str, str]:
        """The city of a unit, and its names as they are searched for."""
        if adcode not in self._units:
            name = self._world.boundaries.name(adcode)
            self._units[adcode] = self._world.boundaries.city_of(adcode), f"{name.zh}\n{name.en}".lower()
        return self._units[adcode]

    def _chain(self, chain: str) -> str:
        if chain not in self._chains:
            known = self._world.chains.chains.get(chain)
            self._chains[chain] = f"{known.label.zh}\n{known.label.en}".lower() if known else ""
        return self._chains[chain]

    def _add_search(self, rows: Sequence[Feature]) -> None:
        """All that a person may type to find each row, lower-cased; the line feed keeps fields apart."""
        searched = [name for name, field in self._fields.items() if field.searched]
        texts = []
        for row in rows:
            parts = [str(getattr(row, name)).lower() for name in searched]
            parts += [self._unit(row.county)[1], *map(self._chain, row.chains)]
            texts.append("\n".join(filter(None, parts)))
        self._search.add(texts)

    def _add_geometry(self, rows: Sequence[Feature]) -> None:
        geometries: Geometries = np.array([None, *(row.geometry for row in rows)], object)[1:]
        self._boxes.append(shapely.bounds(geometries))
        present = np.flatnonzero(~shapely.is_missing(geometries))
        filled = np.flatnonzero(~shapely.is_missing(geometries) & ~shapely.is_empty(geometries))
        points = np.full((len(rows), 2), np.nan)
        middles = shapely.point_on_surface(geometries[filled])
        points[filled] = np.column_stack([shapely.get_x(middles), shapely.get_y(middles)])
        self._points.append(points)
        for number in present[~fits(geometries[present])].tolist():
            self._unfit[rows[number].id] = shapely.to_wkb(geometries[number])
            geometries[number] = drawable(geometries[number])
        self._shapes.append(Shapes.of(geometries))

    def _write_orders(self, out: ArrayFileWriter, order: Whole, by_id: Whole, *ranks: NDArray[np.int32]) -> None:
        """Where to find an id, and the orders by id and by name."""
        positions = order.tolist()
        hashes, rows = hash_table([self.ids[number] for number in positions])
        out.add("id.hashes", hashes)
        out.add("id.rows", rows)
        own = by_id[order]
        in_order = np.empty(len(own), np.int32)
        in_order[own] = np.arange(len(own), dtype=np.int32)
        out.add("id.order", in_order)
        for lang, texts, rank in zip(("zh", "en"), (self.names, self.names_en), ranks, strict=True):
            out.add(f"name.rank.{lang}", rank[order])
            out.add(f"name.number.{lang}", numbered([texts[number] for number in positions]))

    def _write_geometry(self, out: ArrayFileWriter, order: Whole, boxes: NDArray[np.float64]) -> list[str]:
        """Boxes, points and shapes; the ids of the rows whose exact geometry is kept as WKB beside them."""
        shapes = Shapes.joined(self._shapes).take(order)
        out.add("bbox", boxes)
        out.add("point", np.concatenate(self._points)[order])
        west, south, east, north = boxes.T
        girth = (east - west) * np.cos(np.radians((south + north) / 2)) + (north - south)
        out.add("girth", np.nan_to_num(girth).astype(np.float32))
        out.add("shape.type", shapes.type)
        out.add("shape.parts", smallest(shapes.parts))
        out.add("shape.rings", smallest(shapes.rings))
        out.add("shape.vertices", smallest(shapes.vertices))
        out.add("shape.xy", shapes.xy)
        unfit = sorted(self._unfit)
        blobs = Texts()
        blobs.add_bytes([self._unfit[own_id] for own_id in unfit])
        blobs.write(out, "unfit", np.arange(len(unfit)))
        return unfit


def _dumped(field: Field, values: list[Any]) -> list[Any]:
    """The JSON form of a field's values."""
    dump: Callable[[Any], Any] = field.dump
    return values if type(field).dump is Field.dump else list(map(dump, values))
