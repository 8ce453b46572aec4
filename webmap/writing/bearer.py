"""Who stands behind a request of a program: the token in its Authorization header, never a cookie."""

from __future__ import annotations

from dataclasses import replace

from flask import g, request

from datasets.labels import Label
from geo.store import audit
from geo.store.accounts import Account, Role
from geo.store.tokens import Bearer, Scope, TokenRefused
from webmap.problems import Refusal
from webmap.staff.access import EDITORS
from webmap.staff.attempts import must_wait
from webmap.staff.cookies import is_safe_line
from webmap.staff.desk import desk
from webmap.staff.visiting import Visit, holds, refuse

REALM = 'Bearer realm="relitu"'
SCHEME = "bearer"
READERS = frozenset(Role)
NEEDED = Label(
    "请在 Authorization 头中提供令牌（Bearer）；令牌在工作平台的“接口令牌”页新建。",
    "Give a token in the Authorization header (Bearer); tokens are made on the staff page 'API tokens'.",
)
WRONG = Label("令牌无效、已过期或已吊销。", "The token is unknown, expired or revoked.")
PLAIN = Label("令牌只能通过 HTTPS 使用。", "Tokens are taken over HTTPS only.")
WAIT = Label("此网络地址的无效令牌过多，请稍后再试。", "Too many bad tokens came from this address: try again later.")


def is_shown() -> bool:
    """Whether the request shows a token. What else a proxy may put into the header (Basic) is none of ours."""
    return request.headers.get("Authorization", "").partition(" ")[0].lower() == SCHEME


def enter(scope: Scope) -> Bearer:
    """Let the program in and make the visit of this request out of it; raises Refusal (401, 403, 429).

    The visit's account is the token's, its counties narrowed to the token's, so that every check of a person's counties
    holds for the token.
    """
    if not is_shown():
        raise Refusal(NEEDED, 401, headers={"WWW-Authenticate": REALM})
    if not is_safe_line():
        raise Refusal(PLAIN)
    secret = request.headers["Authorization"].partition(" ")[2].strip()
    try:
        found = desk().tokens.bearer(secret)
    except TokenRefused as refused:
        raise _turned_away(refused) from None
    account = _narrowed(found)
    g.visit = Visit(account, "")
    if not found.token.may(scope) or account.role not in (EDITORS if scope is Scope.WRITE else READERS):
        refusal = refuse(
            Label(f"令牌或账号没有 {scope.value} 权限。", f"The token or its account lacks {scope.value}."), "role"
        )
        refusal.headers = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{scope.value}"'}
        raise refusal
    return found


def require_kind(bearer: Bearer, kind: str) -> None:
    """Raise Refusal (403) where the token is narrowed to other kinds."""
    if bearer.token.kinds and kind not in bearer.token.kinds:
        raise refuse(Label(f"令牌不包含类别 {kind}。", f"The token does not hold the kind {kind}."), "kind")


def _narrowed(bearer: Bearer) -> Account:
    counties = bearer.token.counties
    if not counties:
        return bearer.account
    return replace(bearer.account, scope=tuple(unit for unit in counties if holds(bearer.account, (unit,))))


def _turned_away(refused: TokenRefused) -> Refusal:
    """The answer to a bad token; each is noted until the address has shown too many."""
    address = request.remote_addr or ""
    if must_wait(desk(), address, "token"):
        return Refusal(WAIT, 429, desk().config.login_window_minutes * 60)
    audit.note(
        desk().store.engine,
        actor=refused.account,
        action="token",
        object=refused.token or f"{request.method} {request.path}"[:200],
        result=refused.reason,
        detail={"address": address},
    )
    return Refusal(WRONG, 401, headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'})
