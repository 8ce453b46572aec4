"""What a program is told of a feature as it stands in the record: its newest revision, where that stands, where a person sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from flask import Response, url_for

from datasets.labels import DEFAULT_LANGUAGE
from geo.check import Spot
from geo.crs.ogc import OgcCrs
from geo.model import Feature, fields_of
from geo.publish import geometry_json
from geo.store.revisions import Revision
from webmap.asking import language
from webmap.caching import json_response
from webmap.ogc.negotiation import FEATURES, HTML, address, link
from webmap.ogc.systems import system_of
from webmap.staff.desk import desk
from webmap.staff.records import published_of
from webmap.staff.words import STATE_LABELS, in_words, iso
from webmap.writing.faults import told

GEOJSON = FEATURES["json"]


def answer(revision: Revision, status: int = 200, spots: Sequence[Spot] = (), *, located: bool = False) -> Response:
    """A revision as GeoJSON with `record`: state, number, the public one's number. Its ETag is its number."""
    crs = system_of("crs")
    body = {
        "type": "Feature",
        "id": revision.feature_id,
        "geometry": _geometry(revision, crs),
        "properties": _properties(revision),
        "record": _record(revision),
        "findings": told(spots),
        "links": _links(revision),
    }
    response = json_response(body, GEOJSON)
    response.status_code = status
    response.headers["Content-Crs"] = f"<{crs.uri}>"
    response.set_etag(str(revision.number))
    response.content_language.add(language())
    if status == 201 or located:
        response.headers["Location"] = _own(revision)
    return private(response)


def private(response: Response) -> Response:
    """Keep an answer to a token out of every cache, and other origins' scripts out of it."""
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Authorization")
    return response


def _properties(revision: Revision) -> dict[str, Any]:
    """The same names as the public has, what is empty being null."""
    kind: type[Feature] = desk().kinds.get(revision.kind)
    own = {name: revision.payload.get(name) for name in fields_of(kind)}
    found: dict[str, Any] = {name: None if value == "" else value for name, value in own.items()}
    world, lang = desk().world, language()
    county, place = str(own["county"] or ""), world.gazetteer.places.get(str(own["place"] or ""))
    known = county in world.boundaries.counties or county in world.boundaries.cities
    found["city"] = world.boundaries.city_of(county) if known else None
    found["county_name"] = world.boundaries.name(county).text(lang) if known else None
    found["place_name"] = place.name.text(lang) if place else None
    return found


def _geometry(revision: Revision, crs: OgcCrs) -> dict[str, Any] | None:
    shape = revision.geometry
    if shape is None or shape.is_empty:
        return None
    return geometry_json.rounded(crs.from_lonlat(shapely.orient_polygons(shape)), crs.decimals)


def _record(revision: Revision) -> dict[str, Any]:
    """Where it stands. `public`: the number of the revision that everybody sees, null where there is none."""
    shown = published_of(desk().store.history(revision.feature_id))
    return {
        "state": revision.state.value,
        "state_name": in_words(STATE_LABELS[revision.state]),
        "revision": revision.number,
        "public": shown.number if shown else None,
        "withdrawal": revision.withdraws,
        "author": revision.author,
        "at": iso(revision.created_at),
        "reason": revision.reason,
        "page": _page(revision),
    }


def _links(revision: Revision) -> list[dict[str, str]]:
    collection = address("collection", kind=revision.kind)
    return [
        link("self", _own(revision), GEOJSON),
        link("alternate", _page(revision), HTML, in_words(STATE_LABELS[revision.state])),
        link("collection", collection, "application/json"),
    ]


def _own(revision: Revision) -> str:
    return url_for("ogc.item", kind=revision.kind, feature_id=revision.feature_id, _external=True)


def _page(revision: Revision) -> str:
    lang = language()
    more = {} if lang == DEFAULT_LANGUAGE else {"lang": lang}
    return url_for("staff_records.record", feature_id=revision.feature_id, _external=True, **more)


def standing(revision: Revision) -> dict[str, Any]:
    """The members of a problem that say where the feature stands."""
    return {"current": revision.number, "state": revision.state.value, "page": _page(revision)}
