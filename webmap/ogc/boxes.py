"""Pages of items for further boxes of a request: what a map asks as it is moved is read once, and answered ahead of Flask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from geo.query.values import Box
from webmap.caching import json_text, tag_of
from webmap.ogc.asking import Conditions, plain_box
from webmap.ogc.items import Pages
from webmap.ogc.negotiation import link_header, version_in
from webmap.ogc.selecting import selected
from webmap.serving import further
from webmap.serving.kept import Headers
from webmap.site import site

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def leave_for_further_boxes(wanted: Conditions, pages: Pages) -> None:
    """Have requests answered without Flask that differ from the running one in their box only.

    Not where a filter may fail of some rows, nor for pages that are no data.
    """
    if not isinstance(wanted.area, Box) or wanted.cql2 is not None or pages.form != "json":
        return
    here, static_version = site(), current_app.config["STATIC_VERSION"]
    version = pages.snapshot.version

    def answer(environ: WSGIEnvironment, given: str) -> tuple[bytes, Headers] | None:
        area = plain_box(given)
        if area is None:
            return None
        snapshot, rows = selected(here, pages.kind, wanted.within(given, area))
        if snapshot.version != version:
            return None
        body = pages.asking("bbox", given).body(rows)
        address = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        tag = tag_of(version_in(version, pages.form), static_version, address)
        return json_text(body), [("ETag", f'W/"{tag}"'), ("Link", link_header(body["links"]))]

    further.leave(answer)
