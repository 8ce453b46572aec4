"""The whole public side into a folder that a web server serves without Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from webmap.static_site import leaflets
from webmap.static_site.edition import Edition
from webmap.static_site.folder import File, FolderSite, json_text
from webmap.static_site.tiles import tiles
from webmap.static_site.tree import MARKER, Written, replacing


def publish(edition: Edition, folder: Path, *, zoom: int, url: str = "") -> Written:
    """Write pages, data, tiles to `zoom` and exports into `folder`, replacing what stood there as a whole.

    url: where the site will be, for the sitemap and the page of lost addresses. Raises SiteRefused, OSError; then the
    old site is as it was.
    """
    with replacing(folder, compressed=True) as tree:
        for path, content in _files(edition, zoom, url and url.rstrip("/") + "/"):
            tree.put(path, content)
    return tree.written


def _files(edition: Edition, zoom: int, url: str) -> Iterator[File]:
    made = FolderSite(edition, url)
    yield from made.files()
    yield from made.exports()
    yield from tiles(edition, zoom, url)
    yield made.lost()
    yield "nginx.conf", leaflets.nginx(edition, url).encode()
    yield "README.txt", leaflets.readme(edition, zipped=False).encode()
    if url:
        yield from leaflets.sitemap(url, made.pages)
    described = {"site": "relitu", "version": edition.site.snapshot.version, "languages": edition.languages}
    yield MARKER, json_text(described).encode()
