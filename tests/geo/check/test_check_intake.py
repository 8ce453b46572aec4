"""From a file that was read to checked rows: systems, ids, counties, what is assumed, what the record knows, progress, JSON."""

from __future__ import annotations

import gc
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from parcels import COUNTY, ORIGIN, array, parts, placed, polygon, raw, square
from shapely.geometry.base import BaseGeometry

from datasets.world import World
from geo.check import Context, Existing, Intake, Severity, prepare
from geo.check.identity import made, slug
from geo.crs import Declared, from_wgs84, geodesic_area_m2, system
from geo.model import Feature, default_kinds
from geo.model.finding import Finding
from geo.read import ReadFile

KINDS = default_kinds()
PLOT, PROJECT, PARK, ROUTE = (KINDS.get(name) for name in ("plot", "project", "park", "route"))
LOT = polygon(square(0, 0, 200))
CELLS: Mapping[str, object] = {
    "地块编号": "CG-2024-01",
    "地块名称": "产业园一号地块",
    "用地性质": "M1",
    "状态": "可供",
    "容积率": "1.0-2.5",
}


def take(world: World, read: ReadFile, kind: type[Feature] = PLOT, **context: Any) -> Intake:
    return prepare(read, kind, Context(world, **{"county": COUNTY, **context}))


def one(world: World, cells: Mapping[str, object] = CELLS, shape: BaseGeometry | None = LOT, **context: Any) -> Any:
    return take(world, raw([(cells, shape)]), **context).rows[0]


def codes(row: Any) -> set[str]:
    return {finding.code for finding in row.findings}


def in_system(shape: BaseGeometry, code: str) -> BaseGeometry:
    moved: BaseGeometry = shapely.transform(shape, lambda xy: from_wgs84(system(code), xy))
    return moved


def existing_of(*features: Feature, state: str = "published") -> Existing:
    return Existing(
        [each.id for each in features],
        [each.name for each in features],
        [getattr(each, "code", "") for each in features],
        [each.county for each in features],
        [state] * len(features),
        array(*(each.geometry for each in features)),
        [each.payload() for each in features],
    )


def test_a_clean_parcel_becomes_a_feature_without_findings(world: World) -> None:
    intake = take(world, raw([(CELLS, LOT)]))
    row: Any = intake.rows[0]
    assert row.findings == []
    assert intake.findings == []
    assert not intake.has_errors
    feature = row.feature
    assert feature.id == "plot-411082-cg-2024-01"
    assert (feature.status, feature.far_min, feature.far_max) == ("available", 1.0, 2.5)
    assert feature.area_m2 == pytest.approx(geodesic_area_m2(LOT), abs=0.01)
    assert (feature.precision, feature.county, feature.source) == ("surveyed", COUNTY, "plots.geojson")
    assert (row.is_new, row.unchanged) == (True, False)
    assert shapely.from_wkb(row.original_geometry).equals_exact(LOT, 0)
    assert row.original_crs == "EPSG:4326"
    assert row.text == CELLS


def test_the_payload_is_the_object_of_the_command(world: World) -> None:
    shape = parts(polygon(square(0, 0, 100), square(10, 10, 20)), polygon(square(200, 0, 50)))
    payload = take(world, raw([(CELLS, shape), ({**CELLS, "地块编号": "B", "用地性质": "M9"}, None)])).payload("en")
    assert json.loads(json.dumps(payload)) == payload
    assert payload["format"] == "geojson"
    assert payload["crs"] == "EPSG:4326"
    assert payload["crs_reason"]
    first, second = payload["parcels"]
    assert (first["where"], first["code"], first["name"]) == ("plots.geojson#1", "CG-2024-01", "产业园一号地块")
    assert (first["parts"], first["holes"], first["findings"]) == (2, 1, [])
    assert first["area_m2"] == pytest.approx(geodesic_area_m2(shape), rel=1e-6)
    assert first["centroid"] == pytest.approx([shape.centroid.x, shape.centroid.y], abs=1e-6)
    assert (second["centroid"], second["area_m2"], second["parts"]) == (None, None, 0)
    told = {each["code"]: each for each in second["findings"]}
    assert told["unknown-term"]["severity"] == "error"
    assert told["unknown-term"]["where"] == "plots.geojson#2 land_use"
    assert set(told["unknown-term"]) == {"code", "severity", "where", "message"}


