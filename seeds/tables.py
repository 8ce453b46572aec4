"""Reading the tables of facts: every CSV of the folder into typed rows, every damaged cell reported at once."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from datasets.labels import Label
from seeds.columns import Column, Ref
from seeds.crossing import crossed
from seeds.faults import BadCell, Damage, FactsError
from seeds.rows import (
    Document,
    Enterprise,
    Event,
    MapCount,
    Park,
    Policy,
    Project,
    Relation,
    Remark,
    Talk,
    Target,
)

FOLDER = Path(__file__).parent / "facts"
Row = TypeVar("Row")


@dataclass(frozen=True)
class Facts:
    """All tables, each a tuple of rows in the file's order; a table's field has its file's name without `.csv`."""

    documents: tuple[Document, ...]
    projects: tuple[Project, ...]
    parks: tuple[Park, ...]
    events: tuple[Event, ...]
    targets: tuple[Target, ...]
    talks: tuple[Talk, ...]
    enterprises: tuple[Enterprise, ...]
    policies: tuple[Policy, ...]
    map_counts: tuple[MapCount, ...]
    remarks: tuple[Remark, ...]
    relations: tuple[Relation, ...]

    def tables(self) -> Mapping[str, tuple[Any, ...]]:
        """Table name to its rows."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}


TABLES: Mapping[str, type[Any]] = {
    "documents": Document,
    "projects": Project,
    "parks": Park,
    "events": Event,
    "targets": Target,
    "talks": Talk,
    "enterprises": Enterprise,
    "policies": Policy,
    "map_counts": MapCount,
    "remarks": Remark,
    "relations": Relation,
}


def load(folder: Path | None = None) -> Facts:
    """The facts of `folder`, by default those that come with the package.

    Raises FactsError listing every missing file, unknown, missing or doubled column, damaged cell, doubled id and
    reference to nothing.
    """
    folder = folder or FOLDER
    damages: list[Damage] = []
    keys: dict[str, set[str]] = {name: set() for name in TABLES}
    rows = {name: _table(folder, name, row_type, damages, keys[name]) for name, row_type in TABLES.items()}
    damages += crossed({name: tuple(pairs) for name, pairs in rows.items()}, _references(), keys)
    if damages:
        raise FactsError(sorted(damages, key=lambda damage: (damage.file, damage.row)))
    return Facts(**{name: tuple(row for _, row in pairs) for name, pairs in rows.items()})


def columns(row_type: type[Any]) -> Mapping[str, Column]:
    """Column name to its kind, in the order of the row's fields."""
    hints = get_type_hints(row_type, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in dataclasses.fields(row_type)}


def _references() -> Mapping[str, Mapping[str, str]]:
    """Table name to those of its columns that name a row of a table, with that table's name."""
    return {
        name: {each: column.table for each, column in columns(row_type).items() if isinstance(column, Ref)}
        for name, row_type in TABLES.items()
    }


def _table(
    folder: Path, name: str, row_type: type[Row], damages: list[Damage], keys: set[str]
) -> list[tuple[int, Row]]:
    """The (row number, row) pairs that read well; `keys` gets the id of every row, damaged ones included."""
    file = f"{name}.csv"
    try:
        text = (folder / file).read_bytes().decode("utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        damages.append(
            _of_file(
                file,
                f"无法读取（{reason}），请在 {folder} 放入该表。",
                f"cannot be read ({reason}): put it into {folder}.",
            )
        )
        return []
    except UnicodeDecodeError:
        damages.append(_of_file(file, "不是 UTF-8 文本，请另存为 UTF-8。", "is not UTF-8 text: save it as UTF-8."))
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records = list(reader)
    except csv.Error as error:
        damages.append(
            _of_file(file, f"CSV 格式有误（{error}），检查引号。", f"is no valid CSV ({error}): check the quotes.")
        )
        return []
    header = records[0] if records else []
    kinds = columns(row_type)
    wrong = list(_header_damage(file, header, list(kinds)))
    damages.extend(wrong)
    if wrong:
        return []
    key = header.index("id" if "id" in kinds else "document")
    keys.update(cells[key] for cells in records[1:] if len(cells) > key)
    found: list[tuple[int, Row]] = []
    for number, cells in enumerate(records[1:], start=2):
        values = _values(file, number, header, cells, kinds, damages)
        if values is not None:
            found.append((number, row_type(**values)))
    return found


def _of_file(file: str, zh: str, en: str) -> Damage:
    return Damage(file, 0, "", "", Label(zh=zh, en=en))


def _header_damage(file: str, header: Sequence[str], wanted: Sequence[str]) -> Iterator[Damage]:
    for name in dict.fromkeys(header):
        if name not in wanted:
            reason = Label(
                zh=f"未知的列，可用：{'、'.join(wanted)}。", en=f"unknown column; known: {', '.join(wanted)}."
            )
            yield Damage(file, 1, name, "", reason)
        elif header.count(name) > 1:
            yield Damage(file, 1, name, "", Label(zh="列重复，删去一列。", en="the column stands twice: remove one."))
    for name in wanted:
        if name not in header:
            yield Damage(file, 1, name, "", Label(zh="缺少此列，请补上。", en="the column is missing: add it."))


def _values(
    file: str,
    number: int,
    header: Sequence[str],
    cells: Sequence[str],
    kinds: Mapping[str, Column],
    damages: list[Damage],
) -> dict[str, Any] | None:
    if len(cells) != len(header):
        reason = Label(
            zh=f"有{len(cells)}格，应为{len(header)}格；含逗号的文字要加引号。",
            en=f"has {len(cells)} cells instead of {len(header)}; put text with commas into quotes.",
        )
        damages.append(Damage(file, number, "", "", reason))
        return None
    values: dict[str, Any] = {}
    for name, text in zip(header, cells, strict=True):
        try:
            values[name] = kinds[name].cell(text)
        except BadCell as bad:
            damages.append(Damage(file, number, name, text, bad.reason))
    return values if len(values) == len(header) else None
