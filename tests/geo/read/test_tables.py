"""Tables: headings in two languages, geometries from any kind of column, rows counted as the spreadsheet counts them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from made_txt import EAST, NORTH, square

from geo.model.finding import Severity
from geo.model.kinds.plot import Plot
from geo.read.columns import heading
from geo.read.named_values import named_values
from geo.read.tables import Row, Table, read_table


def table(rows: Sequence[Sequence[str | int | float | None]]) -> Table:
    return read_table([Row(number, list(cells)) for number, cells in enumerate(rows, start=1)], "t.csv")


def codes(read: Table) -> list[str]:
    return [f.code for f in read.findings] + [f.code for feature in read.features for f in feature.findings]


WKT = "POLYGON((114 34,114.1 34,114.1 34.1,114 34))"


@pytest.mark.parametrize("name", ["WKT", "geometry", "几何", "the_geom"])
def test_wkt_column(name: str) -> None:
    read = table([["地块编号", "名称", name], ["A1", "甲", WKT], ["A2", "乙", None]])
    assert [f.where for f in read.features] == ["t.csv:2", "t.csv:3"]
    assert read.features[0].attributes == {"地块编号": "A1", "名称": "甲"}
    assert read.features[0].geometry is not None and read.features[0].geometry.geom_type == "Polygon"
    assert read.features[1].geometry is None
    assert codes(read) == []


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        (("经度", "纬度"), ("114.1", "34.2")),
        (("Longitude (WGS-84)", "Latitude (WGS-84)"), (114.1, 34.2)),
        (("lng", "lat"), (114.1, 34.2)),
        (("X", "Y"), (114.1, 34.2)),
        (("X", "Y"), (34.2, 114.1)),
        (("经度", "纬度"), ("１１４.１", "34°12′")),
    ],
)
def test_two_columns_are_points(names: tuple[str, str], cells: tuple[float | str, float | str]) -> None:
    read = table([["编号", *names], ["A", *cells], ["B", *cells]])
    assert codes(read) == []
    for feature in read.features:
        assert feature.geometry is not None
        assert (feature.geometry.x, feature.geometry.y) == (pytest.approx(114.1), pytest.approx(34.2))
        assert dict(feature.attributes).keys() == {"编号"}


def test_a_heading_may_say_wgs84() -> None:
    read = table([["编号", "经度（WGS-84）", "纬度（WGS-84）"], ["A", 114.1, 34.2]])
    assert read.declared is not None and read.declared.epsg == 4326


def test_columns_filled_the_wrong_way_round_are_turned_with_a_warning() -> None:
    read = table([["编号", "经度", "纬度"], ["A", 34.2, 114.1], ["B", 34.3, 114.2]])
    assert codes(read) == ["axes-swapped", "axes-swapped"]
    assert read.features[0].geometry is not None and read.features[0].geometry.x == 114.1


ROWS = [(y, x) for x, y in square()]


@pytest.mark.parametrize("coded", ["each", "merged"])
def test_one_row_a_boundary_point(coded: str) -> None:
    body: list[list[str | float | None]] = []
    for code, moved in (("A", 0.0), ("B", 500.0)):
        for index, (north, east) in enumerate([*ROWS, ROWS[0]], start=1):
            shown = code if coded == "each" or index == 1 else None
            body.append([shown, f"J{index % 5 or 1}", 1, north, east + moved])
    read = table([["地块编号", "点号", "圈号", "X", "Y"], *body])
    assert codes(read) == []
    assert [f.where for f in read.features] == ["t.csv:2", "t.csv:7"]
    assert [f.attributes["地块编号"] for f in read.features] == ["A", "B"]
    bounds = [f.geometry.bounds for f in read.features if f.geometry]
    assert bounds == [(EAST, NORTH, EAST + 100, NORTH + 100), (EAST + 500, NORTH, EAST + 600, NORTH + 100)]


def test_boundary_points_without_a_number_are_known_by_their_repeated_code() -> None:
    read = table([["编号", "X", "Y"], *(["A", north, east] for north, east in ROWS)])
    assert [f.geometry.geom_type for f in read.features if f.geometry] == ["Polygon"]


def test_holes_by_ring_number() -> None:
    hole = [(y, x) for x, y in square(EAST + 10, NORTH + 10, 20)]
    rows = [["A", "1", *pair] for pair in ROWS] + [["A", "2", *pair] for pair in hole]
    (feature,) = table([["编号", "圈号", "X坐标", "Y坐标"], *rows]).features
    assert feature.geometry is not None and feature.geometry.area == pytest.approx(9600)


@pytest.mark.parametrize("between", [";", "；", "\n", "|", "; "])
def test_points_in_one_cell(between: str) -> None:
    cell = between.join(f"{x:.3f},{y:.3f}" for x, y in square())
    (feature,) = table([["宗地号", "界址点坐标"], ["A", cell]]).features
    assert feature.findings == ()
    assert feature.geometry is not None and feature.geometry.area == pytest.approx(10_000)


def test_titles_above_merged_headings_totals_and_notes() -> None:
    read = table(
        [
            ["某县工业用地一览表", None, None, None],
            [None, None, None, None],
            ["单位：某局", None, None, "2026年3月"],
            ["地块编号", "面积（亩）", "坐标", None],
            [None, None, "经度", "纬度"],
            ["A", 84.5, 114.1, 34.2],
            ["地块编号", "面积（亩）", "经度", "纬度"],
            ["B", "约84亩", 114.2, 34.3],
            ["合计", 168.5, None, None],
            ["注：面积以实测为准", None, None, None],
        ]
    )
    assert [f.where for f in read.features] == ["t.csv:6", "t.csv:8"]
    assert [f.attributes for f in read.features] == [
        {"地块编号": "A", "面积（亩）": 84.5},
        {"地块编号": "B", "面积（亩）": "约84亩"},
    ]
    assert codes(read) == ["total-row-ignored", "note-row-ignored"]


def test_cells_that_are_errors_or_guarded_and_columns_without_name() -> None:
    read = table([["编号", "名称", "备注", None, "备注"], ["#N/A", "'=甲", "'引", "x", "y"]])
    (feature,) = read.features
    assert feature.attributes == {"编号": None, "名称": "=甲", "备注": "'引", "列4": "x", "备注_2": "y"}
    assert [(f.code, f.severity, f.where) for f in feature.findings] == [("cell-error", Severity.WARNING, "t.csv:2")]


@pytest.mark.parametrize(
    ("names", "row", "code"),
    [
        (["编号", "WKT"], ["A", "POLYGON((1 2"], "geometry-unreadable"),
        (["编号", "坐标"], ["A", "见附图"], "geometry-unreadable"),
        (["编号", "经度", "纬度"], ["A", "东经", 34.2], "point-unreadable"),
        (["编号", "经度", "纬度"], ["A", "nan", 34.2], "point-unreadable"),
        (["编号", "经度", "纬度"], ["A", None, 34.2], "point-unreadable"),
        (["编号", "经度", "纬度"], ["A", 0, 0], "coordinate-implausible"),
        (["编号", "经度", "纬度"], ["A", 38_512_000, 3_770_000], "mixed-systems"),
    ],
)
def test_what_is_not_clear_is_an_error_with_its_row(names: list[str], row: list[str | float | None], code: str) -> None:
    sound: list[str | float | None] = ["B", WKT] if len(names) == 2 else ["B", 114.1, 34.2]
    read = table([names, sound, row])
    assert [(f.code, f.severity, f.where) for f in read.features[1].findings] == [(code, Severity.ERROR, "t.csv:3")]
    assert read.features[0].findings == ()


def test_without_a_heading_nothing_is_read_and_said() -> None:
    read = table([["a1", "b2"], [1, 2]])
    assert (read.headed, read.features, codes(read)) == (False, [], ["heading-not-found"])
    assert table([]).features == []


@pytest.mark.parametrize(
    ("text", "base", "unit", "role"),
    [
        ("地块面积（公顷）", "地块面积", "公顷", ""),
        ("总投资(亿元)", "总投资", "亿元", ""),
        ("县（市、区）", "县(市,区)", "", ""),
        ("* 经度", "经度", "", "east"),
        ("X坐标（m）", "x坐标", "m", "first"),
        ("Point_X", "pointx", "", "first"),
    ],
)
def test_headings(text: str, base: str, unit: str, role: str) -> None:
    said = heading(text)
    assert (said.base, said.unit, said.role) == (base, unit, role)


def test_every_declared_label_is_a_heading_of_its_own_field() -> None:
    from geo.model.feature import fields_of

    for name, field in fields_of(Plot).items():
        for label in (field.label.zh, field.label.en, name):
            named = named_values(Plot, {label: "1"}, "w")
            taken = [key for key in named.headings if key != "far"]
            assert taken == [name] or (name == "id" and label == "编号" and taken == ["code"]), label


def test_attributes_become_fields_in_stored_units() -> None:
    named = named_values(
        Plot,
        {
            "宗地号": "A1",
            "面积（亩）": "84.5",
            "容积率": "1.0-2.5",
            "建筑密度": "≤40%",
            "绿地率": "15%-20%",
            "起始价": "225元/㎡",
            "出让年限": "50年",
            "限高": "24米",
            "供地状态": "可供",
            "联系人": "某人",
            "备注": None,
        },
        "t.csv:2",
    )
    assert named.values == {
        "code": "A1",
        "area_m2": pytest.approx(84.5 * 2000 / 3),
        "far_min": 1.0,
        "far_max": 2.5,
        "density_max": 40,
        "green_min": 15,
        "price_wan_mu": pytest.approx(15),
        "term_years": 50,
        "height_max_m": 24,
        "status": "可供",
    }
    assert named.other == {"联系人": "某人"}
    assert [f.code for f in named.findings] == ["quantity-range"]


def test_units_that_a_format_implies_hold_for_bare_numbers() -> None:
    named = named_values(Plot, {"地块面积": "0.77"}, "w", {"area_m2": "公顷"})
    assert named.values == {"area_m2": pytest.approx(7700)} and named.findings == []
    assert named_values(Plot, {"地块面积": "见附件"}, "w").values == {"area_m2": None}
