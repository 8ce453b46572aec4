"""One finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from datasets.labels import Label


class Severity(StrEnum):
    """An error keeps a feature from being published; a warning wants a person's eye; info only informs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: a stable code, the severity, the place (feature, field, ring or row), words in both languages."""

    code: str
    severity: Severity
    where: str
    message: Label
