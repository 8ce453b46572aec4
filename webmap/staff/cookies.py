"""The cookies of the staff's pages: the session's token, and the secret of the login form."""

from __future__ import annotations

import hmac
import ipaddress
import secrets

from flask import Response, request

SESSION = "relitu_session"
LOGIN = "relitu_login"
PATH = "/staff"
FIELD = "csrf"
HEADER = "X-CSRF"
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


def is_local() -> bool:
    """Whether the request comes from this machine and was addressed to it."""
    try:
        from_here = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return from_here and request.host.rsplit(":", 1)[0] in LOCAL_NAMES


def is_safe_line() -> bool:
    """Whether a password may travel: by HTTPS, or within this machine."""
    return request.is_secure or is_local()


def give(response: Response, name: str, value: str) -> None:
    """Set a cookie that no script reads, no other site sends and no plain line carries."""
    response.set_cookie(
        name,
        value,
        path=_path(),
        secure=not (is_local() and not request.is_secure),
        httponly=True,
        samesite="Strict",
    )


def take_back(response: Response, name: str) -> None:
    """Have the browser forget a cookie."""
    response.delete_cookie(name, path=_path(), httponly=True, samesite="Strict")


def fresh_secret() -> str:
    """A secret for a form before there is a session."""
    return secrets.token_urlsafe(32)


def said() -> str:
    """The secret that the request carries, in its form or its header."""
    return request.form.get(FIELD, "") or request.headers.get(HEADER, "")


def matches(secret: str) -> bool:
    """Whether the request carries this secret."""
    return bool(secret) and hmac.compare_digest(said().encode(), secret.encode())


def _path() -> str:
    return f"{request.script_root}{PATH}"
