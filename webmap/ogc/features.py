"""Features as GeoJSON in any system that is offered; what the record does not say is null."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
import shapely

from datasets.labels import DEFAULT_LANGUAGE, Label
from datasets.world import World
from geo.crs.faults import OutOfDomain
from geo.crs.ogc import OgcCrs
from geo.draw import feature_text
from geo.model import Feature
from geo.publish import Table, geometry_json
from geo.query.faults import BadParameter, BadParameters
from webmap.ogc.showing import ALL, Shown


def features(
    table: Table,
    rows: Sequence[int],
    kind: type[Feature],
    world: World,
    crs: OgcCrs,
    lang: str = DEFAULT_LANGUAGE,
    shown: Shown = ALL,
) -> bytes:
    """Rows as a JSON array of GeoJSON Features, their coordinates in `crs` with the axes in the order of its definition.

    Raises BadParameters for a place that the system cannot hold.
    """
    chosen, shapes = np.array(rows, np.intp), None
    if not shown.geometry:
        shapes = [geometry_json.NULL] * len(rows)
    elif crs.system is not None:
        shapes = [orjson.dumps(geometry(table, row, crs)) for row in rows]
    return feature_text.features(table, chosen, kind, world, lang, shown.properties, shapes)


def geometry(table: Table, row: int, crs: OgcCrs) -> dict[str, Any] | None:
    """The geometry of a row in `crs`; null where the place is only roughly known."""
    shape = table.geometry(row)
    if crs.system is None or shape is None:
        return geometry_json.geometry(shape)
    try:
        # Turned while it is lon/lat: with northing first the outside would run the other way round.
        moved = crs.from_lonlat(shapely.orient_polygons(shape))
    except OutOfDomain:
        own_id = str(table.column("id")[row])
        message = Label(
            f"要素 {own_id} 不在该坐标系的范围内，请用 bbox 限定范围，或改用 CRS84、EPSG:4490",
            f"feature {own_id} lies outside of that system: narrow the request by bbox, or use CRS84 or EPSG:4490",
        )
        raise BadParameters([BadParameter("crs", crs.uri, message)]) from None
    return geometry_json.rounded(moved, crs.decimals)
