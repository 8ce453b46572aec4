"""OGC API – Features Part 4: programs with tokens create, replace, update and withdraw, by the way of draft and review."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Serve the addresses that write, beside those that read."""
    from webmap.writing.views import blueprint

    app.register_blueprint(blueprint)
