"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from datasets.labels import Label
from geo.store import Store
from webmap.cli.failing import Unmendable
from webmap.config import Config

data_option = click.option(
    "--data",
    "data_dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    envvar="RELITU_DATA",
    show_default=True,
    help="Folder of the installation: configuration, database, snapshots.",
)


def writable_folder(path: Path) -> Path:
    """`path`, made if need be; raises Unmendable where nothing can be written there."""
    probe = path / ".write-test"
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Unmendable(
            Label(
                f"数据文件夹 {path} 不可写（{error.strerror}）；请更改权限，或用 --data 指定其他文件夹",
                f"the data folder {path} cannot be written ({error.strerror}); change its rights or name another with --data",
            )
        ) from error
    return path


def opened_store(config: Config) -> Store:
    """The record of an installation; raises Unmendable where there is none yet, OutdatedStore where it is too old."""
    sqlite = Path(config.store_url.removeprefix("sqlite:///"))
    if config.store_url.startswith("sqlite:///") and not sqlite.is_file():
        raise Unmendable(
            Label(
                f"{sqlite} 不存在；请先运行 relitu init，或用 --data 指定其他文件夹",
                f"there is no {sqlite}: run relitu init first, or name another folder with --data",
            )
        )
    return Store.open(config.store_url)
