"""Zipped shapefiles as survey offices send them: encodings, missing and damaged parts, several layers."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import shapely
from fuzzed_gis import codes, read
from made_gis import NAMES, parts, ring_of, shapefile, square, with_hole, zipped, zipped_gbk

from geo.model.finding import Severity
from geo.read.formats.shapefile import READER
from geo.read.raw import ReadFile, Sniff


def read_parts(folder: Path, made: dict[str, bytes], name: str = "plots") -> ReadFile:
    return read(READER, zipped(folder / "a.zip", {f"{name}.{suffix}": data for suffix, data in made.items()}))


def test_rows_geometries_and_system_are_read(tmp_path: Path) -> None:
    file = read(READER, shapefile(tmp_path, geometries=[square(), with_hole()]))
    assert [each.where for each in file.features] == ["plots.shp#1", "plots.shp#2"]
    assert [dict(each.attributes) for each in file.features] == [
        {"名称": "一号地块", "面积": 0.5},
        {"名称": "二号地块", "面积": 1.5},
    ]
    assert shapely.equals(file.features[1].geometry, with_hole())
    assert file.declared is not None
    assert file.declared.epsg == 4526
    assert "CGCS2000" in file.declared.wkt
    assert file.findings == ()


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
@pytest.mark.parametrize("cpg", ["as written", "absent"])
def test_texts_are_read_with_and_without_a_cpg(tmp_path: Path, encoding: str, cpg: str) -> None:
    made = parts(tmp_path, encoding=encoding)
    if cpg == "absent":
        del made["cpg"]
    file = read_parts(tmp_path, made)
    assert [each.attributes["名称"] for each in file.features] == list(NAMES)
    assert codes(file) == []


@pytest.mark.parametrize(
    ("encoding", "cpg", "code"),
    [
        ("GBK", "UTF-8", "cpg-wrong"),
        ("UTF-8", "GBK", "cpg-wrong"),
        ("GBK", "ISO-8859-1", "cpg-wrong"),
        ("GBK", "1252", "cpg-wrong"),
        ("UTF-8", "nonsense", "cpg-unknown"),
    ],
)
def test_a_wrong_cpg_is_noticed(tmp_path: Path, encoding: str, cpg: str, code: str) -> None:
    made = parts(tmp_path, encoding=encoding) | {"cpg": cpg.encode()}
    file = read_parts(tmp_path, made)
    assert [each.attributes["名称"] for each in file.features] == list(NAMES)
    assert codes(file) == [code]


@pytest.mark.parametrize("cpg", ["936", "CP936", "GB2312", "gb18030", "OEM 936", "65001", "utf8"])
def test_every_way_to_name_the_encoding_is_known(tmp_path: Path, cpg: str) -> None:
    encoding = "UTF-8" if cpg in ("65001", "utf8") else "GBK"
    assert codes(read_parts(tmp_path, parts(tmp_path, encoding=encoding) | {"cpg": cpg.encode()})) == []


def test_a_character_cut_at_the_end_of_a_full_cell_does_not_change_the_encoding(tmp_path: Path) -> None:
    made = parts(tmp_path, encoding="UTF-8")
    whole = "三号地块".encode()
    made["dbf"] = made["dbf"].replace(whole, whole[:-1] + b" ")
    made.pop("cpg")
    file = read_parts(tmp_path, made)
    assert [each.attributes["名称"] for each in file.features][:2] == list(NAMES[:2])
    assert str(file.features[2].attributes["名称"]).startswith("三号地")


def test_several_layers_in_folders_in_any_case_with_gbk_names(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    one, two = parts(tmp_path / "1", [square()]), parts(tmp_path / "2", [square(1), square(2)])
    files = {f"许昌/地块.{suffix.upper()}": data for suffix, data in one.items()}
    files |= {f"许昌/子/Parks.{'SHP' if suffix == 'shp' else suffix}": data for suffix, data in two.items()}
    file = read(READER, zipped_gbk(tmp_path / "a.zip", files))
    assert [each.where for each in file.features] == ["地块.shp#1", "Parks.shp#1", "Parks.shp#2"]
    assert file.declared is not None
    assert codes(file) == []


def test_layers_of_one_name_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    made = parts(tmp_path, [square()])
    files = {f"{folder}/p.{suffix}": data for folder in ("a", "b") for suffix, data in made.items()}
    file = read(READER, zipped(tmp_path / "a.zip", files))
    assert [each.where for each in file.features] == ["a/p.shp#1", "b/p.shp#1"]


def test_layers_in_different_systems_keep_their_own(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    one, two = parts(tmp_path, [square()]), parts(tmp_path / "1", [square()], crs="EPSG:4547")
    files = {f"{name}.{suffix}": data for name, made in (("a", one), ("b", two)) for suffix, data in made.items()}
    file = read(READER, zipped(tmp_path / "a.zip", files))
    assert file.declared is None
    assert [each.crs.epsg for each in file.features if each.crs] == [4526, 4547]
    assert codes(file) == ["mixed-systems"]


def test_a_missing_shx_is_rebuilt(tmp_path: Path) -> None:
    made = parts(tmp_path, [square(), None, with_hole()])
    whole = made.pop("shx")
    file = read_parts(tmp_path, made)
    assert shapely.equals(file.features[2].geometry, with_hole())
    assert codes(file) == ["missing-shx", "no-geometry"]
    assert codes(read_parts(tmp_path, made | {"shx": whole})) == ["no-geometry"]


def test_without_dbf_there_are_no_attributes(tmp_path: Path) -> None:
    made = parts(tmp_path)
    del made["dbf"]
    file = read_parts(tmp_path, made)
    assert [dict(each.attributes) for each in file.features] == [{}, {}, {}]
    assert codes(file) == ["missing-dbf"]


def test_without_prj_no_system_is_declared(tmp_path: Path) -> None:
    made = parts(tmp_path)
    del made["prj"]
    file = read_parts(tmp_path, made)
    assert file.declared is None
    assert [(each.code, each.severity) for each in file.findings] == [("no-prj", Severity.INFO)]


def test_a_cut_prj_is_named(tmp_path: Path) -> None:
    made = parts(tmp_path)
    file = read_parts(tmp_path, made | {"prj": made["prj"][:90]})
    assert file.declared is None
    assert codes(file) == ["prj-unreadable"]


def test_a_deleted_row_is_left_out_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    made = parts(tmp_path)
    header, width = struct.unpack_from("<HH", made["dbf"], 8)
    table = bytearray(made["dbf"])
    table[header + width] = ord("*")
    file = read_parts(tmp_path, made | {"dbf": bytes(table)})
    assert [each.where for each in file.features] == ["plots.shp#1", "plots.shp#3"]
    assert codes(file) == ["rows-deleted"]


def test_heights_and_measures_are_dropped_with_a_note(tmp_path: Path) -> None:
    high = shapely.force_3d(square(), 85.0)
    file = read(READER, shapefile(tmp_path, geometries=[high], geometry_type="Polygon Z"))
    assert file.features[0].geometry is not None
    assert not file.features[0].geometry.has_z
    assert codes(file) == ["heights-dropped"]


def test_measured_shapes_are_read(tmp_path: Path) -> None:
    made = parts(tmp_path, [square()])
    count = struct.unpack_from("<i", made["shp"], 108 + 40)[0]
    # PolygonM is type 25: the same record with a range and one measure a point behind it.
    record = struct.pack("<i", 25) + made["shp"][112:] + struct.pack(f"<{2 + count}d", *[1.0] * (2 + count))
    size = 100 + 8 + len(record)
    head = made["shp"][:24] + struct.pack(">i", size // 2) + struct.pack("<ii", 1000, 25) + made["shp"][36:100]
    made["shp"] = head + struct.pack(">ii", 1, len(record) // 2) + record
    del made["shx"]
    file = read_parts(tmp_path, made)
    assert shapely.equals(file.features[0].geometry, square())
    assert codes(file) == ["missing-shx", "heights-dropped"]


def test_parts_and_points_are_kept(tmp_path: Path) -> None:
    both = shapely.MultiPolygon([square(), square(2)])
    file = read(READER, shapefile(tmp_path, geometries=[both, square(5)]))
    assert shapely.equals(file.features[0].geometry, both)


def test_a_ring_that_does_not_close_is_closed_with_a_warning(tmp_path: Path) -> None:
    made = parts(tmp_path, [square()])
    shp = bytearray(made["shp"])
    shp[-16:] = struct.pack("<dd", 38_500_050.0, 3_769_990.0)
    file = read_parts(tmp_path, made | {"shp": bytes(shp)})
    assert file.features[0].geometry is not None
    assert codes(file) == ["ring-was-open"]


def test_a_million_corners_are_read_with_a_warning_and_more_refused(tmp_path: Path) -> None:
    file = read(READER, shapefile(tmp_path, geometries=[ring_of(1_000_000), square()]))
    assert codes(file) == ["ring-very-long"]
    assert shapely.get_num_coordinates(file.features[0].geometry) == 1_000_001
    (tmp_path / "2").mkdir()
    file = read(READER, shapefile(tmp_path / "2", geometries=[ring_of(1_000_001), square()]))
    assert codes(file) == ["ring-too-long"]
    assert file.features[0].geometry is None


def test_the_content_decides_over_the_extension(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    assert READER.recognises(Sniff("a.txt", path.read_bytes())) > 90
    assert codes(read(READER, path, "a.txt")) == ["extension-differs"]


def test_progress_may_cancel(tmp_path: Path) -> None:
    def cancel(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        READER.read(shapefile(tmp_path), "a.zip", cancel)


def test_days_numbers_and_blanks_are_plain_values(tmp_path: Path) -> None:
    import pyogrio.raw

    wkb = np.array(shapely.to_wkb([square(), square(1)]), dtype=object)
    days = np.array(["2024-05-01", "NaT"], dtype="datetime64[D]")
    pyogrio.raw.write(
        tmp_path / "made.shp",
        geometry=wkb,
        field_data=[days, np.array([7, 8]), np.array([0.5, np.nan]), np.array(["甲", None], dtype=object)],
        fields=["day", "whole", "real", "text"],
        geometry_type="Polygon",
        crs="EPSG:4526",
        encoding="UTF-8",
    )
    made = {each.suffix[1:]: each.read_bytes() for each in tmp_path.glob("made.*")}
    rows = [dict(each.attributes) for each in read_parts(tmp_path, made).features]
    assert rows == [
        {"day": "2024-05-01", "whole": 7, "real": 0.5, "text": "甲"},
        {"day": None, "whole": 8, "real": None, "text": None},
    ]
    assert type(rows[0]["whole"]) is int
