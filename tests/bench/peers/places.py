"""Where prepare.sh installs the peers, and how to find their programs."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.bench.measured import Unavailable

PEERS = Path(__file__).parents[3] / "build" / "peers"
PEERS_PYTHON = PEERS / "venv" / "bin" / "python"
NODE_MODULES = PEERS / "node" / "node_modules"
PREPARE = "run tests/bench/peers/prepare.sh"


def program(name: str) -> str:
    """The path of a Debian program; raises Unavailable."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        raise Unavailable(f"{name} is not installed; {PREPARE}")
    return found


def peers_program(name: str) -> str:
    """The path of a program of the peers' environment; raises Unavailable."""
    found = PEERS_PYTHON.with_name(name)
    if not found.exists():
        raise Unavailable(f"{name} is not installed in build/peers; {PREPARE}")
    return str(found)
