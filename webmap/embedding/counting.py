"""How often each website's embed was opened: counted in memory, brought to the record now and then."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

EVERY_S = 20.0
MOST_KEYS = 20_000  # what is kept while the record is away: sites × days

log = logging.getLogger(__name__)
Save = Callable[[Mapping[tuple[str, str], int]], None]


class UseCounter:
    """The openings that the record does not know of yet; none is lost while the record is away.

    `save` brings them there; it is None where no staff works on this installation, and nothing is counted then.
    """

    def __init__(self, save: Save | None = None) -> None:
        self.save = save
        self._lock = threading.Lock()
        self._opened: Counter[tuple[str, str]] = Counter()
        self._saved = time.monotonic()

    def opened(self, key: str) -> None:
        """Count one opening; the answer to the reader does not wait for the record."""
        if self.save is None:
            return
        with self._lock:
            pair = (key, datetime.now(UTC).date().isoformat())
            if pair in self._opened or len(self._opened) < MOST_KEYS:
                self._opened[pair] += 1
            due = time.monotonic() - self._saved >= EVERY_S
            if due:
                self._saved = time.monotonic()
        if due:
            threading.Thread(target=self.flush, name="embed uses", daemon=True).start()

    def flush(self) -> None:
        """Bring what was counted to the record, or keep it for the next time."""
        with self._lock:
            taken, self._opened = self._opened, Counter()
        if not taken or self.save is None:
            return
        try:
            self.save(taken)
        except Exception:
            log.warning("the embeds' counters wait for the record", exc_info=True)
            with self._lock:
                self._opened.update(taken)
