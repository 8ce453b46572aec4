"""GeoJSON (RFC 7946), one feature a line, every digit of its coordinates: the file read back says the same."""

from __future__ import annotations

import json
from collections.abc import Iterator

from datasets.labels import Label
from geo.draw import geojson
from geo.draw.sheet import Format, Sheet


def _write(sheet: Sheet) -> Iterator[bytes]:
    # A foreign member (RFC 7946 §6.1), before the features, so that whoever reads piece by piece knows at once.
    told = json.dumps(sheet.about.members, ensure_ascii=False) if sheet.about else "null"
    yield f'{{"type":"FeatureCollection","metadata":{told},"features":['.encode()
    for number, row in enumerate(sheet.rows.tolist()):
        feature = geojson.feature(sheet.table, row, sheet.kind, sheet.world, sheet.lang, decimals=None)
        text = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        yield (",\n" if number else "\n").encode() + text.encode()
    yield b"\n]}\n"


FORMAT = Format("geojson", Label("GeoJSON", "GeoJSON"), "application/geo+json", _write)
