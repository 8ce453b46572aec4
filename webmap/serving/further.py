"""Requests that differ from an answered one in their box only, as those of a map that is moved: their view has left how
they are answered, and Flask is not asked again."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import brotli
from flask import request

from webmap.serving.kept import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    # From a request and the value of its box to the body, and the headers that are other than the first answer's. None,
    # or anything raised, where the view itself has to answer.
    Way = Callable[[WSGIEnvironment, str], tuple[bytes, Headers] | None]

LEFT = "relitu.further"  # where a view leaves its Way in the request's environment
MOST = 64
BOX = "bbox="
TURN_S = 0.02  # seconds of work behind which the next does not wait


def leave(way: Way) -> None:
    """Have requests answered in this `way` that differ from the running one in the value of `bbox` only.

    They get the headers of its answer too, so that `way` must see to whatever else depends on the address.
    """
    request.environ[LEFT] = way


def box_apart(query: str) -> tuple[str, str] | None:
    """A query string without the value of its one box, and that value; None where there is not one box."""
    before, found, behind = query.partition(BOX)
    if not found or (before and not before.endswith("&")):
        return None
    value, also, rest = behind.partition("&")
    if rest.startswith(BOX) or f"&{BOX}" in rest:
        return None
    return f"{before}{BOX}{also}{rest}", unquote_plus(value)


@dataclass(frozen=True)
class _Left:
    """A way, the version of the snapshot that it shows, and the headers of the first answer that boxes have in common."""

    way: Way
    version: str
    encoding: str
    headers: Headers


class Further:
    """The ways that views have left lately. May be used by several threads."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        """config: of the application, which says how answers are compressed."""
        self._least = int(config["COMPRESS_MIN_SIZE"])
        self._pack: dict[str, Callable[[bytes], bytes]] = {
            "": bytes,
            "gzip": lambda body: gzip.compress(body, config["COMPRESS_LEVEL"]),
            "br": lambda body: brotli.compress(body, quality=config["COMPRESS_BR_LEVEL"]),
        }
        self._left: OrderedDict[object, _Left] = OrderedDict()
        self._lock = threading.Lock()
        # One after the other: threads that wrest the interpreter's lock from each other do less together than one alone.
        self._turn = threading.Lock()

    def add(self, alias: tuple[Any, ...], way: Way, version: str, headers: Headers) -> None:
        """Keep what a view has left. alias: the request's spelling; headers: of its answer."""
        apart = box_apart(alias[1])
        said = {name.lower(): value for name, value in headers}
        encoding = said.get("content-encoding", "")
        if apart is None or encoding not in self._pack or (encoding == "") != (alias[2] == "identity"):
            return  # an answer too short to be compressed says nothing of longer ones
        common = [(name, value) for name, value in headers if name.lower() not in ("content-length", "date")]
        with self._lock:
            self._left[_key(alias, apart[0])] = _Left(way, version, encoding, common)
            if len(self._left) > MOST:
                self._left.popitem(last=False)

    def answer(self, alias: tuple[Any, ...], environ: WSGIEnvironment, version: str) -> tuple[Headers, bytes] | None:
        """Headers and body of the 200 to a request; None where Flask is to answer. version: of the snapshot served now."""
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ:
            return None
        apart = box_apart(alias[1])
        left = None if apart is None else self._left.get(_key(alias, apart[0]))
        if apart is None or left is None or left.version != version:
            return None
        turn = self._turn.acquire(timeout=TURN_S)
        try:
            made = left.way(environ, apart[1])
        except Exception:  # Flask meets it again, and tells or logs it as any other
            return None
        finally:
            if turn:
                self._turn.release()
        if made is None or (len(made[0]) < self._least and alias[2] != "identity"):
            return None
        body = self._pack[left.encoding](made[0])
        own = [*made[1], ("Content-Length", str(len(body)))]
        changed = {name for name, _ in own}
        return [each for each in left.headers if each[0] not in changed] + own, body

    def forget(self, version: str) -> None:
        """Drop what shows another version, and with it what it keeps in memory."""
        with self._lock:
            for key in [key for key, left in self._left.items() if left.version != version]:
                del self._left[key]


def _key(alias: tuple[Any, ...], query: str) -> tuple[Any, ...]:
    return alias[0], query, *alias[2:]
