"""Vocabularies: short ordered lists of codes with their labels, one TOML file each in this folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from datasets.errors import DatasetError
from datasets.labels import Label
from datasets.vocab.entry import Entry, entries, read_toml

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Term:
    """One code of a vocabulary.

    `order` sorts terms, `colour` is #rrggbb or None, `description` explains where a label alone would not,
    and `local` says that the code is a local habit, not one of the standard that the vocabulary follows.
    """

    code: str
    label: Label
    order: int
    colour: str | None = None
    description: Label | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A named list of terms in their order; iterating gives the terms, `in` asks for a code."""

    name: str
    title: Label
    source: str
    terms: Mapping[str, Term]

    def get(self, code: str) -> Term:
        """The term with `code`; DatasetError that lists the known codes when there is none."""
        if code not in self.terms:
            known = list(self.terms)
            raise DatasetError(
                Label(
                    zh=f"{self.title.zh}（{self.name}）没有代码“{code}”。可用：{'、'.join(known)}。",
                    en=f"{self.title.en} ({self.name}) has no code '{code}'. Known: {', '.join(known)}.",
                )
            )
        return self.terms[code]

    def label(self, code: str) -> Label:
        """What a person reads for `code`."""
        return self.get(code).label

    def codes(self) -> tuple[str, ...]:
        """All codes in order."""
        return tuple(self.terms)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms.values())

    def __len__(self) -> int:
        return len(self.terms)

    def __contains__(self, code: object) -> bool:
        return code in self.terms


def names() -> tuple[str, ...]:
    """The names of all vocabularies: one for each TOML file in this folder, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def load(name: str) -> Vocabulary:
    """The vocabulary called `name`; DatasetError that lists the known names when there is none."""
    if name not in names():
        raise DatasetError(
            Label(
                zh=f"没有词表“{name}”。可用：{'、'.join(names())}。",
                en=f"There is no vocabulary '{name}'. Known: {', '.join(names())}.",
            )
        )
    return read(_FOLDER / f"{name}.toml")


def read(path: Path) -> Vocabulary:
    """The vocabulary in the TOML file `path`, named after it; DatasetError names file, entry and key."""
    tables = read_toml(path)
    head = Entry(path, path.stem, {key: value for key, value in tables.items() if key != "term"})
    title, source = head.label(), head.text("source")
    head.done()
    terms: dict[str, Term] = {}
    for entry in entries(path, tables, "term", "code"):
        term = _term(entry)
        if term.code in terms:
            raise entry.error("code", "代码重复，请改名或删去一条。", "the code occurs twice: rename or drop one.")
        if any(term.order == other.order for other in terms.values()):
            raise entry.error("order", "次序重复，请换一个数。", "the order occurs twice: give another number.")
        terms[term.code] = term
    if not terms:
        raise head.error("term", "词表为空，至少写一条 [[term]]。", "no term: write at least one [[term]].")
    ordered = sorted(terms.values(), key=lambda term: term.order)
    return Vocabulary(path.stem, title, source, {term.code: term for term in ordered})


def _term(entry: Entry) -> Term:
    described = "description_zh" in entry.row or "description_en" in entry.row
    term = Term(
        code=entry.text("code"),
        label=entry.label(),
        order=entry.integer("order"),
        colour=entry.colour("colour"),
        description=entry.label("description_zh", "description_en") if described else None,
        local=entry.truth("local", default=False),
    )
    entry.done()
    return term
