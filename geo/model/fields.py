"""The types of field that a kind is declared with.

A field knows its labels, its unit, how it is read from text or JSON, how it is filtered and its JSON schema.
It does not know which codes, chains or counties exist: that is the `check` room's business.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from datasets.labels import Label
from geo.model.field import Field, Storage, Unreadable

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL and halves of surrogate pairs: no database keeps them


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """One line or more of plain text; never markup."""

    max_length: int = 2000

    def empty(self) -> str:
        return ""

    def _read(self, raw: object) -> str:
        text = str(raw).strip()
        if unstorable := UNSTORABLE.search(text):
            raise Unreadable(
                Label(
                    f"第 {unstorable.start() + 1} 个字符无法保存，请删去",
                    f"character {unstorable.start() + 1} cannot be stored; take it out",
                )
            )
        if len(text) > self.max_length:
            raise Unreadable(
                Label(
                    f"最多 {self.max_length} 个字符，现有 {len(text)} 个",
                    f"at most {self.max_length} characters, not {len(text)}",
                )
            )
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max_length}


@dataclass(frozen=True, kw_only=True)
class Period(Text):
    """What a figure covers, as exact as it is known: `2021`, `2023Q1` or `2021-12/2022-02` (ISO 8601 interval)."""


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A finite number within bounds."""

    minimum: float | None = None
    maximum: float | None = None

    storage: ClassVar[Storage] = Storage.NUMBER

    def _read(self, raw: object) -> float:
        if isinstance(raw, bool):
            raise Unreadable(Label("应为数字", "a number is expected"))
        try:
            value = float(str(raw).replace(",", "").strip())
        except ValueError:
            raise Unreadable(Label(f"“{raw}”不是数字", f"'{raw}' is not a number")) from None
        if not math.isfinite(value):
            raise Unreadable(Label("应为有限的数字", "a finite number is expected"))
        if self.minimum is not None and value < self.minimum:
            raise Unreadable(Label(f"不得小于 {self.minimum:g}", f"must be at least {self.minimum:g}"))
        if self.maximum is not None and value > self.maximum:
            raise Unreadable(Label(f"不得大于 {self.maximum:g}", f"must be at most {self.maximum:g}"))
        return value

    def schema(self) -> dict[str, Any]:
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return {"type": ["number", "null"], **{k: v for k, v in bounds.items() if v is not None}}


SQUARE_METRES = Label("㎡", "m²")
MU_IN_M2 = 2000 / 3
TEN_THOUSAND_YUAN = Label("万元", "10k CNY")


@dataclass(frozen=True, kw_only=True)
class Area(Number):
    """An area in ㎡; asked for in 亩 (1 亩 = 2000/3 ㎡)."""

    unit: Label | None = SQUARE_METRES
    minimum: float | None = 0
    param_scale: float = MU_IN_M2


@dataclass(frozen=True, kw_only=True)
class Money(Number):
    """An amount in 万元 of the feature's currency."""

    unit: Label | None = TEN_THOUSAND_YUAN
    minimum: float | None = 0


@dataclass(frozen=True, kw_only=True)
class Whole(Number):
    """A count."""

    minimum: float | None = 0

    def _read(self, raw: object) -> float:
        value = super()._read(raw)
        if value != int(value):
            raise Unreadable(Label("应为整数", "a whole number is expected"))
        return value


@dataclass(frozen=True, kw_only=True)
class Term(Field):
    """A code of a vocabulary (`datasets.vocab`)."""

    vocabulary: str

    storage: ClassVar[Storage] = Storage.TERM

    def empty(self) -> str:
        return ""

    def _read(self, raw: object) -> str:
        return str(raw).strip()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "x-vocabulary": self.vocabulary}


