"""A record's fields as rows of label and value, driven by the declarations of its kind and nothing else."""

# ruff: noqa: ARG001 - every way of showing takes what `show` takes, whether it needs all of it or not.

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

from datasets import vocab
from datasets.errors import DatasetError
from datasets.labels import DEFAULT_LANGUAGE
from geo.model import Feature, Field, fields_of
from geo.model.fields import Area, Code, Codes, Day, Entries, Flag, Money, Number, Period, Term
from webmap.present import quantities
from webmap.present.palette import chain_class, term_class
from webmap.present.reader import Reader
from webmap.present.values import Chip, Chips, Grid, Link, Origin, Row, Text, Value

Record = Mapping[str, Any]

# Shown elsewhere on the page (title, mark, source) or together with another field.
APART = frozenset({"id", "name", "name_en", "source", "precision", "date_precision", "demo", "currency", "value_unit"})


def fields(record: Record, kind: type[Feature], reader: Reader, *, apart: frozenset[str] = APART) -> list[Row]:
    """The rows of a record: the kind's own fields, then the common ones, as declared; empty ones are left out."""
    rows = []
    for name, field in sorted(fields_of(kind).items(), key=lambda entry: entry[0] in fields_of(Feature)):
        if name in apart or record.get(name) in (None, "", [], ()):
            continue
        rows.append(Row(name, field.label.text(reader.lang), cell(name, record, kind, reader)))
    return rows


def cell(name: str, record: Record, kind: type[Feature], reader: Reader) -> Value:
    """One field of a record as it is shown; a dash where it says nothing."""
    value = record.get(name)
    if value in (None, "", [], ()):
        return Text(reader.t("text.none"))
    if name == "source":
        return origin(record, reader)
    return show(fields_of(kind)[name], value, record, reader)


@singledispatch
def show(field: Field, value: Any, record: Record, reader: Reader) -> Value:
    """The value of a field, by the type of field; a new type registers itself here. Plain text otherwise."""
    return Text(str(value))


@show.register
def _number(field: Number, value: Any, record: Record, reader: Reader) -> Value:
    written = quantities.with_unit(value, field.unit, reader.lang)
    if field.unit is None and record.get("value_unit"):
        # A target's figure carries its unit as printed, in the record itself.
        written = f"{written}{'' if reader.lang == 'zh' else ' '}{record['value_unit']}"
    return Text(written)


@show.register
def _money(field: Money, value: Any, record: Record, reader: Reader) -> Value:
    return Text(quantities.money(value, reader.lang, str(record.get("currency") or "")))


@show.register
def _area(field: Area, value: Any, record: Record, reader: Reader) -> Value:
    return Text(quantities.area(value, reader.lang))


@show.register
def _day(field: Day, value: Any, record: Record, reader: Reader) -> Value:
    # The precision in the record is that of `as_of`; another date is as exact as it is written.
    precision = str(record.get("date_precision") or "") if value == record.get("as_of") else ""
    note = reader.t("feature.date_of_document") if precision == "document" else ""
    return Text(quantities.day(str(value), reader.lang, precision), note)


@show.register
def _period(field: Period, value: Any, record: Record, reader: Reader) -> Value:
    return Text(quantities.period(str(value), reader.lang))


@show.register
def _flag(field: Flag, value: Any, record: Record, reader: Reader) -> Value:
    return Text(reader.t("text.yes" if value else "text.no"))


@show.register
def _term(field: Term, value: Any, record: Record, reader: Reader) -> Value:
    return term(field.vocabulary, str(value), reader)


def term(vocabulary: str, code: str, reader: Reader) -> Text:
    """The label of a code, with its sentence and colour where the vocabulary has them; the code itself if unknown."""
    known = vocab.load(vocabulary).terms.get(code)
    if known is None:
        return Text(code)
    sentence = known.description.text(reader.lang) if known.description else ""
    return Text(known.label.text(reader.lang), sentence, term_class(vocabulary, code) if known.colour else "")


@show.register
def _code(field: Code, value: Any, record: Record, reader: Reader) -> Value:
    return CODES.get(field.of, _feature)(field.of, str(value), reader)


