"""What a download says of itself, in every format that has room for it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from made import made

from datasets.labels import Label
from datasets.world import World
from geo.draw.about import Publisher, about
from geo.draw.export import export
from geo.model import default_kinds
from geo.query import Selection

WHO = Publisher(
    Label("某市热力图", "Some map"),
    "https://map.example.cn/",
    "CC BY 4.0",
    "https://creativecommons.org/licenses/by/4.0/",
    {"d": Label("某报", "Some paper")},
)


@pytest.fixture(scope="module")
def selection(drawn: Callable[..., Selection]) -> Selection:
    """Three plots, two of them demonstration data."""
    return drawn(
        made("plot", source="d:1"), made("plot", source="d:2-3", demo=True), made("plot", source="e", demo=True)
    )


@pytest.fixture
def told(selection: Selection, atlas: World) -> Callable[[str], bytes]:
    return lambda name: b"".join(export(selection, "plot", name, atlas, "zh", None, "county=411082", WHO))


def test_the_lines_count_what_is_there(selection: Selection) -> None:
    table, rows = selection.snapshot.table("plot"), selection.rows_by_id("plot")
    told = about(table, rows, default_kinds().get("plot"), "zh", "v1", "county=411082", WHO)
    assert told.members["features"] == len(rows) == 3
    assert told.members["sources"] == ["某报", "e"]
    assert sum(told.members["precision"].values()) == len(rows)
    assert told.members["demonstration"] == 2
    nobody = about(table, rows[:0], default_kinds().get("plot"), "en", "v1")
    assert dict(nobody.lines)["Licence"] == "not stated"
    assert dict(nobody.lines)["Demonstration data"] == "none"


def test_geojson_says_it_before_the_features(told: Callable[[str], bytes]) -> None:
    file = json.loads(told("geojson"))
    assert list(file)[:3] == ["type", "metadata", "features"]
    assert file["metadata"]["licence"] == "CC BY 4.0"
    assert file["metadata"]["features"] == len(file["features"])
    assert file["metadata"]["filter"] == "county=411082"


def test_csv_says_it_in_its_columns(told: Callable[[str], bytes]) -> None:
    text = told("csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    assert all(row["许可"].startswith("CC BY 4.0") for row in rows)
    assert {"来源", "许可", "经度（WGS-84）"} <= set(rows[0])


def test_xlsx_says_it_in_its_properties(told: Callable[[str], bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(told("xlsx")))
    assert len(book.worksheets) == 1
    assert "许可: CC BY 4.0" in (book.properties.description or "")


def test_gpkg_says_it_in_its_metadata(told: Callable[[str], bytes], tmp_path: Path) -> None:
    path = tmp_path / "plot.gpkg"
    path.write_bytes(told("gpkg"))
    with sqlite3.connect(path) as file:
        texts = [row[0] for row in file.execute("SELECT metadata FROM gpkg_metadata")]
    file.close()
    assert any("CC BY 4.0" in text for text in texts)


def test_kml_and_shapefile_say_it(told: Callable[[str], bytes]) -> None:
    root = ET.fromstring(told("kml"))  # noqa: S314 (our own file)
    assert "CC BY 4.0" in (root.findtext(".//{*}Document/{*}description") or "")
    with zipfile.ZipFile(io.BytesIO(told("shp"))) as packed:
        assert "CC BY 4.0" in packed.read("readme.txt").decode("utf-8-sig")
