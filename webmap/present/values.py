"""The shapes that a shown value can take; `templates/parts/values.html` has one macro for each `form`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Text:
    """Plain text; `note` explains it in a sentence, `swatch` is a class of the palette's style sheet."""

    form: ClassVar[str] = "text"
    text: str
    note: str = ""
    swatch: str = ""


@dataclass(frozen=True)
class Chip:
    """One of several short names."""

    text: str
    swatch: str = ""
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Chips:
    """Several short names."""

    form: ClassVar[str] = "chips"
    items: tuple[Chip, ...]

    @property
    def text(self) -> str:
        """The names alone, for sorting and plain places."""
        return " ".join(item.text for item in self.items)


@dataclass(frozen=True)
class Link:
    """Text that leads to another page of the site; `select` is the map's address of the same thing."""

    form: ClassVar[str] = "link"
    text: str
    href: str
    select: str = ""
    note: str = ""


@dataclass(frozen=True)
class Grid:
    """A short table: `numeric` tells which columns hold numbers."""

    form: ClassVar[str] = "grid"
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    text: ClassVar[str] = ""


@dataclass(frozen=True)
class Origin:
    """Where a fact is printed: the document's title, its date and the lines."""

    form: ClassVar[str] = "origin"
    title: str
    lines: str = ""
    date: str = ""

    @property
    def text(self) -> str:
        """Title and lines in one line."""
        return f"{self.title} {self.lines}".strip()


Value = Text | Chips | Link | Grid | Origin


@dataclass(frozen=True)
class Row:
    """A field with its label: `name` is the field's name in the declaration."""

    name: str
    label: str
    value: Value
