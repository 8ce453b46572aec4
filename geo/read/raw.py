"""What a reader gives: raw features in the file's own coordinates, each with its row or ring number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.crs.declared import Declared
from geo.model.finding import Finding

__all__ = [
    "Declared",
    "Progress",
    "RawFeature",
    "ReadFile",
    "Reader",
    "Sniff",
    "Unreadable",
    "counted",
    "nothing_done",
]


class Unreadable(ValueError):
    """A file that cannot be read at all; `finding` names the file, the cause and the way out."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message.en)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class RawFeature:
    """One feature as the file has it.

    where: the place in the file in words that a clerk can follow ("第3行", "line 17", "ring 2"): short, language-neutral where
    possible ("plots.shp#3", "a.txt:17"). attributes: the columns' names as written → values as read (str, int, float, None).
    geometry: x = easting or longitude, y = northing or latitude, in the file's units; None where the row has none.
    crs: what this feature says of its own system where a file mixes systems.
    """

    where: str
    attributes: Mapping[str, object]
    geometry: BaseGeometry | None
    findings: tuple[Finding, ...] = ()
    crs: Declared | None = None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: its format's name, what it says of its system, its features, findings about it as a whole."""

    name: str
    format: str
    declared: Declared | None
    features: tuple[RawFeature, ...]
    findings: tuple[Finding, ...] = ()


Progress = Callable[[int, int], None]
"""Called now and then with rows done and rows in all (0 if unknown); it may raise to cancel the reading."""


@dataclass(frozen=True)
class Sniff:
    """What a reader may look at to say whether a file is its own: the name and the first bytes (64 KiB)."""

    name: str
    head: bytes

    @property
    def suffix(self) -> str:
        """The file's extension, lower-cased, with its dot."""
        return Path(self.name).suffix.lower()


@dataclass(frozen=True)
class Reader:
    """A format. A module of `geo.read.formats` holds one as READER; a new format is one new file.

    recognises: 0 (not mine) to 100 (certain), from content first, name second. read: path, name shown to the person, progress
    → ReadFile; raises Unreadable. order: which of two equally sure readers goes first.
    """

    name: str
    label: Label
    suffixes: tuple[str, ...]
    recognises: Callable[[Sniff], int]
    read: Callable[[Path, str, Progress], ReadFile]
    order: int = 100
    limits: Mapping[str, int] = field(default_factory=dict)


def nothing_done(_done: int, _total: int) -> None:
    """A progress that nobody watches."""


def counted(features: Iterator[RawFeature], total: int, progress: Progress, every: int = 500) -> Iterator[RawFeature]:
    """The same features, `progress` being told of every 500th."""
    done = 0
    for feature in features:
        yield feature
        done += 1
        if done % every == 0:
            progress(done, total)
    progress(done, total)
