"""Write a snapshot folder out of features."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from datasets.world import World
from geo.model import Feature, Kinds, fields_of
from geo.model.field import Storage
from geo.publish.arrays import ArrayFileWriter
from geo.publish.columns import write_blobs, write_column, write_text

FORMAT = 1
MANIFEST = "manifest.json"


def build(features: Iterable[Feature], kinds: Kinds, world: World, folder: Path) -> str:
    """Write the snapshot of `features` into the empty `folder`; its version (hex, from the content alone).

    The order of `features` does not matter. Each kind's rows stand in the order of their ids.
    """
    by_kind: dict[str, list[Feature]] = {name: [] for name in kinds.names}
    for feature in features:
        by_kind[feature.kind].append(feature)
    tables = {}
    for kind in kinds:
        rows = sorted(by_kind[kind.kind], key=lambda feature: feature.id)
        tables[kind.kind] = _write_table(rows, kind, world, folder / f"{kind.kind}.bin")
    manifest: dict[str, Any] = {"format": FORMAT, "tables": tables}
    canonical = json.dumps(manifest, ensure_ascii=False, sort_keys=True).encode()
    manifest["version"] = hashlib.sha256(canonical).hexdigest()[:16]
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return str(manifest["version"])


def _write_table(rows: Sequence[Feature], kind: type[Feature], world: World, path: Path) -> dict[str, Any]:
    out = ArrayFileWriter()
    payloads = [row.payload() for row in rows]
    columns = {
        name: write_column(out, name, field.storage, [payload[name] for payload in payloads])
        for name, field in fields_of(kind).items()
    }
    columns["city"] = write_column(out, "city", Storage.TERM, [world.boundaries.city_of(row.county) for row in rows])
    out.add("year", np.array([int(row.as_of[:4] or 0) for row in rows], np.int16))
    write_text(out, "search", [_search_text(row, world) for row in rows])
    _write_geometry(out, rows)
    return {"rows": len(rows), "columns": columns, **out.write(path)}


def _search_text(row: Feature, world: World) -> str:
    """All that a person may type to find the row, lower-cased; the line feed keeps fields apart."""
    parts = [str(getattr(row, name)) for name, field in fields_of(type(row)).items() if field.searched]
    county = world.boundaries.name(row.county)
    labels = [county, *(world.chains.chains[chain].label for chain in row.chains if chain in world.chains.chains)]
    parts += [text for label in labels for text in (label.zh, label.en)]
    return "\n".join(part for part in parts if part).lower()


def _write_geometry(out: ArrayFileWriter, rows: Sequence[Feature]) -> None:
    geometries = np.array([row.geometry for row in rows], dtype=object)
    blobs = [b"" if geometry is None else shapely.to_wkb(geometry) for geometry in geometries]
    write_blobs(out, "geometry", blobs)
    out.add("bbox", shapely.bounds(geometries) if len(rows) else np.empty((0, 4)))
    points = [(np.nan, np.nan) if g is None else _point(g) for g in geometries]
    out.add("point", np.array(points, np.float64).reshape(-1, 2))


def _point(geometry: shapely.Geometry) -> tuple[float, float]:
    """Where the feature's symbol stands: on it, in its middle."""
    middle = shapely.point_on_surface(geometry)
    return float(shapely.get_x(middle)), float(shapely.get_y(middle))
