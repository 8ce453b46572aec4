"""The map in other people's pages: the frame, its script, its colours, and what announces it (oEmbed)."""

from __future__ import annotations

import json
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape as xml_escape

from flask import Blueprint, Response, abort, current_app, request, url_for

from datasets.labels import Label
from geo.query import Filter
from geo.query.faults import BadParameter, BadParameters
from webmap.asking import filter_of_request, whole
from webmap.caching import answer, json_response
from webmap.embedding import options, scope, theme
from webmap.embedding.allowed import Allowed
from webmap.i18n import languages, translate
from webmap.present.key_figures import key_figures
from webmap.present.reader import Reader
from webmap.problems import NotHere, Refusal
from webmap.security import may_be_framed_by
from webmap.site import site
from webmap.static_files import send
from webmap.views.pages_list import results
from webmap.views.pages_map import shell
from webmap.views.pages_render import page, reader

SCRIPT, TYPES = "embed/embed.js", "embed/embed.d.ts"
LOADER_S = 3600  # how long a page may keep the loader: its address never changes
WIDTH, HEIGHT = 960, 600
SMALLEST = 240
PLAIN_HEIGHT = 420

blueprint = Blueprint("embeds", __name__)


@blueprint.get("/embed")
def embed() -> Response:
    """The map, a table or a figure, read-only and without a cookie; framed only by the origins that are allowed."""
    here = site()
    allowed = _site_of(request.args.get("site", ""))
    hosts = (*here.config.frame_ancestors, *(allowed.origins if allowed else ()))
    may_be_framed_by(hosts)  # also where the address turns out to be wrong: the webmaster is to see why
    asked = options.parse(request.args)
    if asked.site and allowed is None:
        raise Refusal(
            Label(
                "此嵌入密钥不存在或已停用，请联系地图的管理单位。",
                "This key is unknown or revoked: ask whoever runs the map.",
            )
        )
    wanted = scope.within(filter_of_request(*options.NAMES), allowed, here.world)
    if allowed:
        here.embed_uses.opened(allowed.key)
    bound = scope.counties_of(allowed.counties, here.world) if allowed and allowed.counties else ()

    def make() -> dict[str, Any]:
        told = {
            "options": asked,
            "hosts": hosts,
            "counties": bound,
            "embedded": True,
            "full_href": reader().link(query=wanted.query()),
            "list_href": reader().link("list", query=wanted.query()),
            "listing": results(wanted, in_panel=True) if asked.list else None,
            "figures": key_figures(here.select(wanted), reader()) if asked.figure else (),
            "total": here.select(wanted).total,
            "version": here.snapshot.version,
        }
        return {**shell(), **told} if asked.has_map else told

    return page("embed.html" if asked.has_map else "embed_plain.html", make, rests_on=f"{hosts}{bound}")


def _site_of(key: str) -> Allowed | None:
    return site().embed_sites.get(key) if key else None


@blueprint.get("/embed/theme.css")
def theme_css() -> Response:
    """The colours that follow from an accent."""
    accent = options.parse(request.args).accent
    if not accent:
        raise BadParameters((BadParameter("accent", "", Label("请给出颜色", "name a colour")),))
    return answer(lambda: Response(theme.style_sheet(accent), mimetype="text/css"), version="theme")


@blueprint.get("/embed.js")
def loader() -> Response:
    """The script that other pages name; it turns their elements into frames."""
    return _public(SCRIPT)


@blueprint.get("/embed.d.ts")
def types() -> Response:
    """The types of what the script offers."""
    return _public(TYPES)


def _public(name: str) -> Response:
    response = send(current_app.extensions["static_files"][name], name)
    response.headers["Cache-Control"] = f"public, max-age={LOADER_S}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/oembed")
def oembed() -> Response:
    """The frame for an address of ours (oEmbed 1.0, type rich), as JSON or XML."""
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        abort(501)  # what the specification asks for (§2.3.3)
    address = request.args.get("url", "")
    wanted, plain, lang = _embeddable(address)
    width = min(WIDTH, whole("maxwidth", WIDTH, 1, 100_000))
    height = min(PLAIN_HEIGHT if plain else HEIGHT, whole("maxheight", HEIGHT, 1, 100_000))
    title = site().config.title.text(lang)
    source = Reader.address(url_for(".embed", _external=True), wanted)
    body = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": title,
        "provider_url": request.url_root,
        "cache_age": LOADER_S,
        "width": width,
        "height": height,
        "html": frame_html(source, translate(lang, "embed.frame_title"), width, height),
    }
    if form == "json":
        response = json_response(body)
    else:
        inside = "".join(f"<{name}>{xml_escape(str(value))}</{name}>" for name, value in body.items())
        response = Response(
            f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{inside}</oembed>', mimetype="text/xml"
        )
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={LOADER_S}"
    return response


def _embeddable(address: str) -> tuple[list[tuple[str, str]], bool, str]:
    """What an embed of that address asks for, whether it has no map, and its language; raises NotHere, BadParameters."""
    here = site()
    parts = urlsplit(address)
    root = urlsplit(request.url_root)
    path = parts.path.removeprefix(root.path.rstrip("/"))
    if (parts.scheme, parts.netloc) not in (("http", root.netloc), ("https", root.netloc)):
        raise NotHere(Label("这个地址不属于本站。", "This address is not one of this site."))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    lang = dict(pairs).get("lang", languages()[0])
    kept = [(name, value) for name, value in pairs if name in options.NAMES]
    asked = options.parse(dict(kept))
    if path.startswith("/county/"):
        wanted = Filter.parse([("county", path.removeprefix("/county/"))], here.kinds, here.world)
    elif path in ("/", "/list", "/embed"):
        view = ("view", "measure", "classes", "scale", "map", "select", "sort", "offset", "limit", "lang")
        wanted = Filter.parse(pairs, here.kinds, here.world, allowed=(*view, *options.NAMES))
    else:
        raise NotHere(Label("这个页面不能嵌入。", "This page cannot be embedded."))
    if path == "/list":
        kept = [("layers", "none"), ("list", "1")]
    if lang in languages()[1:]:
        kept.append(("lang", lang))
    return [*wanted.query(), *kept], path == "/list" or not asked.has_map, lang


def frame_html(source: str, title: str, width: int | str, height: int) -> str:
    """The frame as a page without our script would write it."""
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}" width="{width}" height="{height}"'
        ' loading="lazy" referrerpolicy="strict-origin-when-cross-origin"></iframe>'
    )


@blueprint.app_template_global()
def oembed_href() -> str:
    """Where the frame for this page is announced."""
    return Reader.address(url_for("embeds.oembed"), [("url", request.url)])


@blueprint.app_template_filter()
def compact_json(value: Any) -> str:
    """A list as an attribute holds it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
