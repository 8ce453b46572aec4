"""KML and KMZ: placemarks with what they say of themselves, and documents that mean harm."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from fuzzed_gis import codes, damaged, holds, read, refused
from hypothesis import given
from hypothesis import strategies as st
from made_gis import INNER_KML, SQUARE_KML, kml, kml_polygon, zipped

from geo.read.formats.kml import READER
from geo.read.raw import ReadFile, Sniff

SQUARE = shapely.box(113.8, 34.0, 113.81, 34.01)
INNER = shapely.box(113.802, 34.002, 113.804, 34.004)


def placed(*shapes: str) -> str:
    return "".join(f"<Placemark><name>{n}</name>{shape}</Placemark>" for n, shape in enumerate(shapes, start=1))


def at(coordinates: str) -> str:
    return f"<Point><coordinates>{coordinates}</coordinates></Point>"


def read_body(folder: Path, body: str | bytes) -> ReadFile:
    path = folder / "a.kml"
    path.write_bytes(kml(body) if isinstance(body, str) else body)
    return read(READER, path)


def refused_bytes(folder: Path, data: bytes) -> str:
    path = folder / "a.kml"
    path.write_bytes(data)
    return refused(READER, path)


def row_codes(file: ReadFile) -> list[list[str]]:
    return [[each.code for each in row.findings] for row in file.features]


def test_a_polygon_with_a_hole_is_wgs84_with_a_word_of_caution(tmp_path: Path) -> None:
    file = read_body(tmp_path, placed(kml_polygon(SQUARE_KML, INNER_KML)))
    assert shapely.equals(file.features[0].geometry, SQUARE.difference(INNER))
    assert file.features[0].where == "a.kml#1"
    assert file.declared is not None
    assert file.declared.epsg == 4326
    assert codes(file) == ["kml-gcj02"]


def test_all_that_a_placemark_says_becomes_attributes(tmp_path: Path) -> None:
    body = (
        "<name>文件</name><Folder><name>东区</name><Folder><name>一期</name><Placemark id='p1'><name>一号</name>"
        "<description><![CDATA[<table><tr><td>面积</td><td>84亩</td></tr><tr><td>one</td></tr></table>]]></description>"
        "<ExtendedData><Data name='用途'><value>工业</value></Data><SchemaData schemaUrl='#s'>"
        f"<SimpleData name='code'>A-1</SimpleData></SchemaData></ExtendedData>{at('113.8,34')}</Placemark></Folder></Folder>"
        f"{placed(at('113.8,34'))}"
    )
    file = read_body(tmp_path, body)
    found = dict(file.features[0].attributes)
    assert str(found.pop("description")).startswith("<table>")
    assert found == {"name": "一号", "用途": "工业", "code": "A-1", "面积": "84亩", "folder": "东区/一期", "id": "p1"}
    assert dict(file.features[1].attributes) == {"name": "1"}


def test_every_kind_of_geometry(tmp_path: Path) -> None:
    line = "<LineString><coordinates>113.8,34 113.9,34.1</coordinates></LineString>"
    polygons = (
        f"<MultiGeometry>{kml_polygon(SQUARE_KML)}{kml_polygon('114,35 114.1,35 114.1,35.1 114,35')}</MultiGeometry>"
    )
    mixed = f"<MultiGeometry>{at('113.8,34')}<MultiGeometry>{line}</MultiGeometry></MultiGeometry>"
    file = read_body(tmp_path, placed(at("113.8,34,5"), line, polygons, mixed, "<MultiGeometry/>"))
    kinds = [each.geometry.geom_type if each.geometry is not None else None for each in file.features]
    assert kinds == ["Point", "LineString", "MultiPolygon", "GeometryCollection", None]
    assert {"heights-dropped", "mixed-geometry-types"} <= set(codes(file))
    assert row_codes(file)[4] == ["no-geometry"]


def test_commas_with_blanks_and_open_rings_are_understood(tmp_path: Path) -> None:
    spaced = "113.8, 34.0, 0\n 113.81 ,34.0,0 113.81,34.01,0 113.8,34.01,0"
    file = read_body(tmp_path, placed(kml_polygon(spaced)))
    assert shapely.equals(file.features[0].geometry, SQUARE)
    assert row_codes(file) == [["ring-was-open"]]


@pytest.mark.parametrize(
    "coordinates",
    [
        "",
        "113.8",
        "113.8 34",
        "113.8,34,5,6",
        "a,b",
        "113.8,34,",
        ",",
        "113.8,34 113.9",
        "1e,3",
        "113°48,34°",
        "113.8;34",
    ],
)
def test_malformed_coordinates_name_the_placemark(tmp_path: Path, coordinates: str) -> None:
    file = read_body(tmp_path, placed(at("113.8,34"), at(coordinates)))
    assert row_codes(file) == [[], ["geometry-malformed"]]
    assert file.features[1].findings[0].where == "a.kml#2"


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999", "9" * 500, "1e200"])
@pytest.mark.parametrize("shape", ["point", "ring"])
def test_impossible_numbers_name_the_placemark(tmp_path: Path, number: str, shape: str) -> None:
    odd = at(f"{number},34") if shape == "point" else kml_polygon(f"{number},34 113,34 113,35 {number},34")
    file = read_body(tmp_path, placed(odd, at("113.8,34")))
    assert row_codes(file)[0][0] in ("coordinate-not-finite", "coordinate-out-of-range")
    assert file.features[0].geometry is None
    assert row_codes(file)[1] == []


@pytest.mark.parametrize(
    "polygon",
    [
        kml_polygon("113.8,34 113.9,34"),
        "<Polygon/>",
        kml_polygon(SQUARE_KML).replace("</Polygon>", "") + kml_polygon(SQUARE_KML).replace("<Polygon>", ""),
    ],
)
def test_malformed_polygons_name_the_placemark(tmp_path: Path, polygon: str) -> None:
    assert row_codes(read_body(tmp_path, placed(polygon))) == [["geometry-malformed"]]


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    link = "<NetworkLink><Link><href>http://example.invalid/a.kml</href></Link></NetworkLink>"
    file = read_body(tmp_path, link + placed("<Model/>"))
    assert "kml-network-link" in codes(file)
    assert row_codes(file) == [["kml-unsupported"]]


ENTITIES = (
    '<!DOCTYPE k [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><kml><Placemark><name>&b;</name></Placemark></kml>',
    '<!DOCTYPE k [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml><Placemark><name>&a;</name></Placemark></kml>',
    '<!DOCTYPE k [<!ENTITY % a SYSTEM "http://example.invalid/a.dtd"> %a;]><kml/>',
)


@pytest.mark.parametrize("text", ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path: Path, text: str, encoding: str) -> None:
    assert refused_bytes(tmp_path, text.encode(encoding)) == "xml-entities"
    assert refused(READER, zipped(tmp_path / "a.kmz", {"doc.kml": text.encode(encoding)})) == "xml-entities"


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    assert refused_bytes(tmp_path, kml("<Folder>" * 100_000)) == "xml-too-deep"


def test_bad_xml_tells_the_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 3"):
        read_body(tmp_path, kml("\n<a></b>"))
    whole = kml(placed(kml_polygon(SQUARE_KML)))
    assert {refused_bytes(tmp_path, whole[:length]) for length in range(1, len(whole) - 6, 11)} == {"xml-malformed"}


def test_what_is_no_kml_and_what_is_empty(tmp_path: Path) -> None:
    assert refused_bytes(tmp_path, b"<gpx><wpt/></gpx>") == "not-kml"
    assert refused_bytes(tmp_path, kml("")) == "no-features"
    assert refused_bytes(tmp_path, b" \n") == "xml-malformed"
    assert refused_bytes(tmp_path, b'<?xml version="1.0" encoding="nonsense"?><kml/>') in (
        "unknown-encoding",
        "xml-malformed",
    )


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("GBK", "gbk"), ("gb2312", "gbk"), ("UTF-8", "gbk"), ("UTF-8", "utf-8-sig"), ("UTF-16", "utf-16")],
)
def test_chinese_encodings_are_read(tmp_path: Path, declared: str, encoding: str) -> None:
    text = kml("<Placemark><name>一号地块</name></Placemark>", f'<?xml version="1.0" encoding="{declared}"?>').decode()
    assert READER.recognises(Sniff("a.xml", text.encode(encoding))) > 90
    assert read_body(tmp_path, text.encode(encoding)).features[0].attributes == {"name": "一号地块"}


def test_kmz_and_its_refusals(tmp_path: Path) -> None:
    whole = kml(placed(at("113.8,34")))
    path = zipped(tmp_path / "a.kmz", {"doc.kml": whole, "files/a.png": b"1"})
    assert READER.recognises(Sniff("a.bin", path.read_bytes())) > 90
    assert [each.where for each in read(READER, path).features] == ["a.kmz#1"]
    path = zipped(tmp_path / "b.kmz", {"doc.kml": whole, "more/Other.KML": whole})
    assert [each.where for each in read(READER, path).features] == ["b.kmz/doc.kml#1", "b.kmz/Other.KML#1"]
    assert refused(READER, zipped(tmp_path / "c.kmz", {"a.png": b"1"})) == "kmz-without-kml"
    assert refused(READER, zipped(tmp_path / "d.kmz", {"../doc.kml": whole})) == "zip-slip"
    assert refused(READER, zipped(tmp_path / "e.kmz", {"doc.kml": b" " * (8 << 20)})) == "zip-bomb"


def test_a_very_long_ring_and_another_extension(tmp_path: Path) -> None:
    points = " ".join(f"{113 + n / 1e6},{34 + (n % 7) / 1e3}" for n in range(120_000))
    path = tmp_path / "a.xml"
    path.write_bytes(kml(placed(kml_polygon(points + " 113,34.0"))))
    assert codes(read(READER, path)) == ["extension-differs", "kml-gcj02", "ring-very-long"]


WHOLE = kml(
    f"<Folder><name>东区</name>{placed(kml_polygon(SQUARE_KML, INNER_KML), at('113.8,34'))}</Folder>"
    "<Placemark><ExtendedData><Data name='a'><value>b</value></Data></ExtendedData></Placemark>"
)


@given(st.data())
def test_damaged_files_raise_nothing_but_unreadable(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.kml"
    holds(READER, path, data.draw(damaged(WHOLE) | st.binary(max_size=300)))


@given(st.text(alphabet="0123456789.,-+eE \n\tna", max_size=60) | st.text(max_size=20))
def test_any_coordinates_raise_nothing_but_unreadable(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "odd.kml"
    data = (
        kml(placed(at(text), kml_polygon(text))).decode(errors="replace")
        if text.isprintable() or text.isascii()
        else ""
    )
    holds(READER, path, data.encode())
