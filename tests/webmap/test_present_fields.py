"""Records as rows of label and value: by declaration, in both languages, for a kind that only this test knows."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

import pytest
from shapely import Point

import datasets.world
from datasets.labels import Label
from geo.model import Feature, default_kinds
from geo.model.fields import Area, Code, Codes, Entries, Flag, Money, Number, Term
from geo.publish import Shelf
from webmap.present import fields
from webmap.present.features import feature_page
from webmap.present.items import columns, item
from webmap.present.quantities import period
from webmap.present.reader import Reader
from webmap.present.targets import comparisons, share_of_target
from webmap.present.values import Chips, Grid, Link, Origin, Text

STOPS = (("name", Label("站点", "Stop")), ("minutes", Label("分钟", "Minutes")), ("feature", Label("要素", "Feature")))


@dataclass(frozen=True, kw_only=True)
class Workshop(Feature):
    """A kind with a field of every type."""

    kind: ClassVar[str] = "workshop"
    title: ClassVar[Label] = Label("厂房", "Workshop")
    plural: ClassVar[Label] = Label("厂房", "Workshops")

    rent_wan: Annotated[float | None, Money(label=Label("租金", "Rent"), listed=True)] = None
    floor_m2: Annotated[float | None, Area(label=Label("面积", "Floor"), listed=True)] = None
    height: Annotated[float | None, Number(label=Label("层高", "Height"), unit=Label("米", "m"))] = None
    status: Annotated[str, Term(label=Label("状态", "Status"), vocabulary="plot_status", listed=True)] = ""
    crane: Annotated[bool | None, Flag(label=Label("行车", "Crane"))] = None
    park: Annotated[str, Code(label=Label("园区", "Park"), of="park")] = ""
    tenants: Annotated[tuple[str, ...], Codes(label=Label("租户", "Tenants"), of="enterprise")] = ()
    stops: Annotated[tuple[dict[str, Any], ...], Entries(label=Label("班车", "Bus"), columns=STOPS)] = ()


@dataclass(frozen=True)
class Paper:
    title_zh: str = "一份文献"
    title_en: str = "A document"
    date: str = "2022-03"


KINDS = default_kinds().plus(Workshop)
COMMON = {"county": "411082", "precision": "county", "source": "paper.txt:12,14-16"}
RECORDS: dict[str, list[dict[str, Any]]] = {
    "park": [{"id": "p1", "name": "产业园", "name_en": "The Park", **COMMON}],
    "enterprise": [{"id": "e1", "name": "甲公司", **COMMON}],
    "workshop": [
        {
            "id": "w1",
            "name": "一号厂房",
            "rent_wan": 120,
            "floor_m2": 80000,
            "height": 12,
            "status": "available",
            "crane": True,
            "park": "p1",
            "tenants": ["e1", "gone"],
            "chains": ["nev"],
            "as_of": "2022-03",
            "date_precision": "document",
            "stops": json.dumps([{"name": "东站", "minutes": 1500, "feature": "x"}]),
            **COMMON,
        },
        {"id": "w2", "name": "二号厂房", "status": "reserve", "demo": True, **COMMON, "source": "demo"},
    ],
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    world = datasets.world.load()
    shelf = Shelf(tmp_path_factory.mktemp("snapshots"))
    features = [KINDS.get(kind).from_row(row) for kind, rows in RECORDS.items() for row in rows]
    features.append(Workshop.from_row({"id": "w3", "name": "三号", "status": "reserve", **COMMON}, Point(113.8, 34.2)))
    features.append(Workshop.from_row({"id": "w4", "name": "四号", "status": "reserve", **COMMON}, Point(113.8, 34.21)))
    shelf.publish(features, KINDS, world)
    return Reader("zh", KINDS, world, shelf.open(), {"paper.txt": Paper()})


def rows_of(feature_id: str, reader: Reader) -> dict[str, Any]:
    record = reader.record("workshop", feature_id)
    assert record is not None
    return {row.name: row for row in fields.fields(record, Workshop, reader)}


def test_every_type_of_field_is_shown_in_its_way(reader: Reader) -> None:
    rows = rows_of("w1", reader)
    assert rows["rent_wan"].value == Text("120万元")
    assert rows["floor_m2"].value == Text("120亩（8公顷）")
    assert rows["height"].value == Text("12米")
    assert rows["crane"].value == Text("是")
    assert rows["status"].value == Text("可供", "", "term-plot_status-available")
    assert rows["park"].value == Link("产业园", "/f/park/p1", "park/p1")
    assert rows["county"].value == Link("长葛市", "/county/411082", "county/411082")
    assert rows["as_of"].value == Text("2022年3月", "按文献日期")
    grid = rows["stops"].value
    assert isinstance(grid, Grid)
    assert (grid.headers, grid.rows, grid.numeric) == (("站点", "分钟"), (("东站", "1,500"),), (False, True))


def test_codes_become_names_and_unknown_ones_stay(reader: Reader) -> None:
    chains, tenants = rows_of("w1", reader)["chains"].value, rows_of("w1", reader)["tenants"].value
    assert isinstance(chains, Chips)
    assert isinstance(tenants, Chips)
    assert (chains.items[0].swatch, chains.items[0].href) == ("chain-nev", "/list?chain=nev")
    assert [chip.text for chip in tenants.items] == ["甲公司", "gone"]
    assert [chip.href for chip in tenants.items] == ["/f/enterprise/e1", ""]


def test_the_other_language_says_the_same(reader: Reader) -> None:
    english = replace(reader, lang="en")
    rows = rows_of("w1", english)
    assert rows["rent_wan"].label == "Rent"
    assert rows["rent_wan"].value == Text("CNY 1.2 mn")
    assert rows["floor_m2"].value == Text("8 ha (120 mu)")
    assert rows["park"].value == Link("The Park", "/f/park/p1?lang=en", "park/p1")
    assert rows["as_of"].value.text == "Mar 2022"


def test_own_fields_stand_before_the_common_ones_and_empty_ones_are_left_out(reader: Reader) -> None:
    assert list(rows_of("w1", reader))[:3] == ["rent_wan", "floor_m2", "height"]
    assert list(rows_of("w2", reader)) == ["status", "crane", "county"]


def test_the_source_is_a_document_with_its_lines(reader: Reader) -> None:
    record = reader.record("workshop", "w1")
    assert record is not None
    assert fields.origin(record, reader) == Origin("一份文献", "第12、14–16行", "2022年3月")
    english = fields.origin(record, replace(reader, lang="en"))
    assert english == Origin("A document", "lines 12, 14–16", "Mar 2022")


def test_a_source_without_document_is_shown_as_it_is(reader: Reader) -> None:
    record = {"source": "某处口述：第三段"}
    assert fields.origin(record, reader) == Text("某处口述：第三段")
    demo = reader.record("workshop", "w2")
    assert demo is not None
    assert fields.origin(demo, reader) == Text("演示数据")


def test_precision_explains_itself(reader: Reader) -> None:
    shown = fields.term("precision", "county", reader)
    assert shown.text == "县级"
    assert "不作点位" in shown.note


def test_a_line_of_the_list_has_amount_before_area(reader: Reader) -> None:
    record = reader.record("workshop", "w1")
    assert record is not None
    assert item(record, Workshop, reader).measure == "120万元"
    assert item({**record, "rent_wan": None}, Workshop, reader).measure == "120亩"


def test_columns_follow_the_declaration(reader: Reader) -> None:
    names = [column.name for column in columns(Workshop, reader, ("name", "rent_wan"))]
    assert names == ["name", "rent_wan", "floor_m2", "status", "county", "chains", "as_of", "source"]
    record = reader.record("workshop", "w1")
    assert record is not None
    assert len(item(record, Workshop, reader, in_columns=True).cells) == len(names) - 2


def test_a_feature_names_those_that_point_to_it(reader: Reader) -> None:
    row = reader.snapshot.table("park").row_of("p1")
    assert row is not None
    page = feature_page(KINDS.get("park"), row, reader)
    assert [(group.title, [each.id for each in group.items]) for group in page.members] == [("厂房", ["w1"])]


def test_near_a_point_is_by_distance_and_in_a_county_by_membership(reader: Reader) -> None:
    table = reader.snapshot.table("workshop")
    located = feature_page(Workshop, table.row_of("w3") or 0, reader).around
    assert [(each.id, each.note) for each in located.items] == [("w4", "距此1.1公里")]
    known_to_county = feature_page(Workshop, table.row_of("w2") or 0, reader).around
    assert known_to_county.unit == "长葛市"
    assert known_to_county.total == 5
    assert "w2" not in {each.id for each in known_to_county.items}


def figure(role: str, value: float, period: str, **more: Any) -> dict[str, Any]:
    base = {"id": f"{role}{period}{value}", "name": "签约额", "subject": "某市", "value_unit": "万元", "demo": False}
    return {**base, "name_en": "", "role": role, "value": value, "period": period, "county": "411000", **COMMON, **more}


def test_a_share_is_computed_for_one_period_only() -> None:
    target, actual = figure("target", 200, "2022"), figure("actual", 150, "2022")
    assert share_of_target([target], [actual]) == (75.0, False)
    assert share_of_target([target], [{**actual, "period": "2021"}]) == (None, False)
    assert share_of_target([target, target], [actual]) == (None, False)
    assert share_of_target([], [{**actual, "share_of_target_percent": 120.0}]) == (120.0, True)


def test_periods_are_words() -> None:
    assert period("2023Q1", "zh") == "2023年第1季度"
    assert period("2021-12/2022-02", "zh") == "2021年12月—2022年2月"
    assert period("2021-12/2022-02", "en") == "Dec 2021 – Feb 2022"
    assert period("十三五", "zh") == "十三五"


def test_targets_stand_beside_their_actuals(reader: Reader) -> None:
    records = [
        figure("target", 200, "2022", comparator=">="),
        figure("actual", 250, "2022"),
        figure("actual", 9, "2021", name="别的"),
    ]
    found = comparisons(records, KINDS.get("target"), reader)
    assert [(each.indicator, each.share, each.bar) for each in found] == [("签约额", 125.0, 100.0), ("别的", None, 0.0)]
    assert found[0].targets[0].text == "≥ 200万元"
    assert found[0].share_text == "125%"
