"""GeoJSON (RFC 7946), one feature a line, every digit of its coordinates: the file read back says the same."""

from __future__ import annotations

import json
from collections.abc import Iterator

from datasets.labels import Label
from geo.draw import geojson
from geo.draw.sheet import Format, Sheet


def _write(sheet: Sheet) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    for number, row in enumerate(sheet.rows.tolist()):
        feature = geojson.feature(sheet.table, row, sheet.kind, sheet.world, sheet.lang, decimals=None)
        text = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        yield (",\n" if number else "\n").encode() + text.encode()
    yield b"\n]}\n"


FORMAT = Format("geojson", Label("GeoJSON", "GeoJSON"), "application/geo+json", _write)
