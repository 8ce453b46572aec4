"""A whole store into another database, verified by a hash over the content of every table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from datasets.labels import Label
from geo.store import tables
from geo.store.database import migrate, require_current, writing
from geo.store.failures import shown

# Revisions stand before the heads: PostgreSQL takes a head's shape from its revision.
TABLES = (
    tables.revisions,
    tables.heads,
    tables.accounts,
    tables.sessions,
    tables.audit,
    tables.files,
    tables.jobs,
    tables.embed_sites,
    tables.embed_uses,
    tables.tokens,
)
BATCH = 1000

Tell = Callable[[str, int, int], None]


class TransferRefused(RuntimeError):
    """A transfer that cannot be made; no data was left in the target. The label says why and what to do."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


@dataclass(frozen=True)
class Contents:
    """What a table holds: its rows, and SHA-256 over them in the order of their keys, alike for both databases."""

    table: str
    rows: int
    sha256: str


def transfer(source: Engine, target: Engine, tell: Tell | None = None) -> list[Contents]:
    """Copy every table of `source` into `target`, whose tables are made if need be, and verify it; what was copied.

    Nobody can write to the source meanwhile, and the target gets everything or nothing. tell: called with table, rows done
    and rows in all after every batch. Raises TransferRefused, OutdatedStore (for the source), StoreUnreachable.
    """
    if source.url == target.url:
        raise TransferRefused(Label("来源与目标是同一个数据库", "source and target are the same database"))
    require_current(source)
    _require_empty(target)
    migrate(target)
    with writing(source) as here, writing(target) as there:
        _hold(here)
        _hold(there)
        sent = [_copy(here, there, table, tell) for table in TABLES]
        arrived = contents(there)
        wrong = [each.table for each, other in zip(sent, arrived, strict=True) if each != other]
        if wrong:
            names = ", ".join(wrong)
            raise TransferRefused(
                Label(
                    f"核对不一致：{names}；目标中没有留下数据，请报告此问题",
                    f"the copy of {names} differs from its source; nothing was left in the target, please report this",
                )
            )
    _settle(target)
    return sent


def contents(connection: Connection) -> list[Contents]:
    """The contents of every table."""
    found = []
    for table in TABLES:
        digest = _Digest()
        for rows in _batches(connection, table):
            digest.add(rows)
        found.append(digest.contents(table))
    return found


def _copy(here: Connection, there: Connection, table: Table, tell: Tell | None) -> Contents:
    total = here.execute(select(func.count()).select_from(table)).scalar_one()
    digest = _Digest()
    for rows in _batches(here, table):
        digest.add(rows)
        _insert(there, table, [dict(row._mapping) for row in rows])
        if tell:
            tell(table.name, digest.rows, total)
    return digest.contents(table)


def _insert(there: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    try:
        with there.begin_nested():
            there.execute(insert(table), rows)
    except (DBAPIError, StatementError) as error:
        if len(rows) == 1:
            key = ", ".join(str(rows[0][column.name]) for column in table.primary_key)
            reason = str(error.orig or error).splitlines()[0]
            raise TransferRefused(
                Label(
                    f"表 {table.name} 的一行（{key}）无法写入目标：{reason}；目标中没有留下数据，请先在来源中改正",
                    f"the target refuses a row of {table.name} ({key}): {reason}; nothing was left there, mend the source first",
                )
            ) from error
        middle = len(rows) // 2  # the row at fault is named, not the thousand it stood in
        _insert(there, table, rows[:middle])
        _insert(there, table, rows[middle:])


def _batches(connection: Connection, table: Table) -> Iterable[Sequence[Row[Any]]]:
    query = select(table).order_by(*table.primary_key)
    with connection.execute(query, execution_options={"yield_per": BATCH}) as result:
        yield from result.partitions()


def _hold(connection: Connection) -> None:
    """Let nobody else write until the end; on SQLite the transaction has seen to that."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in TABLES)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _require_empty(target: Engine) -> None:
    """Before anything is made in it: what stands there may be of an earlier version, or somebody else's."""
    with target.connect() as connection:
        existing = set(inspect(connection).get_table_names())
        for table in TABLES:
            if table.name in existing and connection.execute(select(text("1")).select_from(table).limit(1)).first():
                where = shown(target.url)
                raise TransferRefused(
                    Label(
                        f"目标 {where} 不是空的（表 {table.name} 中有数据）；请换一个空数据库",
                        f"the target {where} is not empty (its table {table.name} holds rows); name an empty database",
                    )
                )


def _settle(target: Engine) -> None:
    """Let the planner know what it has got; it would find out by itself only after a while."""
    if target.dialect.name == "postgresql":
        with target.begin() as connection:
            connection.execute(text("ANALYZE"))


class _Digest:
    def __init__(self) -> None:
        self.rows = 0
        self._sha256 = hashlib.sha256()

    def add(self, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            line = json.dumps([_plain(value) for value in row], sort_keys=True, ensure_ascii=True)
            self._sha256.update(line.encode() + b"\n")
        self.rows += len(rows)

    def contents(self, table: Table) -> Contents:
        return Contents(table.name, self.rows, self._sha256.hexdigest())


def _plain(value: Any) -> Any:
    """A value in one form, however a database hands it over. JSONB keeps 1e16 as a whole number, and zero without sign."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    try:
        return float(value) + 0.0
    except OverflowError:
        return str(value)
