"""Headers that keep the pages to themselves."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, Response, g

from webmap.config import Config

TILE_HOSTS = {
    "none": (),
    "tianditu": tuple(f"https://t{n}.tianditu.gov.cn" for n in range(8)),
    "amap": tuple(f"https://webrd0{n}.is.autonavi.com" for n in range(1, 5)),
}
HARDENING = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "geolocation=(self), camera=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def may_be_framed_by(hosts: Iterable[str]) -> None:
    """Let the answer to this request stand in frames of these origins."""
    g.frame_ancestors = tuple(dict.fromkeys(hosts))


def content_security_policy(config: Config, ancestors: Iterable[str] = ()) -> str:
    """The policy of a page: nothing from elsewhere but the configured base map's tiles, no inline script or style.

    Only the page itself and the origins in `ancestors` may frame it.
    """
    framing = " ".join(("'self'", *ancestors))
    images = " ".join(("'self'", "data:", *TILE_HOSTS[config.base_map]))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {images}",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "frame-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {framing}",
        )
    )


def install(app: Flask, config: Config) -> None:
    """Put the headers on every answer."""
    own = content_security_policy(config)

    @app.after_request
    def harden(response: Response) -> Response:
        hosts = g.get("frame_ancestors")
        said = {name.lower() for name, _ in response.headers}
        policy = content_security_policy(config, hosts) if hosts else own
        for name, value in (("Content-Security-Policy", policy), *HARDENING):
            if name.lower() not in said:
                response.headers.add(name, value)
        return response
