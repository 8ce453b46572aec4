"""DXF drawings: closed lines, arcs, holes, blocks, texts, units, and drawings that are none."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ezdxf
import pytest
import shapely
from fuzzed_gis import codes, damaged, holds, read, refused
from hypothesis import given
from hypothesis import strategies as st
from made_gis import EAST, NORTH

from geo.read.formats.dxf import READER
from geo.read.raw import ReadFile, Sniff

LAYER = {"layer": "地块"}
SQUARE = [(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100, NORTH + 100), (EAST, NORTH + 100)]
INNER = [(EAST + 10, NORTH + 10), (EAST + 20, NORTH + 10), (EAST + 20, NORTH + 20), (EAST + 10, NORTH + 20)]
Draw = Callable[[Any], object]


def drawn(folder: Path, *draws: Draw, version: str = "R2000", units: int = 6, form: str = "asc") -> Path:
    document = ezdxf.new(version, units=units)
    if version in ("R12", "R2000"):
        document.encoding = "gbk"
    document.layers.add("地块")
    for draw in draws:
        draw(document.modelspace())
    path = folder / "a.dxf"
    document.saveas(path, fmt=form)
    return path


def light(points: list[tuple[float, ...]], close: bool = True, **options: Any) -> Draw:
    attributes = {"dxfattribs": LAYER | options.pop("dxfattribs", {})}
    return lambda space: space.add_lwpolyline(points, close=close, **attributes, **options)


def read_drawn(folder: Path, *draws: Draw, **options: Any) -> ReadFile:
    return read(READER, drawn(folder, *draws, **options))


def only(file: ReadFile) -> Any:
    assert len(file.features) == 1
    return file.features[0].geometry


@pytest.mark.parametrize("version", ["R12", "R2000", "R2010", "R2018"])
@pytest.mark.parametrize("form", ["asc", "bin"])
def test_closed_lines_of_every_version_with_chinese_layers(tmp_path: Path, version: str, form: str) -> None:
    heavy = lambda space: space.add_polyline2d(SQUARE, close=True, dxfattribs=LAYER)  # noqa: E731
    file = read_drawn(tmp_path, heavy if version == "R12" else light(SQUARE), version=version, form=form)
    assert shapely.equals(only(file), shapely.Polygon(SQUARE))
    assert file.features[0].attributes == {"layer": "地块"}
    assert file.features[0].where.startswith("地块:")
    assert file.declared is None
    assert codes(file) == ["no-crs"]


def test_gbk_layers_are_read_whatever_code_page_the_header_names(tmp_path: Path) -> None:
    data = drawn(tmp_path, light(SQUARE)).read_bytes()
    assert "地块".encode("gbk") in data
    (tmp_path / "b.dxf").write_bytes(data.replace(b"ANSI_936", b"ANSI_1252"))
    assert read(READER, tmp_path / "b.dxf").features[0].attributes["layer"] == "地块"


def test_a_line_whose_last_corner_is_the_first_is_closed(tmp_path: Path) -> None:
    file = read_drawn(tmp_path, light([*SQUARE, SQUARE[0]], close=False))
    assert shapely.equals(only(file), shapely.Polygon(SQUARE))
    assert codes(file) == ["no-crs"]


def test_a_line_that_nearly_closes_is_closed_with_a_warning_and_an_open_one_is_left(tmp_path: Path) -> None:
    near = (EAST, NORTH + 0.2)
    open_line = light([(x + 500, y) for x, y in SQUARE], close=False)
    file = read_drawn(tmp_path, light([*SQUARE, near], close=False), open_line)
    assert shapely.equals(only(file), shapely.Polygon(SQUARE))
    assert codes(file) == ["no-crs", "dxf-open-lines", "ring-not-closed-exactly"]


def test_arcs_stay_within_the_tolerance(tmp_path: Path) -> None:
    # Two half circles of radius 50: the bulge of a half circle is 1.
    circle = shapely.Point(EAST, NORTH)
    for sign in (1, -1):
        file = read_drawn(tmp_path, light([(EAST - 50, NORTH, sign), (EAST + 50, NORTH, sign)], format="xyb"))
        ring = shapely.get_coordinates(only(file))
        distances = shapely.distance(shapely.points(ring), circle)
        assert abs(distances - 50).max() < 1e-6
        middles = (ring[1:] + ring[:-1]) / 2
        assert 0 < (50 - shapely.distance(shapely.points(middles), circle)).max() <= 0.05
        assert only(file).area == pytest.approx(math.pi * 2500, rel=2e-3)
    quarter = math.tan(math.pi / 8)
    file = read_drawn(tmp_path, light([(EAST, NORTH), (EAST + 50, NORTH, quarter), (EAST, NORTH + 50)], format="xyb"))
    assert only(file).area == pytest.approx(math.pi * 2500 / 4, rel=2e-3)


def test_old_and_high_polylines(tmp_path: Path) -> None:
    high = [(x, y, 85.0) for x, y in SQUARE]
    file = read_drawn(tmp_path, lambda space: space.add_polyline3d([*high, high[0]], dxfattribs=LAYER))
    assert shapely.equals(only(file), shapely.Polygon(SQUARE))
    assert codes(file) == ["no-crs", "heights-dropped"]
    bulged = [(EAST - 50, NORTH, 0, 0, 1), (EAST + 50, NORTH, 0, 0, 1)]
    file = read_drawn(tmp_path, lambda space: space.add_polyline2d(bulged, format="xyseb", close=True))
    assert only(file).area == pytest.approx(math.pi * 2500, rel=2e-3)


def test_a_mirrored_line_lies_where_it_is_seen(tmp_path: Path) -> None:
    mirrored: list[tuple[float, ...]] = [(-EAST, NORTH, 0), (-EAST - 100, NORTH, 0), (-EAST - 100, NORTH + 100, 0.3)]
    file = read_drawn(tmp_path, light(mirrored, format="xyb", dxfattribs={"extrusion": (0, 0, -1)}))
    plain: list[tuple[float, ...]] = [(EAST, NORTH, 0), (EAST + 100, NORTH, 0), (EAST + 100, NORTH + 100, -0.3)]
    assert shapely.equals_exact(only(file), only(read_drawn(tmp_path, light(plain, format="xyb"))), tolerance=1e-6)


def test_rings_in_one_another_on_a_layer_are_holes(tmp_path: Path) -> None:
    file = read_drawn(tmp_path, light(INNER), light(SQUARE))
    assert shapely.equals(only(file), shapely.Polygon(SQUARE, [INNER]))
    assert codes(file) == ["no-crs", "dxf-inner-lines"]
    other = read_drawn(tmp_path, light(SQUARE), light(INNER, dxfattribs={"layer": "房屋"}))
    assert [each.attributes["layer"] for each in other.features] == ["地块", "房屋"]
    assert [each.geometry.area for each in other.features if each.geometry is not None] == [10_000.0, 100.0]


def test_each_parcel_is_named_after_its_own_line(tmp_path: Path) -> None:
    handles: list[str] = []

    def many(space: Any) -> None:
        for number in range(4):
            shifted = [(x + 300 * number, y) for x, y in SQUARE]
            handles.append(f"地块:{space.add_lwpolyline(shifted, close=True, dxfattribs=LAYER).dxf.handle}")

    assert [each.where for each in read_drawn(tmp_path, many).features] == handles


def test_blocks_are_exploded_one_level(tmp_path: Path) -> None:
    def inserted(space: Any) -> None:
        block = space.doc.blocks.new("B")
        block.add_lwpolyline([(0, 0), (50, 0), (50, 50), (0, 50)], close=True)
        outer = space.doc.blocks.new("C")
        outer.add_blockref("B", (0, 0))
        insert = space.add_blockref("B", (EAST, NORTH), dxfattribs=LAYER | {"xscale": 2, "yscale": 2})
        insert.add_attrib("NO", "A-1", (EAST + 50, NORTH + 50))
        space.add_blockref("C", (EAST + 900, NORTH))

    file = read_drawn(tmp_path, inserted)
    assert shapely.equals(only(file), shapely.Polygon(SQUARE))
    assert file.features[0].attributes == {"layer": "地块", "text": "A-1"}
    assert codes(file) == ["no-crs", "dxf-nested-blocks"]


@pytest.mark.parametrize("rows", [30_000, 100])
def test_a_bomb_of_inserts_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr("geo.read.formats._dxf_lines.MOST_ENTITIES", 500)

    def bomb(space: Any) -> None:
        block = space.doc.blocks.new("B")
        block.add_lwpolyline([(0, 0), (1, 0), (1, 1)], close=True)
        grid = {"row_count": rows, "column_count": rows, "row_spacing": 5, "column_spacing": 5}
        space.add_blockref("B", (EAST, NORTH), dxfattribs=grid)

    file = read_drawn(tmp_path, light(SQUARE), bomb)
    assert 1 <= len(file.features) <= 501
    assert file.features[0].attributes["layer"] == "地块"
    assert "dxf-too-many" in codes(file)


def test_texts_go_to_the_smallest_parcel_around_them(tmp_path: Path) -> None:
    def texts(space: Any) -> None:
        space.add_text("编号 1", dxfattribs={"insert": (EAST + 50, NORTH + 49)})
        space.add_text("旁注", dxfattribs={"insert": (EAST + 90, NORTH + 90)})
        space.add_mtext("房\\P屋", dxfattribs={"insert": (EAST + 15, NORTH + 15)})
        space.add_text("外面", dxfattribs={"insert": (EAST - 15, NORTH + 15)})

    file = read_drawn(tmp_path, light(SQUARE), light(INNER, dxfattribs={"layer": "房屋"}), texts)
    assert [dict(each.attributes) for each in file.features] == [
        {"layer": "地块", "text": "编号 1", "texts": "编号 1; 旁注"},
        {"layer": "房屋", "text": "房 屋"},
    ]


def test_millimetres_are_scaled_and_a_template_s_wrong_unit_is_not(tmp_path: Path) -> None:
    file = read_drawn(tmp_path, light([(x * 1000, y * 1000) for x, y in SQUARE]), units=4)
    assert shapely.equals_exact(only(file), shapely.Polygon(SQUARE), tolerance=1e-6)
    assert "dxf-units-scaled" in codes(file)
    file = read_drawn(tmp_path, light(SQUARE), units=4)
    assert shapely.equals(only(file), shapely.Polygon(SQUARE))
    assert "dxf-units-ignored" in codes(file)
    assert codes(read_drawn(tmp_path, light(SQUARE), units=0)) == ["no-crs"]


def test_no_closed_line_says_how_to_make_one(tmp_path: Path) -> None:
    path = drawn(tmp_path, light(SQUARE, close=False), lambda space: space.add_line((0, 0), (1, 1)))
    with pytest.raises(ValueError, match=r"2 open lines.*PEDIT"):
        read(READER, path)
    assert refused(READER, path) == "dxf-no-closed-lines"


def test_a_dwg_says_to_save_as_dxf(tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    path.write_bytes(b"AC1027" + bytes(200))
    assert READER.recognises(Sniff("a.zip", path.read_bytes())) > 95
    assert refused(READER, path) == "dwg"


@pytest.mark.parametrize("form", ["asc", "bin"])
def test_truncation_is_named(tmp_path: Path, form: str) -> None:
    whole = drawn(tmp_path, light(SQUARE), form=form).read_bytes()
    path = tmp_path / "cut.dxf"
    for length in range(200, len(whole) - 6, len(whole) // 20):
        path.write_bytes(whole[:length])
        assert refused(READER, path) in ("dxf-truncated", "not-dxf")


def test_a_drawing_without_its_last_marker_may_end_in_blanks(tmp_path: Path) -> None:
    path = drawn(tmp_path, light(SQUARE))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n")
    assert only(read(READER, path)).area == 10_000


def test_too_large_and_other_contents_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drawn(tmp_path, light(SQUARE))
    (tmp_path / "b.dxf").write_bytes(b"<html></html>")
    assert refused(READER, tmp_path / "b.dxf") == "not-dxf"
    monkeypatch.setattr("geo.read.formats._dxf_drawing.MAX_BYTES", 1000)
    assert refused(READER, path) == "dxf-too-large"


@pytest.mark.parametrize("bad", ["NaN", "inf", "1e999", "1e200"])
def test_impossible_coordinates_are_errors(tmp_path: Path, bad: str) -> None:
    path = drawn(tmp_path, light(SQUARE), light([(x + 300, y) for x, y in SQUARE]))
    text = path.read_bytes().replace(b"38500400.0", bad.encode(), 1)
    path.write_bytes(text)
    file = read(READER, path)
    assert only(file).area == 10_000
    assert {"coordinate-not-finite", "coordinate-out-of-range"} & set(codes(file))


def test_a_very_long_ring_and_another_extension(tmp_path: Path) -> None:
    path = drawn(tmp_path, light(SQUARE))
    text = path.read_text(encoding="gbk")
    # The library takes minutes to draw so long a line, so it is written into the drawing by hand.
    corner = text.index(f" 10\n{EAST}\n")
    end = text.index("  0\n", corner)
    turns = [2 * math.pi * n / 120_000 for n in range(120_000)]
    long = "".join(f" 10\n{EAST + 1e3 * math.cos(turn)}\n 20\n{NORTH + 1e3 * math.sin(turn)}\n" for turn in turns)
    path.write_text(text[:corner] + long + text[end:], encoding="gbk")
    file = read(READER, path, "a.txt")
    assert shapely.get_num_coordinates(only(file)) == 120_001
    assert codes(file) == ["extension-differs", "no-crs", "ring-very-long"]


def test_a_damaged_drawing_fills_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = drawn(tmp_path, light(SQUARE)).read_bytes()
    (tmp_path / "b.dxf").write_bytes(data.replace(b"ENDBLK", b"ENDBLQ", 1))
    assert len(read(READER, tmp_path / "b.dxf").features) == 1
    assert not caplog.records


@pytest.fixture(scope="module", params=["asc", "bin"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    def more(space: Any) -> None:
        block = space.doc.blocks.new("B")
        block.add_lwpolyline([(0, 0, 0.5), (50, 0, 0), (50, 50, 0)], format="xyb", close=True)
        space.add_blockref("B", (EAST, NORTH))
        space.add_polyline2d(SQUARE, close=True)
        space.add_text("一号", dxfattribs={"insert": (EAST + 50, NORTH + 50)})

    path = drawn(tmp_path_factory.mktemp("dxf"), light(SQUARE), light(INNER), more, form=request.param)
    return path.read_bytes()


@given(st.data())
def test_damaged_files_raise_nothing_but_unreadable(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.dxf"
    holds(READER, path, data.draw(damaged(whole) | st.binary(max_size=300)))


@given(st.data())
def test_damaged_entities_raise_nothing_but_unreadable(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed-entities.dxf"
    # Most of a drawing is its tables: damage aimed at the blocks and entities.
    at = whole.index(b"BLOCKS")
    end = whole.index(b"OBJECTS")
    holds(READER, path, whole[:at] + data.draw(damaged(whole[at:end])) + whole[end:])
