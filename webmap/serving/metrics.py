"""Figures about a server in the text format of Prometheus (version 0.0.4)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import cast

from flask import Flask

from geo.publish.shelf import POINTER
from webmap.caching import SOFTWARE
from webmap.serving.front import EXTENSION, Front
from webmap.site import Site

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HELP = {
    "relitu_requests_total": "Requests answered, by what was asked for and status",
    "relitu_kept_answers_total": "Requests answered with what was kept, ahead of Flask",
    "relitu_worked_requests_total": "Requests that Flask answered",
    "relitu_worked_microseconds_total": "Time that these took, waiting at the gate excluded",
    "relitu_shed_requests_total": "Requests turned away with 503 since too many ran and waited",
    "relitu_running_requests": "Requests behind each gate, as each worker last said",
    "relitu_waiting_requests": "Requests waiting at each gate, as each worker last said",
    "relitu_kept_bytes": "Bytes of kept answers",
    "relitu_kept_entries": "Kept answers",
    "relitu_kept_dropped_total": "Answers dropped for want of room",
}


def text(app: Flask, site: Site) -> str:
    """All figures, over all workers of this server."""
    return "\n".join([*_counted(app), *_published(site)]) + "\n"


def _counted(app: Flask) -> Iterator[str]:
    front = cast(Front, app.extensions[EXTENSION])
    front.measure()
    last = ""
    for (name, labels), value in front.tallies.sums().items():
        if name != last:
            yield from _head(name, HELP[name], "counter" if name.endswith("_total") else "gauge")
            last = name
        if value or not name.startswith("relitu_requests"):
            yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"
    yield from _head("relitu_workers", "Worker processes alive", "gauge")
    yield f"relitu_workers {front.tallies.workers}"


def _published(site: Site) -> Iterator[str]:
    snapshot = site.snapshot
    yield from _head("relitu_info", "Software and snapshot that are served", "gauge")
    yield f'relitu_info{{software="{SOFTWARE}",snapshot="{snapshot.version}"}} 1'
    yield from _head("relitu_snapshot_age_seconds", "Since the snapshot was swapped in", "gauge")
    try:
        made = (site.config.snapshots / POINTER).stat().st_mtime
    except OSError:
        made = time.time()
    yield f"relitu_snapshot_age_seconds {max(0.0, time.time() - made):.0f}"
    yield from _head("relitu_snapshot_trouble", "1 while a newer snapshot cannot be served", "gauge")
    yield f"relitu_snapshot_trouble {int(bool(site.trouble))}"
    yield from _head("relitu_features", "Features in the snapshot", "gauge")
    for kind in snapshot.kinds:
        yield f'relitu_features{{kind="{kind}"}} {snapshot.table(kind).rows}'


def _head(name: str, words: str, kind: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
