"""Keeping a node's snapshots in step with a folder elsewhere, in the background of a server."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo.publish import DamagedSnapshot, PublishFailed, Shelf
from geo.publish.shelf import NoSnapshot
from webmap.config import Config
from webmap.serving.remote import Remote, RemoteTrouble, only_one, shown

STATE = ".following.json"
SAY_AGAIN_S = 15.0  # how often the state is written though nothing has changed

log = logging.getLogger(__name__)


class Follower:
    """Pulls what is published elsewhere, or pushes what is published here; one process of a machine does it for all.

    Whatever goes wrong is said once in the log and stands in the state; the version at hand is served on.
    """

    def __init__(self, config: Config) -> None:
        self._shelf = Shelf(config.snapshots)
        self._url = config.snapshots_from or config.snapshots_to
        self._pulls = bool(config.snapshots_from)
        self._every_s = config.snapshots_every_s
        self._remote: Remote | None = None
        self._trouble = ""
        self._pushed = ""
        self._said = (0.0, "")
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin; ends with the process."""
        threading.Thread(target=self._run, name="following", daemon=True).start()

    def stop(self) -> None:
        """End after the step under way."""
        self._ended.set()

    def step(self) -> None:
        """Look once; never raises what the other side can cause."""
        try:
            self._remote = self._remote or Remote(self._url)
            version = self._pull(self._remote) if self._pulls else self._push(self._remote)
        except (RemoteTrouble, NoSnapshot, DamagedSnapshot, PublishFailed, OSError) as error:
            if str(error) != self._trouble:
                log.error("%s", error)
            self._trouble = str(error)
            self._say("")
        else:
            if self._trouble:
                log.warning("snapshots at %s are in step again", shown(self._url))
            self._trouble = ""
            self._say(version)

    def _pull(self, remote: Remote) -> str:
        new = remote.pull(self._shelf)
        if new:
            log.warning("version %s has come from %s", new, remote.shown)
        return self._shelf.current_version()

    def _push(self, remote: Remote) -> str:
        version = self._shelf.current_version()
        if version != self._pushed:
            self._pushed = remote.push(self._shelf)
        return self._pushed

    def _say(self, version: str) -> None:
        now = time.monotonic()
        if (what := f"{version}{self._trouble}") == self._said[1] and now - self._said[0] < SAY_AGAIN_S:
            return
        self._said = (now, what)
        state = {
            "from" if self._pulls else "to": shown(self._url),
            "version": version,
            "trouble": self._trouble,
            "looked": int(time.time()),
        }
        beside = self._shelf.folder / f"{STATE}-{os.getpid()}"
        try:
            beside.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
            beside.replace(self._shelf.folder / STATE)
        except OSError:
            log.exception("the state of following cannot be written")

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with only_one(self._shelf) as chosen:
                    while chosen and not self._ended.wait(self._every_s):
                        self.step()
            except Exception:
                log.exception("following has failed and is begun anew")
            self._ended.wait(self._every_s)


def follower(config: Config) -> Follower | None:
    """The follower that an installation asks for, or None."""
    return Follower(config) if config.snapshots_from or config.snapshots_to else None


def state(folder: Path, clock: Callable[[], float] = time.time) -> dict[str, Any]:
    """What the follower of a snapshots' folder has said last, with its age in seconds; empty where there is none."""
    try:
        said = json.loads((folder / STATE).read_text(encoding="utf-8"))
        looked = said.pop("looked")
        return {**said, "age_s": max(0, int(clock() - looked))}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
