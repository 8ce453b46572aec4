"""Tiles as a browser gets them, against tipg: the same plots and filter, a fresh connection for each."""

from __future__ import annotations

import gzip
import http.client
import statistics
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Measured, NotMeasured, Unavailable, once_ms
from tests.bench.mvt_content import features_in
from tests.bench.peers import tipg
from tests.bench.peers.serving import Server, relitu
from tests.bench.tiles import ZOOMS, Place, places

CQL = "status = 'available' AND price_wan_mu >= 20"
PROPERTIES = "id,name,cluster,status,demo"
WARMING = 3


def measure(ground: Ground) -> Iterator[Measured | NotMeasured]:
    """Medians by zoom over different tiles, so that ours are drawn and not remembered."""
    made = ground.made(LARGE)
    try:
        theirs = tipg.running(ground)
    except Unavailable as missing:
        yield NotMeasured("against tipg", str(missing))
        return
    ours_at = f"/tiles/{made.snapshot.version}/plot/{{}}/{{}}/{{}}.mvt?status=available&price_min=20"
    theirs_at = f"{tipg.TILES}/{{}}/{{}}/{{}}?properties={PROPERTIES}&filter-lang=cql2-text&filter={quote(CQL)}"
    with relitu(made.data) as ours:
        for zoom in ZOOMS:
            yield _zoom((ours, ours_at), (theirs, theirs_at), _different(ground, zoom))


def _different(ground: Ground, zoom: int) -> list[Place]:
    """Places in a random order, none twice."""
    return list(dict.fromkeys(places(ground.made(LARGE).snapshot.table("plot"), zoom, 60)))[: 30 + WARMING]


def _zoom(ours: tuple[Server, str], theirs: tuple[Server, str], where: list[Place]) -> Measured:
    times: tuple[list[float], list[float]] = ([], [])
    features: tuple[list[int], list[int]] = ([], [])
    for number, place in enumerate(where):
        for (server, path), took, found in zip((ours, theirs), times, features, strict=True):
            got: list[bytes] = []
            spent = once_ms(lambda a=server, p=path, t=place, g=got: g.append(_fetched(a, p.format(*t))))
            if number >= WARMING:
                took.append(spent)
                found.append(max(features_in(got[0], "plot"), features_in(got[0], "default")))
    mine, other = (statistics.median(found) for found in features)
    method = (
        f"{LARGE:,} plots, the same filter; {len(times[0])} different tiles where plots are, none asked before, a fresh connection each, gzip accepted;"
        f" one worker process each; median, in turns; {mine:,.0f} features, at most 100 kB compressed, against {other:,.0f}"
    )
    return Measured(
        f"tile z{where[0][0]} over HTTP, filtered",
        statistics.median(times[0]),
        "ms",
        method,
        "tipg",
        statistics.median(times[1]),
    )


def _fetched(server: Server, path: str) -> bytes:
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=120)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Connection": "close"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{server.address}{path}: {answer.status} {body[:200]!r}")
        return gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
    finally:
        connection.close()
