"""Damaged and incomplete shapefiles: every fault is named, and nothing else is raised."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import shapely
from fuzzed_gis import damaged, holds, read, refused
from hypothesis import given
from hypothesis import strategies as st
from made_gis import parts, square, with_hole, zipped

from geo.model.finding import Severity
from geo.read.formats.shapefile import READER
from geo.read.raw import ReadFile, Sniff


def read_parts(folder: Path, made: dict[str, bytes], name: str = "plots") -> ReadFile:
    return read(READER, zipped(folder / "a.zip", {f"{name}.{suffix}": data for suffix, data in made.items()}))


def refused_parts(folder: Path, made: dict[str, bytes]) -> str:
    return refused(READER, zipped(folder / "a.zip", {f"plots.{suffix}": data for suffix, data in made.items()}))


def test_without_shp_the_way_out_is_told(tmp_path: Path) -> None:
    made = parts(tmp_path)
    del made["shp"]
    assert refused_parts(tmp_path, made) == "missing-shp"


@pytest.mark.parametrize("suffix", ["shp", "shx", "dbf"])
def test_every_part_cut_off_is_named(tmp_path: Path, suffix: str) -> None:
    made = parts(tmp_path)
    for length in (0, 10, 50, len(made[suffix]) - 20):
        assert refused_parts(tmp_path, made | {suffix: made[suffix][:length]}) == f"{suffix}-truncated"


def test_a_cut_shp_without_shx_is_named(tmp_path: Path) -> None:
    made = parts(tmp_path)
    del made["shx"]
    # The header's length is cut down with the file, so that only the records tell.
    cut = made["shp"][:-20]
    made["shp"] = cut[:24] + struct.pack(">i", len(cut) // 2) + cut[28:]
    assert refused_parts(tmp_path, made) == "shp-truncated"


@pytest.mark.parametrize("suffix", ["shp", "shx"])
def test_a_part_of_another_format_is_named(tmp_path: Path, suffix: str) -> None:
    assert refused_parts(tmp_path, parts(tmp_path) | {suffix: b"<html>" * 50}) == f"{suffix}-damaged"


def test_a_dbf_of_another_file_is_an_error(tmp_path: Path) -> None:
    made = parts(tmp_path)
    (tmp_path / "1").mkdir()
    file = read_parts(tmp_path, made | {"dbf": parts(tmp_path / "1", [square()])["dbf"]})
    assert [each.code for each in file.findings if each.severity == Severity.ERROR] == ["dbf-count"]


def test_a_damaged_record_is_an_error_of_its_row(tmp_path: Path) -> None:
    made = parts(tmp_path)
    shp = bytearray(made["shp"])
    second = 2 * struct.unpack_from(">i", made["shx"], 108)[0]
    shp[second + 8 + 36 : second + 8 + 40] = b"\xff\xff\xff\x7f"
    file = read_parts(tmp_path, made | {"shp": bytes(shp)})
    assert [[each.code for each in row.findings] for row in file.features] == [[], ["geometry-damaged"], []]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_impossible_coordinates_are_errors_of_their_row(tmp_path: Path, bad: float) -> None:
    made = parts(tmp_path)
    shp = bytearray(made["shp"])
    points = 2 * struct.unpack_from(">i", made["shx"], 108)[0] + 8 + 44 + 4
    shp[points + 16 : points + 24] = struct.pack("<d", bad)
    file = read_parts(tmp_path, made | {"shp": bytes(shp)})
    wanted = "coordinate-not-finite" if not np.isfinite(bad) else "coordinate-out-of-range"
    assert [[each.code for each in row.findings] for row in file.features] == [[], [wanted], []]
    assert file.features[1].geometry is None
    assert file.features[1].findings[0].where == "plots.shp#2"


@pytest.mark.parametrize("suffix", ["shp", "shx", "dbf", "prj"])
def test_a_part_without_its_zip_says_to_zip_all(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"plots.{suffix}"
    path.write_bytes(parts(tmp_path)[suffix])
    assert READER.recognises(Sniff(path.name, path.read_bytes())) > 0
    assert refused(READER, path) == "shapefile-not-zipped"


def test_other_archives_and_other_contents_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.rar").write_bytes(b"Rar!\x1a\x07\x00")
    assert refused(READER, tmp_path / "a.rar") == "archive-not-zip"
    assert refused(READER, zipped(tmp_path / "a.zip", {"地块.txt": b"1"})) == "zip-without-shapefile"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    return parts(folder, [square(), with_hole(), None, shapely.MultiPolygon([square(), square(3)])])


@given(st.data())
def test_damaged_parts_raise_nothing_but_unreadable(
    tmp_path_factory: pytest.TempPathFactory, whole: dict[str, bytes], data: st.DataObject
) -> None:
    made = dict(whole)
    for suffix in data.draw(st.sets(st.sampled_from(sorted(made)), min_size=1)):
        made[suffix] = data.draw(damaged(made[suffix]) | st.binary(max_size=300))
    folder = tmp_path_factory.getbasetemp()
    packed = zipped(folder / "fuzzed-parts.zip", {f"a.{suffix}": each for suffix, each in made.items()}).read_bytes()
    holds(READER, folder / "fuzzed-shapes.zip", packed)


@given(st.data())
def test_damaged_zips_raise_nothing_but_unreadable(
    tmp_path_factory: pytest.TempPathFactory, whole: dict[str, bytes], data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    packed = zipped(folder / "fuzzed-whole.zip", {f"a.{suffix}": each for suffix, each in whole.items()}).read_bytes()
    holds(READER, folder / "fuzzed-zip.zip", data.draw(damaged(packed) | st.binary(max_size=300)))