@pytest.mark.parametrize(
    ("code", "declared"),
    [
        ("EPSG:4526", Declared(epsg=4526)),
        ("EPSG:4547", Declared(epsg=4547)),
        ("EPSG:4526", None),
        ("EPSG:4326", Declared(epsg=4326)),
    ],
)
def test_coordinates_are_placed_in_the_declared_or_fitting_system(
    world: World, code: str, declared: Declared | None
) -> None:
    read = replace(raw([(CELLS, in_system(LOT, code))]), declared=declared)
    intake = take(world, read)
    assert intake.system is not None
    assert intake.system.code == code
    assert shapely.hausdorff_distance(intake.rows[0].geometry, LOT) < 1e-8
    assert {finding.code for finding in intake.findings} == (set() if declared else {"crs-guessed"})


def test_what_the_person_chose_counts(world: World) -> None:
    flat = shapely.transform(in_system(LOT, "EPSG:4526"), lambda xy: xy[:, ::-1] - (0, 38_000_000))
    read = replace(raw([(CELLS, flat)]), declared=None)
    intake = take(world, read, system=system("EPSG:4526"), swapped=True, prefix=38)
    assert shapely.hausdorff_distance(intake.rows[0].geometry, LOT) < 1e-8
    assert intake.rows[0].original_crs == "EPSG:4526 swapped +38000000"
    assert intake.system_reason.zh == "由录入人选定"


def test_a_file_may_mix_systems(world: World) -> None:
    read = raw([(CELLS, in_system(LOT, "EPSG:4526")), ({**CELLS, "地块编号": "B"}, polygon(square(300, 0, 50)))])
    mixed = (replace(read.features[0], crs=Declared(epsg=4526)), read.features[1])
    rows = take(world, replace(read, features=mixed)).rows
    assert [row.original_crs for row in rows] == ["EPSG:4526", "EPSG:4326"]
    assert not any(row.has_errors for row in rows)


def test_systems_that_cannot_be_used_are_errors_of_the_file(world: World) -> None:
    read = replace(raw([(CELLS, in_system(LOT, "EPSG:4526"))]), declared=Declared(epsg=2362))
    intake = take(world, read)
    assert [finding.code for finding in intake.findings] == ["local-parameters-needed"]
    assert intake.has_errors
    odd = shapely.box(1e8, 1e8, 1e8 + 5, 1e8 + 5)
    unknown = take(world, replace(raw([(CELLS, odd)]), declared=None))
    assert [finding.code for finding in unknown.findings] == ["crs-unknown"]
    assert unknown.payload()["crs"] is None


def test_a_contradiction_and_a_doubt_are_told(world: World) -> None:
    wrong = replace(raw([(CELLS, in_system(LOT, "EPSG:4526"))]), declared=Declared(epsg=4527))
    assert {f.code for f in take(world, wrong).findings} == {"crs-contradicts"}
    bare = replace(
        raw([(CELLS, shapely.transform(in_system(LOT, "EPSG:4526"), lambda xy: xy - (38_000_000, 0)))]), declared=None
    )
    found = {f.code for f in take(world, bare, county="", may_write=None).findings}
    assert found & {"crs-uncertain", "crs-guessed"}


def test_bad_coordinates_spoil_only_their_row(world: World) -> None:
    with np.errstate(invalid="ignore"):
        nan = shapely.Polygon([(113.8, 34.2), (float("nan"), 34.2), (113.8, 34.21)])
    far = shapely.box(500, 95, 501, 96)
    rows = take(world, raw([(CELLS, nan), ({**CELLS, "地块编号": "B"}, far), ({**CELLS, "地块编号": "C"}, LOT)])).rows
    assert "coordinate-not-finite" in codes(rows[0])
    assert "coordinate-out-of-range" in codes(rows[1])
    assert rows[0].geometry is None
    assert codes(rows[2]) == set()


def test_the_readers_findings_come_first_and_once(world: World) -> None:
    told = Finding("point-count", Severity.WARNING, "a.txt:9", PLOT.title)
    read = raw([(CELLS, LOT)])
    read = replace(read, features=(replace(read.features[0], findings=(told, told)),))
    assert take(world, read).rows[0].findings == [told]


@pytest.mark.parametrize(
    ("cells", "context", "county"),
    [
        ({}, {}, COUNTY),
        ({"区县": "沁阳市"}, {}, "410882"),
        ({}, {"county": "", "may_write": None}, COUNTY),
        ({}, {"county": "", "may_write": {"410882"}}, "410882"),
        ({}, {"county": "", "may_write": {"411000"}}, COUNTY),
    ],
)
def test_the_county_is_the_rows_the_files_or_where_it_lies(
    world: World, cells: dict[str, object], context: dict[str, Any], county: str
) -> None:
    assert one(world, {**CELLS, **cells}, **context).values["county"] == county


