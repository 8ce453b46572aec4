"""Finding names in running text: width, case and line breaks of the print don't matter, the longest name wins."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_CJK = "\u2e80-\u9fff\uf900-\ufaff"
_BROKEN = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")
_QUOTES = re.compile("[\"'“”‘’「」『』《》]")


def normalised(text: str) -> str:
    """`text` in half width and lower case, without quotation marks and without breaks inside Chinese words."""
    plain = _QUOTES.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return re.sub(r"\s+", " ", _BROKEN.sub("", plain)).strip()


@dataclass(frozen=True, slots=True)
class Names:
    """Names with what each stands for; one name may stand for several things."""

    meanings: Mapping[str, tuple[str, ...]]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, named: Iterable[tuple[str, str]]) -> Names:
        """The names in `named`, pairs of a name and the id it stands for, in the order of preference."""
        meanings: dict[str, tuple[str, ...]] = {}
        for name, meant in named:
            known = meanings.get(normalised(name), ())
            meanings[normalised(name)] = known if meant in known else (*known, meant)
        longest_first = sorted(meanings, key=lambda name: (-len(name), name))
        return cls(meanings, re.compile("|".join(map(_as_pattern, longest_first)) or r"(?!)"))

    def find(self, text: str) -> tuple[str, ...]:
        """The ids of all names in `text`, in the order in which they stand there, each once.

        At each place the longest name counts, and what it covers is not read again: 新能源汽车 is not also 新能源.
        """
        found: dict[str, None] = {}
        for match in self.pattern.finditer(normalised(text)):
            found.update(dict.fromkeys(self.meanings[match.group()]))
        return tuple(found)


def _as_pattern(name: str) -> str:
    """A name in Latin letters counts only as whole words; Chinese has no gaps between words."""
    escaped = re.escape(name)
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if re.search("[a-z]", name) and name.isascii() else escaped
