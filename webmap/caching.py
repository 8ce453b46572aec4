"""Answers that depend on nothing but the address and the snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import metadata
from typing import Any

import orjson
from flask import Response, current_app, request

from webmap.serving.kept import keep
from webmap.site import site

SOFTWARE = metadata.version("relitu")
YEAR_S = 365 * 24 * 3600


def entity_tag(version: str, address: str = "") -> str:
    """The tag of the answer to this request while `version` is what is served.

    address: the one spelling of the request's address, where others mean the same.
    """
    asked = address or f"{request.path}?{request.query_string.decode('latin-1')}"
    return tag_of(version, current_app.config["STATIC_VERSION"], asked)


def tag_of(version: str, static_version: str, address: str) -> str:
    """The tag of what is answered to an address; static_version: of the files that pages are made with."""
    return hashlib.sha256(f"{version}|{SOFTWARE}|{static_version}|{address}".encode()).hexdigest()[:20]


def answer(make: Callable[[], Response], *, version: str | None = None, shared: bool = True) -> Response:
    """The answer of `make`, tagged; 304 without calling it where the reader has it already.

    With `?v=<version>` in the address the answer may be kept for ever. Unless `shared` is False the server keeps the
    answer too, and gives it to whoever asks for the same address while the snapshot is the same: nothing in it, its
    headers included, may depend on anything else.
    """
    shown = site().snapshot.version
    current = version or shown
    tag = entity_tag(current)
    response = Response(status=304) if request.if_none_match.contains_weak(tag) else make()
    if response.status_code in (200, 304):
        response.set_etag(tag, weak=True)
        pinned = request.args.get("v") == current
        response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if pinned else "no-cache"
        if shared:
            keep(shown)
    return response


def json_response(value: Any, mimetype: str = "application/json") -> Response:
    """Compact JSON as `json_text` writes it."""
    return Response(json_text(value), mimetype=mimetype)


def json_text(value: Any) -> bytes:
    """Compact JSON; numpy arrays are written as lists, a number that is none as null."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)
