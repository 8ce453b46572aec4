"""Spellings of the same request brought to one: the order of parameters, what the client can decompress."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from werkzeug.http import parse_accept_header

LONGEST_QUERY = 2048  # characters; longer ones are answered, but not kept
REMEMBERED_ENCODINGS = 512
_encodings: dict[str, str] = {"": "identity"}


def encodings(accepted: str) -> str:
    """What `Accept-Encoding` means to us, in one of six spellings: br, gzip, both in either order, identity."""
    known = _encodings.get(accepted)
    if known is None:
        known = _negotiated(accepted)
        if len(_encodings) < REMEMBERED_ENCODINGS and len(accepted) < 200:
            _encodings[accepted] = known
    return known


def _negotiated(accepted: str) -> str:
    parsed = parse_accept_header(accepted)
    qualities = {
        name: max((q for value, q in parsed if value.lower() in (name, "*")), default=0.0) for name in ("br", "gzip")
    }
    for name in qualities:  # what is named goes before the star
        named = [q for value, q in parsed if value.lower() == name]
        if named:
            qualities[name] = named[0]
    br, gzip = qualities["br"], qualities["gzip"]
    if br and gzip:
        return "br, gzip" if br >= gzip else "gzip, br;q=0.5"
    return "br" if br else "gzip" if gzip else "identity"


def ordered(query: str) -> str:
    """The query string with its parameters by name; values of the same name keep their order, which may matter."""
    if "&" not in query:
        return query
    return "&".join(
        sorted((pair for pair in query.split("&") if pair), key=lambda pair: unquote_plus(pair.partition("=")[0]))
    )


def depends_on_host(path: str) -> bool:
    """Whether an answer may name the host that it was asked from; tiles and files never do."""
    return not (path.endswith(".mvt") or path.startswith("/static/"))


def headers_in_key(path: str, *, shared: bool) -> tuple[str, ...]:
    """The request's headers that its key holds; shared: where the key is that of several addresses."""
    return ("accept-encoding", "accept") if depends_on_host(path) and not shared else ("accept-encoding",)


def alias_of(environ: dict[str, Any]) -> tuple[object, ...]:
    """The request as it is spelt, in all that an answer may depend on."""
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    how = encodings(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if depends_on_host(path):
        return path, query, how, *_asked_from(environ)
    return path, query, how


def key_of(environ: dict[str, Any]) -> tuple[object, ...]:
    """The request in its one spelling."""
    path, query, *rest = alias_of(environ)
    return path, ordered(str(query)), *rest


def _asked_from(environ: dict[str, Any]) -> tuple[object, ...]:
    host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME")
    return environ["wsgi.url_scheme"], host, environ.get("SCRIPT_NAME", ""), environ.get("HTTP_ACCEPT", "")
