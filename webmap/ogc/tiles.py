"""Vector tiles at the addresses of OGC API – Tiles: one collection, or all in one tile with a layer each."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from flask import Response, request

from datasets.labels import Label
from geo.draw.mvt import MAX_ZOOM, Layer
from geo.model import Feature
from geo.publish import Snapshot
from geo.query.faults import BadParameter, BadParameters
from webmap.asking import language
from webmap.caching import entity_tag
from webmap.ogc.asking import Conditions
from webmap.ogc.negotiation import MVT
from webmap.ogc.selecting import selected
from webmap.ogc.tilesets import MATRIX_SET
from webmap.problems import NotHere
from webmap.site import site

BUDGET = 100_000  # bytes of a compressed tile, all of its layers together
MORE = "more"


def check_matrix_set(name: str) -> None:
    """Raise NotHere for any tile matrix set but the one there is."""
    if name != MATRIX_SET:
        raise NotHere(
            Label(
                f"没有瓦片矩阵集 {name[:60]}；可用：{MATRIX_SET}",
                f"no tile matrix set {name[:60]}; there is {MATRIX_SET}",
            )
        )


def tile_at(matrix: str, row: str, column: str) -> tuple[int, int, int]:
    """Zoom, x and y of a tile. Raises BadParameters for what are no numbers, NotHere for a tile that does not exist."""
    for name, text in (("tileMatrix", matrix), ("tileRow", row), ("tileCol", column)):
        if not (text.isascii() and text.isdigit() and len(text) < 9):
            message = Label("应为不小于 0 的整数", "a whole number from 0 on is expected")
            raise BadParameters([BadParameter(name, text, message)])
    z, y, x = int(matrix), int(row), int(column)
    if z <= MAX_ZOOM and x < 2**z and y < 2**z:
        return z, x, y
    raise NotHere(
        Label(
            f"没有这张瓦片：tileMatrix 为 0 到 {MAX_ZOOM}，tileRow、tileCol 为 0 到 2^tileMatrix - 1",
            f"there is no such tile: tileMatrix runs from 0 to {MAX_ZOOM}, tileRow and tileCol to 2^tileMatrix - 1",
        )
    )


def layer_of(snapshot: Snapshot, kind: type[Feature]) -> Layer:
    """What draws a kind's tiles."""
    here = site()
    return here.remember(
        ("ogc layer", snapshot.version, kind.kind), lambda: Layer(snapshot.table(kind.kind), kind, here.world)
    )


def layers(kind: type[Feature] | None, snapshot: Snapshot) -> list[tuple[str, dict[str, str]]]:
    """The layers of a tileset with the types of their attributes by name; of the whole where `kind` is None."""
    kinds = [kind] if kind is not None else _kinds(snapshot)
    found = []
    for each in kinds:
        for layer in layer_of(snapshot, each).described:
            name, fields = str(layer["id"]), layer["fields"]
            assert isinstance(fields, dict)  # noqa: S101 (as TileJSON has it)
            found.append((_named(name, each) if kind is None else name, dict(fields)))
    return found


def tile(kind: type[Feature] | None, at: tuple[int, int, int], wanted: dict[str, Conditions]) -> Response:
    """The tile of a collection under its conditions, or of all collections; 304 where the reader has it."""
    here = site()
    tag = entity_tag(here.snapshot.version)
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        key = (
            here.snapshot.version,
            "ogc",
            kind.kind if kind else "",
            at,
            language(),
            *(c.key for c in wanted.values()),
        )
        content = here.tiles.get(key, lambda: gzip.compress(_drawn(kind, at, wanted), 3, mtime=0), len)
        response = _encoded(content)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Encoding")
    return response


def _drawn(kind: type[Feature] | None, at: tuple[int, int, int], wanted: dict[str, Conditions]) -> bytes:
    if kind is not None:
        return _layer_data(kind, at, wanted[kind.kind], BUDGET)
    kinds = [each for each in _kinds(site().snapshot) if each.kind in wanted]
    pieces = [_layer_data(each, at, wanted[each.kind], BUDGET // len(kinds)) for each in kinds]
    return b"".join(renamed(piece, MORE, _named(MORE, each)) for piece, each in zip(pieces, kinds, strict=True))


def _layer_data(kind: type[Feature], at: tuple[int, int, int], wanted: Conditions, budget: int) -> bytes:
    snapshot, rows = selected(site(), kind, wanted)
    mask = None if rows.all else rows.mask
    return layer_of(snapshot, kind).tile(*at, mask, language(), budget).data


def _kinds(snapshot: Snapshot) -> list[type[Feature]]:
    return [kind for kind in site().kinds if kind.kind in snapshot.kinds]


def _named(layer: str, kind: type[Feature]) -> str:
    """No two layers of a tile may have the same name."""
    return f"{MORE}_{kind.kind}" if layer == MORE else layer


def renamed(data: bytes, old: str, new: str) -> bytes:
    """An encoded tile whose layer `old` is called `new`."""
    made = b""
    for _, layer, _ in _fields(data):
        parts = [(number, value, raw) for number, value, raw in _fields(layer)]
        named = b"".join(
            _text(1, new) if number == 1 and value == old.encode() else raw for number, value, raw in parts
        )
        made += b"\x1a" + _varint(len(named)) + named
    return made


def _fields(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The fields of a message of texts, messages and whole numbers: number, content, the whole as encoded."""
    at = 0
    while at < len(data):
        start = at
        tag, at = _read(data, at)
        length, after = _read(data, at)
        if tag & 7 == 2:
            at, after = after, after + length
        yield tag >> 3, data[at:after], data[start:after]
        at = after


def _read(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 0x80:
            return value, at


def _varint(number: int) -> bytes:
    made = b""
    while number > 0x7F:
        made += bytes([number & 0x7F | 0x80])
        number >>= 7
    return made + bytes([number])


def _text(number: int, text: str) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(text.encode())) + text.encode()


def _encoded(content: bytes) -> Response:
    """The compressed tile as it is, unless the client takes no gzip."""
    if not request.accept_encodings.quality("gzip"):
        return Response(gzip.decompress(content), mimetype=MVT)
    response = Response(content, mimetype=MVT)
    response.headers["Content-Encoding"] = "gzip"
    return response
