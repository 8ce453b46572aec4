"""Exports: every field of the declaration, safe to open, demonstration data marked, in each format."""

import csv
import io
import json

import pytest
import shapely
from made import made, point, project

from geo.draw.export import export, formats
from geo.draw.formats.csv import guarded
from geo.model import default_kinds, fields_of
from geo.model.registry import UnknownKind
from geo.query.faults import BadParameters


def rows(selection, atlas, kind="project", lang="zh"):
    data = b"".join(export(selection, kind, "csv", atlas, lang))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_formats_are_the_modules():
    assert set(formats()) == {"csv", "geojson", "gpkg", "kml", "shp", "txt", "xlsx"}


def test_csv_has_every_declared_field_with_its_unit_in_the_readers_language(drawn, atlas):
    selection = drawn(made("plot", area_m2=20_000))
    (zh,), (en,) = rows(selection, atlas, "plot"), rows(selection, atlas, "plot", "en")
    assert zh["面积（㎡）"] == en["Area (m²)"] == "20000"
    assert "起始价（万元/亩）" in zh and "Starting price (10k CNY/mu)" in en
    assert (
        len(zh) == len(en) == len(fields_of(default_kinds().get("plot"))) + 7
    )  # names of units and place, licence, point, WKT


def test_csv_says_in_words_what_codes_mean(drawn, atlas):
    selection = drawn(project(2.5, stage="signed", chains=["nev"], place="town", demo=True, as_of="2022-03"))
    (zh,), (en,) = rows(selection, atlas), rows(selection, atlas, lang="en")
    assert (zh["阶段"], zh["演示数据"], zh["总投资（万元）"], zh["时间"]) == ("签约", "是", "25000", "2022-03")
    assert (en["Stage"], en["Demonstration data"]) == ("Signed", "Yes")
    assert zh["产业链"] == atlas.chains.chains["nev"].label.zh
    assert (zh["县（市、区）"], zh["县（市、区）名称"], zh["所在地名称"], zh["来源"]) == (
        "411082",
        "长葛市",
        "地town",
        "test",
    )
    assert zh["位置精度"] == "县级"
    assert rows(drawn(project(demo=False)), atlas)[0]["演示数据"] == "否"


def test_csv_gives_a_point_only_where_one_is_known(drawn, atlas):
    selection = drawn(project(id="a", geometry=point(113.8, 34.2)), project(id="b"))
    first, second = rows(selection, atlas)
    assert (first["经度（WGS-84）"], first["纬度（WGS-84）"]) == ("113.8", "34.2")
    assert (second["经度（WGS-84）"], second["纬度（WGS-84）"], second["总投资（万元）"]) == ("", "", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_runs_as_a_formula(start):
    assert guarded(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("cell", ["a=1", "", None, -5.5, True])
def test_other_cells_stay_as_they_are(cell):
    assert guarded(cell) is cell


def test_csv_guards_what_people_typed(drawn, atlas):
    evil = '=HYPERLINK("http://x","y")'
    (found,) = rows(drawn(project(name=evil, investor="@SUM(A1)", content='a, "b"\nc')), atlas)
    assert (found["名称"], found["投资方"], found["建设内容"]) == (f"'{evil}", "'@SUM(A1)", 'a, "b"\nc')


def test_csv_comes_in_pieces_that_make_one_table(drawn, atlas):
    selection = drawn(*(project(content="长" * 1500) for _ in range(60)))
    assert len(list(export(selection, "project", "csv", atlas))) > 1
    assert len(rows(selection, atlas)) == 60


def test_geojson_is_a_collection_of_the_selected_features(drawn, atlas):
    selection = drawn(project(1, id="a", geometry=point(113.8, 34.2), demo=True), project(id="b"))
    found = json.loads(b"".join(export(selection, "project", "geojson", atlas)))
    assert found["type"] == "FeatureCollection"
    assert [each["id"] for each in found["features"]] == ["a", "b"]
    assert [each["properties"]["demo"] for each in found["features"]] == [True, False]
    assert found["features"][1]["geometry"] is None


def test_geopackage_opens_with_names_numbers_and_geometries(drawn, atlas, tmp_path):
    import pyogrio

    area = shapely.box(113.8, 34.2, 113.81, 34.21)
    selection = drawn(
        made("plot", id="a", name="=甲", geometry=area, area_m2=5, chains=["nev", "food"], demo=True),
        made("plot", id="b"),
    )
    path = tmp_path / "plots.gpkg"
    path.write_bytes(b"".join(export(selection, "plot", "gpkg", atlas)))
    frame = pyogrio.read_dataframe(path, layer="plot")
    assert frame.crs.to_epsg() == 4326
    assert list(frame["id"]) == ["a", "b"] and frame["name"][0] == "=甲"
    assert list(frame["demo"]) == [True, False]
    assert (frame["area_m2"][0], frame["chains"][0]) == (5, "nev;food")
    assert frame.geometry[0].equals(area) and frame.geometry[1] is None
    assert frame["price_wan_mu"].isna().all()


@pytest.mark.parametrize("kind", default_kinds().names)
@pytest.mark.parametrize("format_", sorted(formats()))
def test_every_kind_goes_into_every_format_even_without_rows_or_geometry(drawn, atlas, kind, format_):
    if not formats()[format_].holds(kind):
        return
    for selection in (drawn(), drawn(made(kind))):
        assert b"".join(export(selection, kind, format_, atlas))


def test_unknown_formats_and_kinds_are_named_with_the_way_out(drawn, atlas):
    with pytest.raises(BadParameters, match=r"format cannot be 'exe'; known are csv, geojson, gpkg, kml, shp, xlsx"):
        export(drawn(), "project", "exe", atlas)
    with pytest.raises(UnknownKind, match="starship"):
        export(drawn(), "starship", "csv", atlas)
