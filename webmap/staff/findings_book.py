"""An import's findings as a workbook: one row a finding, to be sent back to whoever surveyed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from geo.draw.formats.xlsx import write_book
from geo.model.fields import MU_IN_M2
from webmap.intake.book import Book, words_of
from webmap.staff.words import in_words, t


def findings_book(book: Book) -> bytes:
    """The bytes of the file: first what concerns the file as a whole, then row by row."""
    headings = [
        t(f"intake.column_{name}") for name in ("where", "code", "name", "severity", "finding", "place", "mu", "id")
    ]
    out = io.BytesIO()
    write_book(out, t("intake.findings"), [(headings, _rows(book))])
    return out.getvalue()


def _rows(book: Book) -> Iterator[list[Any]]:
    for told in book.facts()["findings"]:
        yield [told["where"], "", "", _severity(told), in_words(words_of(told)), "", None, told["code"]]
    for line in book.each():
        area = round(line.area / MU_IN_M2, 2) if line.area else None
        for told in line.findings:
            yield [
                line.where,
                line.code,
                line.name,
                _severity(told),
                in_words(words_of(told)),
                place_of(told),
                area,
                told["code"],
            ]


def _severity(told: Any) -> str:
    return t(f"intake.severity_{told['severity']}")


def place_of(told: Any) -> str:
    """The ring and point that a finding is about, in words; "" where it is about the whole."""
    parts = []
    if told.get("ring"):
        parts.append(t("intake.ring", n=told["ring"]))
    if told.get("point"):
        parts.append(t("intake.point", n=told["point"]))
    return " ".join(parts)
