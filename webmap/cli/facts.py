"""`relitu facts`: the tables of what the source documents say."""

from __future__ import annotations

import click

import seeds.tables
from datasets.labels import Label
from seeds.reconcile import reconcile
from webmap.cli.failing import say, shell_language


@click.group()
def facts() -> None:
    """The facts of the source documents."""


@facts.command()
def check() -> None:
    """Report where a document contradicts itself or another; the data keep what is printed."""
    lang = shell_language()
    found = reconcile(seeds.tables.load())
    for entry in found:
        printed = ", ".join(map(str, entry.sources))
        click.echo(f"[{entry.severity}] {entry.code}  {printed}\n    {entry.message.text(lang)}")
    say(Label(f"共 {len(found)} 处不一致或存疑", f"{len(found)} contradictions or doubts"))