def _unit(_of: str, code: str, reader: Reader) -> Value:
    name = reader.unit_name(code)
    return Link(name, reader.link("county", code), f"county/{code}") if reader.has_unit(code) else Text(name)


def _place(_of: str, code: str, reader: Reader) -> Value:
    name = reader.place_name(code)
    known = code in reader.world.gazetteer.places
    return Link(name, reader.link("place", code), f"place/{code}") if known else Text(name)


def _feature(of: str, code: str, reader: Reader) -> Value:
    other = reader.record(of, code)
    return Text(code) if other is None else Link(reader.title_of(other), reader.link("f", of, code), f"{of}/{code}")


# How an identifier of each dataset reads; any other name is that of a kind, and the identifier one of its features.
CODES: dict[str, Callable[[str, str, Reader], Value]] = {"unit": _unit, "place": _place}


@show.register
def _codes(field: Codes, value: Any, record: Record, reader: Reader) -> Value:
    make = {"chain": chain_chip, "node": _node_chip}.get(field.of)
    if make:
        return Chips(tuple(make(str(code), reader) for code in value))
    shown = [CODES.get(field.of, _feature)(field.of, str(code), reader) for code in value]
    return Chips(tuple(Chip(one.text, href=one.href if isinstance(one, Link) else "") for one in shown))


def chain_chip(code: str, reader: Reader) -> Chip:
    """A chain with the colour of its cluster, leading to the list of it."""
    chain = reader.world.chains.chains.get(code)
    if chain is None:
        return Chip(code)
    return Chip(chain.label.text(reader.lang), chain_class(code), reader.link("list", query=[("chain", code)]))


def _node_chip(code: str, reader: Reader) -> Chip:
    try:
        node = reader.world.chains.node(code)
    except DatasetError:
        return Chip(code)
    segment = term("segment", node.segment, reader)
    return Chip(node.label.text(reader.lang), chain_class(code.split("/", 1)[0]), note=segment.text)


@show.register
def _entries(field: Entries, value: Any, record: Record, reader: Reader) -> Value:
    used = [(key, label) for key, label in field.columns if any(row.get(key) not in (None, "") for row in value)]
    # `feature` is an address, not something to read; `…_en` is the English text of the column before it.
    shown = [(key, label) for key, label in used if key != "feature" and not key.endswith("_en")]
    rows = tuple(tuple(_entry(_worded(row, key, reader.lang), reader) for key, _ in shown) for row in value)
    numeric = tuple(
        all(isinstance(row.get(key), int | float) for row in value if row.get(key) not in (None, ""))
        for key, _ in shown
    )
    return Grid(tuple(label.text(reader.lang) for _, label in shown), rows, numeric)


def _worded(row: Record, key: str, lang: str) -> Any:
    return (row.get(f"{key}_{lang}") if lang != DEFAULT_LANGUAGE else None) or row.get(key)


def _entry(value: Any, reader: Reader) -> str:
    if value in (None, ""):
        return reader.t("text.none")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return quantities.number(value, reader.lang)
    return str(value)


def _lines(lines: str, reader: Reader) -> str:
    """`18,38-40` as a reader writes it."""
    parts = [part.strip().replace("-", "–") for part in re.split(r"[,，、;；]", lines)]
    return reader.t("text.list_separator").join(part for part in parts if part)


def origin(record: Record, reader: Reader) -> Value:
    """Where the record is printed: the document's title, date and lines."""
    source = str(record.get("source") or "")
    parts = re.fullmatch(r"(?P<document>[^\s:#]+)(?:[:#\s]+(?P<lines>\d[\d,，、;；\s–-]*))?", source)
    document = reader.documents.get(parts["document"]) if parts else None
    if parts is None or document is None:
        return Text(reader.t("site.demo") if record.get("demo") else source)
    title = document.title_zh if reader.lang == "zh" or not document.title_en else document.title_en
    lines = reader.t("text.line", lines=_lines(parts["lines"], reader)) if parts["lines"] else ""
    date = str(getattr(document, "date", "") or "")
    return Origin(title, lines, quantities.day(date, reader.lang) if date else "")
