"""Pages of features, single ones, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

import orjson
from flask import request, url_for

from datasets.labels import Label
from datasets.world import World
from geo.crs.ogc import OgcCrs
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


@dataclass(frozen=True)
class Pages:
    """Pages of a collection as one request wants them written, whichever rows they hold.

    form: one of FEATURES. asked: the names of the request's parameters, each with how it stands in an address. here: the
    address before them. around: the links that all pages have.
    """

    kind: type[Feature]
    snapshot: Snapshot
    place: Place
    crs: OgcCrs
    shown: Shown
    world: World
    lang: str
    form: str
    asked: tuple[tuple[str, str], ...]
    here: str
    around: tuple[dict[str, str], ...]

    def asking(self, name: str, value: str) -> Pages:
        """The same for a request that gives a parameter another value."""
        asked = [(key, _written(name, value) if key == name else before) for key, before in self.asked]
        return replace(self, asked=tuple(asked))

    def page(self, rows: Rows) -> Page:
        """The rows of the page that is wanted."""
        table, place = self.snapshot.table(self.kind.kind), self.place
        return page_of(table, rows, place.limit, place.after, place.before, place.offset)

    def body(self, rows: Rows) -> dict[str, Any]:
        """That page as GeoJSON (17-069r4, 7.15). Raises BadParameters for a place that the system cannot hold."""
        table, found = self.snapshot.table(self.kind.kind), self.page(rows)
        body: dict[str, Any] = {
            "type": "FeatureCollection",
            "numberMatched": rows.count,
            "numberReturned": len(found.rows),
            "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "features": orjson.Fragment(
                features(table, found.rows, self.kind, self.world, self.crs, self.lang, self.shown)
            ),
            "links": self.links(found),
        }
        if self.place.asked is not None:
            body["notes"] = [capped(self.place.asked).text(self.lang)]
        return body

    def links(self, found: Page) -> list[dict[str, str]]:
        """From a page: itself in every form, the pages before and behind, what the features are."""
        ids, media = self.snapshot.table(self.kind.kind).column("id"), FEATURES[self.form]
        made = [
            link("self" if form == self.form else "alternate", self._with(f=form), each)
            for form, each in FEATURES.items()
        ]
        if found.behind and found.rows:
            made.append(link("next", self._with(after=str(ids[found.rows[-1]])), media))
        if found.before and found.rows:
            made.append(link("prev", self._with(before=str(ids[found.rows[0]])), media))
        return [*made, *self.around]

    def _with(self, **changed: str) -> str:
        """The request's address with some parameters changed; a step to another page takes the place of any other."""
        left_out = {*changed, *(STEPS if changed.keys() & set(STEPS) else ())}
        kept = [written for name, written in self.asked if name not in left_out]
        return f"{self.here}?{'&'.join((*kept, *(_written(name, value) for name, value in changed.items())))}"


def pages_asked(kind: type[Feature], snapshot: Snapshot, place: Place, shown: Shown) -> Pages:
    """The pages that the running request wants."""
    here, around = _around(root(), language(), kind.kind)
    return Pages(
        kind=kind,
        snapshot=snapshot,
        place=place,
        crs=system_of("crs"),
        shown=shown,
        world=site().world,
        lang=language(),
        form=chosen(FEATURES),
        asked=tuple((name, _written(name, value)) for name, value in request.args.items(multi=True)),
        here=here,
        around=(*around, *licence()),
    )


def _written(name: str, value: str) -> str:
    """A parameter as it stands in an address."""
    return f"{quote_plus(name, SAFE)}={quote_plus(value, SAFE)}"


def capped(asked: int) -> Label:
    """That fewer come than were asked for."""
    return Label(
        f"limit={asked} 超过上限，已按 {MOST} 返回；其余请用 next 链接",
        f"limit={asked} is above the maximum: {MOST} are given; follow the link 'next' for the others",
    )


@lru_cache(maxsize=256)
def _around(_root: str, _lang: str, name: str) -> tuple[str, list[dict[str, str]]]:
    """The address of a collection's items, and the links that all their pages have; root and lang: of the request."""
    return address("items", kind=name).partition("?")[0], [
        link("collection", address("collection", "json", kind=name), JSON),
        link("describedby", address("schema", "json", kind=name), SCHEMA),
        link(QUERYABLES, address("queryables", "json", kind=name), SCHEMA),
    ]


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