def test_a_county_that_the_editor_does_not_hold_is_an_error(world: World) -> None:
    assert "county-not-held" in codes(one(world, may_write={"410882"}))


def test_what_is_missing_is_assumed_and_told(world: World) -> None:
    row = one(world, {}, LOT)
    assert codes(row) == {"code-assumed", "status-assumed", "missing-for-publication"}
    assert (row.values["code"], row.values["name"], row.values["status"]) == ("plots-1", "plots-1", "reserve")
    assert row.feature is not None
    named = one(world, {"地块名称": "某地块"}, LOT)
    assert named.values["code"] == "某地块"
    assert "code-assumed" in codes(named)


def test_what_no_row_of_a_long_file_has_is_told_once(world: World) -> None:
    rows = [({"地块编号": f"A{number}", "地块名称": "x", "面积": 900}, None) for number in range(210)]
    intake = take(world, raw(rows))
    assert {f.code for f in intake.findings} == {"status-assumed", "missing-for-publication", "unit-assumed"}
    assert codes(intake.rows[0]) == {"geometry-absent"}


def test_an_area_in_another_unit_is_told_and_taken(world: World) -> None:
    hectares = round(geodesic_area_m2(LOT) / 1e4, 4)
    row = one(world, {**CELLS, "地块面积": str(hectares)})
    assert codes(row) == {"area-unit"}
    assert row.feature.area_m2 == pytest.approx(hectares * 1e4)
    wrong = one(world, {**CELLS, "面积（亩）": 999})
    assert codes(wrong) == {"area-mismatch"}
    assert wrong.has_errors
    fine = one(world, {**CELLS, "面积（公顷）": hectares})
    assert codes(fine) == set()


def test_duplicates_and_overlaps_in_a_file(world: World) -> None:
    rows = take(world, raw([(CELLS, LOT), (CELLS, polygon(square(100, 0, 200)))])).rows
    assert {"duplicate-code", "overlap-in-file"} <= codes(rows[0])


def test_columns_of_no_field_are_listed(world: World) -> None:
    (finding,) = take(world, raw([({**CELLS, "图斑": "7"}, LOT)])).findings
    assert (finding.code, finding.severity) == ("unknown-column", Severity.INFO)
    assert "图斑" in finding.message.zh


def test_a_second_import_finds_the_first_and_changes_nothing(world: World) -> None:
    first = one(world).feature
    renamed = replace(first, id="demo-plot-411082-01", term_years=50.0, note="旧备注")
    row = one(world, existing=existing_of(renamed))
    assert row.id == "demo-plot-411082-01"
    assert codes(row) == {"unchanged"}
    assert (row.feature.term_years, row.feature.note) == (50.0, "旧备注")
    assert row.unchanged
    assert not row.is_new
    changed = one(world, {**CELLS, "状态": "已供"}, existing=existing_of(renamed))
    assert changed.feature.status == "granted"
    assert not changed.unchanged


def test_an_export_of_middles_keeps_the_shape_and_words_keep_their_code(world: World) -> None:
    known = replace(one(world).feature, land_use="100101")
    cells = {**CELLS, "编号": known.id, "用地性质": "一类工业用地"}
    row = one(world, cells, known.geometry.centroid, existing=existing_of(known))
    assert codes(row) == {"geometry-kept", "unchanged"}
    assert row.values["land_use"] == "100101"
    assert row.geometry.equals(LOT)
    assert row.area_m2 == pytest.approx(geodesic_area_m2(LOT), rel=1e-6)
    assert row.unchanged


def test_another_parcel_of_the_record_is_in_the_way(world: World) -> None:
    other = replace(one(world).feature, id="plot-other", code="OTHER")
    row = one(world, existing=existing_of(other, state="submitted"))
    assert codes(row) == {"overlap"}
    assert row.has_errors


def test_spots_can_be_drawn_and_repairs_are_offered_but_not_made(world: World) -> None:
    bow = polygon([(0, 0), (200, 200), (200, 0), (0, 150)])
    row = one(world, shape=bow)
    (spot,) = [spot for spot in row.spots if spot.code == "ring-self-crossing"]
    assert spot.geometry is not None
    assert spot.finding.where == "plots.geojson#1 ring 1 point 1"
    assert {each.code for each in row.proposals} == {"reorder", "make-valid"}
    assert row.geometry.equals_exact(bow, 0)
    assert one(world).proposals == []


