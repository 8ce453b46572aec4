"""The page that makes the code with which others embed the map, and the page that shows what can be embedded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request, url_for

from geo.query import Filter
from webmap.asking import choice, filter_of_request, whole
from webmap.embedding import options
from webmap.embedding.examples import examples
from webmap.embedding.options import Options
from webmap.embedding.scope import within
from webmap.embedding.snippets import element_html, picture_html
from webmap.i18n import current, languages
from webmap.present.conditions import condition
from webmap.present.reader import Reader
from webmap.problems import Refusal
from webmap.site import site
from webmap.views.embeds import frame_html
from webmap.views.pages_list import form
from webmap.views.pages_map import script_data
from webmap.views.pages_render import page, reader
from webmap.views.pictures import LEAST_ZOOM

SMALLEST, LARGEST = 240, 2400
HEIGHT = 520
PREVIEWS = (360, 768, 1200)  # a phone, a column of a page, a whole page
# Width and height of a picture for a page or a mail, a narrow mail, a card in a messenger, and A4 across.
PICTURES = {"1200x900": (1200, 900), "800x600": (800, 600), "1200x630": (1200, 630), "2400x1700": (2400, 1700)}

blueprint = Blueprint("pages_embed", __name__)


@blueprint.get("/embed/maker")
def maker() -> Response:
    """The form and, from what it sends, snippets of map and picture with previews; works without script."""
    wanted = filter_of_request(*options.NAMES, "height", "map_lang", "picture", "sent")
    asked = _asked()
    map_lang = choice("map_lang", languages(), current())
    height = whole("height", HEIGHT, SMALLEST, LARGEST)
    size = choice("picture", tuple(PICTURES), next(iter(PICTURES)))
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
            "pictures": PICTURES,
            "picture_size": size,
            "picture": _picture(wanted, asked, map_lang, size) if asked.has_map else None,
            "embed_href": Reader.address(url_for("embeds.embed"), query),
            "element": element_html(query, height if asked.has_map else None, url_for("embeds.loader", _external=True)),
            "frame_code": frame_html(address, title, "100%", height),
            "script_data": script_data(reader()),
            "frame_title": title,
            "hosts": (*site().config.frame_ancestors, *(key.origins if key else ())),
        }

    return page("embed_maker.html", make, rests_on=str(key))


def _picture(wanted: Filter, asked: Options, lang: str, size: str) -> dict[str, Any] | None:
    """The picture of the same view; None where the website's key does not cover what is asked for, as in the frame."""
    here = site()
    try:
        wanted = within(wanted, here.embed_sites.get(asked.site) if asked.site else None, here.world)
    except Refusal:
        return None
    view = [("view", asked.view)] if asked.view != "none" else []
    own = [("lang", lang)] if lang != languages()[0] else []
    place, at = [], []
    if asked.centre:
        place.append(("center", ",".join(f"{degree:g}" for degree in asked.centre)))
    if asked.zoom is not None:
        place.append(("zoom", f"{max(asked.zoom, LEAST_ZOOM):g}"))
    if asked.centre and asked.zoom is not None:
        at.append(("map", f"{asked.zoom:g}/{asked.centre[1]:g}/{asked.centre[0]:g}"))
    legend = [] if asked.legend else [("legend", "0")]
    query = [*wanted.query(), *view, *place, *legend, *own, ("size", size)]
    alt = _told(wanted, asked, lang)
    source = Reader.address(url_for("pictures.png", _external=True), query)
    target = Reader.address(url_for("pages_map.map_page", _external=True), [*wanted.query(), *view, *at, *own])
    return {
        "size": size,
        "width": PICTURES[size][0],
        "height": PICTURES[size][1],
        "alt": alt,
        "png": Reader.address(url_for("pictures.png"), query),
        "svg": Reader.address(url_for("pictures.svg"), query),
        "code": picture_html(source, target, alt, PICTURES[size]),
    }


def _told(wanted: Filter, asked: Options, lang: str) -> str:
    """What the picture shows, in the picture's language. No number is in it: the picture follows the data, the code does not."""
    here, who = site(), replace(reader(), lang=lang)
    view = who.t(f"map.view_{asked.view}") if asked.view != "none" else ""
    what = " – ".join(part for part in (here.config.title.text(lang), view) if part)
    conditions = who.t("picture.separator").join(condition(param, value, who) for param, value in wanted.active())
    return who.t("embed.picture_alt", what=what, conditions=conditions) if conditions else what


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
