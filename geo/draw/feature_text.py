"""Rows as the text of GeoJSON Features: to the byte what orjson writes of `geojson.feature`, but null for what says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import cast

import orjson

from datasets.labels import DEFAULT_LANGUAGE
from datasets.world import World
from geo.draw import geojson, records
from geo.draw.records import Rows
from geo.model import Feature
from geo.publish import Table, geometry_json
from geo.publish.columns import Column, FlagColumn, NumberColumn, TermColumn, TermsColumn, TextColumn
from geo.publish.geometry_json import DECIMALS, NULL
from geo.publish.packed import entries

Texts = Sequence[bytes | memoryview]
_FLAGS = (b"false", b"true")
_ESCAPED = re.compile(rb'[\x00-\x1f"\\]')  # what cannot stand in a JSON text as it is


def features(
    table: Table,
    rows: Rows,
    kind: type[Feature],
    world: World,
    lang: str = DEFAULT_LANGUAGE,
    wanted: Collection[str] | None = None,
    shapes: Texts | None = None,
) -> bytes:
    """A JSON array with a Feature for each of the rows.

    wanted: the only properties to give. shapes: the geometries' texts, in place of those of `geometries`.
    """
    if not len(rows):
        return b"[]"
    if wanted is None and shapes is None and table.feature_text is not None:
        named = [(b',"%b":' % name.encode(), _property(name, table, rows, world, lang)) for name in NAMES]
        return _joined([(b"", slices(table.feature_text, rows)), *named], b"}}")
    said = {
        name: _property(name, table, rows, world, lang)
        for name in geojson.property_labels(kind)
        if wanted is None or name in wanted
    }
    ids = said.get("id") or values(table.column("id"), rows)
    pairs = [(b'{"type":"Feature","id":', ids), (b',"geometry":', shapes or geometries(table, rows))]
    before = b',"properties":{'
    for name, texts in said.items():
        pairs.append((b'%b"%b":' % (before, name.encode()), texts))
        before = b","
    return _joined(pairs, b"}}" if said else b"%b}}" % before)


def _joined(pairs: Sequence[tuple[bytes, Texts]], end: bytes) -> bytes:
    """An array of texts, each made of the pairs' own after what comes before them, and of the end.

    All pieces are joined at once: a text of its own for each feature would be written twice.
    """
    step, number = 2 * len(pairs) + 1, len(pairs[0][1])
    pieces: list[bytes | memoryview] = [end + b","] * (step * number)
    for place, (head, texts) in enumerate(pairs):
        pieces[2 * place :: step] = [head] * number
        pieces[2 * place + 1 :: step] = texts
    pieces[0], pieces[-1] = b"[" + pairs[0][0], end + b"]"
    return b"".join(pieces)


def _property(name: str, table: Table, rows: Rows, world: World, lang: str) -> Texts:
    if name not in NAMES:
        return values(table.column(name), rows)
    field, name_of = NAMES[name]
    column = cast(TermColumn, table.column(field))
    codes = column.codes[rows].tolist()
    written = {code: orjson.dumps(name_of(world, column.terms[code], lang) or None) for code in {*codes} - {-1}}
    written[-1] = NULL
    return [written[code] for code in codes]


def _county(world: World, adcode: str, lang: str) -> str:
    return world.boundaries.name(adcode).text(lang)


def _place(world: World, code: str, lang: str) -> str:
    place = world.gazetteer.places.get(code)
    return place.name.text(lang) if place else ""


# Properties that follow from others and differ by language: they end a Feature, behind what `geo.publish.ready_text` wrote.
NAMES: Mapping[str, tuple[str, Callable[[World, str, str], str]]] = {
    "county_name": ("county", _county),
    "place_name": ("place", _place),
}


def values(column: Column, rows: Rows) -> Texts:
    """`column[row]` of each of the rows (not none) as JSON; null for a text that says nothing."""
    if isinstance(column, NumberColumn):
        return orjson.dumps(column.values[rows], option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")
    if isinstance(column, FlagColumn):
        return [_FLAGS[flag] for flag in column.values[rows].tolist()]
    if isinstance(column, TermColumn):
        terms = (*column.terms_json, NULL)
        return [terms[code] for code in column.codes[rows].tolist()]
    if isinstance(column, TermsColumn):
        return _lists(column, rows)
    if isinstance(column, TextColumn):
        return _texts(column, rows)
    return [NULL if value == "" else orjson.dumps(value) for value in records.values(column, rows)]


def _lists(column: TermsColumn, rows: Rows) -> Texts:
    positions, offsets = entries(column.offsets, rows)
    terms = [column.terms_json[code] for code in column.codes[positions].tolist()]
    if len(terms) == len(rows) and (offsets[1:] > offsets[:-1]).all():  # one each, as almost always
        return [b"[%b]" % term for term in terms]
    return [b"[%b]" % b",".join(terms[start:stop]) for start, stop in pairwise(offsets.tolist())]


def _texts(column: TextColumn, rows: Rows) -> Texts:
    positions, offsets = entries(column.offsets, rows)
    if not len(positions):
        return [NULL] * len(rows)
    said = column.data[positions].tobytes()
    spans = pairwise(offsets.tolist())
    if _ESCAPED.search(said):
        return [orjson.dumps(said[start:stop].decode()) if stop > start else NULL for start, stop in spans]
    return [b'"%b"' % said[start:stop] if stop > start else NULL for start, stop in spans]


def slices(column: TextColumn, rows: Rows) -> Texts:
    """The bytes of each of the rows, where they lie."""
    data = column.data.data
    spans = zip(column.offsets[rows].tolist(), column.offsets[rows + 1].tolist(), strict=True)
    return [data[start:stop] for start, stop in spans]


def geometries(table: Table, rows: Rows, decimals: int = DECIMALS) -> Texts:
    """The geometries of `geojson.geometry` as JSON; null where there is none."""
    found = geometry_json.texts(table.shapes.take(rows), decimals)
    if table.unfit:
        for number, row in enumerate(rows.tolist()):
            if row in table.unfit:
                found[number] = orjson.dumps(geometry_json.geometry(table.geometry(row), decimals))
    return found
