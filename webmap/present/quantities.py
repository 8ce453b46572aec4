"""Amounts, areas, distances and dates as text; units inside are 万元, ㎡, km, units outside the language's own."""

from __future__ import annotations

import re

from datasets import vocab
from datasets.labels import Label
from webmap.i18n import Catalogue, Step, catalogue, translate

RENMINBI = "CNY"


def number(value: float, lang: str, digits: int = 4) -> str:
    """A bare number."""
    return catalogue(lang).number(value, digits)


def money(wan: float, lang: str, currency: str = "", digits: int | None = None) -> str:
    """An amount in 万 of `currency` (ISO 4217, renminbi where empty): 22亿元, CNY 2.2 bn.

    Exact to the 万 unless `digits` limits the decimals, as sums and key numbers want.
    """
    words = catalogue(lang)
    step, written = _scaled(wan, words, "money", digits)
    return step.pattern.format(n=written, currency=currency_unit(currency, lang))


def area(m2: float, lang: str, *, both: bool = True) -> str:
    """An area in the unit that suits it; with `both` the other one in parentheses: 1.35平方公里（2,025亩）."""
    words = catalogue(lang)
    step, written = _scaled(m2, words, "area", None)
    main = step.pattern.format(n=written)
    if not (step.also and both):
        return main
    other = step.also.format(n=words.number(m2 / step.also_divide, step.also_digits))
    return translate(lang, "unit.with_other", main=main, other=other)


def _scaled(value: float, words: Catalogue, quantity: str, digits: int | None) -> tuple[Step, str]:
    """The step to write `value` on and its number as written; rounding never leaves a step's own range.

    Without that, 9,999.99996万 would read 10,000万 rather than 1亿.
    """
    steps = words.scales[quantity]
    fitting = [index for index, step in enumerate(steps) if value >= step.at_least]
    index = fitting[0] if fitting else len(steps) - 1
    if index:
        above, step = steps[index - 1], steps[index]
        places = step.digits if digits is None else digits
        if round(value / step.divide, places) * step.divide >= above.at_least:
            index -= 1
    step = steps[index]
    return step, words.number(value / step.divide, step.digits if digits is None else min(digits, step.digits))


def currency_unit(currency: str, lang: str) -> str:
    """How the currency stands beside a number: 元, 美元; the ISO code in languages that write it so."""
    if currency in ("", RENMINBI):
        return translate(lang, "unit.yuan")
    if lang != "zh":
        return currency
    terms = vocab.load("currency").terms
    return terms[currency].label.text(lang) if currency in terms else currency


def with_unit(value: float, unit: Label | None, lang: str) -> str:
    """A number and its unit."""
    written = number(value, lang)
    if unit is None:
        return written
    text = unit.text(lang)
    return f"{written}{text}" if text == "%" else translate(lang, "unit.joined", n=written, unit=text)


def distance(km: float, lang: str) -> str:
    """A distance: metres below one kilometre, then kilometres with one decimal up to ten."""
    if round(km * 100) < 10:
        return translate(lang, "unit.metres", n=number(round(km * 100) * 10, lang, 0))
    return translate(lang, "unit.kilometres", n=number(km, lang, 1 if km < 10 else 0))


def square_kilometres(km2: float, lang: str, digits: int = 1) -> str:
    """An administrative area."""
    return translate(lang, "unit.joined", n=number(km2, lang, digits), unit=translate(lang, "unit.square_km"))


def day(value: str, lang: str, precision: str = "") -> str:
    """A date as exact as it is known; `precision` is a code of the vocabulary date_precision."""
    if not value:
        return ""
    words = catalogue(lang)
    if precision == "quarter" and len(value) >= 7 and "Q" not in value:
        return words.quarter(value)
    if precision == "year":
        return words.day(value[:4])
    if precision == "month" and "Q" not in value:
        return words.day(value[:7])
    return words.day(value)


def period(text: str, lang: str) -> str:
    """A period as printed in the tables, `2023Q1` or `2021-12/2022-02`, in words; any other text as it is."""
    parts = [day(re.sub(r"^(\d{4})Q", r"\1-Q", part), lang) for part in text.split("/")]
    return "—".join(parts) if lang == "zh" else " – ".join(parts)
