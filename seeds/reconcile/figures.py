"""Figures as the documents print them: found by reference, with their rounding, and written for a reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasets.errors import DatasetError
from datasets.labels import Label
from seeds.tables import Facts

MONEY = "万元"
DOLLARS = "万美元"
WAN_PER_YI = 10_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit (empty for counts), what it is, and the row that holds it."""

    value: float
    unit: str
    name: Label
    row: Any

    @property
    def half_unit(self) -> float:
        """Half of the last digit printed: how far rounding can move the figure."""
        return half_unit(self.value, self.unit)

    @property
    def shown(self) -> Label:
        """The figure with its unit."""
        return shown(self.value, self.unit)


def half_unit(value: float, unit: str) -> float:
    """Half of the last printed digit of `value`; money of 1 亿元 and more counts as printed in 亿元; counts are exact."""
    scale = WAN_PER_YI if unit == MONEY and value >= WAN_PER_YI else 1
    digits = f"{value / scale:.4f}".rstrip("0").rstrip(".")
    decimals = len(digits.partition(".")[2])
    return scale * 10.0**-decimals / 2 if unit in (MONEY, "%") else 0.0


def shown(value: float, unit: str) -> Label:
    """A number for a reader: 万元 from 1 亿元 up as 亿元, in English as millions of yuan."""
    if unit == MONEY:
        zh = f"{value / WAN_PER_YI:,.6g}亿元" if abs(value) >= WAN_PER_YI else f"{value:,.6g}万元"
        return Label(zh=zh, en=f"CNY {value / 100:,.8g} m")
    number = f"{value:,.8g}"
    if unit == DOLLARS:
        return Label(zh=f"{number}{unit}", en=f"USD {value / 100:,.8g} m")
    return Label(zh=f"{number}{unit}", en=f"{number}%" if unit == "%" else number)


class Figures:
    """All figures of the facts, by reference.

    `targets/<id>`, `projects/<id>[/<column>]`, `events/<id>/<column>`, `events/<id>/<scheme>/<label>/<count|amount_wan>`;
    any other row counts 1.
    """

    def __init__(self, facts: Facts) -> None:
        self._tables: Mapping[str, Mapping[str, Any]] = {
            table: {row.id: row for row in rows} for table, rows in facts.tables().items() if table != "documents"
        }

    def find(self, reference: str) -> Figure | None:
        """The figure, None where its cell is empty; DatasetError where there is no such row, column or label."""
        table, _, rest = reference.partition("/")
        key, _, path = rest.partition("/")
        try:
            row = self._tables[table][key]
            if table == "targets":
                name = Label(zh=f"{row.subject}{row.indicator}", en=row.indicator_en or row.indicator)
                return Figure(row.value, row.unit, name, row)
            value, column, name = _value(row, path or ("amount_wan" if table == "projects" else ""))
        except (KeyError, AttributeError, ValueError) as error:
            raise DatasetError(
                Label(
                    zh=f"relations.csv：没有数字“{reference}”，请检查表名、行 id、列名。",
                    en=f"relations.csv: there is no figure '{reference}': check table, row id and column.",
                )
            ) from error
        if value is None:
            return None
        return Figure(float(value), MONEY if column.startswith("amount") else "", name, row)


def _value(row: Any, path: str) -> tuple[float | None, str, Label]:
    """The value, the column it is in, and what the row is called there."""
    name = name_of(row)
    if not path:
        return 1.0, "", name
    scheme, _, rest = path.partition("/")
    if not rest:
        return getattr(row, scheme), scheme, name
    label, _, column = rest.partition("/")
    share = next((each for each in row.breakdown if (each.scheme, each.label) == (scheme, label)), None)
    if share is None:
        raise KeyError(path)
    return getattr(share, column), column, Label(zh=f"{name.zh}·{share.label}", en=f"{name.en}, {share.label_en}")


def name_of(row: Any) -> Label:
    """What a row is called in both languages."""
    zh = getattr(row, "name", "") or getattr(row, "indicator", "") or row.id
    return Label(zh=zh, en=getattr(row, "name_en", "") or getattr(row, "indicator_en", "") or zh)


def listed(figures: list[Figure]) -> Label:
    """`a 1 + b 2 + …`."""
    return Label(
        zh=" + ".join(f"{each.name.zh}{each.shown.zh}" for each in figures),
        en=" + ".join(f"{each.name.en} {each.shown.en}" for each in figures),
    )
