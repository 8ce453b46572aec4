"""A form as it was sent, read back by the kind's declaration into the values that it stands for."""

# ruff: noqa: ARG001 - every way of reading takes what `taken` takes, whether it needs all of it or not.

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any

from werkzeug.datastructures import MultiDict

from geo.model import Feature, Field, fields_of
from geo.model.field import Unreadable
from geo.model.fields import Area, Codes, Entries, Flag, Money, Number
from geo.read.quantities import parsed
from webmap.staff.inputs import figure

Form = MultiDict[str, str]
MAX_ROWS = 500
RENMINBI = "CNY"
PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
TEXTUAL = re.compile(r"name|label|scheme|feature|_en$")


def values_of(kind: type[Feature], form: Form, before: Mapping[str, Any]) -> dict[str, Any]:
    """The values in a form, by field; `before` is the payload that it was made from.

    A field that its author did not touch comes back as it was: the order of codes, numbers in short tables.
    """
    return {name: taken(field, name, form, before.get(name)) for name, field in fields_of(kind).items() if name != "id"}


@singledispatch
def taken(field: Field, name: str, form: Form, before: Any) -> Any:
    """The value of one field in the form; a new type of field registers itself here. Its text otherwise."""
    return form.get(name, "").replace("\r\n", "\n")


@taken.register
def _number(field: Number, name: str, form: Form, before: Any) -> Any:
    """The number; a figure with a unit ("84亩", "11亿元") in the stored one. Text that is neither stays as it is."""
    text = form.get(name, "").strip()
    try:
        field.read(text)
    except Unreadable:
        of = "area" if isinstance(field, Area) else "money" if isinstance(field, Money) else ""
        said = parsed(text, of) if of else None
        if said is not None and said.value is not None and said.unit and said.currency in ("", RENMINBI):
            return round(said.value, 4)
    return text


@taken.register
def _flag(field: Flag, name: str, form: Form, before: Any) -> bool:
    return name in form


@taken.register
def _codes(field: Codes, name: str, form: Form, before: Any) -> list[str]:
    sent = form.getlist(name)
    if len(sent) == 1:
        sent = [part.strip() for part in re.split(r"[;；]", sent[0])]
    chosen = [code for code in dict.fromkeys(sent) if code]
    kept = [code for code in before or () if code in chosen]
    return kept + [code for code in chosen if code not in kept]


@taken.register
def _entries(field: Entries, name: str, form: Form, before: Any) -> list[dict[str, Any]]:
    old: Sequence[Mapping[str, Any]] = before or ()
    keys = [key for key, _ in field.columns]
    rows = []
    for number in range(min(MAX_ROWS, _count(form.get(f"{name}-rows", "0")))):
        texts = {key: form.get(f"{name}-{number}-{key}", "").strip() for key in keys}
        untouched = next((row for row in old if all(texts[key] == figure(row.get(key)) for key in keys)), None)
        if untouched is not None:
            rows.append(dict(untouched))
        elif any(texts.values()):
            rows.append({key: _typed(key, text) for key, text in texts.items() if text})
    return rows


def _typed(key: str, text: str) -> Any:
    if TEXTUAL.search(key) or not PLAIN_NUMBER.fullmatch(text) or len(text) > 15:
        return text
    return float(text) if "." in text else int(text)


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def move(rows: list[dict[str, Any]], action: str, number: int) -> list[dict[str, Any]]:
    """The rows after a press of a row's button: `up`, `down`, `drop`, or `add` for one more at the end."""
    rows = list(rows)
    if action == "add":
        return [*rows, {}]
    if not 0 <= number < len(rows):
        return rows
    if action == "drop":
        del rows[number]
    elif action in ("up", "down"):
        other = number + (-1 if action == "up" else 1)
        if 0 <= other < len(rows):
            rows[number], rows[other] = rows[other], rows[number]
    return rows
