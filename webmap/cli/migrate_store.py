"""`relitu migrate-store`: the record from one database into another."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import click
from sqlalchemy import Engine

from datasets.labels import Label
from geo.store import open_database
from geo.store.transfer import transfer
from webmap.cli.failing import Unmendable, say

EVERY_S = 1.0  # between two words of progress


@click.command("migrate-store")
@click.option(
    "--from", "source_url", required=True, help="The record as it is: sqlite:////path/relitu.sqlite, postgresql://…"
)
@click.option("--to", "target_url", required=True, help="An empty database; its tables are made.")
def migrate_store(source_url: str, target_url: str) -> None:
    """Copy the record (revisions, people, audit log, jobs) from one database into another, and verify it.

    Nobody can write to the source meanwhile. A password in an address can be read by others on the machine: PostgreSQL's
    own PGPASSWORD or ~/.pgpass keeps it out. Kept files stay in the data folder's `files`; snapshots are not touched.
    """
    with ExitStack() as given_back:
        source, target = open_database(source_url), open_database(target_url)
        given_back.callback(source.dispose)
        given_back.callback(target.dispose)
        _require_file(source)
        copied = transfer(source, target, _Progress())
    for each in copied:
        say(Label(f"✓ {each.table}：{each.rows} 行，{each.sha256}", f"✓ {each.table}: {each.rows} rows, {each.sha256}"))
    total = sum(each.rows for each in copied)
    say(
        Label(
            f"已复制 {total} 行，逐表核对一致。请把 database_url 设为新地址，再重新启动服务。",
            f"copied {total} rows, every table verified. Set database_url to the new address and start the server again.",
        )
    )


class _Progress:
    """A line a second, so that a long table is seen to move and a short one says nothing."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, table: str, done: int, total: int) -> None:
        if time.monotonic() - self._said < EVERY_S:
            return
        self._said = time.monotonic()
        say(Label(f"  {table}：{done} / {total}", f"  {table}: {done} / {total}"), error=True)


def _require_file(source: Engine) -> None:
    """The driver would make an empty one."""
    name = source.url.database
    if source.dialect.name == "sqlite" and not (name and Path(name).is_file()):
        raise Unmendable(
            Label(
                f"没有数据库文件 {name or '（未写文件名）'}；SQLite 的绝对路径写作 sqlite:////文件夹/relitu.sqlite（四个斜杠）",
                f"there is no database file {name or '(no name given)'};"
                " an absolute path of SQLite is written sqlite:////folder/relitu.sqlite (four slashes)",
            )
        )
