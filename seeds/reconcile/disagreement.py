"""One place where a document contradicts itself or another, or where its text is damaged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from datasets.labels import Label
from geo.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Source:
    """Lines of a document, as (first, last) pairs; `str()` gives `file:24;85-93`."""

    document: str
    lines: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        spans = (str(first) if first == last else f"{first}-{last}" for first, last in self.lines)
        return f"{self.document}:{';'.join(spans)}"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What does not fit: a stable code, how much it matters, where it is printed, words, and the figures compared.

    `figures` maps a short English name to the number, money in 万元.
    """

    code: str
    severity: Severity
    sources: tuple[Source, ...]
    message: Label
    figures: Mapping[str, float] = field(default_factory=dict)


def sources_of(rows: Iterable[Any]) -> tuple[Source, ...]:
    """Where the rows are printed, one source a document, in order and each line once."""
    lines: dict[str, set[tuple[int, int]]] = {}
    for row in rows:
        lines.setdefault(row.document, set()).update(row.lines)
    return tuple(Source(document, tuple(sorted(spans))) for document, spans in sorted(lines.items()))
