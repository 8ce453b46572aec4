"""The snapshot that a process serves: a newer one takes its place once it is verified, and nobody waits for that."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from geo.publish.shelf import NoSnapshot, Shelf
from geo.publish.snapshot import DamagedSnapshot, Snapshot

LOOK_AGAIN_S = 1.0
TRY_AGAIN_S = 5.0
PATIENCE_S = 0.1  # what the reader who notices a new version waits for it: a small one is there by then

log = logging.getLogger(__name__)


class Current:
    """The newest sound snapshot of a shelf. Raises what `Shelf.open` does when it is made, and nothing afterwards.

    trouble: why the newest version is not the one that is served; empty while it is.
    """

    def __init__(self, shelf: Shelf, swapped: Callable[[], object] = lambda: None) -> None:
        """swapped: called when another snapshot has taken the place of the last."""
        self._shelf, self._swapped = shelf, swapped
        self._snapshot = shelf.open()
        self._looked = time.monotonic()
        self._looking = threading.Lock()
        self._refused: tuple[str, int] | None = None
        self._again = 0.0  # when to look once more at what was refused
        self._opening: threading.Thread | None = None
        self.trouble = ""

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot to read; a newer one is noticed within a second."""
        if time.monotonic() - self._looked > LOOK_AGAIN_S:
            self._look(PATIENCE_S)
        return self._snapshot

    def look(self) -> None:
        """See at once whether there is a newer one, and wait until it is verified."""
        self._look(None)

    def _look(self, patience: float | None) -> None:
        """Wait `patience` seconds at most for a newer one, None for as long as it takes."""
        if self._looking.acquire(blocking=False):
            try:
                self._looked = time.monotonic()
                if self._opening is None or not self._opening.is_alive():
                    self._opening = self._noticed()
                opening = self._opening
            finally:
                self._looking.release()
            if opening is not None:
                opening.join(patience)

    def _noticed(self) -> threading.Thread | None:
        """What opens the version to serve, already at work; None where that one is served."""
        try:
            wanted = self._shelf.pointer()
        except (NoSnapshot, OSError) as error:
            self._tell(str(error))
            return None
        if wanted[0] == self._snapshot.version:
            self._tell("")
            return None
        if wanted == self._refused and time.monotonic() < self._again:
            return None
        opening = threading.Thread(target=self._open, args=(wanted,), name="opening a snapshot", daemon=True)
        opening.start()
        return opening

    def _open(self, wanted: tuple[str, int]) -> None:
        try:
            self._snapshot = self._shelf.open(wanted[0])
        except DamagedSnapshot as error:
            # A copy on its way to this node may be whole in a while; a damaged one is not read every second.
            self._refused, self._again = wanted, time.monotonic() + TRY_AGAIN_S
            self._tell(str(error))
        else:
            self._tell("")
            self._swapped()

    def _tell(self, trouble: str) -> None:
        if trouble and trouble != self.trouble:
            log.error("no newer snapshot can be served, %s goes on: %s", self._snapshot.version, trouble)
        self.trouble = trouble
