"""`relitu audit`: the log of who did what."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from datasets.labels import Label
from geo.store import audit as log
from webmap.cli.failing import say, shell_language
from webmap.cli.options import data_option, opened_store
from webmap.config import load_config

WORDS = {"missing": Label("缺失", "missing"), "altered": Label("被改动", "altered")}


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command()
@data_option
def verify(data_dir: Path) -> None:
    """Find entries that were removed or altered; exit status 1 if there are any. Prints the last number and hash."""
    store = opened_store(load_config(data_dir))
    try:
        found = list(log.breaks(store.engine))
        last = log.entries(store.engine, limit=1)
    finally:
        store.close()
    lang = shell_language()
    for one in found:
        reason = WORDS[one.reason].text(lang)
        click.echo(Label(f"第 {one.number} 条{reason}", f"entry {one.number}: {reason}").text(lang))
    number, digest = (last[0].number, last[0].hash) if last else (0, "-")
    if found:
        say(
            Label(f"日志不完整：{len(found)} 处被删除或改动", f"not whole: {len(found)} entries removed or altered"),
            error=True,
        )
        sys.exit(1)
    say(Label(f"日志完整，共 {number} 条；末条哈希 {digest}", f"whole: {number} entries; hash of the last {digest}"))
