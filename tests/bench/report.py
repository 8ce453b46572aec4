"""The run written down: docs/benchmarks.md to read, build/bench.json to compute with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.measured import Measured, NotMeasured, figure

SCHEMA = 2
HEAD = """# Benchmarks

Written by `make bench`. Both sides of every ratio were measured in one run on one machine, taking turns; the ratio says how many times as good
as the peer we are, above 1 we are better. An aim with × is about the ratio, any other about our figure.
Times depend on the machine and on what else it does; ratios less so. `python -m tests.bench NAME …` runs single parts.
"""
JSON_FORM = """
## The same as JSON

`build/bench.json` has `schema` (2), `run` (date, seconds, commit, load before and after, sizes), `machine` and `versions` (name → text), `measured` and
`not_measured`. A measurement has `part`, `what`, `ours` and `unit`, `peer` and `theirs` (empty and null without a peer), `ratio` (theirs ÷ ours, or
ours ÷ theirs for rates, whose unit ends in `/s`), `aim` (text), `met` (true, false, or null without an aim) and `method`; what was not measured
has `part`, `what` and `reason`.
"""
TABLE = ["| what | ours | compared with | ratio | aim | method |", "| --- | --- | --- | --- | --- | --- |"]


@dataclass
class Section:
    """What one part found."""

    name: str
    title: str
    seconds: float = 0.0
    rows: list[Measured | NotMeasured] = field(default_factory=list)

    @property
    def measured(self) -> list[Measured]:
        """The measurements."""
        return [row for row in self.rows if isinstance(row, Measured)]

    @property
    def missing(self) -> list[NotMeasured]:
        """What was not measured."""
        return [row for row in self.rows if isinstance(row, NotMeasured)]


@dataclass(frozen=True)
class Report:
    """A whole run."""

    run: dict[str, Any]
    machine: dict[str, str]
    versions: dict[str, str]
    sections: list[Section]

    def write(self, root: Path) -> str:
        """Write both files under `root`; the text."""
        text = self.markdown()
        (root / "build").mkdir(exist_ok=True)
        (root / "build" / "bench.json").write_text(
            json.dumps(self.payload(), ensure_ascii=False, indent=2), encoding="utf-8"
        )
        (root / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
        return text

    def payload(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "schema": SCHEMA,
            "run": self.run,
            "machine": self.machine,
            "versions": self.versions,
            "measured": [{"part": part.name, **row.payload()} for part in self.sections for row in part.measured],
            "not_measured": [{"part": part.name, **vars(row)} for part in self.sections for row in part.missing],
        }

    def markdown(self) -> str:
        """The page."""
        lines = [HEAD, "| | |", "| --- | --- |"]
        lines += [f"| {name} | {value} |" for name, value in (self.run | self.machine).items()]
        lines.append(f"| versions | {', '.join(f'{name} {value}' for name, value in self.versions.items())} |")
        lines += ["", "## Aims", "", "| what | reached | aim | met |", "| --- | --- | --- | --- |"]
        lines += [_aim(row) for part in self.sections for row in part.measured if row.met is not None]
        for part in self.sections:
            if part.measured:
                lines += ["", f"## {part.title}", "", *TABLE, *(row.line() for row in part.measured)]
        lines += ["", "## Not measured in this run", ""]
        missing = [f"- {part.title}: {row.what}: {row.reason}" for part in self.sections for row in part.missing]
        return "\n".join([*lines, *(missing or ["Nothing: all parts ran whole."]), JSON_FORM])


def _aim(row: Measured) -> str:
    about_ratio = "×" in row.aim and row.unit != "×"
    reached = f"{figure(row.ratio)}×" if about_ratio and row.ratio is not None else f"{figure(row.ours)} {row.unit}"
    against = f" against {row.peer}" if row.peer else ""
    return f"| {row.what}{against} | {reached} | {row.aim} | {'yes' if row.met else '**no**'} |"
