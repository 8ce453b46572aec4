"""What lies around a feature: the closest by distance where it has a position, else what its place or county holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.publish import Table
from geo.publish.columns import TermColumn
from geo.query.order import placed
from geo.query.places import located_near
from geo.query.values import Near
from webmap.present import quantities
from webmap.present.items import Item, item
from webmap.present.reader import Reader

EARTH_KM = 6371.0088
WITHIN_KM = 30.0
SHOWN = 6


@dataclass(frozen=True)
class Around:
    """Features near another one. `unit` names the place or county they share; empty where distances are shown."""

    items: tuple[Item, ...]
    total: int
    href: str
    unit: str = ""


def around(kind: str, row: int, reader: Reader) -> Around:
    """What lies around the feature in `row` of its kind's table."""
    table = reader.snapshot.table(kind)
    lon, lat = table.point[row]
    if np.isfinite(lon):
        return _closest(kind, row, float(lon), float(lat), reader)
    return _fellows(kind, row, table, reader)


def great_circle_km(points: NDArray[np.float64], lon: float, lat: float) -> NDArray[np.float64]:
    """Distances in km from (n, 2) lon/lat degrees to one point, on the mean Earth; NaN stays NaN."""
    there, here = np.radians(points), np.radians([lon, lat])
    half = np.sin((there - here) / 2) ** 2
    root = half[:, 1] + np.cos(there[:, 1]) * np.cos(here[1]) * half[:, 0]
    distances: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(root))
    return distances


def _closest(kind: str, row: int, lon: float, lat: float, reader: Reader) -> Around:
    found: list[tuple[float, str, int]] = []
    total = 0
    for name, table in _tables(reader):
        inside = located_near(table, Near(lon, lat, WITHIN_KM))
        if name == kind:
            inside = inside[inside != row]
        total += len(inside)
        distances = great_circle_km(table.point[inside], lon, lat)
        best = placed([distances], 0, SHOWN)
        found += [(float(distances[each]), name, int(inside[each])) for each in best]
    items = tuple(
        item(
            reader.snapshot.table(name).record(each),
            reader.kinds.get(name),
            reader,
            note=reader.t("feature.distance", distance=quantities.distance(km, reader.lang)),
        )
        for km, name, each in sorted(found)[:SHOWN]
    )
    return Around(items, total, reader.link("list", query=[("near", f"{lon:.5f},{lat:.5f},{WITHIN_KM:g}")]))


def _fellows(kind: str, row: int, table: Table, reader: Reader) -> Around:
    record = table.record(row)
    shared, name = ("place", str(record["place"])) if record["place"] else ("county", str(record["county"]))
    items: list[Item] = []
    total = 0
    for other, rows in ((other, _rows_with(each, shared, name)) for other, each in _tables(reader)):
        others = [int(each) for each in rows if (other, each) != (kind, row)]
        total += len(others)
        items += [
            item(reader.snapshot.table(other).record(each), reader.kinds.get(other), reader)
            for each in others[: SHOWN - len(items)]
        ]
    unit = reader.place_name(name) if shared == "place" else reader.unit_name(name)
    return Around(tuple(items), total, reader.link("list", query=[(shared, name)]), unit)


def _tables(reader: Reader) -> Iterator[tuple[str, Table]]:
    for kind in reader.kinds.names:
        if kind in reader.snapshot.kinds:
            yield kind, reader.snapshot.table(kind)


def _rows_with(table: Table, name: str, code: str) -> NDArray[np.intp]:
    column = table.column(name)
    if not isinstance(column, TermColumn) or code not in column.terms:
        return np.empty(0, np.intp)
    return np.flatnonzero(column.codes == column.terms.index(code))
