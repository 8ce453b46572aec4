"""Fields that a row lacks: those without which there is no feature, and those without which it may not be published."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from geo.check.spot import Spot, Spotted, error, warning
from geo.model import Feature, fields_of
from geo.model.finding import Finding

EMPTY = (None, "", ())


def check_required(
    kind: type[Feature],
    columns: Mapping[str, Sequence[Any]],
    unreadable: Mapping[int, set[str]] | None = None,
    told_once: Collection[str] = (),
) -> Spotted:
    """Spots of missing values; columns: field → values of all rows. unreadable: row → fields whose fault is told
    already; told_once: fields whose lack is told for the whole file."""
    told = unreadable or {}
    for name, field in fields_of(kind).items():
        if name in told_once or not (field.required or field.required_to_publish):
            continue
        for row, value in enumerate(columns[name]):
            if value in EMPTY and name not in told.get(row, ()):
                yield row, _missing(kind, name)


def missing_to_publish(feature: Feature) -> list[Finding]:
    """Findings, all errors, about what a feature lacks before the public may see it."""
    found = []
    for name, field in fields_of(type(feature)).items():
        if (field.required or field.required_to_publish) and getattr(feature, name) in EMPTY:
            spot = error(
                "missing-for-publication",
                f"发布前须填写{field.label.zh}",
                f"{field.label.en} must be given before publication",
            ).finding
            found.append(Finding(spot.code, spot.severity, f"{feature.id}.{name}", spot.message))
    return found


def _missing(kind: type[Feature], name: str) -> Spot:
    field = fields_of(kind)[name]
    if field.required:
        return error("missing-field", f"缺少{field.label.zh}", f"{field.label.en} is missing", field=name)
    return warning(
        "missing-for-publication",
        f"缺少{field.label.zh}，发布前须填写",
        f"{field.label.en} is missing and must be given before publication",
        field=name,
    )
