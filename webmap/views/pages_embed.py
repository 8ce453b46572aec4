"""The page that makes the code with which others embed the map, and the page that shows what can be embedded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from geo.query import Filter
from webmap.asking import choice, filter_of_request, whole
from webmap.embedding import options
from webmap.embedding.examples import examples
from webmap.embedding.options import Options
from webmap.embedding.snippets import element_html
from webmap.i18n import current, languages
from webmap.present.reader import Reader
from webmap.site import site
from webmap.views.embeds import frame_html
from webmap.views.pages_list import form
from webmap.views.pages_map import script_data
from webmap.views.pages_render import page, reader

SMALLEST, LARGEST = 240, 2400
HEIGHT = 520
PREVIEWS = (360, 768, 1200)  # a phone, a column of a page, a whole page

blueprint = Blueprint("pages_embed", __name__)


@blueprint.get("/embed/maker")
def maker() -> Response:
    """The form and, from what it sends, two snippets with previews at three widths; works without script."""
    wanted = filter_of_request(*options.NAMES, "height", "map_lang", "sent")
    asked = _asked()
    map_lang = choice("map_lang", languages(), current())
    height = whole("height", HEIGHT, SMALLEST, LARGEST)
    key = site().embed_sites.get(asked.site) if asked.site else None

    def make() -> dict[str, Any]:
        query = [*wanted.query(), *asked.query()]
        if map_lang != languages()[0]:
            query.append(("lang", map_lang))
        title = reader().t("embed.frame_title")
        address = Reader.address(url_for("embeds.embed", _external=True), query)
        return {
            "form": form(wanted),
            "options": asked,
            "themes": options.THEMES,
            "switches": options.SWITCHES,
            "map_lang": map_lang,
            "height": height,
            "smallest": SMALLEST,
            "largest": LARGEST,
            "previews": PREVIEWS,
            "embed_href": Reader.address(url_for("embeds.embed"), query),
            "element": element_html(query, height if asked.has_map else None, url_for("embeds.loader", _external=True)),
            "frame_code": frame_html(address, title, "100%", height),
            "script_data": script_data(reader()),
            "frame_title": title,
            "hosts": (*site().config.frame_ancestors, *(key.origins if key else ())),
        }

    return page("embed_maker.html", make, rests_on=str(key))


def _asked() -> Options:
    """The options of the form, in which a box that is not ticked sends nothing."""
    args = {name: value for name, value in request.args.items() if value}
    if request.args.get("sent"):
        args = {**dict.fromkeys(options.SWITCHES, "0"), **args}
    return options.parse(args)


@blueprint.get("/embed/gallery")
def gallery() -> Response:
    """One live example of each thing that can be embedded, with its code; made of what is published."""

    def make() -> dict[str, Any]:
        here = site()
        loader = url_for("embeds.loader", _external=True)
        lang = [("lang", current())] if current() != languages()[0] else []
        return {
            "examples": [
                {
                    "name": each.name,
                    "value": each.value(reader()),
                    "element": element_html([*each.query, *lang], each.height, loader),
                    "attributes": [*each.query, *lang],
                    "height": each.height,
                    "href": Reader.address(url_for(".maker"), [*each.query, *lang]),
                }
                for each in examples(here.select(Filter()), here.kinds)
            ],
            "script_data": script_data(reader()),
        }

    return page("embed_gallery.html", make)
