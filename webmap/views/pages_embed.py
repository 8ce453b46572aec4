"""The page that makes the code with which others embed the map."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from webmap.asking import choice, filter_of_request, whole
from webmap.i18n import current, languages
from webmap.present.reader import Reader
from webmap.site import site
from webmap.views.pages_list import form
from webmap.views.pages_map import script_data
from webmap.views.pages_render import page, reader

VIEWS = ("none", "heat", "choropleth")
SMALLEST, LARGEST = 240, 2400
WIDTH, HEIGHT = 960, 600

blueprint = Blueprint("pages_embed", __name__)


@blueprint.get("/embed/maker")
def maker() -> Response:
    """The form and, from what it sends, the snippet with a preview; works without script."""
    wanted = filter_of_request("width", "height", "map_lang")
    view = choice("view", VIEWS, "none")
    map_lang = choice("map_lang", languages(), current())
    width = whole("width", WIDTH, SMALLEST, LARGEST)
    height = whole("height", HEIGHT, SMALLEST, LARGEST)

    def make() -> dict[str, Any]:
        query = [*wanted.query(), *([("view", view)] if view != "none" else [])]
        if map_lang != languages()[0]:
            query.append(("lang", map_lang))
        path = Reader.address(f"{request.script_root}/embed", query)
        return {
            "form": form(wanted),
            "views": VIEWS,
            "view": view,
            "map_lang": map_lang,
            "width": width,
            "height": height,
            "smallest": SMALLEST,
            "largest": LARGEST,
            "embed_href": path,
            "embed_address": request.host_url.rstrip("/") + path,
            "script_data": script_data(reader()),
            "frame_title": reader().t("embed.frame_title"),
            "hosts": site().config.frame_ancestors,
        }

    return page("embed_maker.html", make)
