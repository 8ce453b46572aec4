"""`relitu export-site`: the public side as a ZIP or as one HTML file, for an office without a server."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import click

from datasets.labels import Label
from webmap.cli.failing import Unmendable, say
from webmap.cli.options import data_option
from webmap.cli.progress import language_option, most_option, reported
from webmap.config import load_config

MB = 1_000_000
MOST_PAGES = 50_000  # a ZIP is made in memory
FORMS = (".zip", ".html")


@click.command("export-site")
@data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@language_option
@most_option(MOST_PAGES)
def export_site(data_dir: Path, file: Path, languages: tuple[str, ...], most: int) -> None:
    """Write the public side into FILE.zip, opened from a disk or put on any web server, or into one FILE.html."""
    if file.suffix.lower() not in FORMS:
        raise Unmendable(
            Label(
                f"{file} 的扩展名应为 .zip 或 .html", f"{file} should end in .zip or .html, which says what is written"
            )
        )
    if not file.resolve().parent.is_dir():
        folder = file.resolve().parent
        raise Unmendable(Label(f"没有文件夹 {folder}，请先建立", f"there is no folder {folder}; make it first"))
    from webmap.static_site import forecast, packing, single  # the app's libraries are loaded only where they are used
    from webmap.static_site.edition import Edition

    began = time.monotonic()
    with reported() as progress:
        # A base map of tiles would have to be fetched: the boundaries are the base map of a site that nobody serves.
        config = replace(load_config(data_dir), base_map="none", tianditu_key="")
        edition = Edition(config, languages, progress=progress)
        say(forecast.forecast(edition, None, most).label, error=True)
        if file.suffix.lower() == ".zip":
            packing.export_zip(edition, file.resolve())
        else:
            single.export_html(edition, file.resolve())
    size, seconds = file.stat().st_size / MB, time.monotonic() - began
    say(
        Label(
            f"已写入 {file}（{size:.1f} MB），用时 {seconds:.0f} 秒",
            f"wrote {file} ({size:.1f} MB) in {seconds:.0f} s",
        )
    )
