"""What the staff's views share: the record, its people, files and jobs. Opened at the first request that needs it."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from flask import Flask, current_app
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from datasets.labels import Label
from datasets.world import World
from geo.model import Kinds
from geo.publish import Shelf
from geo.publish.shelf import POINTER
from geo.store import OutdatedStore, Store
from geo.store.accounts import Accounts, Policy
from geo.store.files import Files
from geo.store.jobs import Jobs
from geo.store.listing import is_behind
from geo.store.sessions import Sessions
from webmap.config import Config
from webmap.problems import Refusal
from webmap.site import site

EXTENSION = "relitu-desk"
LOCK = ".publishing"
CATCH_UP_S = 60.0
_opening = threading.Lock()


@dataclass
class Desk:
    """One installation's record as its staff works on it."""

    store: Store
    accounts: Accounts
    sessions: Sessions
    jobs: Jobs
    files: Files
    kinds: Kinds
    world: World
    config: Config
    looked: float = 0.0

    def publish(self) -> str:
        """Bring what is published to the public; the snapshot's version. One process at a time builds."""
        shelf = Shelf(self.config.snapshots)
        with _alone(self.config.snapshots):
            return shelf.publish(self.store.published(self.kinds), self.kinds, self.world)

    def catch_up(self) -> None:
        """Publish anew where the snapshot is behind the record; looks once a minute.

        It is where a record's last day has passed since, or where a process died between an approval and its publication.
        """
        now = time.monotonic()
        if self.looked and now - self.looked < CATCH_UP_S:
            return
        self.looked = now
        made = datetime.fromtimestamp((self.config.snapshots / POINTER).stat().st_mtime, UTC)
        if is_behind(self.store.engine, made):
            self.publish()


def policy_of(config: Config) -> Policy:
    """The rules for passwords and sessions that the operator has set."""
    return Policy(
        min_length=config.password_min_length,
        min_classes=config.password_min_classes,
        max_failures=config.login_max_failures,
        lock_minutes=config.login_lock_minutes,
        idle_minutes=config.session_idle_minutes,
        session_hours=config.session_hours,
    )


def make_desk(config: Config, kinds: Kinds, world: World, accounts: Accounts | None = None) -> Desk:
    """A desk on the installation's database. Raises OutdatedStore, FileNotFoundError, SQLAlchemyError."""
    url = make_url(config.store_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        raise FileNotFoundError(url.database)  # the driver would make an empty one
    store = Store.open(config.store_url)
    people = accounts or Accounts(store.engine, policy_of(config))
    return Desk(
        store=store,
        accounts=people,
        sessions=Sessions(store.engine, people),
        jobs=Jobs(store.engine),
        files=Files(store.engine, config.data_dir / "files"),
        kinds=kinds,
        world=world,
        config=config,
    )


def desk() -> Desk:
    """The desk of the running request's application; raises Refusal (503) while its database cannot be opened."""
    return desk_of(current_app._get_current_object())  # type: ignore[attr-defined]


def desk_of(app: Flask) -> Desk:
    """The desk of `app`, opened once."""
    with _opening:
        if EXTENSION not in app.extensions:
            here = site()
            try:
                app.extensions[EXTENSION] = make_desk(here.config, here.kinds, here.world)
            except (OutdatedStore, OSError, SQLAlchemyError) as error:
                raise closed(error) from error
        return cast(Desk, app.extensions[EXTENSION])


def closed(error: Exception) -> Refusal:
    """The answer while the record cannot be read or written; the public pages go on."""
    if isinstance(error, OutdatedStore | FileNotFoundError):
        return Refusal(
            Label(
                "数据库尚未建立或需要升级，请系统管理员运行 relitu init。公众页面不受影响。",
                "The database is missing or outdated: an operator must run relitu init. The public pages go on.",
            ),
            503,
        )
    return Refusal(
        Label(
            "数据库暂时无法使用，请稍后再试或联系系统管理员。公众页面不受影响。",
            "The database cannot be used right now; try again later or tell the operator. The public pages go on.",
        ),
        503,
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
