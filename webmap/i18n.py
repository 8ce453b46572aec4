"""The words of the product: one TOML file a language in `webmap/locale`, numbers and dates from CLDR."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from flask import Flask, g, has_request_context, request

from datasets.labels import DEFAULT_LANGUAGE, Label

FOLDER = Path(__file__).parent / "locale"
SCRIPT = "js."
ASKED = "relitu.lang"  # in the environment of a request: the language in its address
DATE = re.compile(r"(\d{4})(?:-Q([1-4])|-(\d{2})(?:-(\d{2}))?)?")
LARGE = 10**15  # up to it a float's digits are all its own
DATES = 4096
PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
Message = str | Mapping[str, str]


class UnknownMessage(KeyError):
    """A key that no catalogue holds: a fault of the program."""


@dataclass(frozen=True)
class Step:
    """From `at_least` stored units on, a quantity is divided by `divide` and written as `pattern` says.

    `digits` is the greatest number of decimals; `also` is a second pattern behind it, `also_divide` its divisor.
    """

    at_least: float
    divide: float
    pattern: str
    digits: int
    also: str = ""
    also_divide: float = 1.0
    also_digits: int = 0


@dataclass(frozen=True)
class Catalogue:
    """One language: `html` is its BCP 47 tag, `name` what it calls itself, `scales` how it writes large quantities."""

    lang: str
    html: str
    name: str
    locale: Locale
    messages: Mapping[str, Message]
    scales: Mapping[str, tuple[Step, ...]]

    def text(self, key: str, **params: object) -> str:
        """The message, its `{name}`s filled in: numbers in the language's own form, plurals chosen by `n`."""
        message = self.messages[key]
        if not isinstance(message, str):
            count = params.get("n", 0)
            rule = self.locale.plural_form(count) if isinstance(count, int | float) else "other"
            message = message.get(rule, message["other"])
        return message.format(**{name: self.shown(value) for name, value in params.items()})

    def shown(self, value: object) -> str:
        """A parameter as text; numbers with the language's separators, labels in the language."""
        if isinstance(value, Label):
            return value.text(self.lang)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.number(value)
        return str(value)

    def number(self, value: float, digits: int = 2) -> str:
        """A number with grouping and at most `digits` decimals."""
        if type(value) not in (int, float) or not -LARGE < value < LARGE:
            pattern = "#,##0." + "#" * digits if digits else "#,##0"
            return str(format_decimal(value, format=pattern, locale=self.locale))
        # The same without babel's patterns, which are read anew for every number.
        if type(value) is int:
            written = f"{value:,}"
        else:
            written = f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN):,f}"
            if digits:
                written = written.rstrip("0").rstrip(".")
        return written.translate(self._signs)

    @cached_property
    def _signs(self) -> Mapping[int, str]:
        """What the language writes between thousands and before decimals instead of comma and point."""
        return {ord(","): get_group_symbol(self.locale), ord("."): get_decimal_symbol(self.locale)}

    def day(self, value: str) -> str:
        """A date of the exactness it has: `2022`, `2022-Q1`, `2022-03`, `2022-03-03`; any other text as it is."""
        found = DATE.fullmatch(value)
        if found is None:
            return value
        year, quarter, month, day = (int(part) if part else 0 for part in found.groups())
        skeleton = "yQQQ" if quarter else "yMMMd" if day else "yMMM" if month else "y"
        return self._date(year, month or max(1, 3 * quarter), day or 1, skeleton)

    def quarter(self, value: str) -> str:
        """The quarter of a year that a date (at least year and month) lies in."""
        year, month = value.split("-")[:2]
        return self._date(int(year), int(month), 1, "yQQQ")

    def _date(self, year: int, month: int, day: int, skeleton: str) -> str:
        return _written_date(self.locale, year, month, day, skeleton)


