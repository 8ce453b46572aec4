"""Pasted coordinates: every way to write the same square gives the same square."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_txt import EAST, NORTH, square, text

from geo.model.finding import Severity
from geo.read.angles import degrees
from geo.read.formats.pasted import READER, parsed
from geo.read.raw import ReadFile, Sniff, Unreadable, nothing_done


def read(content: str) -> ReadFile:
    return parsed(content.encode(), "p.txt", nothing_done)


def codes(file: ReadFile) -> list[str]:
    return [f.code for f in file.findings] + [f.code for feature in file.features for f in feature.findings]


METRES = square()
DEGREES = square(114.1, 34.2, 0.01)


def lines(form: str, corners: list[tuple[float, float]], close: bool = True) -> str:
    every = [*corners, corners[0]] if close else corners
    return "\n".join(form.format(n=n, x=x, y=y) for n, (x, y) in enumerate(every, start=1))


@pytest.mark.parametrize("close", [True, False])
@pytest.mark.parametrize(
    "form",
    [
        "{x:.3f},{y:.3f}",
        "{y:.3f},{x:.3f}",
        "{n},{x:.3f},{y:.3f}",
        "J{n},{y:.3f},{x:.3f}",
        "J{n},1,{y:.3f},{x:.3f}",
        "J{n}\t1\t{y:.3f}\t{x:.3f}",
        "{y:.3f}   {x:.3f};",
        "X={y:.3f} Y={x:.3f}",
        "（{y:.3f}，{x:.3f}）",
        "J{n} X:{y:.3f}m".replace("m", "") + " Y:{x:.3f}",
    ],
)
def test_metres_in_lines(form: str, close: bool) -> None:
    file = read(lines(form, METRES, close))
    (feature,) = file.features
    assert codes(file) == []
    assert feature.where == "p.txt:1"
    assert feature.geometry is not None and feature.geometry.geom_type == "Polygon"
    assert feature.geometry.bounds == (EAST, NORTH, EAST + 100, NORTH + 100)
    assert len(feature.geometry.exterior.coords) == 5


def dms(value: float) -> str:
    whole, rest = divmod(round(value * 3600, 4), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{int(whole)}°{int(minutes):02d}′{seconds:04.1f}″"


PAIRS = [*DEGREES, DEGREES[0]]


@pytest.mark.parametrize(
    "content",
    [
        lines("{x:.6f} {y:.6f}", DEGREES),
        lines("{n}. {x:.6f},{y:.6f}", DEGREES),
        " ".join(f"{x:.6f} {y:.6f}" for x, y in PAIRS),
        ";".join(f"{x:.6f},{y:.6f}" for x, y in PAIRS),
        "[" + ",".join(f"[{x:.6f},{y:.6f}]" for x, y in PAIRS) + "]",
        " ".join(f"{x:.6f},{y:.6f},85.3" for x, y in PAIRS),
        "\n".join(f"{dms(x)}E, {dms(y)}N" for x, y in PAIRS),
        "\n".join(f"东经{dms(x)} 北纬{dms(y)}" for x, y in PAIRS),
        "POLYGON((" + ", ".join(f"{x:.6f} {y:.6f}" for x, y in PAIRS) + "))",
        "polygon z ((" + ", ".join(f"{x:.6f} {y:.6f} 85.3" for x, y in DEGREES) + "))",
        "SRID=4490;POLYGON((" + ", ".join(f"{x:.6f} {y:.6f}" for x, y in PAIRS) + "))",
        json.dumps({"type": "Polygon", "coordinates": [PAIRS]}),
        json.dumps(
            {"type": "Feature", "properties": {"a": 1}, "geometry": {"type": "Polygon", "coordinates": [PAIRS]}}
        ),
        json.dumps({"type": "Polygon", "coordinates": [DEGREES]}),
    ],
)
def test_degrees_in_every_dress(content: str) -> None:
    file = read(content)
    (feature,) = file.features
    assert codes(file) == []
    assert feature.geometry is not None and feature.geometry.geom_type == "Polygon"
    assert feature.geometry.bounds == pytest.approx((114.1, 34.2, 114.11, 34.21), abs=1e-7)


def test_latitude_first_is_told() -> None:
    file = read(lines("{y:.6f},{x:.6f}", DEGREES))
    assert codes(file) == ["latitude-first"]
    assert file.features[0].geometry is not None
    assert file.features[0].geometry.bounds[0] == pytest.approx(114.1)


def test_several_parcels_by_heading_by_blank_line_and_by_wkt() -> None:
    one, two = lines("{y:.3f},{x:.3f}", METRES), lines("{y:.3f},{x:.3f}", square(EAST + 500))
    named = read(f"地块甲：\n点号 X Y\n{one}\n地块乙\n{two}")
    assert [feature.attributes["名称"] for feature in named.features] == ["地块甲", "地块乙"]
    assert [feature.where for feature in named.features] == ["p.txt:3", "p.txt:9"]
    assert len(read(f"{one}\n\n{two}").features) == 2
    assert len(read(one.replace("\n", "\n\n")).features) == 1
    both = read("POINT(114 34)\nPOLYGON((114 34,114.1 34,114.1 34.1,114 34))")
    assert [feature.where for feature in both.features] == ["p.txt:1", "p.txt:2"]


def test_rings_by_number_and_by_closing() -> None:
    hole = square(EAST + 20, NORTH + 20, 30)
    numbered = lines("{n},1,{y},{x}", METRES) + "\n" + lines("{n},2,{y},{x}", hole)
    first_column = lines("1,{y},{x}", METRES, False) + "\n" + lines("2,{y},{x}", hole, False)
    closing = lines("{y},{x}", METRES) + "\n" + lines("{y},{x}", hole)
    for content in (numbered, first_column, closing):
        (feature,) = read(content).features
        assert codes(read(content)) == []
        assert feature.geometry is not None and feature.geometry.area == pytest.approx(10_000 - 900)


def test_wkt_of_several_parts() -> None:
    (feature,) = read("MULTIPOLYGON(((0 0,9 0,9 9,0 9),(1 1,2 1,2 2,1 1)),((20 20,30 20,30 30,20 20)))").features
    assert feature.geometry is not None and len(feature.geometry.geoms) == 2
    (point,) = read("POINT ZM (114 34 5 6)").features
    assert point.geometry is not None and point.geometry.wkt == "POINT (114 34)"


def test_a_whole_boundary_text_may_be_pasted() -> None:
    file = read(text())
    assert file.format == "boundary-txt"
    assert file.features[0].attributes["地块编号"] == "411002-01"


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (lines("{y},{x}", METRES) + "\n34.2,114.1", "mixed-systems", 6),
        (lines("{y},{x}", METRES) + f"\n{NORTH},{EAST + 1e6}", "mixed-systems", 6),
        (lines("{y},{x}", METRES) + f"\n{NORTH}", "point-unreadable", 6),
        (lines("{y},{x}", METRES[:2], False), "ring-too-few-points", 1),
        ("POLYGON((114 34,115 34,115 35", "geometry-unreadable", 1),
        ("POLYGON((114 34,nan 34,115 35,114 34))", "coordinate-not-finite", 1),
        ("LINESTRING(114 34,abc 34)", "geometry-unreadable", 1),
        ('{"type":"Polygon","coordinates":[[["a",2],[3,4]]]}', "geometry-unreadable", None),
    ],
)
def test_what_is_not_clear_is_an_error_with_its_line(content: str, code: str, line: int | None) -> None:
    file = read(content)
    every = [*file.findings, *(f for feature in file.features for f in feature.findings)]
    errors = [f for f in every if f.severity is Severity.ERROR]
    assert code in [f.code for f in errors]
    if line:
        assert next(f.where for f in errors if f.code == code) == f"p.txt:{line}"


@pytest.mark.parametrize("content", ["你好", "1,2\n3,4", "# heading\n", "2026-03-01 12:30"])
def test_text_without_coordinates_is_refused(content: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert caught.value.finding.code == "no-coordinates"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("114°12′33.5″E", 114 + 12 / 60 + 33.5 / 3600),
        ("114°12'33.5\"", 114 + 12 / 60 + 33.5 / 3600),
        ("114度12分33.5秒", 114 + 12 / 60 + 33.5 / 3600),
        ("114°12.5′", 114 + 12.5 / 60),
        ("西经114°", -114),
        ("34°5′N", 34 + 5 / 60),
        ("34", None),
        ("34°x", None),
    ],
)
def test_angles(text: str, value: float | None) -> None:
    assert degrees(text) == (None if value is None else pytest.approx(value))


PIECES = st.sampled_from(
    [
        "POLYGON((",
        "))",
        "114.1 34.2",
        ",",
        "\n",
        "\n\n",
        "J1,1,",
        "3770000,38512000",
        "°",
        "′",
        '{"type":"Polygon","coordinates":[',
        "]",
        "nan",
        "1e999",
        "MULTIPOINT(",
        "地块",
    ]
)


@settings(max_examples=400, deadline=1000)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(PIECES, max_size=30).map(lambda p: "".join(p).encode()),
        st.text(max_size=100).map(lambda t: t.encode("utf-8", "replace")),
    )
)
def test_no_bytes_crash_it(data: bytes) -> None:
    READER.recognises(Sniff("a.txt", data))
    try:
        parsed(data, "a.txt", nothing_done)
    except Unreadable as refused:
        assert "a.txt" in refused.finding.message.zh


@pytest.mark.parametrize(
    "data",
    [
        b"POLYGON(" * 100_000,
        b"(" * 1_000_000,
        b'{"a":' * 100_000,
        b"1 " * 500_000,
        b"114.1 34.2 " * 50_000,
        b"POINT(1 2)" * 20_000,
        b"1." * 500_000,
        b"\xc2\xb0" * 300_000,
    ],
)
def test_hostile_text_takes_little_time(data: bytes) -> None:
    began = time.process_time()
    with contextlib.suppress(Unreadable):
        parsed(data, "a.txt", nothing_done)
    assert time.process_time() - began < 10
