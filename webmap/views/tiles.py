"""Vector tiles of a kind's features, and the TileJSON that says where they are."""

from __future__ import annotations

import gzip
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from datasets.labels import DEFAULT_LANGUAGE, Label
from geo.draw.mvt import MAX_ZOOM, Layer
from geo.model import Feature
from geo.publish import Snapshot
from geo.query.faults import BadParameter, BadParameters
from geo.query.filter import Filter
from webmap.asking import filter_of_request, kind_called, language
from webmap.caching import YEAR_S, answer, entity_tag, json_response
from webmap.problems import NotCurrent
from webmap.serving.kept import keep
from webmap.site import site

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
WORLD = (-180.0, -85.0511, 180.0, 85.0511)

blueprint = Blueprint("tiles", __name__, url_prefix="/tiles")


@blueprint.get("/<kind>.json")
def tilejson(kind: str) -> Response:
    """TileJSON 3.0 of a kind: where the tiles of the current version are, under the filter of this address."""
    wanted, lang = filter_of_request(), language()
    declared = kind_called(kind)

    def make() -> Response:
        here = site()
        query = urlencode([*wanted.query(), *([("lang", lang)] if lang != DEFAULT_LANGUAGE else [])], safe=",")
        path = f"{request.root_url}tiles/{here.snapshot.version}/{quote(kind)}"
        body = {
            "tilejson": "3.0.0",
            "name": declared.plural.text(lang),
            "scheme": "xyz",
            "tiles": [f"{path}/{{z}}/{{x}}/{{y}}.mvt" + (f"?{query}" if query else "")],
            "minzoom": 0,
            "maxzoom": MAX_ZOOM,
            "bounds": here.snapshot.table(kind).bounds or WORLD,
            "vector_layers": _layer(here.snapshot, declared).described,
        }
        return json_response(body)

    return answer(make)


@blueprint.get("/<version>/<kind>/<z>/<x>/<y>.mvt")
def tile(version: str, kind: str, z: str, x: str, y: str) -> Response:
    """One tile; it may be kept for ever, as its address names the version of what it shows."""
    wanted, lang = filter_of_request(), language()
    declared = kind_called(kind)
    at = _tile_at(z, x, y)
    here = site()
    snapshot = here.snapshot
    if version != snapshot.version:
        here.look()  # another worker or node may have told the reader of a newer one already
        snapshot = here.snapshot
        if version != snapshot.version:
            raise NotCurrent(version, snapshot.version)
    address = f"tile {version} {kind} {at} {lang} {wanted.query_string()}"
    tag = entity_tag(version, address)
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        key = (version, kind, at, wanted, lang)
        content = here.tiles.get(key, lambda: _compressed(snapshot, declared, at, wanted, lang), len)
        response = _encoded(content)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    response.vary.add("Accept-Encoding")
    keep(version, address)
    return response


def _compressed(snapshot: Snapshot, kind: type[Feature], at: tuple[int, int, int], wanted: Filter, lang: str) -> bytes:
    mask = None
    if wanted != Filter():
        selection = site().select(wanted)
        if selection.snapshot.version != snapshot.version:  # a newer one has come in between
            raise NotCurrent(snapshot.version, selection.snapshot.version)
        mask = selection.masks[kind.kind]
    return _layer(snapshot, kind).tile(*at, mask, lang).gzipped


def _layer(snapshot: Snapshot, kind: type[Feature]) -> Layer:
    here = site()
    return here.remember(
        ("layer", snapshot.version, kind.kind), lambda: Layer(snapshot.table(kind.kind), kind, here.world)
    )


def _encoded(content: bytes) -> Response:
    """The compressed tile as it is, unless the client takes no gzip."""
    if not request.accept_encodings.quality("gzip"):
        return Response(gzip.decompress(content), mimetype=MEDIA_TYPE)
    response = Response(content, mimetype=MEDIA_TYPE)
    response.headers["Content-Encoding"] = "gzip"
    return response


def _tile_at(z: str, x: str, y: str) -> tuple[int, int, int]:
    """The numbers of a tile; raises BadParameters for one that does not exist."""
    numbers = [int(part) if part.isascii() and part.isdigit() and len(part) < 9 else -1 for part in (z, x, y)]
    zoom, column, line = numbers
    if 0 <= zoom <= MAX_ZOOM and 0 <= column < 2**zoom and 0 <= line < 2**zoom:
        return zoom, column, line
    message = Label(
        f"没有这张瓦片：z 为 0 到 {MAX_ZOOM}，x、y 为 0 到 2^z - 1",
        f"there is no such tile: z runs from 0 to {MAX_ZOOM}, x and y from 0 to 2^z - 1",
    )
    raise BadParameters((BadParameter("tile", f"{z}/{x}/{y}", message),))
