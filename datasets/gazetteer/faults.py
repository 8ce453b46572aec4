"""What can be wrong with a table of places, and with a name put to it."""

from __future__ import annotations

from collections.abc import Sequence

from datasets.errors import DatasetError
from datasets.gazetteer.places import Place
from datasets.labels import Label


class GazetteerError(DatasetError):
    """A table of places that cannot be used: file, row, column, value, and the way out."""


class AmbiguousPlace(DatasetError):
    """A name that several places bear: `candidates` lists them; name a county or city to choose."""

    def __init__(self, name: str, candidates: Sequence[Place]) -> None:
        listed_zh = "、".join(f"{place.name.zh}（{place.county}）" for place in candidates)
        listed_en = ", ".join(f"{place.name.en} ({place.county})" for place in candidates)
        super().__init__(
            Label(
                zh=f"地名“{name}”指向多个地点：{listed_zh}。请同时给出所在县（市、区）或市的代码，或改用全称。",
                en=f"The name {name} belongs to several places: {listed_en}. Give the code of the county or city "
                "with it, or the full name.",
            )
        )
        self.name = name
        self.candidates = tuple(candidates)
