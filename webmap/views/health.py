"""Whether the server lives, and whether it can answer."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from datasets.labels import Label
from webmap.caching import json_response
from webmap.problems import NotHere, Refusal
from webmap.serving import metrics
from webmap.serving.following import state
from webmap.site import site

LOOPBACK = ("127.", "::1", "::ffff:127.")

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
    described: dict[str, object] = {"status": "ready", "snapshot": snapshot.version, "features": rows}
    config = site().config
    if site().trouble:
        described["trouble"] = site().trouble
    if config.snapshots_from or config.snapshots_to:
        described["following"] = state(config.snapshots)
    return _uncached(described)


@blueprint.get("/metrics")
def metrics_() -> Response:
    """Figures of all workers of this server, as Prometheus reads them; to the machine itself unless configured otherwise."""
    allowed = site().config.metrics
    if allowed == "off":
        raise NotHere(Label("没有开放运行指标。", "No metrics are served here."))
    if allowed == "loopback" and not _is_from_here():
        raise Refusal(
            Label(
                "运行指标只对本机开放；如需远程读取，请把 metrics 设为 open。",
                "Metrics are for this machine alone; set metrics to open to read them from others.",
            )
        )
    response = Response(metrics.text(current_app, site()), content_type=metrics.CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_from_here() -> bool:
    """Whether the request comes from this machine and from no proxy that we do not know of."""
    forwarded = "X-Forwarded-For" in request.headers and not site().config.proxy_hops
    return (request.remote_addr or "").startswith(LOOPBACK) and not forwarded


def _uncached(value: object) -> Response:
    response = json_response(value)
    response.headers["Cache-Control"] = "no-store"
    return response
