"""Boundary-point text: every variant that exporters write gives the same parcel, and every fault its line."""

from __future__ import annotations

import re

import pytest
from made_txt import EAST, HEADER, NORTH, Parcel, square, text

from geo.model.finding import Severity
from geo.read.formats.boundary_txt import READER, parsed
from geo.read.raw import ReadFile, Sniff, Unreadable, nothing_done


def read(content: str | bytes, encoding: str = "utf-8") -> ReadFile:
    data = content if isinstance(content, bytes) else content.encode(encoding)
    return parsed(data, "a.txt", nothing_done)


def codes(file: ReadFile) -> list[str]:
    return [f.code for f in file.findings] + [f.code for feature in file.features for f in feature.findings]


def line_of(content: str, part: str) -> int:
    return next(n for n, line in enumerate(re.split(r"\r?\n", content), start=1) if part in line)


def test_reads_the_usual_form() -> None:
    content = text([Parcel(area="0.77")])
    file = read(content)
    (feature,) = file.features
    assert file.format == "boundary-txt"
    assert codes(file) == []
    assert feature.where == f"a.txt:{line_of(content, '@')}"
    assert feature.geometry is not None and feature.geometry.area == pytest.approx(10_000)
    assert feature.geometry.bounds == (EAST, NORTH, EAST + 100, NORTH + 100)
    assert feature.attributes["地块编号"] == "411002-01"
    assert feature.attributes["地块面积"] == "0.77"
    assert feature.attributes["地类编码"] == "1001"
    declared = file.declared
    assert declared is not None
    assert (declared.datum, declared.width, declared.zone, declared.meridian) == ("CGCS2000", 3, 38, None)
    assert "转换参数=0,0,0,0,0,0,0" in declared.text


PLAIN = text()