@dataclass(frozen=True, kw_only=True)
class Code(Field):
    """An identifier out of a dataset that is no vocabulary: an adcode, a place, another feature's id."""

    of: str
    pattern: str = ""

    storage: ClassVar[Storage] = Storage.TERM

    def empty(self) -> str:
        return ""

    def _read(self, raw: object) -> str:
        text = str(raw).strip()
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise Unreadable(Label(f"“{text}”的格式不对", f"'{text}' does not have the form {self.pattern}"))
        return text

    def schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            "x-of": self.of,
            **({"pattern": f"^({self.pattern})?$"} if self.pattern else {}),
        }


@dataclass(frozen=True, kw_only=True)
class Codes(Field):
    """Several identifiers; in a cell they stand between semicolons."""

    of: str

    storage: ClassVar[Storage] = Storage.TERMS

    def empty(self) -> tuple[str, ...]:
        return ()

    def _read(self, raw: object) -> tuple[str, ...]:
        parts: Iterable[object] = re.split(r"[;；]", raw) if isinstance(raw, str) else _sequence(raw)
        seen = dict.fromkeys(str(part).strip() for part in parts)
        return tuple(code for code in seen if code)

    def dump(self, value: Any) -> list[str]:
        return list(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "x-of": self.of}


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    """Yes or no."""

    storage: ClassVar[Storage] = Storage.FLAG

    def empty(self) -> bool:
        return False

    def _read(self, raw: object) -> bool:
        known = {
            "true": True,
            "1": True,
            "是": True,
            "yes": True,
            "false": False,
            "0": False,
            "否": False,
            "no": False,
        }
        value = known.get(str(raw).strip().lower())
        if value is None:
            raise Unreadable(Label("应为“是”或“否”", "yes or no is expected"))
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A date as exact as it is known: `2022`, `2022-03` or `2022-03-03` (ISO 8601, reduced precision), or `2022-Q1`."""

    def empty(self) -> str:
        return ""

    def _read(self, raw: object) -> str:
        text = str(raw).strip()
        match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text)
        quarter = re.fullmatch(r"\d{4}-Q[1-4]", text)
        if not quarter and not (match and _is_date(match)):
            raise Unreadable(
                Label(
                    f"“{text}”不是日期；写作 2022、2022-Q1、2022-03 或 2022-03-03",
                    f"'{text}' is no date; write 2022, 2022-Q1, 2022-03 or 2022-03-03",
                )
            )
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^(\d{4}(-\d{2}(-\d{2})?|-Q[1-4])?)?$"}


def _is_date(match: re.Match[str]) -> bool:
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class Entries(Field):
    """A short table inside a feature: a list of records with the same keys (a route's stops, an event's breakdown).

    columns: key → label; an entry may leave any of them out.
    """

    columns: tuple[tuple[str, Label], ...]

    storage: ClassVar[Storage] = Storage.JSON

    def empty(self) -> tuple[Mapping[str, Any], ...]:
        return ()

    def _read(self, raw: object) -> tuple[Mapping[str, Any], ...]:
        try:
            entries = json.loads(raw) if isinstance(raw, str) else _sequence(raw)
        except json.JSONDecodeError:
            entries = None
        allowed = {key for key, _ in self.columns}
        if not isinstance(entries, Iterable) or isinstance(entries, Mapping):
            raise Unreadable(Label("应为 JSON 列表", "a JSON list is expected"))
        rows = tuple(entries)
        for row in rows:
            if not isinstance(row, Mapping) or set(row) - allowed:
                names = ", ".join(sorted(allowed))
                raise Unreadable(Label(f"每项只能有：{names}", f"each entry may hold only: {names}"))
        return tuple(dict(row) for row in rows)

    def dump(self, value: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in value]

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {key: {"title": label.en} for key, label in self.columns},
            },
        }


def _sequence(raw: object) -> Iterable[object]:
    if isinstance(raw, Iterable) and not isinstance(raw, (str, bytes, Mapping)):
        return raw
    raise Unreadable(Label("应为列表", "a list is expected"))
