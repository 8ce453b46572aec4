"""Errors named for the fact, mapped to a status in one table, in one JSON shape (RFC 9457) or one page."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from datasets.labels import DEFAULT_LANGUAGE, LANGUAGES, Label
from geo.query.faults import BadParameters

log = logging.getLogger(__name__)

TITLES = {
    400: Label("请求有误", "Bad request"),
    401: Label("需要登录", "Login needed"),
    403: Label("没有权限", "Not allowed"),
    404: Label("没有找到", "Not found"),
    405: Label("不支持这种方法", "Method not allowed"),
    406: Label("没有这种格式", "Not acceptable"),
    409: Label("内容已变", "Conflict"),
    412: Label("版本不符", "Precondition failed"),
    413: Label("内容过大", "Too large"),
    415: Label("不支持这种内容类型", "Unsupported media type"),
    422: Label("内容未通过检查", "Unprocessable content"),
    428: Label("需要说明版本", "Precondition required"),
    429: Label("请求过多", "Too many requests"),
    500: Label("系统出错", "Internal error"),
    503: Label("暂时无法服务", "Service unavailable"),
}
DETAILS = {
    413: Label("上传内容超过 200 MB，请分开上传。", "More than 200 MB was sent: upload it in parts."),
    404: Label(
        "这里没有您要找的内容，可能已撤下或地址有误。", "There is nothing at this address; it may have been withdrawn."
    ),
    500: Label(
        "服务器内部出错，已记入日志。请稍后再试。", "Something failed inside; it has been logged. Try again later."
    ),
}
RETRY_AFTER_S = 10  # of a 503 that does not know better: a database that is away comes back in seconds or not so soon


class NotHere(LookupError):
    """A feature, county, place or kind that the current snapshot or the datasets do not hold."""

    def __init__(self, what: Label) -> None:
        super().__init__(what.en)
        self.label = what


class NotCurrent(NotHere):
    """A version that is not served (any more); `current` is the one to ask for."""

    def __init__(self, version: str, current: str) -> None:
        super().__init__(
            Label(
                f"没有版本 {version}；现行版本为 {current}",
                f"version {version} is not served; the current one is {current}",
            )
        )
        self.current = current


class Refusal(RuntimeError):
    """Something that this person may not do, or not now; `status` is that of the answer, the label says why.

    retry_after_s: with a 503 or 429, after how many seconds it is worth asking again. headers: further ones of the answer.
    members: further ones of the problem details.
    """

    def __init__(
        self,
        label: Label,
        status: int = 403,
        retry_after_s: int = RETRY_AFTER_S,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(label.en)
        self.label = label
        self.status = status
        self.retry_after_s = retry_after_s
        self.headers = headers or {}
        self.members = members or {}


@dataclass(frozen=True)
class Problem:
    """What went wrong, for a reader: RFC 9457 members, the detail in the reader's language."""

    status: int
    detail: Label
    parameters: tuple[dict[str, Any], ...] = ()
    current: str = ""
    members: Mapping[str, Any] = field(default_factory=dict)

    def body(self, lang: str) -> dict[str, Any]:
        """The JSON object."""
        title = TITLES.get(self.status, TITLES[500])
        members: dict[str, Any] = {
            "type": "about:blank",
            "title": title.text(lang),
            "status": self.status,
            "detail": self.detail.text(lang),
        }
        if self.parameters:
            members["parameters"] = list(self.parameters)
        if self.current:
            members["current"] = self.current
        return {**members, **self.members}


def _language() -> str:
    wanted = request.args.get("lang", DEFAULT_LANGUAGE)
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


def problem_of(error: Exception, lang: str = DEFAULT_LANGUAGE) -> Problem:
    """The problem that an exception stands for; whatever is not in the table is a 500 that tells nothing inside."""
    if isinstance(error, BadParameters):
        faults = [
            {"name": fault.param, "value": fault.value, "message": fault.message.text(lang)}
            | ({"position": dict(fault.position)} if fault.position else {})
            for fault in error.faults
        ]
        detail = Label(
            "；".join(f"参数 {fault.param}：{fault.message.zh}" for fault in error.faults),
            "; ".join(f"parameter {fault.param}: {fault.message.en}" for fault in error.faults),
        )
        return Problem(400, detail, tuple(faults))
    if isinstance(error, NotCurrent):
        return Problem(404, error.label, current=error.current)
    if isinstance(error, NotHere):
        return Problem(404, error.label)
    if isinstance(error, Refusal):
        return Problem(error.status, error.label, members=error.members)
    if isinstance(error, HTTPException) and error.code is not None:
        known = DETAILS.get(error.code)
        return Problem(error.code, known or Label(TITLES.get(error.code, TITLES[400]).zh, error.name))
    return Problem(500, DETAILS[500])


def _is_staff() -> bool:
    """Whether the address is one of the staff's, and they are served."""
    return request.path.startswith("/staff") and "staff_home" in current_app.blueprints


def wants_json() -> bool:
    """Whether the answer goes to a program."""
    if request.path.startswith("/staff"):
        return request.accept_mimetypes.best == "application/json"
    if request.path.startswith("/api/"):  # the open service has pages too
        form = request.args.get("f")
        return form != "html" if form else request.accept_mimetypes.best != "text/html"
    return request.path.startswith(("/tiles/", "/oembed", "/healthz", "/readyz", "/metrics"))


def install(app: Flask) -> None:
    """Answer every error in the one shape."""

    @app.errorhandler(Exception)
    def answer(error: Exception) -> Response:
        lang = _language()
        problem = problem_of(error, lang)
        if problem.status >= 500 and not isinstance(error, Refusal):
            log.exception("%s %s failed", request.method, request.path, exc_info=error)
        if wants_json():
            text = json.dumps(problem.body(lang), ensure_ascii=False)
            response = Response(text, problem.status, mimetype="application/problem+json")
        else:
            template = "staff/error.html" if _is_staff() else "error.html"
            page = render_template(template, problem=problem, title=TITLES.get(problem.status, TITLES[500]))
            response = Response(page, problem.status, mimetype="text/html")
        if isinstance(error, HTTPException):
            for name, value in error.get_headers():
                if name.lower() == "allow":
                    response.headers[name] = value
        if isinstance(error, Refusal):
            response.headers.extend(dict(error.headers))
        if problem.status in (429, 503):
            wait = error.retry_after_s if isinstance(error, Refusal) else RETRY_AFTER_S
            response.headers["Retry-After"] = str(wait)
        response.headers["Cache-Control"] = "no-store"
        return response
