"""What search engines and data portals read: the catalogue of the data sets, the sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from flask import Blueprint, Response, request, url_for

from datasets.labels import Label
from geo.draw.export import formats_for
from geo.publish import Snapshot
from geo.publish.columns import FlagColumn
from geo.query import Filter
from webmap.asking import language
from webmap.caching import answer, json_response
from webmap.i18n import languages
from webmap.present import linked_data
from webmap.present.datasets import Dataset, datasets
from webmap.problems import NotHere
from webmap.site import site
from webmap.views.export import publisher
from webmap.views.pages_render import page, reader

MOST_FEATURES = 45_000  # a sitemap holds 50,000 addresses (sitemaps.org); pages need some of them

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/data")
def data() -> Response:
    """The data sets in words: what each holds, from where, how old, how exact, and how to get it."""
    language()

    def make() -> dict[str, Any]:
        found = _datasets()
        return {
            "datasets": found,
            "licence": site().config.licence,
            "licence_url": site().config.licence_url,
            "linked": linked_data.schema_catalogue(found, _publisher(), reader().lang),
        }

    return page("data.html", make)


@blueprint.get("/data.jsonld")
def dcat() -> Response:
    """The same as a DCAT 3 catalogue in JSON-LD."""
    language()

    def make() -> Response:
        return json_response(linked_data.dcat(_datasets(), _publisher(), reader().lang), "application/ld+json")

    response = answer(make)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _datasets() -> list[Dataset]:
    here = site()
    root = request.url_root
    files = {kind.kind: formats_for(kind.kind) for kind in here.kinds}
    return datasets(here.snapshot, reader(), root, files, publisher())


def _publisher() -> linked_data.Publisher:
    config = site().config
    return linked_data.Publisher(
        config.title.text(reader().lang), request.url_root, config.licence, config.licence_url, site().snapshot.version
    )


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Everything public may be read; the staff's pages and endless filters are left out."""
    sitemap = url_for(".sitemap", _external=True)
    lines = [
        "User-agent: *",
        "Disallow: /staff",
        "Disallow: /tiles/",
        "Disallow: /list?",
        "Disallow: /export/",
        "Allow: /",
    ]
    return Response("\n".join([*lines, f"Sitemap: {sitemap}", ""]), mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """The parts of the sitemap."""

    def make() -> Response:
        parts = -(-len(_rows(site().snapshot)) // MOST_FEATURES) or 1
        places = "".join(
            f"<sitemap><loc>{escape(url_for('.sitemap_part', part=number, _external=True))}</loc></sitemap>\n"
            for number in range(1, parts + 1)
        )
        return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</sitemapindex>\n')

    return answer(make)


@blueprint.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """The addresses of one part: pages first, then features; demonstration data are left out."""
    rows = _rows(site().snapshot)
    if not 1 <= part <= max(1, -(-len(rows) // MOST_FEATURES)):
        raise NotHere(Label(f"没有第 {part} 部分。", f"There is no part {part}."))

    def make() -> Response:
        own = _pages() if part == 1 else ()
        places = (*own, *_features(rows[(part - 1) * MOST_FEATURES : part * MOST_FEATURES]))
        return _xml(
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
            + "".join(map(_entry, places))
            + "</urlset>\n"
        )

    return answer(make)


def _rows(snapshot: Snapshot) -> list[tuple[str, int]]:
    """(kind, row) of every published fact."""
    found = []
    for kind in snapshot.kinds:
        demo = snapshot.table(kind).column("demo")
        assert isinstance(demo, FlagColumn)  # noqa: S101 (every kind declares it so)
        found += [(kind, row) for row in np.flatnonzero(~demo.values).tolist()]
    return found


def _pages() -> tuple[str, ...]:
    """The pages that are always there, and those of counties and cities that something lies in."""
    units = [unit for unit, n in site().facets(Filter()).counts["county"].items() if n]
    return ("", "list", "data", "embed/gallery", *(f"county/{unit}" for unit in units if reader().has_unit(unit)))


def _features(rows: list[tuple[str, int]]) -> Iterator[str]:
    snapshot = site().snapshot
    for kind, row in rows:
        yield reader().link("f", kind, str(snapshot.table(kind).column("id")[row])).partition("?")[0].lstrip("/")


def _entry(path: str) -> str:
    address = escape(request.url_root + path)
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href="{address}?lang={lang}"/>' for lang in languages()[1:]
    )
    return f"<url><loc>{address}</loc>{others}</url>\n"


def _xml(text: str) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', mimetype="application/xml")
