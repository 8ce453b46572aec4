"""Whether the server lives, and whether it can answer."""

from __future__ import annotations

from flask import Blueprint, Response

from webmap.caching import json_response
from webmap.site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return _uncached({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """A snapshot is open and served."""
    snapshot = site().snapshot
    rows = {kind: snapshot.table(kind).rows for kind in snapshot.kinds}
    return _uncached({"status": "ready", "snapshot": snapshot.version, "features": rows})


def _uncached(value: object) -> Response:
    response = json_response(value)
    response.headers["Cache-Control"] = "no-store"
    return response
