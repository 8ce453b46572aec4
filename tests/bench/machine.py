"""The machine and the versions of all that was measured."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from tests.bench.peers.places import NODE_MODULES, PEERS_PYTHON

OURS = ("flask", "folium", "granian", "numpy", "shapely", "sqlalchemy", "mapbox-vector-tile", "pyogrio", "playwright")
PEERS = ("tipg", "pygeoapi", "uvicorn", "gunicorn", "asyncpg")
PROGRAMS = {
    "PostgreSQL": ["psql", "--version"],
    "nginx": ["nginx", "-v"],
    "wrk": ["wrk", "-v"],
    "node": ["node", "--version"],
    "Chromium": ["chromium", "--version"],
}


def machine() -> dict[str, str]:
    """Processor, memory, system."""
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    model = re.search(r"model name\s*:\s*(.+)", told)
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="ascii"))
    return {
        "processor": f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores",
        "memory": f"{int(memory[1]) / 1048576:.0f} GiB" if memory else "unknown",
        "system": f"{platform.system()} {platform.release()}, {platform.libc_ver()[0]} {platform.libc_ver()[1]}",
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """Name → version of libraries and programs that are here; what is not is left out, its rows say why."""
    found = {name: version(name) for name in OURS}
    if PEERS_PYTHON.exists():
        code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
        done = subprocess.run(
            [PEERS_PYTHON, "-c", code, *PEERS], capture_output=True, text=True, check=False, env={"PATH": os.defpath}
        )
        found |= dict(zip(PEERS, done.stdout.split(), strict=False))
    for name, command in PROGRAMS.items():
        if program := shutil.which(command[0]) or shutil.which(command[0], path="/usr/sbin"):
            done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
            number = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
            found |= {name: number[0]} if number else {}
    for control in sorted(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        number = re.search(r"default_version = '([\d.]+)'", control.read_text(encoding="utf-8"))
        found |= {"PostGIS": number[1]} if number else {}
    for package in NODE_MODULES.glob("supercluster/package.json"):
        number = re.search(r'"version": "([\d.]+)"', package.read_text(encoding="utf-8"))
        found |= {"supercluster": number[1]} if number else {}
    return found


def commit() -> str:
    """The commit that was measured, with a mark where the tree differs from it."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    )
    return done.stdout.strip() or "unknown"
