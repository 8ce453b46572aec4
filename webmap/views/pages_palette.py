"""The style sheet with the colours that the datasets give to clusters, chains and terms."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, url_for

from webmap import caching
from webmap.present.palette import style_sheet
from webmap.site import site

blueprint = Blueprint("pages_palette", __name__)


def _version() -> str:
    return hashlib.sha256(style_sheet(site().world.chains).encode()).hexdigest()[:12]


@blueprint.get("/assets/palette.css")
def palette() -> Response:
    """`--swatch` for each class; kept for ever under its version."""
    sheet = style_sheet(site().world.chains)
    return caching.answer(lambda: Response(sheet, mimetype="text/css"), version=_version())


@blueprint.app_context_processor
def _address() -> dict[str, object]:
    return {"palette_href": lambda: url_for("pages_palette.palette", v=_version())}
