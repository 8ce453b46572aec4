"""What is wrong with a feature that was sent, as a problem that names property, ring and point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from datasets.labels import Label
from geo.check import Finding, Severity, Spot
from geo.model.invalid import InvalidFeature
from webmap.asking import language
from webmap.problems import Refusal

MOST = 100  # findings of one answer
SHAPELESS = ("id", "type", "properties", "geometry")


class Unfit(Refusal):
    """A feature that cannot be kept (422): all findings, the errors first; nothing was written."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        self.spots = list(spots)
        errors = [spot.finding.message for spot in self.spots if spot.finding.severity is Severity.ERROR]
        first = errors[:3]
        more = len(errors) - len(first)
        words = Label(
            "；".join(label.zh for label in first) + (f"；另有 {more} 处" if more else "") + "。没有写入任何内容。",
            "; ".join(label.en for label in first) + (f"; {more} more" if more else "") + ". Nothing was written.",
        )
        super().__init__(words, 422, members={"findings": told(self.spots)})


def fault(code: str, zh: str, en: str, pointer: str) -> Spot:
    """An error about a place in the body."""
    return Spot(Finding(code, Severity.ERROR, pointer, Label(zh, en)), field=pointer.lstrip("/"))


def of_fields(invalid: InvalidFeature) -> list[Spot]:
    """What the declaration says against the values."""
    return [Spot(Finding("value-unfit", Severity.ERROR, "", each.message), field=each.field) for each in invalid.errors]


def told(spots: Sequence[Spot]) -> list[dict[str, Any]]:
    """Findings for a program, in the reader's language."""
    return [_told(spot) for spot in spots[:MOST]]


def _told(spot: Spot) -> dict[str, Any]:
    found: dict[str, Any] = {
        "code": spot.code,
        "severity": spot.finding.severity.value,
        "message": spot.finding.message.text(language()),
        "pointer": _pointer(spot),
    }
    found |= {name: value for name, value in (("ring", spot.ring), ("point", spot.point)) if value}
    return found | ({"at": list(spot.at)} if spot.at else {})


def _pointer(spot: Spot) -> str:
    """The JSON pointer (RFC 6901) of what a finding is about."""
    if spot.finding.where.startswith("/"):
        return spot.finding.where
    name = spot.field.replace("~", "~0").replace("/", "~1")
    if not name:
        return "/geometry"
    return f"/{name}" if name in SHAPELESS else f"/properties/{name}"
