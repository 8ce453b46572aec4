"""What a person has decided about a file: its system, cells and shapes mended, rows left out. Kept as a small JSON file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from geo.crs import System, system


@dataclass(frozen=True)
class Choices:
    """system: a code, "" for the best candidate; swapped, prefix: how its numbers are read.

    edits: row (from 0, in the file's order) → field → value in its JSON form. repairs: row → names of accepted repairs in order.
    left_out: rows that are not imported.
    """

    system: str = ""
    swapped: bool = False
    prefix: int | None = None
    edits: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    repairs: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()

    @property
    def chosen(self) -> System | None:
        """The system that the person chose, if he did; raises geo.crs.CrsFault."""
        return system(self.system) if self.system else None

    def edited(self, row: int, values: Mapping[str, Any]) -> Choices:
        """With a row's fields set, on top of what was set before."""
        return replace(self, edits={**self.edits, row: {**self.edits.get(row, {}), **values}})

    def repaired(self, row: int, names: tuple[str, ...]) -> Choices:
        """With repairs of a row's shape accepted, after those accepted before."""
        return replace(self, repairs={**self.repairs, row: (*self.repairs.get(row, ()), *names)})

    def as_filed(self, row: int) -> Choices:
        """With a row as the file has it."""
        edits = {number: values for number, values in self.edits.items() if number != row}
        repairs = {number: names for number, names in self.repairs.items() if number != row}
        return replace(self, edits=edits, repairs=repairs)


def load(path: Path) -> Choices:
    """The choices in a file; none where there is no file yet."""
    if not path.is_file():
        return Choices()
    found = json.loads(path.read_text(encoding="utf-8"))
    return Choices(
        system=found["system"],
        swapped=found["swapped"],
        prefix=found["prefix"],
        edits={int(row): values for row, values in found["edits"].items()},
        repairs={int(row): tuple(names) for row, names in found["repairs"].items()},
        left_out=frozenset(found["left_out"]),
    )


def save(choices: Choices, path: Path) -> None:
    """Replace the file at once: a reader sees the old choices or the new ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**asdict(choices), "left_out": sorted(choices.left_out)}
    scratch = path.with_name(f".{path.name}-{os.getpid()}")
    scratch.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    scratch.replace(path)
