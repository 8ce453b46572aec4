"""GeoJSON whole and by lines, new form and old, sound and damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from fuzzed_gis import codes, damaged, holds, read, refused
from hypothesis import given
from hypothesis import strategies as st
from made_gis import feature, geojson, ring_of, square, with_hole

from geo.read.formats.geojson import READER
from geo.read.raw import ReadFile, Sniff

DEGREES = shapely.box(113.8, 34.0, 113.81, 34.01)


def collection(*features: object, **more: object) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def read_json(folder: Path, value: object) -> ReadFile:
    return read(READER, geojson(folder / "a.geojson", value))


def read_text(folder: Path, text: str | bytes) -> ReadFile:
    path = folder / "a.geojson"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(READER, path)


def refused_text(folder: Path, text: str | bytes) -> str:
    path = folder / "a.geojson"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return refused(READER, path)


def test_a_collection_is_wgs84(tmp_path: Path) -> None:
    file = read_json(tmp_path, collection(feature(DEGREES, 名称="一号", 面积=84.5), feature(None, 名称="二号")))
    assert [(each.where, dict(each.attributes)) for each in file.features] == [
        ("a.geojson#1", {"名称": "一号", "面积": 84.5}),
        ("a.geojson#2", {"名称": "二号"}),
    ]
    assert file.features[0].geometry == DEGREES
    assert file.declared is not None
    assert file.declared.epsg == 4326
    assert codes(file) == ["no-geometry"]


def test_one_feature_a_bare_geometry_and_a_collection_of_geometries(tmp_path: Path) -> None:
    bare = json.loads(shapely.to_geojson(DEGREES))
    for value in (feature(DEGREES), bare, {"type": "GeometryCollection", "geometries": [bare]}):
        file = read_json(tmp_path, value)
        assert [each.where for each in file.features] == ["a.geojson#1"]
        assert shapely.equals(file.features[0].geometry, DEGREES)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(113.8, 34),
        shapely.MultiPoint([(113.8, 34), (113.9, 34)]),
        shapely.LineString([(113.8, 34), (113.9, 34)]),
        shapely.MultiLineString([[(113.8, 34), (113.9, 34)], [(113.8, 35), (113.9, 35)]]),
        shapely.MultiPolygon(
            [DEGREES, shapely.box(114, 35, 114.1, 35.1).difference(shapely.box(114.01, 35.01, 114.02, 35.02))]
        ),
    ],
)
def test_every_type_is_read_alone_and_among_others(tmp_path: Path, shape: shapely.Geometry) -> None:
    file = read_json(tmp_path, collection(feature(shape)))
    assert shapely.equals(file.features[0].geometry, shape)
    mixed = read_json(
        tmp_path, collection(feature(shape), feature(DEGREES), feature(shapely.LineString([(0, 0), (1, 1)])))
    )
    assert shapely.equals(mixed.features[0].geometry, shape)
    assert shapely.equals(mixed.features[1].geometry, DEGREES)
    assert codes(mixed) == ["mixed-geometry-types"]


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4526"}},
        {"type": "name", "properties": {"name": "EPSG:4526"}},
        {"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/EPSG/0/4526"}},
        {"type": "EPSG", "properties": {"code": 4526}},
    ],
)
def test_the_old_crs_member_is_heeded(tmp_path: Path, crs: object) -> None:
    file = read_json(tmp_path, collection(feature(with_hole()), crs=crs))
    assert file.declared is not None
    assert file.declared.epsg == 4526
    assert shapely.equals(file.features[0].geometry, with_hole())
    assert codes(file) == []


def test_crs84_is_wgs84_and_an_unclear_crs_is_nothing(tmp_path: Path) -> None:
    crs84 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    file = read_json(tmp_path, collection(feature(DEGREES), crs=crs84))
    assert file.declared is not None
    assert file.declared.epsg == 4326
    for crs in (None, "x", {"type": "link", "properties": {"href": "http://example.invalid/x"}}):
        file = read_json(tmp_path, collection(feature(DEGREES), crs=crs))
        assert file.declared is None or file.declared.epsg is None
        assert codes(file) == ["crs-unclear"]


def test_metres_are_not_passed_off_as_degrees(tmp_path: Path) -> None:
    file = read_json(tmp_path, collection(feature(square()), feature(square(1))))
    assert file.declared is None
    assert codes(file) == ["geojson-not-degrees"]
    outlier = shapely.box(500, 500, 501, 501)
    file = read_json(tmp_path, collection(feature(DEGREES), feature(DEGREES), feature(outlier)))
    assert file.declared is not None


def test_one_feature_a_line(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(feature(DEGREES, n=n)) for n in range(3))
    for text in (lines, lines + "\n", lines.replace("\n", "\r\n"), "\x1e" + lines.replace("\n", "\n\x1e")):
        file = read_text(tmp_path, text)
        assert [each.where for each in file.features] == ["a.geojson:1", "a.geojson:2", "a.geojson:3"]
        assert [each.attributes["n"] for each in file.features] == [0, 1, 2]
    with pytest.raises(ValueError, match="line 3, column"):
        read_text(tmp_path, lines[:-5])


def test_marks_and_chinese_encodings(tmp_path: Path) -> None:
    text = json.dumps(collection(feature(DEGREES, 名称="一号地块")), ensure_ascii=False)
    for data in (text.encode("utf-8-sig"), text.encode("gbk"), text.encode("utf-16")):
        file = read_text(tmp_path, data)
        assert file.features[0].attributes == {"名称": "一号地块"}
        assert READER.recognises(Sniff("a.txt", data)) > 90


def test_bad_json_tells_line_and_column(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 3, column 8"):
        read_text(tmp_path, '{"type": "FeatureCollection",\n"features": [\n  {"a":,}]}')
    text = json.dumps(collection(feature(DEGREES)))
    assert {refused_text(tmp_path, text[:length]) for length in range(1, len(text) - 1, 7)} == {"bad-json"}


def test_bombs_are_refused(tmp_path: Path) -> None:
    assert refused_text(tmp_path, '{"type":"Feature","geometry":{"coordinates":' + "[" * 100_000) == "json-too-deep"
    assert refused_text(tmp_path, '{"type":"Feature","properties":' + '{"a":' * 100_000) == "json-too-deep"
    assert refused_text(tmp_path, '{"type":"Feature","n":' + "9" * 100_000 + "}") == "bad-json"
    nested: dict[str, Any] = {"type": "Point", "coordinates": [113.8, 34]}
    for _ in range(50):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    assert codes(read_json(tmp_path, nested)) == ["geometry-malformed"]


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "1e300"])
def test_impossible_numbers_are_errors_of_their_row(tmp_path: Path, bad: str) -> None:
    text = json.dumps(collection(feature(DEGREES), feature(DEGREES), feature(DEGREES, last=True)))
    # The second feature's first longitude.
    at = text.index("[[[", text.index("[[[") + 3) + 12
    at = text.index("113.8", at - 12)
    end = text.index(",", at)
    file = read_text(tmp_path, text[:at] + bad + text[end:])
    assert [len(each.findings) for each in file.features] == [0, 1, 0]
    assert file.features[1].findings[0].code in ("coordinate-not-finite", "coordinate-out-of-range")
    assert file.features[1].geometry is None


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, None], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[["x", 0], [1, 0], [1, 1], ["x", 0]]]},
        {"type": "Polygon", "coordinates": 5},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "Circle", "coordinates": [0, 0]},
        {"type": ["Polygon"], "coordinates": []},
        {"type": "MultiPolygon", "coordinates": {"a": 1}},
        "text",
        5,
    ],
)
def test_malformed_geometries_are_errors_of_their_row(tmp_path: Path, geometry: object) -> None:
    broken = {"type": "Feature", "properties": {}, "geometry": geometry}
    file = read_json(tmp_path, collection(feature(DEGREES), broken))
    assert [[each.code for each in row.findings] for row in file.features] == [[], ["geometry-malformed"]]


def test_open_rings_texts_and_heights_have_their_findings(tmp_path: Path) -> None:
    shell = [[113.8, 34.0], [113.81, 34.0], [113.81, 34.01], [113.8, 34.01]]
    file = read_json(tmp_path, collection(feature(DEGREES) | {"geometry": {"type": "Polygon", "coordinates": [shell]}}))
    assert shapely.equals(file.features[0].geometry, DEGREES)
    assert codes(file) == ["ring-was-open"]
    words = [[str(x), str(y)] for x, y in [*shell, shell[0]]]
    file = read_json(tmp_path, collection(feature(DEGREES) | {"geometry": {"type": "Polygon", "coordinates": [words]}}))
    assert codes(file) == ["text-coordinates"]
    for more in ((), (feature(shapely.Point(113.8, 34.0)),)):
        file = read_json(tmp_path, collection(feature(shapely.force_3d(DEGREES, 85.0)), *more))
        assert file.features[0].geometry == DEGREES
        assert codes(file)[0] == "heights-dropped"


def test_other_jsons_are_told_apart(tmp_path: Path) -> None:
    for value in ({"type": "Topology"}, {"rings": []}, {"a": 1}, [1, 2], {"type": "FeatureCollection"}):
        path = geojson(tmp_path / "a.json", value)
        assert READER.recognises(Sniff(path.name, path.read_bytes())) > 0
        assert refused(READER, path) == "not-geojson"
    assert refused_text(tmp_path, json.dumps(collection())) == "no-features"


def test_odd_properties_become_plain_values(tmp_path: Path) -> None:
    odd = {"type": "Feature", "id": 7, "properties": {"a": [1, {"b": "中"}], "c": None, "d": True}, "geometry": None}
    file = read_json(tmp_path, collection(odd, {"type": "Feature", "properties": "x", "geometry": None}))
    assert [dict(each.attributes) for each in file.features] == [
        {"a": '[1, {"b": "中"}]', "c": None, "d": True, "id": 7},
        {},
    ]


def test_a_very_long_ring_is_warned_of(tmp_path: Path) -> None:
    file = read_json(tmp_path, collection(feature(ring_of(150_000, degrees=True))))
    assert codes(file) == ["ring-very-long"]
    assert shapely.get_num_coordinates(file.features[0].geometry) == 150_001


def test_another_extension_is_warned_of(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.kml", collection(feature(DEGREES)))
    assert codes(read(READER, path)) == ["extension-differs"]


WHOLE = json.dumps(
    collection(feature(DEGREES, 名称="一"), feature(shapely.MultiPolygon([DEGREES])), feature(shapely.Point(1, 2)))
).encode()


@given(st.data())
def test_damaged_files_raise_nothing_but_unreadable(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.geojson"
    holds(READER, path, data.draw(damaged(WHOLE) | st.binary(max_size=300) | st.text(max_size=100).map(str.encode)))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)
KINDS = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection", "X")


@given(st.lists(st.tuples(st.sampled_from(KINDS), JSON, JSON), min_size=1, max_size=4))
def test_any_coordinates_raise_nothing_but_unreadable(
    tmp_path_factory: pytest.TempPathFactory, members: list[tuple[str, object, object]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "odd.geojson"
    features = [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": odd, "geometries": odd}}
        for kind, odd, properties in members
    ]
    holds(READER, path, json.dumps(collection(*features)).encode())
