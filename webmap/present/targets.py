"""Targets beside the actual figures of the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geo.model import Feature
from webmap.present import fields, quantities
from webmap.present.items import Item, item
from webmap.present.reader import Reader

Record = Mapping[str, Any]
TARGET, ACTUAL = "target", "actual"
MONEY_UNITS = ("万元",)
LEAST = {">=": "≥ ", "<=": "≤ "}


@dataclass(frozen=True)
class Figure:
    """A target or an actual: the figure as text, its period and the feature that it is."""

    text: str
    period: str
    yoy: str
    item: Item


@dataclass(frozen=True)
class Comparison:
    """One indicator: what was aimed for and what came. share: percent of the target, None where not known."""

    indicator: str
    subject: str
    targets: tuple[Figure, ...]
    actuals: tuple[Figure, ...]
    share: float | None
    share_text: str
    printed: bool

    @property
    def bar(self) -> float:
        """The share as a bar can show it, 0 to 100."""
        return min(100.0, self.share or 0.0)

    @property
    def demo(self) -> bool:
        """Whether demonstration data are among the figures."""
        return any(figure.item.demo for figure in (*self.targets, *self.actuals))


def comparisons(records: Iterable[Record], kind: type[Feature], reader: Reader) -> tuple[Comparison, ...]:
    """Targets and actuals grouped by indicator, subject and unit; those with both sides first."""
    groups: dict[tuple[str, str, str], list[Record]] = {}
    for record in records:
        key = (str(record["name"]), str(record.get("subject") or ""), str(record.get("value_unit") or ""))
        groups.setdefault(key, []).append(record)
    made = [_comparison(group, kind, reader) for group in groups.values()]
    return tuple(sorted(made, key=lambda each: (each.share is None, not (each.targets and each.actuals))))


def _comparison(group: list[Record], kind: type[Feature], reader: Reader) -> Comparison:
    ordered = sorted(group, key=lambda record: (str(record.get("period") or ""), str(record["id"])))
    targets = [record for record in ordered if record["role"] == TARGET]
    actuals = [record for record in ordered if record["role"] == ACTUAL]
    share, printed = share_of_target(targets, actuals)
    digits = 1 if share is not None and share < 1000 else 0
    return Comparison(
        indicator=reader.title_of(ordered[0]),
        subject=str(ordered[0].get("subject") or ""),
        targets=tuple(_figure(record, kind, reader) for record in targets),
        actuals=tuple(_figure(record, kind, reader) for record in actuals),
        share=share,
        share_text="" if share is None else f"{quantities.number(share, reader.lang, digits)}%",
        printed=printed,
    )


def share_of_target(targets: list[Record], actuals: list[Record]) -> tuple[float | None, bool]:
    """The percentage of the target that was reached, and whether the document prints it itself.

    Computed only from one target and one actual of the same period: figures of different years don't compare.
    """
    for record in reversed(actuals):
        if record.get("share_of_target_percent") is not None:
            return float(record["share_of_target_percent"]), True
    if len(targets) != 1 or len(actuals) != 1:
        return None, False
    target, actual = targets[0], actuals[0]
    same = target.get("period") and target["period"] == actual.get("period")
    if not same or not target.get("value") or actual.get("value") is None:
        return None, False
    return 100 * float(actual["value"]) / float(target["value"]), False


def _figure(record: Record, kind: type[Feature], reader: Reader) -> Figure:
    value, unit = record.get("value"), str(record.get("value_unit") or "")
    if value is None:
        text = reader.t("text.none")
    elif unit in MONEY_UNITS:
        text = quantities.money(value, reader.lang)
    else:
        text = fields.cell("value", record, kind, reader).text
    yoy = record.get("yoy_percent")
    change = (
        ""
        if yoy is None
        else reader.t("area.yoy", n=f"{'+' if yoy > 0 else ''}{quantities.number(yoy, reader.lang, 1)}")
    )
    return Figure(
        LEAST.get(str(record.get("comparator") or ""), "") + text,
        quantities.period(str(record.get("period") or ""), reader.lang),
        change,
        item(record, kind, reader),
    )
