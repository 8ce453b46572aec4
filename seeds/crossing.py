"""What can only be seen across cells, rows and tables: doubled ids, references to nothing, dates against precision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from datasets import chains
from datasets.errors import DatasetError
from datasets.labels import Label
from seeds.columns import precision_of
from seeds.faults import Damage
from seeds.rows import Fact

Numbered = tuple[tuple[int, Any], ...]


def crossed(
    tables: Mapping[str, Numbered], references: Mapping[str, Mapping[str, str]], keys: Mapping[str, set[str]]
) -> Iterator[Damage]:
    """Every damage of rows that read well one by one.

    `tables` holds (row number, row) pairs by table name, `references` the columns that name a row of a table, `keys` the
    names of all rows, so that a row with its own damage is not also told by each that refers to it.
    """
    line_counts = {row.document: row.line_count for _, row in tables["documents"]}
    all_chains = chains.load()
    facts: dict[str, str] = {}
    for name, rows in tables.items():
        file = f"{name}.csv"
        yield from _doubled(file, rows)
        yield from _shared(name, rows, facts)
        for number, row in rows:
            yield from _references(file, number, row, references[name], keys)
            yield from _figures(file, number, row, keys)
            yield from _dates(file, number, row)
            yield from _lines(file, number, row, line_counts)
            yield from _chains(file, number, row, all_chains)


def key_of(row: Any) -> str:
    """What names a row: its id, or the file's name for a document."""
    return str(getattr(row, "id", "") or row.document)


def _doubled(file: str, rows: Numbered) -> Iterator[Damage]:
    seen: dict[str, int] = {}
    for number, row in rows:
        key = key_of(row)
        if key in seen:
            column = "id" if hasattr(row, "id") else "document"
            zh, en = f"与第{seen[key]}行重复，请改名。", f"stands in row {seen[key]} too: rename one."
            yield _damage(file, number, column, key, zh, en)
        seen.setdefault(key, number)


def _shared(name: str, rows: Numbered, facts: dict[str, str]) -> Iterator[Damage]:
    """Facts of all tables become features in one store, so their ids must differ between tables too."""
    for number, row in rows:
        if isinstance(row, Fact) and facts.setdefault(row.id, name) != name:
            zh, en = f"id 已用于 {facts[row.id]}.csv，请改名。", f"is an id of {facts[row.id]}.csv too: rename one."
            yield _damage(f"{name}.csv", number, "id", row.id, zh, en)


def _references(
    file: str, number: int, row: Any, columns: Mapping[str, str], known: Mapping[str, set[str]]
) -> Iterator[Damage]:
    for column, table in columns.items():
        value = getattr(row, column)
        # A table that could not be read has its own damage; its every user need not say so again.
        if value and known[table] and (value not in known[table] or (column == "same_as" and value == row.id)):
            zh = f"{table}.csv 中没有这一行，或指向了自身；请改正或补上该行。"
            en = f"names no other row of {table}.csv: correct it or add the row."
            yield _damage(file, number, column, value, zh, en)


def _figures(file: str, number: int, row: Any, known: Mapping[str, set[str]]) -> Iterator[Damage]:
    for column, values in (("whole", (getattr(row, "whole", ""),)), ("parts", getattr(row, "parts", ()))):
        for value in filter(None, values):
            table, _, rest = value.partition("/")
            if table not in known or (known[table] and rest.split("/")[0] not in known[table]):
                zh, en = "应为 表/行id，且该行存在。", "should be table/id of a row that exists."
                yield _damage(file, number, column, value, zh, en)


def _dates(file: str, number: int, row: Any) -> Iterator[Damage]:
    precision = getattr(row, "date_precision", "document")
    if precision != "document" and precision_of(row.date) != precision:
        yield _damage(
            file,
            number,
            "date_precision",
            precision,
            f"与日期 {row.date} 不符，应为 {precision_of(row.date)}，或按文献日期写 document。",
            f"does not fit the date {row.date}: write {precision_of(row.date)}, or document where only that is known.",
        )


def _lines(file: str, number: int, row: Any, line_counts: Mapping[str, int]) -> Iterator[Damage]:
    count = line_counts.get(getattr(row, "document", ""))
    for _, last in getattr(row, "lines", ()):
        if count is not None and last > count:
            yield _damage(
                file, number, "lines", str(last), f"文献只有{count}行。", f"the document has {count} lines only."
            )


def _chains(file: str, number: int, row: Any, known: chains.Chains) -> Iterator[Damage]:
    for column, find in (("chains", known.chain), ("nodes", known.node)):
        for value in getattr(row, column, ()):
            try:
                find(value)
            except DatasetError as error:
                yield Damage(file, number, column, value, error.label)
    for node in getattr(row, "nodes", ()):
        if node.split("/")[0] not in row.chains:
            chain = node.split("/")[0]
            yield _damage(
                file,
                number,
                "nodes",
                node,
                f"所属产业链 {chain} 不在 chains 列，请补上。",
                f"its chain {chain} is missing in chains: add it.",
            )


def _damage(file: str, row: int, column: str, value: str, zh: str, en: str) -> Damage:
    return Damage(file, row, column, value, Label(zh=zh, en=en))
