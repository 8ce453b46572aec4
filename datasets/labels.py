"""Words that a person reads, in each language that the product speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"


@dataclass(frozen=True, slots=True)
class Label:
    """One thing's name in Chinese and English; further languages in `more`, by language code.

    A language that is missing falls back to English, then Chinese, so that a label is never empty.
    """

    zh: str
    en: str
    more: Mapping[str, str] | None = None

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The name in `lang` (an ISO 639 code)."""
        if lang == "zh":
            return self.zh
        if self.more and lang in self.more:
            return self.more[lang]
        return self.en or self.zh
