"""Headers that keep the pages to themselves."""

from __future__ import annotations

from flask import Flask, Response, request

from webmap.config import Config

TILE_HOSTS = {
    "none": (),
    "tianditu": tuple(f"https://t{n}.tianditu.gov.cn" for n in range(8)),
    "amap": tuple(f"https://webrd0{n}.is.autonavi.com" for n in range(1, 5)),
}


def content_security_policy(config: Config, *, embedded: bool) -> str:
    """The policy of a page: nothing from elsewhere but the configured base map's tiles, no inline script or style.

    Only an embedded page may be framed, and only by the hosts that the operator allows.
    """
    ancestors = " ".join(("'self'", *config.frame_ancestors)) if embedded else "'self'"
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
            f"frame-ancestors {ancestors}",
        )
    )


def install(app: Flask, config: Config) -> None:
    """Put the headers on every answer."""
    own = content_security_policy(config, embedded=False)
    embedded = content_security_policy(config, embedded=True)

    @app.after_request
    def harden(response: Response) -> Response:
        is_embed = request.path == "/embed"
        response.headers.setdefault("Content-Security-Policy", embedded if is_embed else own)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response
