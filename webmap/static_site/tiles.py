"""The vector tiles down to a zoom as files, under the addresses that the app has for them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from geo.draw.mvt.grid import box_of
from geo.publish import Table
from webmap.static_site.edition import Edition

ROUND = 64  # steps of 4096 around a tile within which what lies outside still reaches into it


def tiles(edition: Edition, zoom: int, url: str = "") -> Iterator[tuple[str, bytes]]:
    """`tiles/<kind>.json` and, for every tile that holds anything, `tiles/<version>/<kind>/<z>/<x>/<y>.mvt`.

    url: where the site will be; without it the addresses in a TileJSON are relative to it.
    """
    snapshot = edition.site.snapshot
    for done, kind in enumerate(edition.kinds):
        edition.progress("tiles", done, len(edition.kinds))
        table = snapshot.table(kind)
        if not table.located:
            continue
        described = json.loads(edition.content(f"/tiles/{kind}.json"))
        described["tiles"] = [f"{url and url + 'tiles/'}{snapshot.version}/{kind}/{{z}}/{{x}}/{{y}}.mvt"]
        described["maxzoom"] = min(zoom, described["maxzoom"])
        yield f"tiles/{kind}.json", json.dumps(described, ensure_ascii=False, indent=1).encode()
        for z, x, y in _filled(table, zoom):
            path = f"tiles/{snapshot.version}/{kind}/{z}/{x}/{y}.mvt"
            if content := edition.content(f"/{path}"):
                yield path, content
    edition.progress("tiles", len(edition.kinds), len(edition.kinds))


def _filled(table: Table, zoom: int) -> Iterator[tuple[int, int, int]]:
    """The tiles that a feature's box reaches, from the whole world downwards."""
    waiting = [(0, 0, 0)]
    while waiting:
        z, x, y = waiting.pop()
        if not len(table.meeting(*box_of(z, x, y, ROUND))):
            continue
        yield z, x, y
        if z < zoom:
            waiting += [(z + 1, 2 * x + dx, 2 * y + dy) for dy in (1, 0) for dx in (1, 0)]
