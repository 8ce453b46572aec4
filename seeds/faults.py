"""What is wrong with the tables of facts: each damaged cell, and the error that carries them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from datasets.errors import DatasetError
from datasets.labels import Label


class BadCell(ValueError):
    """A cell that its column cannot read; `reason` names the cause and the way out."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = Label(zh=zh, en=en)


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged place: file, row (1 is the header; 0 the file itself), column, the value found, cause and way out."""

    file: str
    row: int
    column: str
    value: str
    reason: Label

    @property
    def label(self) -> Label:
        """The whole sentence in both languages."""
        row_zh, row_en = (f"第{self.row}行", f" row {self.row}") if self.row else ("", "")
        column_zh, column_en = (f"“{self.column}”列", f" column {self.column}") if self.column else ("", "")
        value_zh, value_en = (f"的值“{self.value}”", f" value '{self.value}'") if self.value else ("", "")
        return Label(
            zh=f"{self.file}{row_zh}{column_zh}{value_zh}：{self.reason.zh}",
            en=f"{self.file}{row_en}{column_en}{value_en}: {self.reason.en}",
        )


class FactsError(DatasetError):
    """Tables of facts that cannot be used. `damages` lists every damaged cell, not only the first."""

    def __init__(self, damages: Sequence[Damage]) -> None:
        self.damages = tuple(damages)
        super().__init__(
            Label(
                zh="\n".join(damage.label.zh for damage in self.damages),
                en="\n".join(damage.label.en for damage in self.damages),
            )
        )
