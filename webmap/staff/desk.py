"""What the staff's views share: the record, its people, files and jobs. Opened at the first request that needs it."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Flask, current_app
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from datasets.labels import Label
from datasets.world import World
from geo.model import Kinds
from geo.publish import PublishFailed, Shelf
from geo.publish.follow import follow, is_behind
from geo.store import OutdatedStore, Store
from geo.store.accounts import Accounts, Policy
from geo.store.embed_sites import EmbedSites
from geo.store.failures import StoreBusy
from geo.store.files import Files
from geo.store.jobs import Jobs
from geo.store.sessions import Sessions
from geo.store.tokens import Tokens
from webmap.config import Config
from webmap.embedding import allowed
from webmap.problems import Refusal
from webmap.site import site
from webmap.staff.presence import Presence

EXTENSION = "relitu-desk"
CATCH_UP_S = 60.0
BUSY_S = 3  # another writer is done by then
UNPUBLISHED = Label(
    "操作已记录，但数据快照未能写入（例如磁盘已满），公众仍看到上一版。请告知系统管理员；排除后系统会自动补发。",
    "What you did is recorded, but the snapshot could not be written (the disk may be full): the public still sees the last"
    " one. Tell the operator; it is published by itself once that is mended.",
)
log = logging.getLogger(__name__)
_opening = threading.Lock()


@dataclass
class Desk:
    """One installation's record as its staff works on it."""

    store: Store
    accounts: Accounts
    sessions: Sessions
    jobs: Jobs
    files: Files
    embed_sites: EmbedSites
    tokens: Tokens
    kinds: Kinds
    world: World
    config: Config
    looked: float = 0.0
    presence: Presence | None = None  # of a SQLite record's file

    def publish(self) -> str:
        """Bring what is published to the public; the snapshot's version. Raises Refusal where it cannot be written.

        What was recorded stays recorded then, and is published by the next call, or by `catch_up`.
        """
        try:
            return follow(Shelf(self.config.snapshots), self.store, self.kinds, self.world)
        except PublishFailed as failure:
            log.error("not published: %s", failure)
            raise Refusal(UNPUBLISHED, 503) from failure

    def tell_embeds(self) -> None:
        """Tell the public side which websites may frame the map."""
        allowed.write(self.config.snapshots, self.embed_sites.all())

    def catch_up(self) -> None:
        """Publish anew where the snapshot is behind the record; looks once a minute.

        It is where a record's last day has passed since, where a process died between an approval and its publication,
        or where the disk was full. What keeps it from being published keeps nobody from his work.
        """
        now = time.monotonic()
        if self.looked and now - self.looked < CATCH_UP_S:
            return
        self.looked = now
        if not (self.config.snapshots / allowed.FILE).exists():
            self.tell_embeds()
        if is_behind(Shelf(self.config.snapshots), self.store, self.kinds):
            with suppress(Refusal):
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
    is_file = url.get_backend_name() == "sqlite" and bool(url.database)
    return Desk(
        store=store,
        accounts=people,
        sessions=Sessions(store.engine, people),
        jobs=Jobs(store.engine),
        files=Files(store.engine, config.data_dir / "files"),
        embed_sites=EmbedSites(store.engine),
        tokens=Tokens(store.engine, people),
        kinds=kinds,
        world=world,
        config=config,
        presence=Presence(store.engine, Path(str(url.database))) if is_file else None,
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
        found = cast(Desk, app.extensions[EXTENSION])
    if found.presence is not None:
        try:
            found.presence.check()
        except OSError as error:
            raise closed(OSError(str(error))) from error
    return found


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
    if isinstance(error, StoreBusy):
        return Refusal(error.label, 503, BUSY_S)
    return Refusal(
        Label(
            "数据库暂时无法使用，请稍后再试或联系系统管理员。公众页面不受影响。",
            "The database cannot be used right now; try again later or tell the operator. The public pages go on.",
        ),
        503,
    )
