"""`relitu publish --static`: the public side as files that need no Python."""

from __future__ import annotations

import time
from pathlib import Path

import click

from datasets.labels import Label
from webmap.cli.failing import say
from webmap.cli.options import data_option
from webmap.cli.progress import language_option, most_option, reported
from webmap.config import load_config

MB = 1_000_000
DEEPEST = 14
MOST_FILES = 200_000


@click.command()
@data_option
@click.option(
    "--static",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder to write; a site of an earlier run is replaced as a whole, other files never.",
)
@click.option(
    "--zoom", default=10, show_default=True, type=click.IntRange(0, DEEPEST), help="Deepest zoom of the vector tiles."
)
@language_option
@click.option("--url", default="", help="Where the site will be, such as https://example.gov.cn/map/: for the sitemap.")
@most_option(MOST_FILES)
def publish(data_dir: Path, folder: Path, zoom: int, languages: tuple[str, ...], url: str, most: int) -> None:
    """Write the public side into a folder for nginx or a CDN: pages, data, tiles, exports."""
    from webmap.static_site import forecast, publishing  # the app's libraries are loaded only where they are used
    from webmap.static_site.edition import Edition

    began = time.monotonic()
    with reported() as progress:
        edition = Edition(load_config(data_dir), languages, progress=progress)
        say(forecast.forecast(edition, zoom, most).label, error=True)
        written = publishing.publish(edition, folder, zoom=zoom, url=checked_url(url))
    seconds = time.monotonic() - began
    say(
        Label(
            f"已写入 {folder}：{written.files} 个文件，{written.size / MB:.1f} MB"
            f"（新增或更新 {written.changed}，未变 {written.kept}，移除 {written.removed}），用时 {seconds:.0f} 秒",
            f"wrote {folder}: {written.files} files, {written.size / MB:.1f} MB "
            f"({written.changed} new or changed, {written.kept} unchanged, {written.removed} removed) in {seconds:.0f} s",
        )
    )


def checked_url(url: str) -> str:
    """The address, which has to be absolute."""
    if url and not url.startswith(("http://", "https://")):
        raise click.BadParameter(f"{url!r} should begin with http:// or https://", param_hint="--url")
    return url
