"""The layer before Flask: what is kept is answered at once, other work goes through a gate, and everything is counted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import Flask

from webmap.serving.addresses import LONGEST_QUERY, alias_of, encodings, headers_in_key, key_of
from webmap.serving.further import LEFT, Further
from webmap.serving.gates import Full, Gate
from webmap.serving.kept import MARK, Headers, Keeping, KeptAnswer, KeptAnswers
from webmap.serving.once import Once
from webmap.serving.refusing import Refusals
from webmap.serving.tallies import FOLDER_VARIABLE, PLACES, REQUESTS, Tallies, sort_of
from webmap.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EXTENSION = "relitu-front"
KEPT_BYTES = 64 << 20  # of each worker
LARGE_FORM = 64 << 10  # bytes; a form beyond this takes its sender time, and must not keep the others' places
SESSION = "relitu_session="
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NEVER_GATED = frozenset({"/healthz", "/readyz", "/metrics"})


class Front:
    """A WSGI application around Flask's."""

    def __init__(self, app: Flask, inner: WSGIApplication, version: Callable[[], str], tallies: Tallies) -> None:
        """version: gives the version of the snapshot that is served at the moment."""
        self._inner = inner
        self._version = version
        self.kept = KeptAnswers(KEPT_BYTES)
        self.further = Further(app.config)
        self.tallies = tallies
        self._refusals = Refusals(app)
        self.once = Once(waiting=16, patience_s=3.0)
        # The work holds the interpreter's lock most of the time: more at once would only make all of them slower.
        self.gates = {
            gate.name: gate
            for gate in (
                Gate("public", running=3, waiting=12, patience_s=3.0),
                Gate("stream", running=4, waiting=0, patience_s=0.0),
                Gate("staff", running=3, waiting=8, patience_s=10.0),
                Gate("upload", running=2, waiting=2, patience_s=10.0),
                Gate("door", running=1, waiting=4, patience_s=3.0),
            )
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        found = self._known(environ)
        if found is not None:
            return self._give(found, environ, start_response)
        return self._work(environ, start_response)

    def _known(self, environ: WSGIEnvironment) -> KeptAnswer | None:
        """The kept answer to a request."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not _asks_as_everybody(environ):
            return None
        version = self._version()
        if self.kept.turn_to(version):
            self.further.forget(version)
        alias = alias_of(environ)
        found = self.kept.by_alias(alias)
        if (found is None or found.body is None) and _may_be_kept(environ):
            found = self.kept.by_key(key_of(environ), alias)
        if found is None or found.body is None or found.version not in ("", version):
            return None
        return found

    def _give(self, found: KeptAnswer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found.used = True
        sort, body = sort_of(environ["PATH_INFO"]), found.body
        self.tallies.add(_KEPT[sort])
        if "HTTP_IF_NONE_MATCH" in environ and found.is_known_to(environ["HTTP_IF_NONE_MATCH"]):
            self.tallies.add(REQUESTS[sort, "304"])
            start_response("304 NOT MODIFIED", found.unchanged)
            return []
        self.tallies.add(REQUESTS[sort, "200"])
        start_response("200 OK", list(found.headers))
        return [] if body is None or environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _work(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        gate = self._gate_of(environ)
        sort = sort_of(environ["PATH_INFO"])
        if gate is None:
            return self._ask(environ, start_response, sort)
        if gate is not self.gates["public"] or environ["REQUEST_METHOD"] != "GET" or not _may_be_kept(environ):
            return self._pass(gate, sort, environ, start_response)
        key = key_of(environ)
        if not self.once.begin(key):
            found = self._known(environ)
            return (
                self._give(found, environ, start_response) if found else self._pass(gate, sort, environ, start_response)
            )
        try:
            return self._pass(gate, sort, environ, start_response)
        finally:
            self.once.end(key)

    def _pass(self, gate: Gate, sort: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer to a request that has to find a place."""
        try:
            waited = gate.enter()
        except Full:
            return self._refuse(gate, sort, environ, start_response)
        try:
            if waited and gate.name == "public":
                found = self._known(environ)  # another may have asked the same while this one waited
                if found is not None:
                    return self._give(found, environ, start_response)
            return self._ask(environ, start_response, sort)
        finally:
            gate.leave()

    def _gate_of(self, environ: WSGIEnvironment) -> Gate | None:
        """The gate that a request goes through; staff have gates of their own, so that the public cannot lock them out."""
        path = environ["PATH_INFO"]
        if path in NEVER_GATED or path.startswith("/static/"):
            return None
        writes = path.startswith("/api/") and environ["REQUEST_METHOD"] in WRITING
        if path != "/staff" and not path.startswith("/staff/") and not writes:
            return self.gates["public"]
        shown = "HTTP_AUTHORIZATION" in environ if writes else SESSION in environ.get("HTTP_COOKIE", "")
        if not shown:
            return self.gates["door"]
        length = environ.get("CONTENT_LENGTH") or "0"
        unknown = "HTTP_TRANSFER_ENCODING" in environ
        return self.gates["upload" if unknown or not length.isdigit() or int(length) > LARGE_FORM else "staff"]

    def _ask(self, environ: WSGIEnvironment, start_response: StartResponse, sort: str) -> Iterable[bytes]:
        """Flask's answer. What has its length is taken whole; a stream goes on through a gate of its own."""
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            environ["HTTP_ACCEPT_ENCODING"] = encodings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        begun = time.perf_counter()
        alias = alias_of(environ)
        held = _Held()
        version = self._version()
        known = self.further.answer(alias, environ, version) if _may_be_kept(environ) else None
        if known is not None:
            held.start("200 OK", known[0])
            environ[MARK] = Keeping(version)
            pieces: Iterable[bytes] = (known[1],)
        else:
            pieces = self._inner(environ, held.start)
        if not held.has_length and environ["REQUEST_METHOD"] != "HEAD" and held.status[:3] not in ("204", "304"):
            return self._stream(pieces, held, sort, environ, start_response)
        try:
            body = b"".join(pieces)
        finally:
            _close(pieces)
        took = int((time.perf_counter() - begun) * 1e6)
        self.tallies.add(_WORKED[sort])
        self.tallies.add(_WORKED_TIME[sort], took)
        self.tallies.answered(sort, held.status)
        self._keep(environ, alias, held, body)
        start_response(held.status, held.headers, held.exc_info)
        return [body]

    def _keep(self, environ: WSGIEnvironment, alias: tuple[object, ...], held: _Held, body: bytes) -> None:
        keeping = environ.get(MARK)
        if not isinstance(keeping, Keeping) or environ["REQUEST_METHOD"] != "GET" or held.status[:3] != "200":
            return
        if not _may_be_kept(environ) or keeping.version not in ("", self._version()):
            return
        if not held.depends_on_no_more_than(headers_in_key(environ["PATH_INFO"], shared=bool(keeping.same))):
            return
        how = environ["HTTP_ACCEPT_ENCODING"]
        key = (keeping.same, how) if keeping.same else key_of(environ)
        self.kept.add(key, alias, KeptAnswer(keeping.version, held.headers, body, held.header("etag")))
        if LEFT in environ:
            self.further.add(alias, environ[LEFT], keeping.version, held.headers)

    def _stream(
        self, pieces: Iterable[bytes], held: _Held, sort: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        gate = self.gates["stream"]
        try:
            gate.enter()
        except Full:
            _close(pieces)
            return self._refuse(gate, sort, environ, start_response)
        self.tallies.answered(sort, held.status)
        start_response(held.status, held.headers, held.exc_info)
        return _Streamed(pieces, gate)

    def _refuse(
        self, gate: Gate, sort: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        status, headers, body = self._refusals.answer(
            environ["PATH_INFO"], environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT", "")
        )
        self.tallies.count("relitu_shed_requests_total", f'gate="{gate.name}"')
        self.tallies.answered(sort, status)
        start_response(status, list(headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def measure(self) -> None:
        """Bring the figures that go up and down to where other workers can read them."""
        for name, gate in self.gates.items():
            self.tallies.put("relitu_running_requests", f'gate="{name}"', gate.running)
            self.tallies.put("relitu_waiting_requests", f'gate="{name}"', gate.waiting)
        self.tallies.put("relitu_kept_bytes", "", self.kept.bytes)
        self.tallies.put("relitu_kept_entries", "", len(self.kept))
        self.tallies.put("relitu_kept_dropped_total", "", self.kept.dropped)


def install(app: Flask) -> None:
    """Put the layer before `app`. A proxy's headers are to be read before it, as they say who asks for which host."""
    folder = os.environ.get(FOLDER_VARIABLE)
    site = cast(Site, app.extensions["relitu"])
    front = Front(app, app.wsgi_app, lambda: site.snapshot.version, Tallies(Path(folder) if folder else None))
    app.extensions[EXTENSION] = front
    app.wsgi_app = front  # type: ignore[method-assign]


_KEPT = {sort: PLACES["relitu_kept_answers_total", f'class="{sort}"'] for sort, _ in REQUESTS}
_WORKED = {sort: PLACES["relitu_worked_requests_total", f'class="{sort}"'] for sort, _ in REQUESTS}
_WORKED_TIME = {sort: PLACES["relitu_worked_microseconds_total", f'class="{sort}"'] for sort, _ in REQUESTS}


class _Held:
    """What Flask has said of its answer, held back until the body is there."""

    def __init__(self) -> None:
        self.status = "500"
        self.headers: Headers = []
        self.exc_info: Any = None

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        """The start_response that Flask sees."""
        self.status, self.headers, self.exc_info = status, headers, exc_info
        return _write

    def header(self, name: str) -> str:
        """The value of a header; empty where it is absent."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def has_length(self) -> bool:
        """Whether the body is whole already."""
        return bool(self.header("content-length"))

    def depends_on_no_more_than(self, asked: Iterable[str]) -> bool:
        """Whether the answer is for everyone whose request is alike in these headers, given in small letters."""
        varies = {part.strip().lower() for part in self.header("vary").split(",") if part.strip()}
        return varies.issubset(asked) and not self.header("set-cookie")


class _Streamed:
    """The pieces of a long answer; gives the place back when they end or the client has gone."""

    def __init__(self, pieces: Iterable[bytes], gate: Gate) -> None:
        self._pieces, self._gate, self._open = pieces, gate, True

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        """End it."""
        if self._open:
            self._open = False
            try:
                _close(self._pieces)
            finally:
                self._gate.leave()


def _write(_: bytes) -> object:
    raise RuntimeError("write() of WSGI 1.0 is not offered")


def _close(pieces: Iterable[bytes]) -> None:
    close = getattr(pieces, "close", None)
    if close is not None:
        close()


def _asks_as_everybody(environ: WSGIEnvironment) -> bool:
    return "HTTP_AUTHORIZATION" not in environ and "HTTP_RANGE" not in environ


def _may_be_kept(environ: WSGIEnvironment) -> bool:
    return (
        _asks_as_everybody(environ)
        and len(environ.get("QUERY_STRING", "")) <= LONGEST_QUERY
        and len(environ.get("HTTP_ACCEPT", "")) <= 256
    )
