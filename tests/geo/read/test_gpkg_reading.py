"""GeoPackages: layers, systems, tables without geometry, and databases that are none or damaged."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import pytest
import shapely
from fuzzed_gis import codes, damaged, holds, read, refused
from hypothesis import given
from hypothesis import strategies as st
from made_gis import changed_gpkg, ring_of, square, with_hole, written

from geo.model.finding import Severity
from geo.read.formats.gpkg import READER
from geo.read.raw import Sniff


def gpkg(folder: Path, *geometries: shapely.Geometry | None, **options: object) -> Path:
    return written(folder / "a.gpkg", geometries, **({"layer": "地块"} | options))


def test_rows_geometries_and_system_are_read(tmp_path: Path) -> None:
    file = read(READER, gpkg(tmp_path, square(), with_hole(), None))
    assert [each.where for each in file.features] == ["地块#1", "地块#2", "地块#3"]
    assert dict(file.features[0].attributes) == {"名称": "一号地块", "面积": 0.5}
    assert shapely.equals(file.features[1].geometry, with_hole())
    assert file.declared is not None
    assert file.declared.epsg == 4526
    assert codes(file) == ["no-geometry"]


def test_several_layers_of_several_types(tmp_path: Path) -> None:
    path = gpkg(tmp_path, square())
    written(path, [shapely.Point(38_500_000, 3_770_000)], layer="点", geometry_type="Point", append=True)
    file = read(READER, path)
    assert [each.where for each in file.features] == ["地块#1", "点#1"]
    assert codes(file) == []


def test_layers_in_different_systems_keep_their_own(tmp_path: Path) -> None:
    path = gpkg(tmp_path, square())
    written(path, [square()], layer="other", crs="EPSG:4547", append=True)
    file = read(READER, path)
    assert file.declared is None
    assert [each.crs.epsg for each in file.features if each.crs] == [4526, 4547]
    assert codes(file) == ["mixed-systems"]


@pytest.mark.parametrize("change", ["SET srs_id = -1", "SET srs_id = 0"])
def test_an_undefined_system_is_none(tmp_path: Path, change: str) -> None:
    path = changed_gpkg(gpkg(tmp_path, square()), "UPDATE gpkg_geometry_columns " + change)
    file = read(READER, path)
    assert file.declared is None
    assert [(each.code, each.severity) for each in file.findings] == [("no-crs", Severity.INFO)]


def test_rows_that_name_another_system_leave_none_declared(tmp_path: Path) -> None:
    path = gpkg(tmp_path, square(), square(1))
    with sqlite3.connect(path) as connection:
        # The triggers of the spatial index call functions that only GIS programs have.
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        (blob,) = connection.execute("SELECT geom FROM 地块 WHERE fid = 2").fetchone()
        changed = blob[:4] + (4547).to_bytes(4, "little") + blob[8:]
        connection.execute("UPDATE 地块 SET geom = ? WHERE fid = 2", (changed,))
    connection.close()
    file = read(READER, path)
    assert file.declared is None
    assert codes(file) == ["no-crs"]


def test_attribute_tables_and_views_are_told_of(tmp_path: Path) -> None:
    path = changed_gpkg(
        gpkg(tmp_path, square()),
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)",
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('notes', 'attributes', 'notes')",
        "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, zeroblob(1e8) AS geom FROM n",
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('v', 'features', 'v')",
        "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POLYGON', 4526, 0, 0)",
    )
    file = read(READER, path)
    assert [each.where for each in file.features] == ["地块#1"]
    assert codes(file) == ["table-ignored", "layer-is-view"]


def test_a_generated_column_is_not_computed(tmp_path: Path) -> None:
    path = changed_gpkg(
        gpkg(tmp_path, square()),
        "ALTER TABLE 地块 ADD COLUMN big TEXT GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL",
    )
    assert dict(read(READER, path).features[0].attributes) == {"名称": "一号地块", "面积": 0.5}


def test_a_database_that_is_no_geopackage(tmp_path: Path) -> None:
    path = changed_gpkg(tmp_path / "a.gpkg", "CREATE TABLE t (a)")
    assert refused(READER, path) == "not-geopackage"
    (tmp_path / "b.gpkg").write_bytes(b"no database")
    assert READER.recognises(Sniff("b.gpkg", b"no database")) > 0
    assert refused(READER, tmp_path / "b.gpkg") == "not-geopackage"


def test_without_features_there_is_nothing(tmp_path: Path) -> None:
    path = changed_gpkg(gpkg(tmp_path, square()), "DELETE FROM gpkg_contents")
    assert refused(READER, path) == "no-features"


def test_truncation_is_named(tmp_path: Path) -> None:
    whole = gpkg(tmp_path, *[square(n) for n in range(50)]).read_bytes()
    for length in (20, 99, 4096, len(whole) // 2, len(whole) - 1):
        path = tmp_path / "cut.gpkg"
        path.write_bytes(whole[:length])
        assert refused(READER, path) == "gpkg-truncated"


def test_heights_are_dropped_and_curves_refused(tmp_path: Path) -> None:
    file = read(READER, gpkg(tmp_path, shapely.force_3d(square(), 85.0), geometry_type="Polygon Z"))
    assert shapely.equals(file.features[0].geometry, square())
    assert codes(file) == ["heights-dropped"]
    (tmp_path / "2").mkdir()
    # CURVEPOLYGON (CIRCULARSTRING (0 0, 1 1, 2 0, 1 -1, 0 0)), which shapely cannot make itself.
    corners = struct.pack("<10d", 0, 0, 1, 1, 2, 0, 1, -1, 0, 0)
    curve = struct.pack("<BIIBII", 1, 10, 1, 1, 8, 5) + corners
    path = gpkg(tmp_path / "2", square())
    with sqlite3.connect(path) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        head = b"GP\x00\x01" + (4526).to_bytes(4, "little")
        connection.execute("UPDATE 地块 SET geom = ?", (head + curve,))
    connection.close()
    file = read(READER, path)
    assert file.features[0].geometry is None
    assert codes(file) == ["curved-geometry"]


def test_a_very_long_ring_and_mixed_types(tmp_path: Path) -> None:
    file = read(READER, gpkg(tmp_path, ring_of(120_000), shapely.Point(1, 1), geometry_type="Unknown"))
    assert codes(file) == ["mixed-geometry-types", "ring-very-long"]


def test_another_extension_is_warned_of(tmp_path: Path) -> None:
    path = gpkg(tmp_path, square())
    assert READER.recognises(Sniff("a.zip", path.read_bytes())) > 90
    assert codes(read(READER, path, "a.zip")) == ["extension-differs"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return gpkg(tmp_path_factory.mktemp("gpkg"), square(), with_hole(), None, SPATIAL_INDEX="NO").read_bytes()


@given(st.data())
def test_damaged_files_raise_nothing_but_unreadable(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.gpkg"
    holds(
        READER, path, data.draw(damaged(whole) | st.binary(max_size=300).map(lambda tail: b"SQLite format 3\0" + tail))
    )


@given(st.binary(max_size=80))
def test_damaged_blobs_are_errors_of_their_row(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, blob: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "blob.gpkg"
    path.write_bytes(whole)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE 地块 SET geom = ? WHERE fid = 2", (b"GP\x00\x01" + blob,))
    connection.close()
    file = read(READER, path)
    assert len(file.features) == 3
    assert file.features[0].geometry is not None
    assert file.features[1].geometry is not None or file.features[1].findings
