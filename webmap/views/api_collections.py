"""OGC API – Features and OGC API – Tiles: the addresses; `webmap.ogc` says what stands at them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers.response import Response as AnyResponse

from datasets.labels import Label
from geo.model import Feature
from webmap.asking import kind_called, language
from webmap.ogc import asking, collections, conformance, guide, items, openapi, pages, showing, tiles, tilesets
from webmap.ogc.asking import PAGING
from webmap.ogc.boxes import leave_for_further_boxes
from webmap.ogc.negotiation import DEFINITION, FEATURES, RESOURCE, SCHEMAS, check_names, chosen, respond
from webmap.ogc.openapi import TILESET
from webmap.ogc.selecting import selected
from webmap.ogc.systems import system_of
from webmap.problems import NotHere
from webmap.site import site
from webmap.views.pages_render import reader

METHODS = "GET, HEAD, OPTIONS"

blueprint = Blueprint("ogc", __name__, url_prefix="/api")


@blueprint.get("/")
def landing() -> Response:
    """The landing page of the API."""
    check_names()
    return respond(RESOURCE, collections.landing, "ogc/landing.html", pages.landing)


@blueprint.get("/conformance", endpoint="conformance")
def conformance_classes() -> Response:
    """What the service says it conforms to."""
    check_names()
    body = {"conformsTo": list(conformance.classes(writes=site().config.staff_enabled))}
    return respond(RESOURCE, lambda: body, "ogc/conformance.html", pages.conformance)


@blueprint.get("/openapi", endpoint="openapi")
def openapi_definition() -> Response:
    """The API definition; as a page, the service by examples."""
    check_names()
    return respond(DEFINITION, openapi.definition, "ogc/api.html", guide.api)


@blueprint.get("/connect")
def connect() -> Response:
    """How to connect from other software."""
    check_names()
    return respond({"html": "text/html"}, dict, "ogc/connect.html", guide.connect)


@blueprint.get("/collections", endpoint="collections")
def all_collections() -> Response:
    """All collections."""
    check_names()
    return respond(RESOURCE, collections.all_collections, "ogc/collections.html", pages.collections)


@blueprint.get("/collections/<kind>")
def collection(kind: str) -> Response:
    """One collection."""
    check_names()
    declared, snapshot = _kind(kind), site().snapshot
    return respond(
        RESOURCE,
        lambda: collections.collection(declared, snapshot),
        "ogc/collection.html",
        lambda: pages.collection(declared, snapshot),
    )


@blueprint.get("/collections/<kind>/schema")
def schema(kind: str) -> Response:
    """The JSON Schema of a collection's properties, made from the kind's declaration."""
    check_names()
    declared = _kind(kind)
    return respond(
        SCHEMAS, lambda: collections.schema(declared), "ogc/schema.html", lambda: pages.schema(declared, "schema")
    )


@blueprint.get("/collections/<kind>/queryables")
def queryables(kind: str) -> Response:
    """What a filter may name."""
    check_names()
    declared = _kind(kind)
    return respond(
        SCHEMAS,
        lambda: collections.queryables(declared),
        "ogc/schema.html",
        lambda: pages.schema(declared, "queryables"),
    )


@blueprint.get("/collections/<kind>/items", endpoint="items")
def features(kind: str) -> Response:
    """The features of a collection that the conditions select, `limit` at a time, in the order of their ids."""
    declared = _kind(kind)
    wanted, place = asking.conditions(declared, "crs", *PAGING, *showing.OWN), asking.place()
    shown, (snapshot, rows) = showing.shown(declared), selected(site(), declared, wanted)
    asked = items.pages_asked(declared, snapshot, place, shown)
    leave_for_further_boxes(wanted, asked)
    return respond(
        FEATURES,
        lambda: asked.body(rows),
        "ogc/items.html",
        lambda: pages.items(asked, rows),
        version=snapshot.version,
        headers={"Content-Crs": f"<{asked.crs.uri}>"},
    )


@blueprint.get("/collections/<kind>/items/<path:feature_id>", endpoint="item")
def feature(kind: str, feature_id: str) -> AnyResponse:
    """One feature; for a person the page about it; for a program with a token its newest revision."""
    check_names("crs", *showing.OWN)
    if _shows_token():
        own = _working(kind, feature_id)
        if own is not None:
            return own
    declared, snapshot, crs = _kind(kind), site().snapshot, system_of("crs")
    language()
    shown, row = showing.shown(declared), snapshot.table(kind).row_of(feature_id)
    if row is None:
        raise NotHere(Label(f"没有编号为 {feature_id} 的要素", f"there is no feature with the id {feature_id}"))
    if chosen(FEATURES) == "html":
        there = redirect(reader().link("f", kind, feature_id), 303)
        there.vary.add("Accept")
        return there
    found = respond(
        FEATURES,
        lambda: items.item(declared, snapshot, row, shown),
        version=snapshot.version,
        headers={"Content-Crs": f"<{crs.uri}>"},
    )
    if site().config.staff_enabled:
        found.vary.add("Authorization")
    return found


def _shows_token() -> bool:
    """Whether a program asks in a person's name; other schemes in the header are those of a proxy before this service."""
    scheme = request.headers.get("Authorization", "").partition(" ")[0]
    return site().config.staff_enabled and scheme.lower() == "bearer"


