"""The columns of a snapshot as the browser filters them, and the parameters that the kinds declare.

What comes out is JSON of the shape `OfflineSite` (webmap/assets/offline.d.ts). Nothing here or in the browser's modules
names a field that is filtered by: a new kind or filter comes with its declaration.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datasets.world import World
from geo.draw.choropleth import DARK_RAMP, DARK_ZERO_COLOUR, MEASURES, NO_DATA_COLOUR, RAMP, ZERO_COLOUR
from geo.draw.classes import METHODS
from geo.draw.investment import WAN_IN_YI, Columns
from geo.draw.places import point_of
from geo.draw.repeats import first_records
from geo.model import Feature, Kinds, fields_of
from geo.model.fields import Day
from geo.model.kinds.project import Project
from geo.publish import Snapshot, Table
from geo.publish.columns import Column, FlagColumn, NumberColumn, TermColumn, TermsColumn
from geo.query import Filter, choices, page, select, sort_keys
from geo.query.parameters import Parameters, parameters
from geo.query.search import texts

ROWS_A_PIECE = 50
DETAILS_A_PIECE = 25
COMMON = {"chain": "chains", "county": "county", "city": "city"}
NEEDED = ("chains", "nodes", "county", "city", "place", "demo")


def described(snapshot: Snapshot, kinds: Kinds, world: World, shapes: dict[str, Any]) -> dict[str, Any]:
    """Everything that does not depend on the language; `shapes`: by kind in which piece each row's shape is."""
    declared = parameters(kinds)
    units = world.boundaries
    names = [name for name in kinds.names if name in snapshot.kinds]
    return {
        "version": snapshot.version,
        "kinds": names,
        "parameters": _parameters(declared, kinds, world),
        "sorts": list(sort_keys(kinds)),
        "tables": {name: _table(snapshot, kinds.get(name), kinds, world, declared) for name in names},
        "counties": list(units.counties),
        "units": {
            **{code: _unit("city", city) for code, city in units.cities.items()},
            **{
                code: {**_unit("county", county), "area_km2": county.area_km2}
                for code, county in units.counties.items()
            },
        },
        "places": {place: point_of(world, place) for place in world.gazetteer.places},
        "chains": {chain.id: chain.cluster for chain in world.chains.chains.values()},
        "clusters": [*world.chains.clusters, ""],
        "nodes": {node.id: [chain.id, node.segment] for chain in world.chains.chains.values() for node in chain.nodes},
        "money": _money(snapshot, kinds),
        "choropleth": _choropleth(),
        "shapes": shapes,
        "areas": {
            "county": sorted({*units.cities, *units.counties}),
            "place": sorted(world.gazetteer.places),
        },
        "rows_a_piece": ROWS_A_PIECE,
        "details_a_piece": DETAILS_A_PIECE,
    }


def _parameters(declared: Parameters, kinds: Kinds, world: World) -> dict[str, Any]:
    codes = {param: choices(param, declared, kinds, world) for param in declared.lists}
    common = {param: dict.fromkeys(kinds.names, name) for param, name in COMMON.items()}
    return {
        "lists": list(declared.lists),
        "any": {**common, **{param: entry.fields for param, entry in declared.any.items()}},
        "ranges": {
            param: {"scale": entry.any_field.param_scale, "fields": entry.fields}
            for param, entry in declared.ranges.items()
        },
        "codes": {param: None if known is None else list(known) for param, known in codes.items()},
    }


def _unit(rank: str, unit: Any) -> dict[str, Any]:
    return {"rank": rank, "bbox": list(unit.bbox), "anchor": list(unit.anchor)}


def _table(snapshot: Snapshot, kind: type[Feature], kinds: Kinds, world: World, declared: Parameters) -> dict[str, Any]:
    table = snapshot.table(kind.kind)
    wanted = dict.fromkeys(NEEDED)
    for entry in (*declared.any.values(), *declared.ranges.values()):
        if kind.kind in entry.fields:
            wanted[entry.fields[kind.kind]] = None
    located = range(table.located)
    return {
        "kind": kind.kind,
        "rows": table.rows,
        "located": table.located,
        "id": [table.column("id")[row] for row in range(table.rows)],
        "columns": {name: column_of(table.column(name)) for name in wanted if name in table.names},
        "year": table.year.tolist(),
        "search": texts(table, world),
        "lon": table.point[: table.located, 0].tolist(),
        "lat": table.point[: table.located, 1].tolist(),
        "box": [_box(table, row) for row in located],
        "place": order_of(snapshot, kind, world).tolist(),
        **_sorts(table, kind, kinds),
    }


