"""The answer to whom there is no room for: made once, so that turning somebody away costs next to nothing."""

from __future__ import annotations

import threading

from flask import Flask, Response
from werkzeug.test import EnvironBuilder

from datasets.labels import DEFAULT_LANGUAGE, LANGUAGES, Label
from webmap.problems import Refusal

CROWDED = Label(
    "现在访问的人太多，请稍等几秒再试。已经打开的地图仍可使用。",
    "Too many are asking right now: wait a few seconds and try again. A map that is open already goes on working.",
)
CROWDED_STAFF = Label(
    "服务器正忙，这一步没有执行，请稍等几秒再试。",
    "The server is busy and this step was not carried out: wait a few seconds and try again.",
)
RETRY_AFTER_S = 2
Refused = tuple[str, list[tuple[str, str]], bytes]


class Refusals:
    """Status, headers and body of a 503, by what was asked for and the language."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._made: dict[tuple[str, bool, str], Refused] = {}
        self._lock = threading.Lock()

    def answer(self, path: str, query: str, accepts: str) -> Refused:
        """The 503 with Retry-After for a request, as problem details or as a page."""
        where = next((start for start in ("/staff", "/api/", "/tiles/") if path.startswith(start)), "/")
        # The open service has pages too; see webmap.problems.wants_json.
        as_json = accepts.startswith("application/json") if where == "/staff" else "text/html" not in accepts
        asked = next((pair[5:] for pair in query.split("&") if pair.startswith("lang=")), DEFAULT_LANGUAGE)
        key = (where, as_json, asked if asked in LANGUAGES else DEFAULT_LANGUAGE)
        with self._lock:
            if key not in self._made:
                self._made[key] = self._make(*key)
            return self._made[key]

    def _make(self, where: str, as_json: bool, lang: str) -> Refused:
        accept = "application/json" if as_json else "text/html"
        builder = EnvironBuilder(path=where, query_string={"lang": lang}, headers=[("Accept", accept)])
        environ = builder.get_environ()
        with self._app.request_context(environ):
            label = CROWDED_STAFF if where == "/staff" else CROWDED
            response: Response = self._app.make_response(
                self._app.handle_user_exception(Refusal(label, 503, RETRY_AFTER_S))
            )
            response = self._app.process_response(response)
            response.headers.pop("Set-Cookie", None)
            return response.status, response.get_wsgi_headers(environ).to_wsgi_list(), response.get_data()
