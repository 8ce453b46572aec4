"""In which form a resource is wanted, and the answer with its tag: the same address has JSON for programs and a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import Response, request, url_for

from datasets.labels import DEFAULT_LANGUAGE, Label
from geo.query.choices import unknown_name
from geo.query.faults import BadParameter, BadParameters
from webmap.asking import language
from webmap.caching import answer, json_response
from webmap.problems import Refusal
from webmap.site import site
from webmap.views.pages_render import page

Formats = Mapping[str, str]  # the value of `f` → media type; the first is what a program gets unasked

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
HTML = "text/html"
TILEJSON = "application/vnd.mapbox.tile+json"
MVT = "application/vnd.mapbox-vector-tile"

RESOURCE: Formats = {"json": JSON, "html": HTML}
FEATURES: Formats = {"json": GEOJSON, "html": HTML}
SCHEMAS: Formats = {"json": SCHEMA, "html": HTML}
DEFINITION: Formats = {"json": OPENAPI, "html": HTML}
DATA_ONLY: Formats = {"json": JSON}

LONGEST_IN_HEADER = 400  # characters of an address
ANYWHERE = ("f", "lang", "v")  # parameters of every resource; `v` pins an answer to a version of the data


def check_names(*known: str) -> None:
    """Raise BadParameters for every parameter of the request that is none of `known`; nothing is ignored silently."""
    names = {*known, *ANYWHERE}
    faults = [unknown_name(name, value, names) for name, value in request.args.items() if name not in names]
    if faults:
        raise BadParameters(faults)


def chosen(formats: Formats) -> str:
    """The format asked for by `f`, else by the header Accept. Raises BadParameters and Refusal (406)."""
    asked = request.args.get("f")
    if asked is not None:
        if asked in formats:
            return asked
        known = ", ".join(formats)
        raise BadParameters([BadParameter("f", asked, Label(f"可用：{known}", f"known are {known}"))])
    if not request.accept_mimetypes:
        return next(iter(formats))
    plain = {media.partition(";")[0]: name for name, media in formats.items()}
    first = next(iter(plain))
    best = request.accept_mimetypes.best_match([first, *plain, JSON])
    if best is None:
        offered = ", ".join(formats.values())
        raise Refusal(Label(f"没有这种格式；可用：{offered}", f"not offered in that form; offered are {offered}"), 406)
    return plain.get(best, next(iter(formats)))


def respond(
    formats: Formats,
    body: Callable[[], Any],
    template: str = "",
    shown: Callable[[], dict[str, Any]] | None = None,
    *,
    version: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The resource in the form that is wanted. body: its JSON; template and shown: its page, where it has one."""
    language()
    wanted = chosen(formats)
    if wanted == "html" and shown is not None:
        response = page(template, shown)
    else:
        served = site().snapshot.version
        # What was selected from the last snapshot while a newer one came must not be kept for that one.
        shared = version in ("", served)
        response = answer(
            lambda: _json(body(), formats[wanted]), version=version_in(version or served, wanted), shared=shared
        )
    for name, value in (headers or {}).items():
        response.headers[name] = value
    response.vary.add("Accept")
    response.content_language.add(language())
    return response


def version_in(version: str, form: str) -> str:
    """What tells an answer in this form from the others of a version."""
    return f"{version}-{form}"


def _json(value: Any, media: str) -> Response:
    response = json_response(value)
    response.headers["Content-Type"] = media
    if named := link_header(value.get("links", ())):
        response.headers["Link"] = named
    return response


def link_header(links: Iterable[Mapping[str, str]]) -> str:
    """The links as a header has them (RFC 8288); empty where none fits."""
    named = [each for each in links if _fits_a_header(each)]
    return ", ".join(f'<{each["href"]}>; rel="{each["rel"]}"; type="{each["type"]}"' for each in named)


def _fits_a_header(each: Mapping[str, str]) -> bool:
    """A long filter stands in several links: all of them would be more than a proxy takes as headers."""
    return len(each["href"]) <= LONGEST_IN_HEADER and each["href"].isascii() and "templated" not in each


def address(endpoint: str, f: str = "", **values: Any) -> str:
    """The absolute address of a resource in the reader's language; `f` pins its format."""
    lang = language()
    query = {"f": f} if f else {}
    if lang != DEFAULT_LANGUAGE:
        query["lang"] = lang
    return _address(root(), endpoint, *{**values, **query}.items())


def root() -> str:
    """The address that all others begin with, as the request has it."""
    asked = request.environ
    host = asked.get("HTTP_HOST") or f"{asked['SERVER_NAME']}:{asked['SERVER_PORT']}"
    return _root(asked["wsgi.url_scheme"], host, asked.get("SCRIPT_NAME", ""))


@lru_cache(maxsize=1024)
def _root(_scheme: str, _host: str, _script: str) -> str:
    """Put together anew it would cost each request a good part of its time; scheme, host, script: of the request."""
    return request.url_root


@lru_cache(maxsize=1024)
def _address(_root: str, endpoint: str, *values: tuple[str, Any]) -> str:
    """Each answer names a dozen addresses; root: of the request, on which they depend."""
    return url_for(f"ogc.{endpoint}", _external=True, **dict(values))


def link(rel: str, href: str, media: str, title: str = "") -> dict[str, str]:
    """A link as OGC APIs and RFC 8288 have it."""
    found = {"rel": rel, "type": media, "href": href}
    return found | ({"title": title} if title else {})


def own_links(formats: Formats, endpoint: str, **values: Any) -> list[dict[str, str]]:
    """`self` in the form that is being sent, `alternate` in the others."""
    wanted = chosen(formats)
    return [
        link("self" if name == wanted else "alternate", address(endpoint, name, **values), media)
        for name, media in formats.items()
    ]
