"""Rows as the text of GeoJSON Features, written column by column: to the byte what orjson writes of `geojson.feature`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np
import orjson

from datasets.labels import DEFAULT_LANGUAGE
from datasets.world import World
from geo.draw import geojson, records
from geo.draw.records import Rows
from geo.model import Feature
from geo.publish import Table
from geo.publish.columns import Column, FlagColumn, NumberColumn, TermColumn, TermsColumn, TextColumn
from geo.publish.packed import entries
from geo.publish.shapes import LINE, MULTIPOINT, MULTIPOLYGON, NOTHING, POINT, POLYGON

Texts = Sequence[bytes]
NAMED_BY = {"county_name": "county", "place_name": "place"}  # a name → the field with the code
EMPTY, NULL = b'""', b"null"
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
    empty: bytes = EMPTY,
) -> bytes:
    """A JSON array with a Feature for each of the rows.

    wanted: the only properties to give. shapes: the geometries' texts, in place of those of `geometries`. empty: what
    stands for a text that says nothing.
    """
    if not len(rows):
        return b"[]"
    said = {
        name: _property(name, table, rows, world, lang, empty)
        for name in geojson.property_labels(kind)
        if wanted is None or name in wanted
    }
    ids = said.get("id") or values(table.column("id"), rows)
    return _assembled(ids, geometries(table, rows) if shapes is None else shapes, said)


def _assembled(ids: Texts, shapes: Texts, said: dict[str, Texts]) -> bytes:
    """All pieces side by side, joined at once: a text of its own for each feature would be written twice."""
    pairs: list[tuple[bytes, Texts]] = [(b'{"type":"Feature","id":', ids), (b',"geometry":', shapes)]
    before = b',"properties":{'
    for name, texts in said.items():
        pairs.append((b'%b"%b":' % (before, name.encode()), texts))
        before = b","
    end = b"}}," if said else b"%b}}," % before
    step = 2 * len(pairs) + 1
    pieces = [end] * (step * len(ids))
    for number, (head, texts) in enumerate(pairs):
        pieces[2 * number :: step] = [head] * len(ids)
        pieces[2 * number + 1 :: step] = texts
    return b"[%b]" % b"".join(pieces)[:-1]


def _property(name: str, table: Table, rows: Rows, world: World, lang: str, empty: bytes) -> Texts:
    column = NAMED_BY.get(name)
    if column is None:
        return values(table.column(name), rows, empty)
    codes, places = records.values(table.column(column), rows), world.gazetteer.places
    if column == "county":
        names = {code: world.boundaries.name(code).text(lang) for code in set(codes)}
    else:
        names = {code: places[code].name.text(lang) if code in places else "" for code in set(codes)}
    written = {code: orjson.dumps(name) if name else empty for code, name in names.items()}
    return [written[code] for code in codes]


def values(column: Column, rows: Rows, empty: bytes = EMPTY) -> Texts:
    """`column[row]` of each of the rows (not none) as JSON; `empty` for a text that says nothing."""
    if isinstance(column, NumberColumn):
        return orjson.dumps(column.values[rows], option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")
    if isinstance(column, FlagColumn):
        return [_FLAGS[flag] for flag in column.values[rows].tolist()]
    if isinstance(column, TermColumn):
        terms = (*column.terms_json, empty)
        return [terms[code] for code in column.codes[rows].tolist()]
    if isinstance(column, TermsColumn):
        return _lists(column, rows)
    if isinstance(column, TextColumn):
        return _texts(column, rows, empty)
    return [empty if value == "" else orjson.dumps(value) for value in records.values(column, rows)]


def _lists(column: TermsColumn, rows: Rows) -> Texts:
    positions, offsets = entries(column.offsets, rows)
    terms = [column.terms_json[code] for code in column.codes[positions].tolist()]
    if len(terms) == len(rows) and (offsets[1:] > offsets[:-1]).all():  # one each, as almost always
        return [b"[%b]" % term for term in terms]
    return [b"[%b]" % b",".join(terms[start:stop]) for start, stop in pairwise(offsets.tolist())]


def _texts(column: TextColumn, rows: Rows, empty: bytes) -> Texts:
    positions, offsets = entries(column.offsets, rows)
    if not len(positions):
        return [empty] * len(rows)
    said = column.data[positions].tobytes()
    spans = pairwise(offsets.tolist())
    if _ESCAPED.search(said):
        return [orjson.dumps(said[start:stop].decode()) if stop > start else empty for start, stop in spans]
    return [b'"%b"' % said[start:stop] if stop > start else empty for start, stop in spans]


def geometries(table: Table, rows: Rows, decimals: int = geojson.DECIMALS) -> Texts:
    """The geometries of `geojson.geometry` as JSON; null where there is none."""
    found = _written(table, rows, decimals)
    if table.unfit:
        for number, row in enumerate(rows.tolist()):
            if row in table.unfit:
                found[number] = orjson.dumps(geojson.geometry(table.geometry(row), decimals))
    return found


def _written(table: Table, rows: Rows, decimals: int) -> list[bytes]:
    shapes = table.shapes.take(rows)
    coordinates = np.round(records.right_handed(shapes), decimals)
    runs = [coordinates[start:stop] for start, stop in pairwise(shapes.vertices.tolist())]
    lines = [orjson.dumps(run, option=orjson.OPT_SERIALIZE_NUMPY) for run in runs]
    kinds = shapes.type.tolist()
    if len(lines) == len(kinds) and set(kinds) == {POLYGON}:  # of one ring each, as almost always
        return [b'{"type":"Polygon","coordinates":[%b]}' % line for line in lines]
    rings, parts = shapes.rings.tolist(), shapes.parts.tolist()
    made: list[bytes] = []
    for number, kind in enumerate(kinds):
        if kind == NOTHING:
            made.append(NULL)
            continue
        own = [lines[rings[part] : rings[part + 1]] for part in range(parts[number], parts[number + 1])]
        made.append(b'{"type":"%b","coordinates":%b}' % (records.NAMES[kind].encode(), _coordinates(kind, own)))
    return made


def _coordinates(kind: int, parts: list[list[bytes]]) -> bytes:
    """The coordinates of a geometry, whose parts are lists of lines, each an array of positions."""
    if kind in (POINT, MULTIPOINT):
        written = [part[0][1:-1] for part in parts]
    elif kind in (POLYGON, MULTIPOLYGON):
        written = [b"[%b]" % b",".join(part) for part in parts]
    else:
        written = [part[0] for part in parts]
    return written[0] if kind in (POINT, LINE, POLYGON) else b"[%b]" % b",".join(written)
