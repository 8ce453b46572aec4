"""How one cell of a table of facts is read: a kind of column each, used as the annotation of a row's field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812
from functools import cache
from typing import Any

from datasets import vocab
from datasets.boundaries import names as boundary_names
from seeds.faults import BadCell

LINES = re.compile(r"(\d+)(?:-(\d+))?")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?|-Q([1-4]))?")
PERIOD = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?|Q[1-4])?(?:/\d{4}(?:-\d{2})?)?")
# Provinces of GB/T 2260; facts may name a place outside the province whose units we know one by one.
PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for code in range(first, last + 1)
)
HOME = "41"


class Column:
    """A kind of column: `read` gives the cell's value or raises BadCell; an empty cell is None unless required."""

    required = False

    def read(self, text: str) -> Any:
        """The value of a cell that is not empty."""
        raise NotImplementedError

    def cell(self, text: str) -> Any:
        """The value of any cell, `empty` for an empty one."""
        if text:
            return self.read(text)
        if self.required:
            raise BadCell("不能为空，请填写。", "must not be empty: fill it in.")
        return self.empty()

    def empty(self) -> Any:
        """What an empty cell means."""
        return None


@dataclass(frozen=True)
class Text(Column):
    """Words as printed; an empty cell is an empty string."""

    required: bool = False

    def read(self, text: str) -> str:
        if text != text.strip():
            raise BadCell("首尾有空格，请删去。", "has spaces at its ends: remove them.")
        return text

    def empty(self) -> str:
        return ""


@dataclass(frozen=True)
class Slug(Column):
    """A row's own name: ASCII small letters, digits and single hyphens."""

    required: bool = True

    def read(self, text: str) -> str:
        if not SLUG.fullmatch(text):
            raise BadCell(
                "只能用小写字母、数字和单个连字符，例如 jz-2022-steel。",
                "takes small letters, digits and single hyphens only, such as jz-2022-steel.",
            )
        return text


@dataclass(frozen=True)
class Number(Column):
    """A decimal number without signs or separators, not below `least`; `whole` refuses fractions."""

    least: float = 0
    whole: bool = False
    required: bool = False

    def read(self, text: str) -> float | int:
        if not NUMBER.fullmatch(text) or float(text) < self.least or (self.whole and "." in text):
            raise BadCell(
                f"应为不小于{self.least:g}的{'整数' if self.whole else '数'}，不带单位和千分号。",
                f"takes a {'whole ' if self.whole else ''}number of at least {self.least:g}, no unit, no separators.",
            )
        return int(text) if self.whole else float(text)


@dataclass(frozen=True)
class Term(Column):
    """A code of a vocabulary in datasets/vocab, or one of `codes` where the column has its own."""

    vocabulary: str = ""
    codes: tuple[str, ...] = ()
    required: bool = False

    def read(self, text: str) -> str:
        known = self.codes or vocab.load(self.vocabulary).codes()
        if text not in known:
            raise BadCell(
                f"不在词表中。可用：{'、'.join(known)}。", f"is no known code. Use one of: {', '.join(known)}."
            )
        return text

    def empty(self) -> str:
        return ""


@dataclass(frozen=True)
class Ref(Column):
    """The id of a row of `table` (the document's name for documents); checked when all tables are read."""

    table: str = ""
    required: bool = False

    def read(self, text: str) -> str:
        return text

    def empty(self) -> str:
        return ""