def _working(kind: str, feature_id: str) -> Response | None:
    """The newest revision, as far as the token reaches; such an answer is for nobody else."""
    from webmap.writing.views import working  # the libraries of the record are loaded only where somebody works on it

    g.for_token = True
    own = working(kind, feature_id)
    g.for_token = own is not None
    return own


@blueprint.get("/tileMatrixSets")
def matrix_sets() -> Response:
    """The tile matrix sets."""
    check_names()
    return respond(RESOURCE, tilesets.matrix_sets, "ogc/tiles.html", pages.tiles)


@blueprint.get("/tileMatrixSets/<name>")
def matrix_set(name: str) -> Response:
    """One tile matrix set."""
    check_names()
    tiles.check_matrix_set(name)
    return respond(RESOURCE, tilesets.matrix_set, "ogc/tiles.html", pages.tiles)


@blueprint.get("/tiles")
def dataset_tilesets() -> Response:
    """The tilesets of all collections together."""
    check_names()
    return respond(RESOURCE, lambda: tilesets.tilesets(None, site().snapshot), "ogc/tiles.html", pages.tiles)


@blueprint.get("/collections/<kind>/tiles", endpoint="tilesets")
def collection_tilesets(kind: str) -> Response:
    """The tilesets of a collection."""
    check_names()
    declared = _kind(kind)
    return respond(RESOURCE, lambda: tilesets.tilesets(declared, site().snapshot), "ogc/tiles.html", pages.tiles)


@blueprint.get("/tiles/<name>")
def dataset_tileset(name: str) -> Response:
    """The tileset of all collections together: its metadata or its TileJSON."""
    check_names()
    return _tileset(None, name, "")


@blueprint.get("/collections/<kind>/tiles/<name>", endpoint="tileset")
def collection_tileset(kind: str, name: str) -> Response:
    """The tileset of a collection: its metadata, or its TileJSON under the conditions of this address."""
    declared = _kind(kind)
    asking.conditions(declared)
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in ("f", "v")]
    return _tileset(declared, name, f"?{urlencode(kept, safe=',:/')}" if kept else "")


@blueprint.get("/tiles/<name>/<z>/<r>/<c>")
def dataset_tile(name: str, z: str, r: str, c: str) -> Response:
    """A tile of all collections together, a layer each."""
    check_names()
    tiles.check_matrix_set(name)
    at = tiles.tile_at(z, r, c)
    kinds = [kind for kind in site().kinds if kind.kind in site().snapshot.kinds]
    return tiles.tile(None, at, {kind.kind: asking.conditions(kind) for kind in kinds})


@blueprint.get("/collections/<kind>/tiles/<name>/<z>/<r>/<c>", endpoint="tile")
def collection_tile(kind: str, name: str, z: str, r: str, c: str) -> Response:
    """A tile of a collection, row before column, under the same conditions as its items."""
    declared = _kind(kind)
    tiles.check_matrix_set(name)
    at = tiles.tile_at(z, r, c)
    return tiles.tile(declared, at, {kind: asking.conditions(declared)})


def _tileset(kind: type[Feature] | None, name: str, query: str) -> Response:
    tiles.check_matrix_set(name)
    snapshot = site().snapshot

    def body() -> dict[str, Any]:
        layers = tiles.layers(kind, snapshot)
        if chosen(TILESET) == "tilejson":
            return tilesets.tilejson(kind, snapshot, layers, query)
        return tilesets.tileset(kind, snapshot, layers)

    return respond(TILESET, body, "ogc/tiles.html", pages.tiles, version=snapshot.version)


def _kind(name: str) -> type[Feature]:
    """The kind of that name, which has been published; raises NotHere."""
    declared = kind_called(name)
    if name not in site().snapshot.kinds:
        raise NotHere(Label(f"“{name}”尚未发布", f"'{name}' has not been published yet"))
    return declared


@blueprint.after_request
def allow_reading(response: Response) -> Response:
    """Pages of any origin may read; nothing of the reader's is sent along, and nothing can be written this way."""
    if request.method in ("GET", "HEAD", "OPTIONS") and not g.get("for_token"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Content-Crs, ETag, Link"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
