"""`relitu doctor`: check configuration, data and assets, and say what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

import seeds.tables
from datasets.labels import Label
from datasets.world import load as load_world
from geo.publish import Shelf
from geo.store import Store
from webmap.cli.failing import Unmendable, failure_of, shell_language
from webmap.cli.options import data_option, writable_folder
from webmap.config import ConfigError, load_config
from webmap.serving.remote import Remote
from webmap.static_files import FOLDER

NEEDED_ASSETS = (
    "vendor/leaflet/leaflet.js",
    "vendor/leaflet/leaflet.css",
    "vendor/fonts/noto-sans-sc/unicode.json",
)


@click.command()
@data_option
def doctor(data_dir: Path) -> None:
    """Check the configuration, the data and the assets of an installation."""
    lang = shell_language()
    checks: list[tuple[Label, Callable[[], object]]] = [
        (Label("配置", "configuration"), lambda: load_config(data_dir)),
        (Label("数据文件夹可写", "data folder writable"), lambda: _existing(data_dir)),
        (Label("前端文件", "front-end assets"), _assets),
        (Label("事实数据表", "fact tables"), seeds.tables.load),
        (Label("边界、地名、产业链", "boundaries, places, chains"), lambda: _world(data_dir)),
        (Label("数据库", "database"), lambda: _database(data_dir)),
        (Label("已发布的快照", "published snapshot"), lambda: Shelf(load_config(data_dir).snapshots).open()),
    ]
    checks += _following(data_dir)
    failed = 0
    for title, check in checks:
        try:
            check()
        except Exception as error:
            failed += 1
            sentences = failure_of(error) or [Label(repr(error), repr(error))]
            click.echo(f"✗ {title.text(lang)}")
            for sentence in sentences:
                click.echo(f"    {sentence.text(lang)}")
        else:
            click.echo(f"✓ {title.text(lang)}")
    sys.exit(1 if failed else 0)


def _database(data_dir: Path) -> None:
    config = load_config(data_dir)
    if not config.snapshots_from:  # such a node has none
        Store.open(config.store_url).close()


def _following(data_dir: Path) -> list[tuple[Label, Callable[[], object]]]:
    """The checks of a node that takes its snapshots from elsewhere or brings them there."""
    try:
        config = load_config(data_dir)
    except ConfigError:
        return []  # said already
    if config.snapshots_from:
        where = Label("快照来源（snapshots_from）", "where snapshots come from (snapshots_from)")
        return [(where, lambda: Remote(config.snapshots_from).current_version())]
    if config.snapshots_to:
        where = Label("快照去处（snapshots_to）", "where snapshots go (snapshots_to)")
        return [(where, lambda: Remote(config.snapshots_to).reach())]
    return []


def _existing(data_dir: Path) -> None:
    if not data_dir.is_dir():
        raise Unmendable(
            Label(
                f"没有文件夹 {data_dir}；请先运行 relitu init", f"there is no folder {data_dir}; run relitu init first"
            )
        )
    writable_folder(data_dir)


def _assets() -> None:
    missing = [name for name in NEEDED_ASSETS if not (FOLDER / name).is_file()]
    if missing:
        names = ", ".join(missing)
        raise Unmendable(Label(f"缺少 {names}；请运行 make setup", f"{names} missing; run make setup"))


def _world(data_dir: Path) -> None:
    config = load_config(data_dir)
    load_world(config.boundary_file, config.chain_file)
