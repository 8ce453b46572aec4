"""The order of all features of a snapshot by name, and which of them are called the same."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import ne

import numpy as np
from numpy.typing import NDArray

from geo.publish.arrays import ArrayFile
from geo.publish.pile import Source
from geo.publish.weave import Numbers, texts_of, woven

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Coming:
    """What joins a table: its ids, and its names as each language shows them."""

    ids: Sequence[str]
    names: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Part:
    """One kind's share: the table that stands, what joins it, and the new row of each of both (-1 where it goes)."""

    kind: str
    standing: Source
    coming: Coming
    place: Numbers

    @property
    def before(self) -> int:
        """Rows of the table that stands."""
        return len(self.standing.array("year"))


def sort_key(name: str, feature_id: str, kind: str) -> bytes:
    """Names stand in the order of GB 18030, which is that of pinyin for the 3755 commonest characters, whatever their case.

    Those that differ in case alone follow one another; the same name goes by id and kind.
    """
    return b"%b\0%b\0%b\0%b" % (name.lower().encode("gb18030"), name.encode(), feature_id.encode(), kind.encode())


class NameOrder:
    """The order by name in one language over all kinds, old and new."""

    def __init__(self, parts: Sequence[Part], ranks: ArrayFile | None, lang: str) -> None:
        """ranks: the file of the orders that stand; None where nothing does."""
        self._parts, self._lang = parts, lang
        # Rows are numbered through all kinds: first those that stand, then those that come.
        self._starts = np.cumsum([0, *(part.before for part in parts)])
        self._fresh = np.cumsum([self._starts[-1], *(len(part.coming.ids) for part in parts)])
        standing = np.empty(self._starts[-1], np.int64)
        if ranks is not None:
            for part, start in zip(parts, self._starts, strict=False):
                standing[ranks.get(rank_name(part.kind, lang))] = np.arange(start, start + part.before)
        self._names = [_Names(part.standing, lang) for part in parts]
        keys = [
            sort_key(name, own_id, part.kind)
            for part in parts
            for own_id, name in zip(part.coming.ids, part.coming.names[lang], strict=True)
        ]
        coming = sorted(range(len(keys)), key=keys.__getitem__)
        at = [bisect_left(standing, keys[number], key=self._key) if len(standing) else 0 for number in coming]
        gone = np.concatenate(
            [*(part.place[: part.before] < 0 for part in parts), np.zeros(len(keys), np.bool_), np.zeros(0, np.bool_)]
        )
        self._order = woven(standing, at, np.array(coming, np.int64) + self._starts[-1], gone)

    def ranks(self, number: int) -> NDArray[np.int32]:
        """The place in the order of every row of part `number`, by its new row."""
        positions, own = self._of(number)
        rank = np.empty(len(own), np.int32)
        rank[self._parts[number].place[own]] = positions
        return rank

    def numbers(self, number: int) -> NDArray[np.int32]:
        """A number for the name of every row of part `number`: rows have the same one if they have the same name."""
        part, names = self._parts[number], self._names[number]
        _, own = self._of(number)
        fresh = part.coming.names[self._lang]
        differs = np.ones(len(own), np.bool_)
        if part.before:
            label = np.append(part.standing.array(f"name.number.{self._lang}"), np.zeros(len(fresh), np.int32))[own]
            differs[1:] = label[1:] != label[:-1]
            new = own >= part.before
            for at in np.flatnonzero(new[1:] | new[:-1]).tolist():
                one, other = (
                    fresh[row - part.before] if row >= part.before else names[row] for row in own[at : at + 2].tolist()
                )
                differs[at + 1] = one != other
        else:
            shown = [fresh[row] for row in own.tolist()]
            differs[1:] = np.fromiter(map(ne, shown[1:], shown), np.bool_, max(0, len(shown) - 1))
        found = np.empty(len(own), np.int32)
        found[part.place[own]] = np.cumsum(differs) - 1
        return found

    def _of(self, number: int) -> tuple[Numbers, Numbers]:
        """Where rows of a part stand in the order, and which they are: new ones are numbered after those that stand."""
        start, stop = self._starts[number : number + 2]
        first, last = self._fresh[number : number + 2]
        positions = np.flatnonzero(
            ((self._order >= start) & (self._order < stop)) | ((self._order >= first) & (self._order < last))
        )
        own = self._order[positions]
        return positions, np.where(own < self._starts[-1], own - start, own - first + (stop - start))

    def _key(self, number: int) -> bytes:
        part = bisect_right(self._starts, number) - 1
        row = int(number - self._starts[part])
        return sort_key(self._names[part][row], self._names[part].ids[row], self._parts[part].kind)


class _Names:
    """The names of a table's rows as a language shows them."""

    def __init__(self, source: Source, lang: str) -> None:
        self.ids = texts_of(source, "id")
        self._name = texts_of(source, "name")
        self._english = texts_of(source, "name_en") if lang != "zh" else None

    def __getitem__(self, row: int) -> str:
        return (self._english[row] if self._english else "") or self._name[row]


def rank_name(kind: str, lang: str) -> str:
    """What the array of a kind's ranks is called."""
    return f"{kind}.rank.{lang}"
