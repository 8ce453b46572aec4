"""GeoPackage: every layer of features, read from its tables directly.

Views, triggers, virtual tables and generated columns are not touched: what is read is stored in the file, so that the file's
size bounds time and memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from datasets.labels import Label
from geo.model.finding import Finding
from geo.read.extensions import extension
from geo.read.faults import info, unreadable, warning
from geo.read.formats._gpkg_blobs import geometries_of
from geo.read.raw import Declared, Progress, RawFeature, Reader, ReadFile, Sniff
from geo.read.vectors import Rows, common, features

MAGIC = b"SQLite format 3\x00"
_MOST_LAYERS = 200
_MOST_STEPS = 2_000
_STEP = 100_000
_UNDEFINED = (-1, 0)


def _recognises(sniff: Sniff) -> int:
    if sniff.head.startswith(MAGIC):
        return 95
    return 30 if sniff.suffix in READER.suffixes else 0


def _read(path: Path, name: str, progress: Progress) -> ReadFile:
    _check_size(path, name)
    findings = list(extension(READER, name, READER.suffixes))
    try:
        with _connected(path) as connection:
            layers = _layers(connection, name, findings)
            rows = [_rows(connection, layer, column) for layer, column in layers]
    except (sqlite3.Error, UnicodeError, OverflowError, ValueError) as fault:
        if hasattr(fault, "finding"):
            raise
        raise unreadable(
            "gpkg-damaged",
            name,
            "GeoPackage 数据库已损坏，请重新导出",
            f"the GeoPackage's database is damaged; export it again ({type(fault).__name__})",
        ) from None
    declared, about = common([each.crs for each in rows], name)
    findings += about
    made: list[RawFeature] = []
    for each in rows:
        if each.crs is None and declared is None:
            findings.append(_undefined(each.label))
        if declared is not None:
            each.crs = None
        read, general = features(each, progress)
        made += read
        findings += general
    if not made:
        raise unreadable("no-features", name, "图层里没有任何要素", "there is no feature in the layers")
    return ReadFile(name, READER.name, declared, tuple(made), tuple(findings))


def _check_size(path: Path, name: str) -> None:
    with path.open("rb") as file:
        head = file.read(100)
    if not head.startswith(MAGIC):
        raise unreadable(
            "not-geopackage",
            name,
            "不是 GeoPackage（不是 SQLite 数据库）",
            "this is no GeoPackage: it is no SQLite database",
        )
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    if len(head) < 100 or path.stat().st_size < (65536 if page == 1 else page) * pages:
        raise unreadable(
            "gpkg-truncated",
            name,
            "GeoPackage 文件不完整，请重新导出或重新上传",
            "the GeoPackage is cut off; export or upload it again",
        )


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """The file, to be read only and not trusted; a query that goes on for ever is broken off."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return int(steps > _MOST_STEPS)

    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        connection.set_progress_handler(count, _STEP)
        connection.text_factory = _text
        yield connection
    finally:
        connection.close()


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _layers(connection: sqlite3.Connection, name: str, findings: list[Finding]) -> list[tuple[str, str]]:
    """The tables of features and their geometry columns; what is left out gets a finding."""
    tables = dict(connection.execute("SELECT name, coalesce(sql, '') FROM sqlite_master WHERE type = 'table'"))
    if not {"gpkg_contents", "gpkg_geometry_columns"} <= tables.keys():
        raise unreadable(
            "not-geopackage",
            name,
            "是 SQLite 数据库，但不是 GeoPackage，请在软件中导出为 GeoPackage",
            "this is a SQLite database but no GeoPackage; export it as GeoPackage",
        )
    columns = dict(connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns LIMIT 10000"))
    layers = []
    for table, kind in connection.execute("SELECT table_name, data_type FROM gpkg_contents LIMIT 10000").fetchall():
        stored = table in tables and "virtual" not in str(tables[table])[:20].lower()
        if kind == "features" and table in columns and stored:
            layers.append((str(table), str(columns[table])))
        else:
            findings.append(_ignored(str(table), str(kind), stored))
    if not layers or len(layers) > _MOST_LAYERS:
        raise unreadable(
            "no-features",
            name,
            "GeoPackage 里没有矢量图层，或图层过多",
            "the GeoPackage has no layer of features, or far too many",
        )
    return layers


def _ignored(table: str, kind: str, stored: bool) -> Finding:
    if kind == "features" and not stored:
        return warning(
            "layer-is-view",
            table,
            "图层是视图或不存在，未读取，请导出为普通图层",
            "the layer is a view or missing and was not read; export it as a layer of its own",
        )
    return info(
        "table-ignored",
        table,
        f"表“{table}”（{kind}）没有图形，未读取",
        f"the table '{table}' ({kind}) has no geometries and was not read",
    )


def _rows(connection: sqlite3.Connection, layer: str, column: str) -> Rows:
    declared = {
        str(name): (str(kind).upper(), key)
        for _, name, kind, _, _, key in connection.execute(f"PRAGMA table_info({_quoted(layer)})")
    }
    names = [name for name in declared if name != column and "BLOB" not in declared[name][0]]
    key = next((name for name, (kind, key) in declared.items() if key and kind == "INTEGER"), "")
    if column not in declared:
        raise sqlite3.DatabaseError(f"no column {column}")
    listed = ", ".join(_quoted(each) for each in (column, *names))
    # The name is quoted and is that of a table that sqlite_master lists.
    cells = connection.execute(f"SELECT {listed} FROM {_quoted(layer)}").fetchall()  # noqa: S608
    where = [f"{layer}#{row}" for row in range(1, len(cells) + 1)]
    geometries, faults, systems = geometries_of([cell[0] for cell in cells], where)
    kept = [position for position, name in enumerate(names, start=1) if name != key]
    attributes = [
        {names[position - 1]: None if isinstance(cell[position], bytes) else cell[position] for position in kept}
        for cell in cells
    ]
    rows = Rows(layer, where, attributes, geometries, findings=faults)
    rows.crs = _declared(connection, layer, systems)
    return rows


def _declared(connection: sqlite3.Connection, layer: str, systems: set[int]) -> Declared | None:
    found = connection.execute(
        "SELECT s.srs_id, s.organization, s.organization_coordsys_id, s.definition, s.srs_name"
        " FROM gpkg_geometry_columns g JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id WHERE g.table_name = ?",
        (layer,),
    ).fetchone()
    if found is None or found[0] in _UNDEFINED or any(system != found[0] for system in systems - {*_UNDEFINED}):
        return None
    _, organisation, code, definition, title = found
    epsg = code if str(organisation).upper() == "EPSG" and isinstance(code, int) and code > 0 else None
    wkt = str(definition or "")
    return Declared(epsg=epsg, wkt="" if wkt == "undefined" else wkt, text=str(title or ""))


def _undefined(layer: str) -> Finding:
    return info(
        "no-crs",
        layer,
        "图层没有写明坐标系（或前后不一），需按坐标判断并由您确认",
        "the layer names no coordinate system (or several): it is told by the coordinates and needs your word",
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


READER = Reader(
    name="gpkg",
    label=Label("GeoPackage", "GeoPackage"),
    suffixes=(".gpkg",),
    recognises=_recognises,
    read=_read,
    order=30,
)