@dataclass(frozen=True)
class Words(Column):
    """Several entries separated by `;` with none empty or twice; an empty cell is an empty tuple."""

    required: bool = False

    def read(self, text: str) -> tuple[str, ...]:
        found = tuple(text.split(";"))
        if not all(found) or len(set(found)) < len(found):
            raise BadCell("各项以半角分号分隔，不可空、不可重复。", "separates entries by ';', none empty or twice.")
        return found

    def empty(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Adcode(Column):
    """A code of GB/T 2260: a known county or city of Henan, or six digits of another province."""

    required: bool = True

    def read(self, text: str) -> str:
        known = text == HOME + "0000" or text in _home_codes()
        elsewhere = len(text) == 6 and text.isdecimal() and text[:2] in PROVINCES - {HOME}
        if not (known or elsewhere):
            raise BadCell(
                "不是已知的区划代码（GB/T 2260，六位），如 410882；功能区用所在市代码并写 place。",
                "is no known six-digit code of GB/T 2260 such as 410882; for a functional district give its "
                "city's code and the name in place.",
            )
        return text


@cache
def _home_codes() -> frozenset[str]:
    return frozenset(boundary_names.table())


@dataclass(frozen=True)
class IsoDate(Column):
    """A day, month, quarter or year: 2022-03-03, 2022-03, 2022-Q1, 2022."""

    required: bool = False

    def read(self, text: str) -> str:
        found = DATE.fullmatch(text)
        if not found or not _real(found):
            raise BadCell(
                "不是日期，写作 2022-03-03、2022-03、2022-Q1 或 2022。",
                "is no date: write 2022-03-03, 2022-03, 2022-Q1 or 2022.",
            )
        return text

    def empty(self) -> str:
        return ""


def _real(found: re.Match[str]) -> bool:
    year, month, day, _ = found.groups()
    try:
        Day(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return False
    return True


def precision_of(date: str) -> str:
    """How exact an ISO date is: day, month, quarter or year."""
    if "Q" in date:
        return "quarter"
    return {4: "year", 7: "month", 10: "day"}[len(date)]


@dataclass(frozen=True)
class Period(Column):
    """What a figure covers: 2021, 2020Q1, 2020-10, or from/to as 2020-01/2020-11; empty where it isn't said."""

    required: bool = False

    def read(self, text: str) -> str:
        if not PERIOD.fullmatch(text):
            raise BadCell(
                "不是期间，写作 2021、2020Q1、2020-10 或 2020-01/2020-11。",
                "is no period: write 2021, 2020Q1, 2020-10 or 2020-01/2020-11.",
            )
        return text

    def empty(self) -> str:
        return ""


@dataclass(frozen=True)
class Lines(Column):
    """Line numbers of the document: 24, 85-93, or several such separated by `;`; read as (first, last) pairs."""

    required: bool = True

    def read(self, text: str) -> tuple[tuple[int, int], ...]:
        spans: list[tuple[int, int]] = []
        for part in text.split(";"):
            found = LINES.fullmatch(part)
            first = int(found[1]) if found else 0
            last = int(found[2] or first) if found else 0
            if not 1 <= first <= last:
                raise BadCell(
                    "行号写作 24、85-93 或 61;109，从 1 起、先小后大。",
                    "line numbers look like 24, 85-93 or 61;109, from 1, the smaller first.",
                )
            spans.append((first, last))
        return tuple(spans)


@dataclass(frozen=True, slots=True)
class Share:
    """One entry of an event's breakdown: how many projects and how much (万元) fall under a label of a scheme."""

    scheme: str
    scheme_en: str
    label: str
    label_en: str
    count: int | None
    amount_wan: float | None
    percent: float | None


@dataclass(frozen=True)
class Breakdown(Column):
    """Entries `scheme=en/label=en|count|amount_wan|percent` separated by `;`; the three figures may be empty."""

    required: bool = False

    def read(self, text: str) -> tuple[Share, ...]:
        return tuple(self._share(entry) for entry in text.split(";"))

    def _share(self, entry: str) -> Share:
        parts = entry.split("|")
        names = [name.split("=") for name in parts[0].split("/")]
        if len(parts) != 4 or len(names) != 2 or not all(len(name) == 2 and all(name) for name in names):
            raise BadCell(
                f"“{entry}”应为 口径=英文/名称=英文|个数|万元|百分比，各项以分号分隔。",
                f"'{entry}' should be scheme=en/label=en|count|amount_wan|percent, entries separated by ';'.",
            )
        (scheme, scheme_en), (label, label_en) = names
        return Share(
            scheme,
            scheme_en,
            label,
            label_en,
            count=Number(whole=True).cell(parts[1]),
            amount_wan=Number().cell(parts[2]),
            percent=Number().cell(parts[3]),
        )

    def empty(self) -> tuple[Share, ...]:
        return ()
