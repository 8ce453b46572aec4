"""Telling how far a long command has come, and the option that names a site's languages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from datasets.labels import LANGUAGES, Label
from webmap.cli.failing import shell_language

PHASES = {
    "pages": Label("页面", "pages"),
    "data": Label("数据", "data"),
    "export": Label("下载文件", "downloads"),
    "tiles": Label("瓦片", "tiles"),
}


def _languages(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    asked = [code.strip() for code in value.split(",") if code.strip()]
    if not asked or (unknown := [code for code in asked if code not in LANGUAGES]):
        known = ", ".join(LANGUAGES)
        raise click.BadParameter(f"{', '.join(unknown) if asked else value!r}; known are {known}")
    return tuple(code for code in LANGUAGES if code in asked)


language_option = click.option(
    "--lang",
    "languages",
    default=",".join(LANGUAGES),
    show_default=True,
    callback=_languages,
    help="Languages of the pages, with commas between them.",
)


def most_option(default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option that allows a larger site than anybody is likely to mean."""
    return click.option(
        "--most",
        default=default,
        show_default=True,
        type=click.IntRange(1),
        help="Refuse to write more pages and tiles than this.",
    )


@contextmanager
def reported() -> Iterator[Callable[[str, int, int], None]]:
    """A function to tell a phase, what of it is done and how much there is: a line that grows in a terminal, else one a phase."""
    live = sys.stderr.isatty()
    shown = {"": -1}

    def tell(phase: str, done: int, total: int) -> None:
        share = 100 * done // total if total else 100
        if shown.get(phase) == share or not (live or done >= total):
            return
        shown[phase] = share
        name = PHASES[phase].text(shell_language()) if phase in PHASES else phase
        click.echo(f"{chr(13) if live else ''}{name} {done}/{total}", err=True, nl=not live or done >= total)

    yield tell