@pytest.mark.parametrize(
    "content",
    [
        text(marks="【】"),
        text(marks="［］"),
        text(before="[项目信息]\r\n项目名称=某项目\r\n联系电话：0374-1234567"),
        text(letter=""),
        text(closing="absent"),
        text(closing="next"),
        text(separator="\t"),
        text(separator=" "),
        text(separator="，"),
        text(separator=" , "),
        text([Parcel(extra=("一般", "旱地", "10", "9"))]),
        text([Parcel(extra=("一般", "旱地", "10", "9", "无"))]),
        text([Parcel(count=4)]),
        text().translate({ord(str(d)): 0xFF10 + d for d in range(10)} | {ord("."): "．", ord("@"): "＠"}),
        text().replace("\r\n", "\n"),
        text().replace("\r\n", "\r"),
        text().replace("\r\n", "\n\n"),
        text(after="\x1a"),
        text(after=",,,\n , ,\n"),
        "点号,地块圈号,X,Y\n界址点数,地块面积,地块编号,地块名称,记录图形属性(点、线、面),图幅号,地块用途,地类编码,@\n"
        + text(),
    ],
)
def test_variants_mean_the_same_without_a_word(content: str) -> None:
    file = read(content)
    assert codes(file) == []
    assert [f.geometry.equals(g.geometry) for f, g in zip(file.features, read(PLAIN).features, strict=True)] == [True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    data = PLAIN.encode(encoding)
    assert READER.recognises(Sniff("x.dat", data[:65536])) >= 90
    (feature,) = read(data).features
    assert feature.attributes["地块名称"] == "示范地块"
    assert feature.geometry is not None and feature.geometry.area == pytest.approx(10_000)


def test_extra_fields_have_their_names() -> None:
    (feature,) = read(text([Parcel(extra=("一般", "旱地", "10", "9"))])).features
    assert feature.attributes["图斑类型"] == "一般"
    assert feature.attributes["改造后质量等别"] == "9"
    (feature,) = read(text([Parcel(extra=("甲", "乙", "丙"))])).features
    assert feature.attributes["附加字段3"] == "丙"


@pytest.mark.parametrize(
    ("content", "code", "part"),
    [
        (text(closing="off"), "ring-not-closed-exactly", "J1,1"),
        (text([Parcel(count=9)]), "point-count", "@"),
        (text(easting_first=True), "easting-first", "J1,1"),
        (text([Parcel(rings=[("1", square(EAST + 1e6))])]), "zone-mismatch", "J1,1"),
        (text(after="以上坐标由某单位提供"), "line-ignored", "以上坐标"),
        (text([Parcel(rings=[], count=0)]), "parcel-without-points", "@"),
        (text(header=HEADER | {"计量单位": "度"}), "unit-mismatch", "J1,1"),
        (text().replace(",@", ","), "header-without-at", "示范地块"),
        (text([Parcel(rings=[("1", square()), ("1", square(EAST + 300))])]), "ring-number-repeated", "J5,1"),
    ],
)
def test_clear_oddities_are_warned_of_with_their_line(content: str, code: str, part: str) -> None:
    file = read(content)
    every = [*file.findings, *(f for feature in file.features for f in feature.findings)]
    assert [(f.code, f.severity) for f in every] == [(code, Severity.WARNING)]
    assert every[0].where == f"a.txt:{line_of(content, part)}"
    assert every[0].message.zh and every[0].message.en


@pytest.mark.parametrize(
    ("content", "code", "part"),
    [
        (text().replace("J3,1,3770100.000", "J3,1,377O100.000"), "point-unreadable", "J3,1"),
        (text().replace("J3,1,3770100.000", "J3,1,"), "point-unreadable", "J3,1"),
        (text().replace("J3,1,3770100.000", "J3,1,NaN"), "coordinate-not-finite", "J3,1"),
        (text().replace("J3,1,3770100.000", "J3,1,1e999"), "point-unreadable", "J3,1"),
        (text().replace("J3,1,3770100.000", "J3,1,377010.000"), "coordinate-implausible", "J3,1"),
        (text().replace("J3,1,3770100.000,38512100", "J3,1,3770100.000,512100"), "mixed-systems", "J3,1"),
        (text().replace("J3,1,3770100.000,38512100.000", "J3,1,38512100.000,3770100.000"), "axes-mixed", "J3,1"),
        (text([Parcel(), Parcel(rings=[("1", square(512_000))], name="另一")]), "mixed-systems", "另一"),
        (text([Parcel(), Parcel(rings=[("1", square(EAST + 1e6))], name="另一")]), "mixed-systems", "另一"),
        (text([Parcel(rings=[("1", square(1000, 2000))])]), "coordinates-unknown", "J1,1"),
        (text([Parcel(rings=[], count=5)]), "parcel-without-points", "@"),
        (text([Parcel(rings=[("1", square()[:2])])]), "ring-too-few-points", "J1,1"),
        (
            text().replace("J1,1,3770000.000,38512000.000\r\nJ2", "J1,1,3770000.000,38511000.000\r\nJ2"),
            "closing-point-differs",
            "J1,1",
        ),
        (text(before="J9,1,3770000,38512000"), "point-without-parcel", "J9,1"),
        (text(after="[属性描述]\r\n带号=39"), "header-conflict", "带号=39"),
        (text()[:-20], "point-unreadable", None),
    ],
)
def test_what_is_not_clear_is_an_error_with_its_line(content: str, code: str, part: str | None) -> None:
    file = read(content)
    every = [*file.findings, *(f for feature in file.features for f in feature.findings)]
    faults = [f for f in every if f.severity is Severity.ERROR]
    assert [f.code for f in faults] == [code]
    line = line_of(content, part) if part else len(content.splitlines())
    assert faults[0].where == f"a.txt:{line}"


def test_the_coordinates_own_zone_wins_over_the_header() -> None:
    file = read(text([Parcel(rings=[("1", square(EAST + 1e6))])]))
    assert file.declared is not None and file.declared.zone == 39
    message = next(f.message for f in file.findings if f.code == "zone-mismatch")
    assert "38" in message.zh and "39" in message.zh and "38" in message.en and "39" in message.en


def test_a_parcel_in_another_system_says_which() -> None:
    file = read(text([Parcel(), Parcel(), Parcel(rings=[("1", square(EAST + 1e6))])]))
    assert [feature.crs.zone if feature.crs else None for feature in file.features] == [None, None, 39]


def test_degrees_without_a_description() -> None:
    rings = [("1", square(114.1, 34.2, 0.01))]
    file = read(text([Parcel(rings=rings)], header={}, decimals=8))
    assert file.declared is None
    assert codes(file) == []
    assert file.features[0].geometry is not None
    assert file.features[0].geometry.bounds == pytest.approx((114.1, 34.2, 114.11, 34.21))


def test_degrees_minutes_seconds() -> None:
    rows = ["J1,1,34°12′00″,114°06′00″", "J2,1,34°12′36″,114°06′00″", "J3,1,34°12′36″,114°06′36″"]
    content = "[地块坐标]\n3,1,A,甲,面,,,,@\n" + "\n".join(rows)
    (feature,) = read(content).features
    assert feature.geometry is not None
    assert feature.geometry.bounds == pytest.approx((114.1, 34.2, 114.11, 34.21))


@pytest.mark.parametrize(
    ("rings", "kind", "parts", "holes"),
    [
        ([("1", square()), ("2", square(EAST + 20, NORTH + 20, 30))], "Polygon", 1, 1),
        ([("1", square()), ("2", square(EAST + 500))], "MultiPolygon", 2, 0),
        ([("2", square(EAST + 20, NORTH + 20, 30)), ("1", square())], "Polygon", 1, 1),
        ([("1", square()), ("1", square(EAST + 20, NORTH + 20, 30))], "Polygon", 1, 1),
    ],
)
def test_holes_and_detached_parts_by_containment(
    rings: list[tuple[str, list[tuple[float, float]]]], kind: str, parts: int, holes: int
) -> None:
    geometry = read(text([Parcel(rings=rings)])).features[0].geometry
    assert geometry is not None and geometry.geom_type == kind
    polygons = getattr(geometry, "geoms", [geometry])
    assert (len(polygons), sum(len(p.interiors) for p in polygons)) == (parts, holes)


@pytest.mark.parametrize(("shape", "kind"), [("点", "MultiPoint"), ("线", "LineString")])
def test_other_shapes(shape: str, kind: str) -> None:
    geometry = read(text([Parcel(shape=shape)])).features[0].geometry
    assert geometry is not None and geometry.geom_type == kind


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ({"坐标系": "80国家大地坐标系"}, "datum", "Xian80"),
        ({"坐标系": "1954北京坐标系"}, "datum", "Beijing54"),
        ({"坐标系": "某市独立坐标系"}, "datum", "某市独立坐标系"),
        ({"几度分带": "六度带"}, "width", 6),
        ({"带号": "第38带"}, "zone", 38),
        ({"带号": "114"}, "meridian", 114.0),
        ({"中央子午线": "114°"}, "meridian", 114.0),
    ],
)
def test_declares_what_the_header_says(said: dict[str, str], field: str, value: object) -> None:
    assert getattr(read(text(header=HEADER | said)).declared, field) == value


def test_a_parcel_that_stands_the_other_way_round_is_turned() -> None:
    upright, swapped = text([Parcel()] * 2), text([Parcel(name="另一")], easting_first=True)
    file = read(upright + swapped.split("坐标]\r\n")[1])
    assert [f.geometry.bounds[0] for f in file.features if f.geometry] == [EAST, EAST, EAST]
    assert codes(file) == ["axes-mixed"]


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, b"PK\x03\x04" + bytes(range(256)) * 8, b"nothing here"])
def test_what_holds_no_parcel_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data)
    assert "a.txt" in caught.value.finding.message.zh


def test_progress_counts_parcels_and_may_cancel() -> None:
    told = []
    parsed(text([Parcel()] * 1200).encode(), "a.txt", lambda done, total: told.append((done, total)))
    assert told == [(500, 1200), (1000, 1200), (1200, 1200)]

    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parsed(text().encode(), "a.txt", cancel)