@lru_cache(DATES)
def _written_date(locale: Locale, year: int, month: int, day: int, skeleton: str) -> str:
    return str(format_skeleton(skeleton, date(year, month, day), fuzzy=True, locale=locale))


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """Every language that has a file, the default one first."""
    found = {path.stem: read(path) for path in sorted(FOLDER.glob("*.toml"))}
    order = sorted(found, key=lambda lang: (lang != DEFAULT_LANGUAGE, lang))
    return {lang: found[lang] for lang in order}


def languages() -> tuple[str, ...]:
    """The codes of all languages, the default one first."""
    return tuple(catalogues())


def read(path: Path) -> Catalogue:
    """The catalogue in a TOML file: `[meta]`, `[[scale.<quantity>]]`, and tables of messages."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    meta = tables.pop("meta")
    scales = {
        quantity: tuple(sorted((Step(**step) for step in steps), key=lambda step: -step.at_least))
        for quantity, steps in tables.pop("scale").items()
    }
    return Catalogue(
        lang=path.stem,
        html=meta["html"],
        name=meta["name"],
        locale=Locale.parse(meta["locale"]),
        messages=dict(_flat(tables, "")),
        scales=scales,
    )


def _flat(tables: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Message]]:
    for name, value in tables.items():
        if isinstance(value, str) or (isinstance(value, dict) and "other" in value and set(value) <= PLURALS):
            yield prefix + name, value
        else:
            yield from _flat(value, f"{prefix}{name}.")


def parameters(message: Message) -> frozenset[str]:
    """The names that a message expects."""
    texts = [message] if isinstance(message, str) else list(message.values())
    return frozenset(name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name)


def catalogue(lang: str) -> Catalogue:
    """The catalogue of a language; the default language's where there is no such file."""
    known = catalogues()
    return known.get(lang, known[DEFAULT_LANGUAGE])


def translate(lang: str, key: str, **params: object) -> str:
    """The message `key` in `lang`, or in the default language where a young catalogue lacks it.

    Raises UnknownMessage where the default one lacks it too.
    """
    for candidate in (catalogue(lang), catalogue(DEFAULT_LANGUAGE)):
        if key in candidate.messages:
            return candidate.text(key, **params)
    raise UnknownMessage(key)


def script_messages(lang: str) -> dict[str, Message]:
    """The messages that the browser's modules use, without their common prefix."""
    both = {**catalogue(DEFAULT_LANGUAGE).messages, **catalogue(lang).messages}
    return {key.removeprefix(SCRIPT): message for key, message in both.items() if key.startswith(SCRIPT)}


def spoken_messages(lang: str, beginnings: tuple[str, ...]) -> dict[str, Message]:
    """The messages whose keys begin with one of these, under their whole keys."""
    both = {**catalogue(DEFAULT_LANGUAGE).messages, **catalogue(lang).messages}
    return {key: message for key, message in both.items() if key.startswith(beginnings)}


def current() -> str:
    """The language of the request: `g.lang` where a view set it, else `?lang=` if known, else the default."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    asked = g.get("lang")
    if not asked:
        # A page asks some hundred times; `g` may outlive the request.
        asked = request.environ.get(ASKED)
        if asked is None:
            asked = request.environ[ASKED] = request.args.get("lang", "")
    return asked if asked in catalogues() else DEFAULT_LANGUAGE


def install(app: Flask) -> None:
    """Give the templates `t`, `label`, `lang_tag` and the filters `number` and `day`; doing it twice does no harm."""

    def t(key: str, **params: object) -> str:
        return translate(current(), key, **params)

    def label(value: Label) -> str:
        return value.text(current())

    app.add_template_global(t, "t")
    app.add_template_global(label, "label")
    app.add_template_global(lambda: catalogue(current()).html, "lang_tag")
    app.add_template_filter(lambda value, digits=2: catalogue(current()).number(value, digits), "number")
    app.add_template_filter(lambda value: catalogue(current()).day(value), "day")
