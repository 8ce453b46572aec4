"""Who reads, and what the pages know besides the records: names of units, places, chains, documents, other features."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from datasets.labels import DEFAULT_LANGUAGE
from datasets.world import World
from geo.model import Kinds
from geo.publish import Snapshot
from webmap.i18n import translate


class Document(Protocol):
    """What a page needs of a source document."""

    @property
    def title_zh(self) -> str: ...
    @property
    def title_en(self) -> str: ...
    @property
    def date(self) -> str: ...


@dataclass(frozen=True)
class Reader:
    """One request's reader: language, and all that turns codes into names. `root` is where the app is mounted."""

    lang: str
    kinds: Kinds
    world: World
    snapshot: Snapshot
    documents: Mapping[str, Any]
    root: str = ""

    def t(self, key: str, **params: object) -> str:
        """A message in the reader's language."""
        return translate(self.lang, key, **params)

    def link(self, *path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """An address on the site that keeps the language."""
        pairs = [(name, value) for name, value in query if name != "lang"]
        if self.lang != DEFAULT_LANGUAGE:
            pairs.append(("lang", self.lang))
        return self.address(f"{self.root}/" + "/".join(quote(part, safe="") for part in path), pairs)

    @staticmethod
    def address(path: str, pairs: Iterable[tuple[str, str]]) -> str:
        """A path with a query string that a person can read."""
        query = urlencode(list(pairs), safe=",/:")
        return f"{path}?{query}" if query else path

    def unit_name(self, adcode: str) -> str:
        """The name of a county or city; the code itself where the boundaries don't know it."""
        units = self.world.boundaries
        known = units.counties.get(adcode) or units.cities.get(adcode)
        return known.name.text(self.lang) if known else adcode

    def has_unit(self, adcode: str) -> bool:
        """Whether the unit has a page."""
        return adcode in self.world.boundaries.counties or adcode in self.world.boundaries.cities

    def place_name(self, place: str) -> str:
        """The name of a place; its id where the gazetteer doesn't know it."""
        known = self.world.gazetteer.places.get(place)
        return known.name.text(self.lang) if known else place

    def record(self, kind: str, feature_id: str) -> dict[str, Any] | None:
        """The published record of a feature, or None."""
        if kind not in self.kinds or kind not in self.snapshot.kinds:
            return None
        table = self.snapshot.table(kind)
        row = table.row_of(feature_id)
        return None if row is None else table.record(row)

    def title_of(self, record: Mapping[str, Any]) -> str:
        """The name of a record: the English one where there is one and it is asked for."""
        if self.lang != "zh" and record.get("name_en"):
            return str(record["name_en"])
        return str(record["name"])
