"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from datasets.labels import Label
from webmap.cli.failing import Unmendable

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
