"""What is wrong with a query string, in words for the person who sent it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datasets.labels import Label


@dataclass(frozen=True, slots=True)
class BadParameter:
    """One fault: the parameter's name, the value as it was given, what to write instead, and where in the value it is."""

    param: str
    value: str
    message: Label
    position: Mapping[str, Any] | None = None


class BadParameters(ValueError):
    """A query that cannot be answered; `faults` names every faulty parameter, not only the first."""

    def __init__(self, faults: Iterable[BadParameter]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.param}: {fault.message.en}" for fault in self.faults))
