"""What a place is, and when two spellings are one name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from datasets.labels import Label

KINDS = ("city", "county", "functional_district", "town", "subdistrict", "village", "park", "landmark")
DROPPED = re.compile("Cc|Cf|P.|Z.")  # Unicode categories: control, format, punctuation, spaces
PRECISIONS = ("address", "town", "district", "county", "city")


@dataclass(frozen=True, slots=True)
class Place:
    """One named place. `lon`, `lat` are WGS-84 degrees, both None where no source gives them.

    `county` is the adcode of its county, or of its city where it lies in no single county or none is known.
    `precision` is what a point for it can claim: without coordinates, `county` or `city`.
    `within` is the id of the place that holds it, such as a functional district, else None.
    `source` says where the coordinates come from; empty without them.
    """

    id: str
    name: Label
    aliases: tuple[str, ...]
    kind: str
    county: str
    within: str | None
    lon: float | None
    lat: float | None
    precision: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Located:
    """A point for a name, and what it is worth.

    `place` is None where the table lacks the name. `fallback` is True where `lon`, `lat` (WGS-84) only stand
    for the county or city `county`; `precision` is then `county` or `city`. A point of these two precisions
    must not be drawn as if the thing stood there. `explanation` tells the reader.
    """

    place: Place | None
    county: str
    lon: float
    lat: float
    precision: str
    source: str
    fallback: bool
    explanation: Label


def normalised(name: str) -> str:
    """The name as it is compared: compatibility forms and case folded; spaces and punctuation dropped.

    `normalised(normalised(x)) == normalised(x)` for every text.
    """
    while True:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
        kept = "".join(c for c in folded if not DROPPED.fullmatch(unicodedata.category(c)))
        if kept == name:
            return kept
        # Dropping a character can bring two together that compose, so until nothing changes.
        name = kept
