"""KML 2.2 for viewers of the Earth: a placemark a feature, its fields as ExtendedData, WGS-84 lon,lat at full precision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from datasets.labels import Label
from geo.draw.sheet import Format, Sheet, plain

# What XML 1.0 cannot hold at all, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TYPES = {0: "Point", 1: "LineString", 3: "Polygon", 4: "several", 5: "several", 6: "several", 7: "several"}
_ALTITUDE = "<altitudeMode>clampToGround</altitudeMode>"


def _write(sheet: Sheet) -> Iterator[bytes]:
    title = _text(sheet.kind.plural.text(sheet.lang))
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'
        f'<Document id="{sheet.kind.kind}">\n<name>{title}</name>\n'
        f"<description>{_text(sheet.about.text() if sheet.about else '')}</description>\n"
    ).encode()
    for row, record in zip(sheet.rows.tolist(), sheet.records(), strict=True):
        yield _placemark(sheet, record, sheet.table.geometry(row)).encode()
    yield b"</Document>\n</kml>\n"


def _placemark(sheet: Sheet, record: dict[str, Any], shape: shapely.Geometry | None) -> str:
    data = "".join(
        f"<Data name={quoteattr(name)}><displayName>{_text(field.label.text(sheet.lang))}</displayName>"
        f"<value>{_text(plain(record[name]))}</value></Data>\n"
        for name, field in sheet.fields.items()
    )
    drawn = "" if shape is None or shapely.is_empty(shape) else _shape(shape) + "\n"
    return f"<Placemark>\n<name>{_text(record['name'])}</name>\n<ExtendedData>\n{data}</ExtendedData>\n{drawn}</Placemark>\n"


def _shape(shape: shapely.Geometry) -> str:
    kind = TYPES[int(shapely.get_type_id(shape))]
    if kind == "Point":
        return f"<Point>{_ALTITUDE}{_line(shape)}</Point>"
    if kind == "LineString":
        return f"<LineString><tessellate>1</tessellate>{_ALTITUDE}{_line(shape)}</LineString>"
    if kind == "Polygon":
        return f"<Polygon>{_ALTITUDE}{_rings(shape)}</Polygon>"
    parts = "".join(_shape(part) for part in shapely.get_parts(shape))
    return f"<MultiGeometry>{parts}</MultiGeometry>"


def _rings(polygon: shapely.Geometry) -> str:
    outer, *holes = shapely.get_rings(polygon)
    inner = "".join(f"<innerBoundaryIs><LinearRing>{_line(hole)}</LinearRing></innerBoundaryIs>" for hole in holes)
    return f"<outerBoundaryIs><LinearRing>{_line(outer)}</LinearRing></outerBoundaryIs>{inner}"


def _line(shape: shapely.Geometry) -> str:
    points = " ".join(f"{lon!r},{lat!r}" for lon, lat in np.asarray(shapely.get_coordinates(shape)).tolist())
    return f"<coordinates>{points}</coordinates>"


def _text(value: object) -> str:
    return escape(_FORBIDDEN.sub("", str(value)))


FORMAT = Format("kml", Label("KML", "KML"), "application/vnd.google-earth.kml+xml", _write)
