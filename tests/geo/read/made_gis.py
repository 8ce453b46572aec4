"""Sample GIS files made in code: what survey offices send, whole and damaged."""

from __future__ import annotations

import json
import sqlite3
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from shapely.geometry.base import BaseGeometry

EAST, NORTH = 38_500_000.0, 3_770_000.0
"""A corner in EPSG:4526, near Xuchang."""

GK38 = "EPSG:4526"
NAMES = ("一号地块", "二号地块", "三号地块")


def square(at: int = 0, side: float = 100.0) -> shapely.Polygon:
    """A parcel in EPSG:4526; `at` moves it east by 200 m steps."""
    return shapely.box(EAST + 200 * at, NORTH, EAST + 200 * at + side, NORTH + side)


def with_hole() -> shapely.Polygon:
    """A parcel with a hole in it."""
    inner = shapely.box(EAST + 20, NORTH + 20, EAST + 40, NORTH + 40)
    return shapely.Polygon(square().exterior, [inner.exterior])


def written(path: Path, geometries: Sequence[BaseGeometry | None], **options: Any) -> Path:
    """A file of these geometries with columns 名称 and 面积, by GDAL; the format goes by the extension."""
    names = options.pop("names", [NAMES[row % 3] for row in range(len(geometries))])
    flavor = options.pop("flavor", "iso")
    wkb = np.array(shapely.to_wkb(np.array(geometries, dtype=object), flavor=flavor), dtype=object)
    settings = {"geometry_type": "Polygon", "crs": GK38, "encoding": "GB18030"} | options
    if path.suffix != ".shp":
        settings.pop("encoding")
    fields = options.pop("fields", ["名称", "面积"])
    settings["fields"] = fields
    data = [np.array(names, dtype=object), np.arange(len(geometries)) + 0.5]
    pyogrio.raw.write(path, geometry=wkb, field_data=data, **settings)
    return path


def parts(folder: Path, geometries: Sequence[BaseGeometry | None] = (), **options: Any) -> dict[str, bytes]:
    """The parts of a shapefile by extension, without the dot."""
    path = written(folder / "made.shp", geometries or [square(), square(1), square(2)], **options)
    return {each.suffix[1:]: each.read_bytes() for each in path.parent.glob("made.*")}


def zipped(path: Path, files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of these files."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def zipped_gbk(path: Path, files: Mapping[str, bytes]) -> Path:
    """A zip as Chinese Windows makes it: names in GBK, the UTF-8 flag not set."""
    local, directory = b"", b""
    for name, data in files.items():
        raw = name.encode("gbk")
        head = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, _crc(data), len(data), len(data), len(raw), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, len(local)) + raw
        local += b"PK\x03\x04" + head + raw + data
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(local), 0)
    path.write_bytes(local + directory + b"PK\x05\x06" + end)
    return path


def _crc(data: bytes) -> int:
    import zlib

    return zlib.crc32(data)


def shapefile(
    folder: Path, name: str = "plots", geometries: Sequence[BaseGeometry | None] = (), **options: Any
) -> Path:
    """A zipped shapefile, whole."""
    made = parts(folder, geometries, **options)
    return zipped(folder / f"{name}.zip", {f"{name}.{suffix}": data for suffix, data in made.items()})


def ring_of(count: int, degrees: bool = False) -> shapely.Polygon:
    """A round parcel of so many corners."""
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    middle, radius = (np.array([113.8, 34.0]), 0.01) if degrees else (np.array([EAST, NORTH]), 1000.0)
    return shapely.Polygon(middle + radius * np.column_stack([np.cos(angles), np.sin(angles)]))


def geojson(path: Path, value: object) -> Path:
    """A file of this value as JSON."""
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def feature(geometry: BaseGeometry | None, **properties: object) -> dict[str, Any]:
    """A GeoJSON feature."""
    shape = json.loads(shapely.to_geojson(geometry)) if geometry is not None else None
    return {"type": "Feature", "properties": properties, "geometry": shape}


def changed_gpkg(path: Path, *statements: str) -> Path:
    """A GeoPackage after these statements."""
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path


def kml(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    """A KML document of this body."""
    return f'{head}\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'.encode()


def kml_polygon(*rings: str) -> str:
    """A KML polygon; the first ring is the outer one."""
    outer = f"<outerBoundaryIs><LinearRing><coordinates>{rings[0]}</coordinates></LinearRing></outerBoundaryIs>"
    inner = "".join(
        f"<innerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></innerBoundaryIs>"
        for ring in rings[1:]
    )
    return f"<Polygon>{outer}{inner}</Polygon>"


SQUARE_KML = "113.8,34.0,0 113.81,34.0,0 113.81,34.01,0 113.8,34.01,0 113.8,34.0,0"
INNER_KML = "113.802,34.002 113.804,34.002 113.804,34.004 113.802,34.004 113.802,34.002"
