"""Run every measurement, print them, write build/bench.json and docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench import first_view, importing, queries, startup, tiles
from tests.bench.measured import Measured
from tests.browser.browser_session import prepare

ROOT = Path(__file__).parents[2]
PACKAGES = ("flask", "folium", "granian", "numpy", "shapely", "sqlalchemy")


def main() -> None:
    """Measure in an installation of its own and write the report."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        prepare(data)
        found = [
            row
            for measure in (startup.measure, queries.measure, tiles.measure, first_view.measure, importing.measure)
            for row in measure(data)
        ]
    machine = {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }
    (ROOT / "build").mkdir(exist_ok=True)
    report = {"machine": machine, "measured": [vars(row) for row in found]}
    (ROOT / "build" / "bench.json").write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")
    text = _markdown(machine, found)
    (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _markdown(machine: dict[str, object], found: list[Measured]) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; every ratio was measured in one run on one machine.",
        "",
        ", ".join(f"{name} {value}" for name, value in machine.items()),
        "",
        "| what | ours | compared with | ratio | aim | method |",
        "| --- | --- | --- | --- | --- | --- |",
        *(row.line() for row in found),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
