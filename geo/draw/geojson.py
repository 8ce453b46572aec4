"""Features as GeoJSON (RFC 7946): WGS-84 lon/lat, right-hand rule, null where the place is only roughly known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from datasets.labels import DEFAULT_LANGUAGE, Label
from datasets.world import World
from geo.draw import records
from geo.draw.mercator import Box
from geo.model import Feature, fields_of
from geo.publish import Table
from geo.publish.geometry_json import DECIMALS, geometry
from geo.publish.shapes import DIMENSION
from geo.query.order import placed
from geo.query.selection import Selection

SHAPE_DECIMALS = 6
SHAPE_LIMIT = 2000
DERIVED = {  # what follows from the fields
    "city": Label("所属市", "City"),
    "county_name": Label("县（市、区）名称", "Name of the county"),
    "place_name": Label("所在地名称", "Name of the place"),
}
NO_CHAIN_COLOUR = "#6b7280"


def name_of(table: Table, row: int, lang: str) -> str:
    """A feature's name; in another language than Chinese the English one, where there is one."""
    english = str(table.column("name_en")[row]) if lang != DEFAULT_LANGUAGE else ""
    return english or str(table.column("name")[row])


def properties(table: Table, row: int, kind: type[Feature], world: World, lang: str) -> dict[str, Any]:
    """The declared fields in the order of declaration, then `city`, `county_name` and `place_name` ("" if none)."""
    found: dict[str, Any] = {name: table.column(name)[row] for name in (*fields_of(kind), "city")}
    place = world.gazetteer.places.get(found["place"])
    found["county_name"] = world.boundaries.name(found["county"]).text(lang)
    found["place_name"] = place.name.text(lang) if place else ""
    return found


def feature(
    table: Table,
    row: int,
    kind: type[Feature],
    world: World,
    lang: str = DEFAULT_LANGUAGE,
    decimals: int | None = DECIMALS,
) -> dict[str, Any]:
    """One row as a GeoJSON Feature; the numbers' units are those of the declaration (㎡, 万元)."""
    own = properties(table, row, kind, world, lang)
    return {"type": "Feature", "id": own["id"], "geometry": geometry(table.geometry(row), decimals), "properties": own}


def property_labels(kind: type[Feature]) -> Mapping[str, Label]:
    """The names of what `properties` gives for a feature of this kind, in its order, with their labels."""
    return _property_labels(cast(Any, kind))


@cache
def _property_labels(kind: Any) -> Mapping[str, Label]:
    return MappingProxyType({name: field.label for name, field in fields_of(kind).items()} | DERIVED)


def geometries(table: Table, rows: NDArray[np.intp], decimals: int = DECIMALS) -> list[dict[str, Any] | None]:
    """The geometries of `feature`, of many rows at once; the coordinates of a point, a line or a ring are a numpy array."""
    found = records.geometries(table, rows, decimals)
    if table.unfit:
        for number, row in enumerate(rows.tolist()):
            if row in table.unfit:
                found[number] = geometry(table.geometry(row), decimals)
    return found


def shapes(
    selection: Selection,
    world: World,
    within: Box | None = None,
    lang: str = DEFAULT_LANGUAGE,
    limit: int = SHAPE_LIMIT,
) -> dict[str, Any]:
    """The selected areas and lines that meet `within`, the largest first, as a FeatureCollection to draw.

    Properties: id, kind, name, chains, colour (of the first chain's cluster), demo. At most `limit` come;
    `truncated` says how many more there are. Size is the box's girth.
    """
    tables, table_of, rows, sizes = _extended(selection, within)
    largest = placed([-sizes], 0, limit)
    table_of, rows = table_of[largest], rows[largest]
    features: list[Any] = [None] * len(rows)
    for number, table in enumerate(tables):
        own = np.flatnonzero(table_of == number)
        for at, feature in zip(own.tolist(), _shapes_of(table, rows[own], world, lang), strict=True):
            features[at] = feature
    return {"type": "FeatureCollection", "features": features, "truncated": len(sizes) - len(features)}


def _extended(
    selection: Selection, within: Box | None
) -> tuple[list[Table], NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """The lines and areas that meet `within`: the tables, each one's table, its row and its size."""
    tables = [selection.snapshot.table(kind) for kind in selection.kinds]
    found, sizes = [], []
    for kind, table in zip(selection.kinds, tables, strict=True):
        rows = selection.rows(kind) if within is None else table.meeting(*within)
        if within is not None:
            rows = rows[selection.masks[kind][rows]]
        west, south, east, north = table.bbox[rows].T
        size = (east - west) * np.cos(np.radians((south + north) / 2)) + (north - south)
        drawn = (size > 0) & (DIMENSION[table.shapes.type[rows]] >= 1)  # NaN, that is no geometry, is not above 0
        found.append(rows[drawn])
        sizes.append(size[drawn])
    table_of = np.repeat(np.arange(len(tables)), [len(rows) for rows in found])
    return tables, table_of, np.concatenate([np.empty(0, np.intp), *found]), np.concatenate([np.empty(0), *sizes])


def _shapes_of(table: Table, rows: NDArray[np.intp], world: World, lang: str) -> Iterator[dict[str, Any]]:
    """The features of `shapes` in some rows of a table."""
    own = [records.values(table.column(name), rows) for name in ("id", "chains", "demo")]
    shapes = geometries(table, rows, SHAPE_DECIMALS)
    for row, own_id, chains, demo, shape in zip(rows.tolist(), *own, shapes, strict=True):
        yield {
            "type": "Feature",
            "id": f"{table.kind}/{own_id}",
            "geometry": shape,
            "properties": {
                "id": own_id,
                "kind": table.kind,
                "name": name_of(table, row, lang),
                "chains": chains,
                "colour": chain_colour(chains, world),
                "demo": demo,
            },
        }


def chain_colour(chains: list[str], world: World) -> str:
    """The colour of the first chain's cluster; a grey where there is no chain, or one that the dataset lacks."""
    if not chains or chains[0] not in world.chains.chains:
        return NO_CHAIN_COLOUR
    return world.chains.colour(chains[0])