def test_heights_and_measures_are_kept_in_the_original(world: World) -> None:
    row = one(world, shape=shapely.force_3d(LOT, 80.0))
    assert codes(row) == {"z-ignored"}
    assert shapely.has_z(shapely.from_wkb(row.original_geometry))
    assert not shapely.has_z(row.geometry)


@pytest.mark.parametrize(
    ("kind", "cells", "shape", "precision", "expected"),
    [
        (
            PROJECT,
            {"项目名称": "某项目", "总投资（亿元）": "11", "阶段": "签约"},
            None,
            "county",
            {"amount_wan": 110_000.0, "stage": "signed"},
        ),
        (
            PROJECT,
            {"项目名称": "某项目", "总投资": "约11亿元", "阶段": "签约"},
            shapely.Point(ORIGIN),
            "address",
            {"currency": "CNY"},
        ),
        (PARK, {"园区名称": "某园区", "面积": "2平方公里"}, LOT, "surveyed", {"area_m2": 2e6}),
        (
            ROUTE,
            {"线路名称": "一日线", "全程里程（公里）": 32},
            placed(shapely.LineString([(0, 0), (900, 900)])),
            "surveyed",
            {"length_km": 32.0},
        ),
        (KINDS.get("opportunity"), {"名称": "合作", "合作内容": "建厂"}, None, "county", {"content": "建厂"}),
    ],
)
def test_every_kind_can_be_taken_in(
    world: World,
    kind: type[Feature],
    cells: dict[str, object],
    shape: BaseGeometry | None,
    precision: str,
    expected: dict[str, object],
) -> None:
    (row,) = take(world, raw([(cells, shape)]), kind).rows
    assert not row.has_errors
    assert row.feature is not None
    assert row.feature.precision == precision
    assert {name: row.values[name] for name in expected} == expected
    assert row.id.startswith(f"{kind.kind}-{COUNTY}-")


def test_a_required_value_that_nobody_can_assume_is_an_error(world: World) -> None:
    (row,) = take(world, raw([({"项目名称": "某项目"}, None)]), PROJECT).rows
    assert codes(row) == {"missing-field", "missing-for-publication"}
    assert row.feature is None


def test_a_file_without_rows_is_no_trouble(world: World) -> None:
    intake = take(world, raw([]))
    assert intake.rows == []
    assert intake.payload()["parcels"] == []


def test_progress_counts_rows_and_can_cancel(world: World) -> None:
    read = raw([({**CELLS, "地块编号": f"A{n}"}, polygon(square(n * 50.0, 0, 40))) for n in range(20)])
    seen: list[tuple[int, int]] = []
    prepare(read, PLOT, Context(world, COUNTY), lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (20, 20)

    class Cancelled(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        if done > 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        prepare(read, PLOT, Context(world, COUNTY), cancel)
    assert gc.isenabled()


def test_ids_are_readable_stable_and_short() -> None:
    assert slug("长自然资储(2024)５号") == "长自然资储-2024-5号"
    assert made(PLOT, COUNTY, "DK 01", "") == "plot-411082-dk-01"
    assert made(PROJECT, COUNTY, "", "某项目") == made(PROJECT, COUNTY, "", "某项目")
    assert made(PROJECT, COUNTY, "", "某项目") != made(PROJECT, COUNTY, "", "别的")
    assert made(PROJECT, COUNTY, "", "") == ""
    assert len(made(PLOT, COUNTY, "长" * 300, "")) <= 120


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.dictionaries(
                st.sampled_from(["地块编号", "地块名称", "面积", "用地性质", "状态", "容积率", "区县", "怪列"]),
                st.one_of(st.text(max_size=12), st.none(), st.floats(), st.integers()),
            ),
            st.one_of(
                st.none(),
                st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=7).map(
                    lambda points: polygon([(x * 10.0, y * 10.0) for x, y in points])
                ),
                st.tuples(st.floats(-200, 200), st.floats(-100, 100)).map(shapely.Point),
                st.just(shapely.Polygon()),
            ),
        ),
        max_size=5,
    )
)
def test_nothing_in_a_file_makes_it_fall(
    world: World, rows: list[tuple[dict[str, object], BaseGeometry | None]]
) -> None:
    intake = take(world, raw(rows))
    json.dumps(intake.payload(), allow_nan=False)
    for row in intake.rows:
        assert row.feature is None or row.feature.payload()
        assert isinstance(row.proposals, list)
    assert np.isfinite(intake.sheet.areas).all()
