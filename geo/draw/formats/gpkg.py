"""GeoPackage for desktop GIS: one layer named after the kind, EPSG:4326, columns named as in the API."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from datasets.labels import Label
from geo.draw.sheet import Format, Sheet
from geo.model.fields import Number

BATCH = 20_000  # features in memory at once
PIECE = 256 * 1024


def _write(sheet: Sheet) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{sheet.kind.kind}.gpkg"
        for start in range(0, max(len(sheet.rows), 1), BATCH):
            _add(path, replace(sheet, rows=sheet.rows[start : start + BATCH]), first=start == 0)
        _one_moment(path)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _add(path: Path, sheet: Sheet, *, first: bool) -> None:
    # Half a second to import, so only here.
    from geopandas.geodataframe import GeoDataFrame
    from geopandas.geoseries import GeoSeries

    frame = GeoDataFrame(
        _columns(sheet),
        geometry=GeoSeries([sheet.table.geometry(row) for row in sheet.rows.tolist()], crs="EPSG:4326"),
    )
    # What the file says of itself goes into gpkg_metadata (OGC 12-128r19, extension Metadata).
    told: dict[str, Any] = {"layer_metadata": dict(sheet.about.lines)} if first and sheet.about else {}
    frame.to_file(
        path,
        layer=sheet.kind.kind,
        driver="GPKG",
        engine="pyogrio",
        mode="w" if first else "a",
        geometry_type="Unknown",
        promote_to_multi=False,
        **told,
    )


def _one_moment(path: Path) -> None:
    """Let the metadata bear the moment of the layer: GDAL takes the clock for them, whatever moment it is told."""
    with closing(sqlite3.connect(path)) as file, file:
        if file.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_metadata_reference'").fetchone():
            layer = "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', last_change) FROM gpkg_contents LIMIT 1"
            file.execute(f"UPDATE gpkg_metadata_reference SET timestamp = ({layer})")  # noqa: S608 (both are ours)


def _columns(sheet: Sheet) -> dict[str, Any]:
    """The properties by column; lists joined by semicolons, records as JSON, numbers with NaN for unknown."""
    import pandas

    records = list(sheet.records())
    names = [*sheet.fields, "city", "county_name", "place_name"]
    found: dict[str, Any] = {name: [_cell(record[name]) for record in records] for name in names}
    kinds = {name: "float64" if isinstance(field, Number) else None for name, field in sheet.fields.items()}
    return {name: pandas.Series(cells, dtype=kinds.get(name) or _type(cells)) for name, cells in found.items()}


def _type(cells: list[Any]) -> str:
    return "bool" if cells and all(isinstance(cell, bool) for cell in cells) else "str"


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        codes = all(isinstance(each, str) for each in value)
        return ";".join(value) if codes else json.dumps(value, ensure_ascii=False)
    return value


FORMAT = Format("gpkg", Label("GeoPackage", "GeoPackage"), "application/geopackage+sqlite3", _write)
