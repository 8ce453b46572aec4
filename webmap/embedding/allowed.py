"""Who may frame the map: the configured hosts, and the websites that the staff manages, as the public side reads them.

Public reads never touch the database, so the staff's side writes the list into a file beside the snapshots' pointer.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from geo.store.embed_sites import EmbedSite

FILE = "EMBEDS"
LOOK_EVERY_S = 1.0


@dataclass(frozen=True)
class Allowed:
    """A website that may show the map. origins: its host-sources (CSP3). counties: adcodes; empty for all."""

    key: str
    origins: tuple[str, ...]
    counties: tuple[str, ...]


def write(folder: Path, sites: Iterable[EmbedSite]) -> None:
    """Tell the public side which sites are in use; replaced by one rename."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = [
        {"key": site.key, "origins": site.origins, "counties": site.counties}
        for site in sites
        if site.revoked_at is None
    ]
    scratch = folder / f".{FILE}-{os.getpid()}-{threading.get_ident()}"
    scratch.write_text(json.dumps({"sites": listed}, ensure_ascii=False), encoding="utf-8")
    scratch.replace(folder / FILE)


class AllowedSites:
    """The sites of one folder; looks for a change once a second. A file that cannot be read allows nobody."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._looked = -LOOK_EVERY_S
        self._stamp: tuple[int, int] | None = None
        self._sites: dict[str, Allowed] = {}

    def get(self, key: str) -> Allowed | None:
        """The site of a key, or None."""
        now = time.monotonic()
        if now - self._looked >= LOOK_EVERY_S:
            self._looked = now
            self._refresh()
        return self._sites.get(key)

    def _refresh(self) -> None:
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_ino)
            if stamp == self._stamp:
                return
            listed = json.loads(self._path.read_text(encoding="utf-8"))["sites"]
            self._sites = {
                each["key"]: Allowed(each["key"], tuple(each["origins"]), tuple(each["counties"])) for each in listed
            }
            self._stamp = stamp
        except (OSError, ValueError, KeyError, TypeError):
            self._sites, self._stamp = {}, None
