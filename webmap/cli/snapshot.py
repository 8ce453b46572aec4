"""`relitu snapshot`: bring published snapshots to a folder elsewhere, or from there."""

from __future__ import annotations

from pathlib import Path

import click

from datasets.labels import Label
from geo.publish import Shelf
from webmap.cli.failing import Unmendable, say
from webmap.cli.options import data_option
from webmap.config import load_config
from webmap.serving.remote import Remote


@click.group()
def snapshot() -> None:
    """Bring published snapshots to other machines."""


@snapshot.command()
@data_option
@click.argument("url", required=False, default="")
def push(data_dir: Path, url: str) -> None:
    """Copy the current snapshot to URL (file://, s3:// …), its pointer last; `snapshots_to` where URL is left out."""
    config = load_config(data_dir)
    remote = Remote(_named(url or config.snapshots_to, "snapshots_to"))
    version = remote.push(Shelf(config.snapshots))
    say(Label(f"版本 {version} 已推送到 {remote.shown}", f"version {version} is at {remote.shown}"))


@snapshot.command()
@data_option
@click.argument("url", required=False, default="")
def pull(data_dir: Path, url: str) -> None:
    """Copy the current snapshot from URL and serve it here; `snapshots_from` where URL is left out."""
    config = load_config(data_dir)
    remote = Remote(_named(url or config.snapshots_from, "snapshots_from"))
    version = remote.pull(Shelf(config.snapshots))
    if version is None:
        say(Label("已是最新版本", "the newest version is here already"))
    else:
        say(Label(f"版本 {version} 已从 {remote.shown} 取回", f"version {version} has come from {remote.shown}"))


def _named(url: str, setting: str) -> str:
    if not url:
        raise Unmendable(
            Label(f"请给出地址，或在配置中设置 {setting}", f"name an address, or set {setting} in the configuration")
        )
    return url
