"""The part of the API definition that says how programs with tokens write (OGC API – Features Part 4)."""

from __future__ import annotations

from typing import Any

from datasets.labels import Label
from geo.model import Feature

SCHEME = "token"
GEOJSON, PATCH, PROBLEM = "application/geo+json", "application/merge-patch+json", "application/problem+json"
TEXT: dict[str, Any] = {"type": "string"}
SECURITY: dict[str, Any] = {SCHEME: {"type": "http", "scheme": "bearer"}}
RESPONSES = {
    "400": Label("参数、JSON 或 Content-Crs 有误", "A parameter, the JSON or Content-Crs is wrong"),
    "401": Label("没有令牌，或令牌无效（WWW-Authenticate）", "No token, or a bad one (WWW-Authenticate)"),
    "403": Label("超出令牌或账号的地区、类别、权限", "Beyond the counties, kinds or rights of token and account"),
    "404": Label("没有找到", "Not found"),
    "409": Label(
        "正在等待审核、编号已被使用，或刚被他人修改", "Waits for review, the id is taken, or another was quicker"
    ),
    "412": Label(
        "If-Match 不是现在的版本；current 为现在的版本号", "If-Match is not the newest revision; `current` is"
    ),
    "413": Label("内容过大", "Too large"),
    "415": Label("不支持这种内容类型", "Unsupported media type"),
    "422": Label(
        "没有通过检查，没有写入；findings 逐条指明属性、环、点",
        "Refused by the checks, nothing written; `findings` names property, ring and point",
    ),
    "428": Label("缺少 If-Match", "If-Match is missing"),
    "429": Label("此地址的无效令牌过多（Retry-After）", "Too many bad tokens from this address (Retry-After)"),
    "503": Label("暂时无法写入（Retry-After）", "Not possible right now (Retry-After)"),
}
ON_ITEM = ("404", "409", "412", "428")
WITH_BODY = ("413", "415", "422")


def on_items(kind: type[Feature], lang: str) -> dict[str, Any]:
    """The operation that writes at the address of a collection's items."""
    words = Label(
        f"新建{kind.title.zh}：写成草稿，经另一人审核后公开。可自带 id，重发不会重复写入。",
        f"A new {kind.title.en}, as a draft that another person must approve. With an id of your own it may be sent again.",
    )
    return {"post": _operation(kind, "create", words, lang, ("200", "201"), ("409", *WITH_BODY), GEOJSON)}


def on_item(kind: type[Feature], lang: str) -> dict[str, Any]:
    """The operations that write at the address of one feature."""
    replace = Label(
        f"替换{kind.title.zh}的内容，写成草稿；If-Match 说明依据哪一版。",
        f"Replace the content of a {kind.title.en}, as a draft; If-Match says from which revision.",
    )
    update = Label(
        "修改部分属性（RFC 7396），写成草稿；null 表示清空。",
        "Change some properties (RFC 7396), as a draft; null empties one.",
    )
    remove = Label(
        "申请下架：经另一人同意后公众才看不到。",
        "Ask for its withdrawal: it stays public until another person approves.",
    )
    return {
        "put": _operation(kind, "replace", replace, lang, ("200",), (*ON_ITEM, *WITH_BODY), GEOJSON),
        "patch": _operation(kind, "update", update, lang, ("200",), (*ON_ITEM, *WITH_BODY), PATCH),
        "delete": _operation(kind, "withdraw", remove, lang, ("202", "204"), ON_ITEM, ""),
    }


def _operation(
    kind: type[Feature],
    name: str,
    words: Label,
    lang: str,
    good: tuple[str, ...],
    bad: tuple[str, ...],
    media: str,
) -> dict[str, Any]:
    on_one = name != "create"
    answers: dict[str, Any] = {code: _answer(words.text(lang), code) for code in good}
    for code in sorted({"400", "401", "403", "404", "429", "503", *bad}):
        problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}}
        answers[code] = {"description": RESPONSES[code].text(lang), "content": problem}
    found: dict[str, Any] = {
        "operationId": f"{kind.kind}.{name}",
        "summary": words.text(lang),
        "tags": [kind.kind],
        "security": [{SCHEME: []}],
        "parameters": [*_parameters(on_one, bool(media), lang)],
        "responses": answers,
    }
    if media:
        found["requestBody"] = {"required": True, "content": {media: {"schema": _body(kind, media)}}}
    return found


def _parameters(on_one: bool, has_body: bool, lang: str) -> list[dict[str, Any]]:
    def asked(name: str, where: str, words: Label, **more: Any) -> dict[str, Any]:
        return {"name": name, "in": where, "description": words.text(lang), "schema": {**TEXT, **more}}

    found = [asked("reason", "query", Label("修改理由，审核人可见", "Why; the reviewer reads it"), maxLength=1800)]
    if has_body:
        submit = Label("同时提交审核；否则只存为草稿", "hand it to the reviewers at once; a draft otherwise")
        found.append(asked("submit", "query", submit, enum=["true", "false"], default="false"))
        system = Label("内容中坐标的坐标系，写作 <URI>", "the system of the coordinates in the body, as <URI>")
        found.append(asked("Content-Crs", "header", system))
    if on_one:
        found.append({"name": "featureId", "in": "path", "required": True, "schema": {**TEXT, "minLength": 1}})
        locked = Label('版本号，如 "7"；* 表示任意一版', 'the revision, such as "7"; * for any')
        found.append({**asked("If-Match", "header", locked), "required": True})
    return found


def _answer(words: str, code: str) -> dict[str, Any]:
    if code == "204":
        return {"description": words}
    headers = {"ETag": {"schema": TEXT}} | ({"Location": {"schema": TEXT}} if code == "201" else {})
    content = {GEOJSON: {"schema": {"$ref": "#/components/schemas/feature"}}}
    return {"description": words, "headers": headers, "content": content}


def _body(kind: type[Feature], media: str) -> dict[str, Any]:
    """Loose on purpose: the collection's schema says all; OpenAPI 3.0 cannot take it as it is."""
    properties = {"type": "object", "description": f"/collections/{kind.kind}/schema"}
    shape = {"type": "object", "nullable": True}
    if media == PATCH:
        return {"type": "object", "properties": {"properties": properties, "geometry": shape}}
    return {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {"type": {**TEXT, "enum": ["Feature"]}, "id": TEXT, "geometry": shape, "properties": properties},
    }
