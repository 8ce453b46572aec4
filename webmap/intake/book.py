"""The rows of a checked file as they were kept, read a page or a view at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label

Box = tuple[float, float, float, float]
LEFT_OUT = -1


@dataclass(frozen=True)
class Line:
    """One row of the file as it is shown. number: its place in the file, from 0. worst: the gravest finding, 0 (none) to 3 (error);
    LEFT_OUT where it is not imported. values: field → JSON value. findings: as JSON, with words in both languages."""

    number: int
    where: str
    id: str
    code: str
    name: str
    county: str
    worst: int
    unchanged: bool
    is_new: bool
    edited: bool
    area: float | None
    declared: float | None
    values: Mapping[str, Any]
    findings: Sequence[Mapping[str, Any]]
    geometry: BaseGeometry | None

    @property
    def left_out(self) -> bool:
        """Whether the person does not import it."""
        return self.worst == LEFT_OUT

    @property
    def codes(self) -> set[str]:
        """The codes of its findings."""
        return {str(finding["code"]) for finding in self.findings}


class Book:
    """A kept file of rows, to be read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """Whether the rows are there."""
        return self.path.is_file()

    def facts(self) -> dict[str, Any]:
        """What is true of the file as a whole."""
        with self._open() as connection:
            return {name: json.loads(value) for name, value in connection.execute("SELECT name, value FROM meta")}

    def page(self, only: str = "", limit: int = 50, offset: int = 0) -> tuple[int, list[Line]]:
        """How many rows there are, and some of them in the file's order. only: errors, warnings, changed, left-out or all."""
        condition = CONDITIONS.get(only, "1")
        with self._open() as connection:
            total = connection.execute(f"SELECT count(*) FROM rows WHERE {condition}").fetchone()[0]  # noqa: S608 - our words
            query = f"SELECT * FROM rows WHERE {condition} ORDER BY number LIMIT ? OFFSET ?"  # noqa: S608
            return total, [_read(row) for row in connection.execute(query, (limit, offset))]

    def line(self, number: int) -> Line | None:
        """One row, by its place in the file; None where there is none."""
        with self._open() as connection:
            found = connection.execute("SELECT * FROM rows WHERE number = ?", (number,)).fetchone()
        return None if found is None else _read(found)

    def faulty_beside(self, number: int, way: int) -> int | None:
        """The nearest row with an error or a warning before (way -1) or after (way 1) a row; None if there is none."""
        query = (
            "SELECT min(number) FROM rows WHERE worst >= 2 AND number > ?"
            if way > 0
            else "SELECT max(number) FROM rows WHERE worst >= 2 AND number < ?"
        )
        with self._open() as connection:
            found: int | None = connection.execute(query, (number,)).fetchone()[0]
        return found

    def each(self) -> Iterator[Line]:
        """All rows."""
        with self._open() as connection:
            for row in connection.execute("SELECT * FROM rows ORDER BY number"):
                yield _read(row)

    def within(self, box: Box | None, limit: int) -> tuple[int, list[Line]]:
        """How many shapes a view holds, and those that matter most: the faulty ones first, then the largest."""
        where, values = "west IS NOT NULL", ()
        if box is not None:
            west, south, east, north = box
            where += " AND west <= ? AND east >= ? AND south <= ? AND north >= ?"
            values = (east, west, north, south)  # type: ignore[assignment]
        with self._open() as connection:
            total = connection.execute(f"SELECT count(*) FROM rows WHERE {where}", values).fetchone()[0]  # noqa: S608
            query = f"SELECT * FROM rows WHERE {where} ORDER BY worst DESC, size DESC LIMIT ?"  # noqa: S608
            return total, [_read(row) for row in connection.execute(query, (*values, limit))]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection


CONDITIONS = {
    "errors": "worst = 3",
    "warnings": "worst = 2",
    "changed": "worst >= 0 AND NOT unchanged",
    "left-out": "worst = -1",
}


def _read(row: sqlite3.Row) -> Line:
    blob = row["shape"]
    return Line(
        number=row["number"],
        where=row["where"],
        id=row["id"],
        code=row["code"],
        name=row["name"],
        county=row["county"],
        worst=row["worst"],
        unchanged=bool(row["unchanged"]),
        is_new=bool(row["fresh"]),
        edited=bool(row["edited"]),
        area=row["area"],
        declared=row["declared"],
        values=json.loads(row["values"]),
        findings=json.loads(row["findings"]),
        geometry=None if blob is None else shapely.from_wkb(blob),
    )


def words_of(told: Mapping[str, Any]) -> Label:
    """The words of a finding, a reason or a system kept as JSON."""
    return Label(told["zh"], told["en"])
