"""What is wrong with a value, in words for the person who typed it."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.labels import Label


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field's fault: which field, the value as given, and what to do about it."""

    field: str
    value: object
    message: Label


class InvalidFeature(ValueError):
    """A row that cannot become a feature; `errors` names every faulty field, not only the first."""

    def __init__(self, kind: str, errors: tuple[FieldError, ...]) -> None:
        self.kind = kind
        self.errors = errors
        super().__init__("; ".join(f"{kind}.{e.field}: {e.message.en}" for e in errors))
