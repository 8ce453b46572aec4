"""The command `relitu`: one module a sub-command."""

from __future__ import annotations

import sys

import click

from webmap.cli.audit import audit
from webmap.cli.backup import backup, restore
from webmap.cli.doctor import doctor
from webmap.cli.export_site import export_site
from webmap.cli.facts import facts
from webmap.cli.failing import failure_of, say
from webmap.cli.import_ import import_
from webmap.cli.init import init
from webmap.cli.migrate_store import migrate_store
from webmap.cli.publish import publish
from webmap.cli.serve import serve
from webmap.cli.snapshot import snapshot
from webmap.cli.user import user


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="relitu")
def relitu() -> None:
    """Relitu (热力图): the investment map that any county can run."""


COMMANDS = (
    init,
    import_,
    serve,
    doctor,
    facts,
    user,
    audit,
    backup,
    restore,
    migrate_store,
    snapshot,
    publish,
    export_site,
)
for command in COMMANDS:
    relitu.add_command(command)


def main() -> None:
    """Run the command; a known failure is one sentence and an exit status other than 0, never a traceback."""
    try:
        relitu(standalone_mode=True)
    except Exception as error:
        sentences = failure_of(error)
        if sentences is None:
            raise
        for sentence in sentences:
            say(sentence, error=True)
        sys.exit(1)
