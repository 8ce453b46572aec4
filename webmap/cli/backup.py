"""`relitu backup` and `relitu restore`: an installation as one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from datasets.labels import Label
from datasets.world import load as load_world
from geo.model import default_kinds
from geo.publish import Shelf
from geo.publish.follow import follow
from geo.store import Store
from geo.store import backup as store_backup
from geo.store.embed_sites import EmbedSites
from webmap.cli.failing import Unmendable, say
from webmap.cli.options import data_option
from webmap.config import Config, load_config
from webmap.embedding import allowed

MB = 1_000_000


@click.command()
@data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(data_dir: Path, file: Path) -> None:
    """Write database, kept files and configuration into FILE, verified; the server may go on."""
    _require_sqlite(load_config(data_dir))
    if not file.resolve().parent.is_dir():
        raise Unmendable(
            Label(f"没有文件夹 {file.resolve().parent}", f"there is no folder {file.resolve().parent}; make it first")
        )
    size = store_backup.backup(data_dir, file.resolve())
    file.chmod(0o600)  # it holds the hashes of all passwords
    say(Label(f"已备份到 {file}（{size / MB:.1f} MB，已校验）", f"wrote {file} ({size / MB:.1f} MB, verified)"))


@click.command()
@data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--force", is_flag=True, help="Replace what the data folder holds. Stop the server first.")
def restore(data_dir: Path, file: Path, force: bool) -> None:
    """Put a backup back into the data folder, which must be empty unless --force, and publish its snapshot."""
    store_backup.restore(file, data_dir.resolve(), force=force)
    config = load_config(data_dir)
    kinds, world = default_kinds(), load_world(config.boundary_file, config.chain_file)
    store = Store.create(config.store_url)
    try:
        version = follow(Shelf(config.snapshots), store, kinds, world)
        allowed.write(config.snapshots, EmbedSites(store.engine).all())
    finally:
        store.close()
    say(Label(f"已恢复到 {data_dir}，并发布快照 {version}", f"restored into {data_dir}, published snapshot {version}"))


def _require_sqlite(config: Config) -> None:
    if config.database_url:
        raise Unmendable(
            Label(
                "数据库由 database_url 指定，请用该数据库自己的备份工具（如 pg_dump），并另存 files 文件夹",
                "the database is named by database_url: use its own tool (such as pg_dump), and copy the folder 'files'",
            )
        )
