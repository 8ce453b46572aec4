"""A table of places that is wrong is refused, with its line, column, value and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from pyproj import Geod

from datasets import boundaries, gazetteer
from datasets.gazetteer import GazetteerError, loading

GOOD = {
    "id": "a-park",
    "zh": "甲园",
    "en": "Park A",
    "aliases": "甲;园甲",
    "kind": "park",
    "county": "411082",
    "within": "",
    "lon": "113.77",
    "lat": "34.22",
    "precision": "address",
    "source": "survey of 2025",
    "note": "",
}
HOLDER = {**GOOD, "id": "holder", "zh": "乙区", "en": "B", "aliases": "", "kind": "functional_district"}
FAR = {**HOLDER, "id": "far", "zh": "丙区", "en": "C", "county": "410800", "lon": "", "lat": "", "source": ""}
FAR["precision"] = "city"


def table(folder: Path, *rows: dict[str, str], header: str = ",".join(loading.COLUMNS)) -> Path:
    path = folder / "own.csv"
    lines = [header, *(",".join(row[column] for column in loading.COLUMNS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def refused(path: Path, *parts: str) -> GazetteerError:
    with pytest.raises(GazetteerError) as caught:
        gazetteer.load(path)
    for part in (path.name, *parts):
        assert part in caught.value.label.zh, part
        assert part in str(caught.value), part
    return caught.value


def test_a_good_table_loads(tmp_path: Path) -> None:
    own = gazetteer.load(table(tmp_path, HOLDER, FAR, {**GOOD, "within": "holder"}))
    assert list(own.places) == ["holder", "far", "a-park"]
    assert own.find("园甲") is own.places["a-park"]
    assert own.places["a-park"].within == "holder"
    assert own.places["far"].lon is None


@pytest.mark.parametrize(
    ("column", "value", "hint"),
    [
        ("id", "A Park", "hyphens"),
        ("id", "holder", "earlier row"),
        ("zh", "", "empty"),
        ("en", "—", "empty"),
        ("zh", "乙区", "holder"),
        ("aliases", "乙 区", "holder"),
        ("kind", "parc", "functional_district"),
        ("precision", "exact", "address"),
        ("county", "411099", "no county"),
        ("county", "410108", "outside Huiji District"),
        ("lon", "113°46′", "degrees"),
        ("lon", "nan", "degrees"),
        ("lon", "", "degrees"),
        ("lat", "91", "degrees"),
        ("source", "", "where the coordinates come from"),
        ("within", "nowhere", "no other row"),
        ("within", "a-park", "no other row"),
        ("within", "far", "another city"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, column: str, value: str, hint: str) -> None:
    error = refused(table(tmp_path, HOLDER, FAR, {**GOOD, column: value}), "4", column, value)
    assert "第 4 行" in error.label.zh
    assert hint in str(error)


@pytest.mark.parametrize(
    ("changes", "column"), [({"precision": "town", "source": ""}, "precision"), ({"precision": "county"}, "source")]
)
def test_without_coordinates_nothing_finer_is_claimed(tmp_path: Path, changes: dict[str, str], column: str) -> None:
    refused(table(tmp_path, {**GOOD, "lon": "", "lat": "", **changes}), column)


def test_a_point_may_lie_300_m_outside_the_generalised_border_but_no_more(tmp_path: Path) -> None:
    corners = shapely.get_coordinates(boundaries.load().counties["411081"].geometry)
    lon, lat = max(map(tuple, corners))  # the easternmost: due east of it nothing is nearer
    for metres, refuse in ((290, False), (310, True)):
        east, level, _ = Geod(ellps="WGS84").fwd(lon, lat, 90, metres)
        path = table(tmp_path, {**GOOD, "county": "411081", "lon": f"{east:.7f}", "lat": f"{level:.7f}"})
        gazetteer.load.cache_clear()
        if refuse:
            refused(path, "county", "300")
        else:
            assert gazetteer.load(path).places


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    refused(tmp_path / "none.csv")
    refused(table(tmp_path, GOOD, header="id,zh"), "id,zh,en,aliases")
    short = table(tmp_path)
    short.write_text(short.read_text(encoding="utf-8") + "a,b\n", encoding="utf-8")
    assert "第 2 行有 2 列" in refused(short).label.zh
    quoted = tmp_path / "quoted.csv"
    quoted.write_text(",".join(loading.COLUMNS) + '\n"a"b,', encoding="utf-8")
    assert "CSV" in str(refused(quoted))
    gbk = tmp_path / "gbk.csv"
    gbk.write_bytes("编号".encode("gbk"))
    refused(gbk, "UTF-8")
    empty = tmp_path / "empty.csv"
    empty.write_text("", encoding="utf-8")
    refused(empty)
