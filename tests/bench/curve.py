"""The cost curve of docs/scale.md, written between its markers by every run that measures growth."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.bench.ground import ROOT
from tests.bench.measured import Measured, figure

PAGE = ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- curve: written by `python -m tests.bench growth` -->", "<!-- end of curve -->"
ROWS = {
    "build": "building the snapshot, of one processor",
    "memory": "most memory while it is built",
    "disk": "snapshot on disk",
    "z8": "filtered tile, zoom 8, median",
    "z10": "zoom 10",
    "z12": "zoom 12",
    "z14": "zoom 14",
    "items": "items of a box, 100 at most, under a new filter",
    "summary": "counts beside every option, under a new filter",
}


@dataclass
class Point:
    """What one size costs."""

    plots: int
    provinces: int
    found: dict[str, Measured] = field(default_factory=dict)

    def keep(self, name: str, row: Measured) -> Measured:
        """Remember a row under one of the names of ROWS."""
        self.found[name] = row
        return row

    def cell(self, name: str) -> str:
        """A cell of the table."""
        row = self.found.get(name)
        return f"{figure(row.ours)} {row.unit}" if row else "–"


def write(points: list[Point]) -> None:
    """Put the table into the page."""
    text = PAGE.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise RuntimeError(f"docs/scale.md lacks its markers {BEGIN} and {END}")
    columns = [
        f"{point.plots:,}" + (f" in {point.provinces} provinces" if point.provinces > 1 else "") for point in points
    ]
    date = datetime.now(UTC).date().isoformat()
    lines = [
        BEGIN,
        f"| plots ({date}) | {' | '.join(columns)} |",
        "| --- |" + " --- |" * len(points),
        *(f"| {words} | {' | '.join(point.cell(name) for point in points)} |" for name, words in ROWS.items()),
        END,
    ]
    replaced = re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: "\n".join(lines), text, flags=re.S)
    PAGE.write_text(replaced, encoding="utf-8")
