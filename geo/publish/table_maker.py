"""Features into the arrays of their kind's table, a piece at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from datasets.world import World
from geo.model import Feature, Field, fields_of
from geo.model.field import Storage
from geo.publish import geometry_json
from geo.publish.grid import vertex_grid, world_grid
from geo.publish.layout import BRANCHES, days_of, layout
from geo.publish.levels import generalised
from geo.publish.names import Coming
from geo.publish.order import day_number
from geo.publish.outline import clearances, wound
from geo.publish.packed import counts_of
from geo.publish.pile import Pile
from geo.publish.ready_text import Columns, feature_texts
from geo.publish.shapes import Geometries, Shapes, drawable, fits


class TableMaker:
    """Collects features of one kind in `pile`; `ids`, `names` and `names_en` (as shown in English) in the order of arrival."""

    def __init__(self, kind: type[Feature], world: World, scratch: Path) -> None:
        """scratch: the folder for what does not stay in memory."""
        self._fields = fields_of(kind)
        self._world = world
        self._days = days_of(kind)
        self._cities: dict[str, str] = {}
        self.pile = Pile(layout(kind), scratch)
        self.ids: list[str] = []
        self.names: list[str] = []
        self.names_en: list[str] = []

    @property
    def coming(self) -> Coming:
        """The ids and names."""
        return Coming(self.ids, {"zh": self.names, "en": self.names_en})

    def add(self, rows: Sequence[Feature]) -> None:
        """Take further features in."""
        if not rows:
            return
        columns: Columns = {}
        for name, field in self._fields.items():
            values = list(map(attrgetter(name), rows))
            if name in self._days:
                self.pile.add(f"{name}.day", list(map(day_number, values)))
            columns[name] = field.storage, _dumped(field, values)
        columns["city"] = Storage.TERM, [self._city(row.county) for row in rows]
        for name, (storage, own) in columns.items():
            self._add_column(name, storage, own)
        self.pile.add("year", [int(row.as_of[:4] or 0) for row in rows])
        self.ids += [row.id for row in rows]
        self.names += [row.name for row in rows]
        self.names_en += [row.name_en or row.name for row in rows]
        self._add_search(rows)
        self.pile.add_bytes("feature", feature_texts(columns, self._add_geometry(rows)))

    def _add_column(self, name: str, storage: Storage, values: Sequence[Any]) -> None:
        """The JSON values of one field."""
        pile = self.pile
        if storage is Storage.NUMBER:
            pile.add(name, [np.nan if value is None else value for value in values])
        elif storage is Storage.FLAG:
            pile.add(name, values)
        elif storage is Storage.TERM:
            pile.add_terms(name, values)
        elif storage is Storage.TERMS:
            pile.add_counts(f"{name}.offsets", list(map(len, values)))
            pile.add_terms(name, [code for value in values for code in value])
        elif storage is Storage.JSON:
            pile.add_bytes(name, [json.dumps(value, ensure_ascii=False, sort_keys=True).encode() for value in values])
        else:
            pile.add_bytes(name, [value.encode() for value in values])

    def _city(self, adcode: str) -> str:
        if adcode not in self._cities:
            self._cities[adcode] = self._world.boundaries.city_of(adcode)
        return self._cities[adcode]

    def _add_search(self, rows: Sequence[Feature]) -> None:
        """Each row's own texts that a person may type to find it, lower-cased; the line feed keeps fields apart."""
        searched = [name for name, field in self._fields.items() if field.searched]
        texts = []
        for row in rows:
            parts = [str(getattr(row, name)).lower() for name in searched]
            texts.append("\n".join(filter(None, parts)).encode())
        self.pile.add_bytes("search", texts)

    def _add_geometry(self, rows: Sequence[Feature]) -> list[bytes]:
        """Their geometries, and the texts of these."""
        geometries: Geometries = np.array([None, *(row.geometry for row in rows)], object)[1:]
        self.pile.add("bbox", shapely.bounds(geometries))
        present = np.flatnonzero(~shapely.is_missing(geometries))
        filled = np.flatnonzero(~shapely.is_missing(geometries) & ~shapely.is_empty(geometries))
        points = np.full((len(rows), 2), np.nan)
        with np.errstate(
            over="ignore"
        ):  # GEOS divides by the width of an outline, which may be all but none, and finds a point all the same
            middles = shapely.point_on_surface(geometries[filled])
        points[filled] = np.column_stack([shapely.get_x(middles), shapely.get_y(middles)])
        self.pile.add("point", points)
        self.pile.add("point.grid", world_grid(points))
        unfit, exact = [b""] * len(rows), dict[int, bytes]()
        for number in present[~fits(geometries[present])].tolist():
            unfit[number] = shapely.to_wkb(geometries[number])
            exact[number] = orjson.dumps(geometry_json.geometry(geometries[number]))
            geometries[number] = drawable(geometries[number])
        self.pile.add_bytes("unfit", unfit)
        shapes = Shapes.of(geometries)
        self.pile.add("shape.type", shapes.type)
        self._add_shapes("shape", "xy", shapes)
        on_grid = wound(replace(shapes, xy=vertex_grid(shapes.xy)))
        self.pile.add("shape.grid", on_grid.xy)
        self.pile.add("shape.clearance", clearances(on_grid))
        for zoom, level in generalised(on_grid):
            self._add_shapes(f"level.{zoom}", "grid", level)
        texts = geometry_json.texts(shapes)
        return [exact.get(number, text) for number, text in enumerate(texts)]

    def _add_shapes(self, name: str, coordinates: str, shapes: Shapes) -> None:
        for branch in BRANCHES:
            self.pile.add_counts(f"{name}.{branch}", counts_of(getattr(shapes, branch)))
        self.pile.add(f"{name}.{coordinates}", shapes.xy)


def _dumped(field: Field, values: list[Any]) -> list[Any]:
    """The JSON form of a field's values."""
    dump: Callable[[Any], Any] = field.dump
    return values if type(field).dump is Field.dump else list(map(dump, values))
