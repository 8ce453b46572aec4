"""What is wrong with a CQL2 filter and where, in words for the person who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasets.labels import Label


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a filter: character `offset` from 0, `line` and `column` from 1; `pointer` (RFC 6901) into the JSON form.

    An offset of -1 says that only the pointer is known, as in a filter of valid JSON.
    """

    pointer: str = ""
    offset: int = -1
    line: int = 0
    column: int = 0

    def members(self) -> dict[str, Any]:
        """What a problem report says of it."""
        if self.offset < 0:
            return {"pointer": self.pointer}
        return {"offset": self.offset, "line": self.line, "column": self.column}


class Cql2Fault(ValueError):
    """A filter that cannot be evaluated; `label` says why and the way out, `spot` where."""

    def __init__(self, label: Label, spot: Spot) -> None:
        super().__init__(label.en)
        self.label = label
        self.spot = spot


class Misfit(ValueError):
    """A part of an expression that cannot be evaluated; `step` leads from the part to what is wrong in it."""

    def __init__(self, zh: str, en: str, step: str = "") -> None:
        super().__init__(en)
        self.label = Label(zh, en)
        self.step = step
