"""`relitu init`: fill a data folder with the facts, and publish them."""

from __future__ import annotations

from pathlib import Path

import click

import seeds.pour
from datasets.labels import Label
from datasets.world import load as load_world
from geo.model import default_kinds
from geo.publish import Shelf
from geo.publish.follow import follow
from geo.store import Store
from webmap.cli.failing import say
from webmap.cli.options import data_option, writable_folder
from webmap.config import load_config


@click.command()
@data_option
@click.option(
    "--demo/--no-demo", default=False, show_default=True, help="With marked demonstration data, or facts only."
)
@click.option("--if-empty", is_flag=True, help="Do nothing where something is published already.")
def init(data_dir: Path, demo: bool, if_empty: bool) -> None:
    """Fill a data folder with the facts of the source documents, and publish them. Safe to run again."""
    config = load_config(writable_folder(data_dir))
    shelf = Shelf(config.snapshots)
    if if_empty and shelf.is_sound():
        return
    kinds = default_kinds()
    world = load_world(config.boundary_file, config.chain_file)
    store = Store.create(config.store_url)
    try:
        poured = seeds.pour.pour(store, kinds, world, demo=demo)
        version = follow(shelf, store, kinds, world)
    finally:
        store.close()
    say(
        Label(
            f"已发布 {poured.published} 项（新修订 {poured.changed} 项，其中演示数据 {poured.demo} 项；"
            f"另有 {poured.outside} 项不在地图范围内），快照 {version}",
            f"published {poured.published} features ({poured.changed} new revisions, {poured.demo} demonstration features;"
            f" {poured.outside} facts lie outside the map), snapshot {version}",
        )
    )
