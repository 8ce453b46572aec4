"""Which arrays a table consists of: declared once, so that writing, merging and reading back need not name them again."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model import Feature, fields_of
from geo.model.field import Storage
from geo.model.fields import Day
from geo.publish.levels import LEVELS


@dataclass(frozen=True)
class Stored:
    """An array that holds something of each row by itself, so that rows can be taken out and put in.

    Without `offsets` it has one entry a row; with them any number: they name the arrays of offsets that lead from a row
    to its entries, the outermost first (row → part → ring → vertex); several arrays may share them. width: numbers in an entry. coded: the numbers are
    places in the dictionary of terms that the manifest keeps under the same name, -1 for none.
    """

    name: str
    dtype: str
    width: int = 1
    offsets: tuple[str, ...] = ()
    coded: bool = False

    def shape(self, entries: int) -> tuple[int, ...]:
        """The array's shape with so many entries."""
        return (entries,) if self.width == 1 else (entries, self.width)


BRANCHES = ("parts", "rings", "vertices")  # the offsets of shapes
OF_EVERY_TABLE = (
    Stored("search.data", "u1", offsets=("search.offsets",)),
    Stored("year", "<i2"),
    Stored("bbox", "<f8", 4),
    Stored("point", "<f8", 2),
    Stored("point.grid", "<u4", 2),
    Stored("shape.type", "i1"),
    Stored("shape.clearance", "<f4"),
    Stored("shape.xy", "<f8", 2, offsets=tuple(f"shape.{name}" for name in BRANCHES)),
    Stored("shape.grid", "<u4", 2, offsets=tuple(f"shape.{name}" for name in BRANCHES)),
    *(
        Stored(f"level.{zoom}.grid", "<u4", 2, offsets=tuple(f"level.{zoom}.{name}" for name in BRANCHES))
        for zoom in LEVELS
    ),
    Stored("unfit.data", "u1", offsets=("unfit.offsets",)),
    Stored("feature.data", "u1", offsets=("feature.offsets",)),
)
# Worked out over all rows of a table (`geo.publish.merge`, `geo.publish.names`), and looked up when rows are put in.
DERIVED = (
    Stored("id.hashes", "<u8"),
    Stored("id.rows", "<i4"),
    Stored("id.order", "<i4"),
    Stored("name.number.zh", "<i4"),
    Stored("name.number.en", "<i4"),
)


def storages(kind: type[Feature]) -> dict[str, Storage]:
    """The columns of a kind's table, and how each is held."""
    return {name: field.storage for name, field in fields_of(kind).items()} | {"city": Storage.TERM}


def days_of(kind: type[Feature]) -> list[str]:
    """The fields that are dates."""
    return [name for name, field in fields_of(kind).items() if isinstance(field, Day)]


def layout(kind: type[Feature]) -> list[Stored]:
    """All arrays of a kind's table that hold something of each row, in the order in which they are written."""
    columns = [_column(name, storage) for name, storage in storages(kind).items()]
    return [*columns, *(Stored(f"{name}.day", "<f8") for name in days_of(kind)), *OF_EVERY_TABLE]


def _column(name: str, storage: Storage) -> Stored:
    if storage is Storage.NUMBER:
        return Stored(name, "<f8")
    if storage is Storage.FLAG:
        return Stored(name, "|b1")
    if storage is Storage.TERM:
        return Stored(name, "<i4", coded=True)
    if storage is Storage.TERMS:
        return Stored(name, "<i4", offsets=(f"{name}.offsets",), coded=True)
    return Stored(f"{name}.data", "u1", offsets=(f"{name}.offsets",))
