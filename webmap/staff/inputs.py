"""A kind's declaration as the inputs of a form: one for each field, whatever the kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import Any

from datasets import vocab
from geo.model import Feature, Field, fields_of
from geo.model.fields import Area, Code, Codes, Day, Entries, Flag, Money, Number, Period, Term, Text
from webmap.staff import choices
from webmap.staff.choices import Group
from webmap.staff.words import in_words, t

SHORT = 200  # characters; a longer text gets several lines
LINE = 44  # characters of a line in a field of several lines
MOST_LINES = 12

BASIC = ("name", "name_en", "county", "place", "precision")
CHAINS = ("chains", "nodes")
APART = ("id",)


@dataclass(frozen=True)
class Input:
    """One field as it is asked for. `form` names the macro of `templates/staff/inputs.html`."""

    name: str
    label: str
    form: str
    value: Any = ""
    unit: str = ""
    help: str = ""
    required: bool = False
    to_publish: bool = False
    rows: int = 1
    max_length: int = 0
    groups: Sequence[Group] = ()
    columns: Sequence[tuple[str, str]] = ()
    numeric: bool = False
    errors: Sequence[str] = ()
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """Inputs that belong together."""

    title: str
    inputs: Sequence[Input]


@dataclass(frozen=True)
class Told:
    """What is to be said beside the fields, by field."""

    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    warnings: Mapping[str, Sequence[str]] = field(default_factory=dict)


def sections(kind: type[Feature], values: Mapping[str, Any], told: Told) -> list[Section]:
    """The form of a kind, filled with `values`: payload values, or texts as they were typed."""
    common = fields_of(Feature)
    parts: dict[str, list[Input]] = {"basic": [], "own": [], "chains": [], "source": []}
    for name, declared in fields_of(kind).items():
        if name in APART:
            continue
        made = replace(
            input_of(declared, name, values.get(name)),
            required=declared.required,
            to_publish=declared.required_to_publish,
            errors=told.errors.get(name, ()),
            warnings=told.warnings.get(name, ()),
        )
        part = "basic" if name in BASIC else "chains" if name in CHAINS else "source" if name in common else "own"
        parts[part].append(made)
    titles = {
        "basic": t("staff.section_basic"),
        "own": in_words(kind.title),
        "chains": t("staff.section_chains"),
        "source": t("staff.section_source"),
    }
    return [Section(titles[part], inputs) for part, inputs in parts.items() if inputs]


def _input(declared: Field, name: str, form: str, value: Any, **more: Any) -> Input:
    unit = in_words(declared.unit) if declared.unit else ""
    return Input(name, in_words(declared.label), form, value, unit, **more)


@singledispatch
def input_of(declared: Field, name: str, value: Any) -> Input:
    """The input for a field; a new type of field registers itself here. A line of text otherwise."""
    return _input(declared, name, "line", "" if value is None else str(value))


@input_of.register
def _text(declared: Text, name: str, value: Any) -> Input:
    text = str(value or "")
    if declared.max_length <= SHORT or isinstance(declared, Period):
        return _input(declared, name, "line", text, max_length=declared.max_length)
    lines = sum(1 + len(line) // LINE for line in text.split("\n"))
    return _input(declared, name, "lines", text, rows=min(MOST_LINES, lines), max_length=declared.max_length)


@input_of.register
def _number(declared: Number, name: str, value: Any) -> Input:
    helps = {Area: t("staff.help_area"), Money: t("staff.help_money")}
    return _input(declared, name, "number", figure(value), help=helps.get(type(declared), ""), numeric=True)


def figure(value: Any) -> str:
    """A number as it is typed, every digit kept; a text as it is."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


@input_of.register
def _day(declared: Day, name: str, value: Any) -> Input:
    return _input(declared, name, "line", str(value or ""), help=t("staff.help_day"), max_length=10)


@input_of.register
def _flag(declared: Flag, name: str, value: Any) -> Input:
    return _input(declared, name, "flag", bool(value))


@input_of.register
def _term(declared: Term, name: str, value: Any) -> Input:
    known = vocab.load(declared.vocabulary)
    options = [(term.code, in_words(term.label)) for term in known]
    return _input(declared, name, "choice", str(value or ""), groups=choices.with_value(options, str(value or "")))


@input_of.register
def _code(declared: Code, name: str, value: Any) -> Input:
    code = str(value or "")
    if declared.of == "unit":
        return _input(declared, name, "choice", code, groups=choices.units(code))
    if declared.of == "place":
        return _input(declared, name, "choice", code, groups=choices.places(code))
    return _input(declared, name, "lookup", code, groups=choices.records(declared.of))


@input_of.register
def _codes(declared: Codes, name: str, value: Any) -> Input:
    codes = [str(code) for code in value or ()]
    groups = {"chain": choices.chains, "node": choices.nodes}.get(declared.of)
    if groups is None:
        return _input(declared, name, "line", "；".join(codes), help=t("staff.help_codes"))
    return _input(declared, name, "checks", codes, groups=groups(codes))


@input_of.register
def _entries(declared: Entries, name: str, value: Any) -> Input:
    columns = [(key, in_words(label)) for key, label in declared.columns]
    groups = choices.records("") if any(key == "feature" for key, _ in columns) else ()
    return _input(declared, name, "entries", [dict(row) for row in value or ()], columns=columns, groups=groups)