def _box(table: Table, row: int) -> list[float] | None:
    """The row's box; None where it is the row's point."""
    box = table.bbox[row].tolist()
    return None if box == [*table.point[row].tolist()] * 2 else box


def column_of(column: Column) -> dict[str, Any]:
    """A column that can be filtered by as JSON; numbers to their last digit."""
    if isinstance(column, FlagColumn):
        return {"form": "flag", "values": column.values.astype(np.int8).tolist()}
    if isinstance(column, NumberColumn):
        return {"form": "number", "values": numbers(column.values)}
    if isinstance(column, TermColumn):
        return {"form": "codes", "terms": column.terms, "codes": column.codes.tolist()}
    if isinstance(column, TermsColumn):
        packed = {"offsets": column.offsets.tolist(), "codes": column.codes.tolist()}
        return {"form": "codes", "terms": column.terms, **packed}
    raise TypeError(f"{type(column).__name__} cannot be filtered by")


def numbers(values: Iterable[float]) -> list[float | int | None]:
    """Numbers as short as JSON has them; None for NaN."""
    return [None if isnan(value) else int(value) if float(value).is_integer() else float(value) for value in values]


def order_of(snapshot: Snapshot, kind: type[Feature], world: World) -> NDArray[np.intp]:
    """For each row of a kind its place in the order in which a list shows them first."""
    only = Kinds(kind)
    rows = snapshot.table(kind.kind).rows
    found = page(select(Filter(), snapshot, only, world), only, limit=max(1, rows)).rows
    places = np.empty(rows, np.intp)
    places[[row for _, row in found]] = np.arange(rows)
    return places


def _sorts(table: Table, kind: type[Feature], kinds: Kinds) -> dict[str, Any]:
    """What the list sorts by, and which of it says how big a feature is."""
    fields = fields_of(kind)
    found: dict[str, list[float | int | None]] = {}
    ranged = [name for name, field in fields.items() if field.listed and field.filter == "range"]
    for name in (*sort_keys(kinds), *ranged[:1]):
        field = fields.get(name)
        if field is None or name not in table.names:
            continue
        column = table.column(name)
        if isinstance(column, NumberColumn):
            found[name] = numbers(column.values)
        elif isinstance(field, Day):
            found[name] = numbers(table.days(name))
    return {"sorts": found, "leading": ranged[0] if ranged else ""}


def _money(snapshot: Snapshot, kinds: Kinds) -> dict[str, Any] | None:
    """What is known of every project's money, row by row."""
    kind = Project.kind
    if kind not in kinds.names or kind not in snapshot.kinds:
        return None
    table = snapshot.table(kind)
    money, every = Columns(table), slice(0, table.rows)
    return {
        "kind": kind,
        "unit": [money.county[row] for row in range(table.rows)],
        "amount": numbers(money.wan(every) / WAN_IN_YI),
        "foreign": money.foreign(every).astype(np.int8).tolist(),
        "signed": money.signed(every).astype(np.int8).tolist(),
        "demo": money.demo.values.astype(np.int8).tolist(),
        "record": first_records(table).tolist(),
    }


def _choropleth() -> dict[str, Any]:
    return {
        "measures": {
            name: {
                "unit": {"zh": each.unit.zh, "en": each.unit.en},
                "one": {"zh": each.one.zh, "en": each.one.en} if each.one else None,
                "whole": each.whole,
            }
            for name, each in MEASURES.items()
        },
        "methods": list(METHODS),
        "ramp": list(RAMP),
        "dark_ramp": list(DARK_RAMP),
        "zero": ZERO_COLOUR,
        "dark_zero": DARK_ZERO_COLOUR,
        "missing": NO_DATA_COLOUR,
    }
