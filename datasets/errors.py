"""The error that every dataset raises when its data cannot be used."""

from __future__ import annotations

from datasets.labels import Label


class DatasetError(ValueError):
    """A dataset that cannot be used: the label names the file, the row or part, the cause and the way out.

    `label` holds the sentence in every language; `str(error)` is the English one.
    """

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label
