"""A SQLite record whose file is taken away, or another put in its place, while the server runs."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

CANNOT_OPEN = 14  # SQLITE_CANTOPEN


class Presence:
    """Watches the file: connections that are open would go on writing into one that nobody finds any more."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine, self._path = engine, path
        self._lock = threading.Lock()
        self._known = self._identity()
        event.listen(engine, "do_connect", self._never_make_one)

    def check(self) -> None:
        """See that the file is there; one that has come in its place is opened anew. Raises FileNotFoundError."""
        now = self._identity()
        if now != self._known:
            with self._lock:
                if now != self._known:
                    self._engine.dispose()
                    self._known = now

    def _identity(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def _never_make_one(self, *_: Any) -> None:
        """The driver would make an empty file, and the record would seem to be lost."""
        if not self._path.is_file():
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = CANNOT_OPEN
            raise error
