"""The collections: one a kind of feature, their items as GeoJSON (OGC API – Features, Part 1)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import MultiDict

from datasets.labels import Label
from geo.draw import geojson
from geo.model import Feature, fields_of
from geo.query.order import by_id
from webmap.asking import filter_of_request, kind_called, language, whole
from webmap.caching import answer, json_response
from webmap.problems import NotHere
from webmap.site import site

GEOJSON = "application/geo+json"
LIMIT = 100
MAX_LIMIT = 1000
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

blueprint = Blueprint("api_collections", __name__, url_prefix="/api")


@blueprint.get("/")
def landing() -> Response:
    """The landing page of the API."""
    lang = language()

    def make() -> Response:
        return json_response(
            {
                "title": site().config.title.text(lang),
                "links": [
                    _link("self", url_for(".landing", _external=True)),
                    _link("data", url_for(".collections", _external=True)),
                ],
            }
        )

    return answer(make)


@blueprint.get("/collections")
def collections() -> Response:
    """All collections."""
    lang = language()

    def make() -> Response:
        return json_response(
            {
                "links": [_link("self", url_for(".collections", _external=True))],
                "collections": [_collection(kind, lang) for kind in site().kinds],
            }
        )

    return answer(make)


@blueprint.get("/collections/<kind>")
def collection(kind: str) -> Response:
    """One collection."""
    lang = language()
    declared = kind_called(kind)
    return answer(lambda: json_response(_collection(declared, lang)))


@blueprint.get("/collections/<kind>/schema")
def schema(kind: str) -> Response:
    """The JSON Schema of a collection's properties, made from the kind's declaration."""
    lang = language()
    declared = kind_called(kind)
    properties = {
        name: {"title": field.label.text(lang), **field.schema(), **_unit(field.unit, lang)}
        for name, field in fields_of(declared).items()
    }
    body = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": url_for(".schema", kind=kind, _external=True),
        "title": declared.title.text(lang),
        "type": "object",
        "required": [name for name, field in fields_of(declared).items() if field.required],
        "properties": properties,
    }
    return answer(lambda: json_response(body, "application/schema+json"))


@blueprint.get("/collections/<kind>/items")
def items(kind: str) -> Response:
    """The features of a collection that the filter selects, `limit` at a time, in the order of their ids."""
    lang = language()
    declared = kind_called(kind)
    limit = whole("limit", LIMIT, 1, MAX_LIMIT)
    offset = whole("offset", 0, 0, 10**9)
    wanted = filter_of_request()

    def make() -> Response:
        here = site()
        selection = here.select(wanted)
        table, chosen = selection.snapshot.table(kind), selection.chosen(kind)
        page = by_id(table, chosen, offset, offset + limit)
        body = {
            "type": "FeatureCollection",
            "numberMatched": chosen.count,
            "numberReturned": len(page),
            "features": geojson.features(table, page, declared, here.world, lang),
            "links": _paging(kind, offset, limit, chosen.count),
        }
        return json_response(body, GEOJSON)

    return answer(make)


@blueprint.get("/collections/<kind>/items/<path:feature_id>")
def item(kind: str, feature_id: str) -> Response:
    """One feature."""
    lang = language()
    declared = kind_called(kind)
    table = site().snapshot.table(kind)
    row = table.row_of(feature_id)
    if row is None:
        raise NotHere(Label(f"没有编号为 {feature_id} 的要素", f"there is no feature with the id {feature_id}"))

    def make() -> Response:
        body = geojson.feature(table, row, declared, site().world, lang)
        body["links"] = [
            _link("self", url_for(".item", kind=kind, feature_id=feature_id, _external=True), GEOJSON),
            _link("collection", url_for(".collection", kind=kind, _external=True)),
        ]
        return json_response(body, GEOJSON)

    return answer(make)


def _link(rel: str, href: str, mimetype: str = "application/json") -> dict[str, str]:
    return {"rel": rel, "type": mimetype, "href": href}


def _unit(unit: Label | None, lang: str) -> dict[str, str]:
    return {} if unit is None else {"x-unit": unit.text(lang)}


def _collection(kind: type[Feature], lang: str) -> dict[str, Any]:
    name = kind.kind
    return {
        "id": name,
        "title": kind.plural.text(lang),
        "itemType": "feature",
        "crs": [CRS84],
        "numberOfItems": site().snapshot.table(name).rows,
        "links": [
            _link("self", url_for(".collection", kind=name, _external=True)),
            _link("items", url_for(".items", kind=name, _external=True), GEOJSON),
            _link("describedby", url_for(".schema", kind=name, _external=True), "application/schema+json"),
        ],
    }


def _paging(kind: str, offset: int, limit: int, matched: int) -> list[dict[str, str]]:
    def page(rel: str, start: int) -> dict[str, str]:
        args = MultiDict(request.args)
        args["offset"], args["limit"] = str(start), str(limit)
        query = urlencode(list(args.items(multi=True)))
        return _link(rel, f"{url_for('.items', kind=kind, _external=True)}?{query}", GEOJSON)

    links = [page("self", offset), _link("collection", url_for(".collection", kind=kind, _external=True))]
    if offset + limit < matched:
        links.append(page("next", offset + limit))
    if offset > 0:
        links.append(page("prev", max(0, offset - limit)))
    return links
