"""Pages of features, single ones, and the links between them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

import orjson
from flask import request, url_for

from datasets.labels import Label
from geo.model import Feature
from geo.publish import Snapshot
from geo.query.selection import Rows
from webmap.asking import language
from webmap.ogc import showing
from webmap.ogc.asking import MOST, Place
from webmap.ogc.collections import licence
from webmap.ogc.features import features
from webmap.ogc.negotiation import FEATURES, HTML, JSON, SCHEMA, address, chosen, link, own_links, root
from webmap.ogc.paging import Page, page_of
from webmap.ogc.showing import Shown
from webmap.ogc.systems import system_of
from webmap.site import site

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SAFE = ",:/"  # what needs no escaping within a query
STEPS = ("offset", "after", "before")


def page(kind: type[Feature], snapshot: Snapshot, rows: Rows, wanted: Place) -> Page:
    """The rows of one page."""
    table = snapshot.table(kind.kind)
    return page_of(table, rows, wanted.limit, wanted.after, wanted.before, wanted.offset)


def feature_collection(
    kind: type[Feature], snapshot: Snapshot, rows: Rows, wanted: Place, shown: Shown
) -> dict[str, Any]:
    """A page of features as GeoJSON (17-069r4, 7.15)."""
    table, crs, lang = snapshot.table(kind.kind), system_of("crs"), language()
    found = page(kind, snapshot, rows, wanted)
    body: dict[str, Any] = {
        "type": "FeatureCollection",
        "numberMatched": rows.count,
        "numberReturned": len(found.rows),
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "features": orjson.Fragment(features(table, found.rows, kind, site().world, crs, lang, shown)),
        "links": links(kind, snapshot, found),
    }
    if wanted.asked is not None:
        body["notes"] = [capped(wanted.asked).text(lang)]
    return body


def capped(asked: int) -> Label:
    """That fewer come than were asked for."""
    return Label(
        f"limit={asked} 超过上限，已按 {MOST} 返回；其余请用 next 链接",
        f"limit={asked} is above the maximum: {MOST} are given; follow the link 'next' for the others",
    )


def links(kind: type[Feature], snapshot: Snapshot, found: Page) -> list[dict[str, str]]:
    """From a page of features: itself in every form, the pages before and behind, what the features are."""
    name, own = kind.kind, chosen(FEATURES)
    here, fixed = _around(root(), language(), name)
    asked = [
        (key, f"{quote_plus(key, SAFE)}={quote_plus(value, SAFE)}") for key, value in request.args.items(multi=True)
    ]
    ids = snapshot.table(name).column("id")
    made = [
        link("self" if form == own else "alternate", _with(here, asked, f=form), media)
        for form, media in FEATURES.items()
    ]
    if found.behind and found.rows:
        made.append(link("next", _with(here, asked, after=str(ids[found.rows[-1]])), FEATURES[own]))
    if found.before and found.rows:
        made.append(link("prev", _with(here, asked, before=str(ids[found.rows[0]])), FEATURES[own]))
    return [*made, *fixed, *licence()]


@lru_cache(maxsize=256)
def _around(_root: str, _lang: str, name: str) -> tuple[str, list[dict[str, str]]]:
    """The address of a collection's items, and the links that all their pages have; root and lang: of the request."""
    return address("items", kind=name).partition("?")[0], [
        link("collection", address("collection", "json", kind=name), JSON),
        link("describedby", address("schema", "json", kind=name), SCHEMA),
        link(QUERYABLES, address("queryables", "json", kind=name), SCHEMA),
    ]


def _with(here: str, asked: list[tuple[str, str]], **changed: str) -> str:
    """This request's address with some parameters changed; a step to another page takes the place of any other.

    asked: the names of the request's parameters, each with how it stands in an address.
    """
    left_out = {*changed, *(STEPS if changed.keys() & set(STEPS) else ())}
    kept = [written for name, written in asked if name not in left_out]
    return f"{here}?{'&'.join((*kept, urlencode(changed, safe=SAFE)))}"


def item(kind: type[Feature], snapshot: Snapshot, row: int, shown: Shown) -> dict[str, Any]:
    """One feature as GeoJSON with its links (17-069r4, 7.16)."""
    table, name = snapshot.table(kind.kind), kind.kind
    body: dict[str, Any]
    (body,) = orjson.loads(features(table, [row], kind, site().world, system_of("crs"), language(), shown))
    same = {name: request.args[name] for name in ("crs", *showing.OWN) if name in request.args}
    body["links"] = [
        *own_links(FEATURES, "item", kind=name, feature_id=body["id"], **same),
        link("collection", address("collection", "json", kind=name), JSON),
        link("describedby", address("schema", "json", kind=name), SCHEMA),
        link("canonical", url_for("pages_feature.feature", kind=name, feature_id=body["id"], _external=True), HTML),
    ]
    return body
