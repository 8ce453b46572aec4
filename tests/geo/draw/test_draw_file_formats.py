"""XLSX, KML, Shapefile and boundary-point text: what stands in the files, and what each of them cannot hold."""

import io
import re
import zipfile

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from defusedxml import ElementTree
from made import made, point, project

from geo.crs import geodesic_area_m2, system, to_wgs84
from geo.draw.export import export
from geo.draw.formats.txt import zone_of
from geo.draw.formats.xlsx import LONGEST_CELL
from geo.model import default_kinds
from geo.model.short_names import short_names
from geo.query.faults import BadParameters

HOLED = shapely.Polygon(
    [(113.8, 34.2), (113.81, 34.2), (113.81, 34.21), (113.8, 34.21)],
    [[(113.802, 34.202), (113.802, 34.204), (113.804, 34.204), (113.804, 34.202)]],
)
KML = "{http://www.opengis.net/kml/2.2}"


def written(selection, atlas, kind, format_, lang="zh"):
    return b"".join(export(selection, kind, format_, atlas, lang))


def sheet_of(data):
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    head, *rows = page.iter_rows()
    return [cell.value for cell in head], rows


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1"])
def test_no_cell_of_a_workbook_runs_and_its_text_stays_what_it_was(drawn, atlas, evil):
    headings, (row,) = sheet_of(written(drawn(project(name=f"{evil}x")), atlas, "project", "xlsx"))
    cell = row[headings.index("名称")]
    assert (cell.value, cell.data_type) == (f"{evil}x".strip(), "s")
    assert cell.value == f"{evil}x" or evil.startswith("\t")
    assert cell.quotePrefix or evil.startswith("\t")


def test_a_workbook_has_numbers_as_numbers_and_the_geometry_as_text(drawn, atlas):
    headings, (row,) = sheet_of(written(drawn(made("plot", geometry=HOLED, area_m2=1234.5)), atlas, "plot", "xlsx"))
    assert row[headings.index("面积（㎡）")].value == 1234.5
    assert shapely.from_wkt(row[headings.index("几何(WKT)")].value).equals_exact(HOLED, 0)


def test_a_geometry_too_long_for_a_cell_goes_on_in_the_next(drawn, atlas):
    angles = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    round_ = shapely.Polygon(np.column_stack([113.8 + np.cos(angles) / 300, 34.2 + np.sin(angles) / 300]))
    headings, (row,) = sheet_of(written(drawn(made("plot", geometry=round_)), atlas, "plot", "xlsx"))
    at = [place for place, heading in enumerate(headings) if heading.startswith("几何(WKT)")]
    texts = [row[place].value for place in at]
    assert len(texts) > 2 and all(len(text) <= LONGEST_CELL for text in texts)
    assert shapely.from_wkt("".join(texts)).equals_exact(round_, 0)


def test_kml_has_fields_holes_and_every_digit(drawn, atlas):
    name = "<script>alert(1)</script>&\x00"
    root = ElementTree.fromstring(
        written(drawn(made("plot", name=name.rstrip("\x00"), geometry=HOLED)), atlas, "plot", "kml")
    )
    (mark,) = root.iter(f"{KML}Placemark")
    assert mark.findtext(f"{KML}name") == "<script>alert(1)</script>&"
    fields = {data.get("name"): data.findtext(f"{KML}value") for data in mark.iter(f"{KML}Data")}
    assert (fields["code"], fields["area_m2"]) == ("A", "1")
    rings = [c.text.split() for c in mark.iter(f"{KML}coordinates")]
    assert [len(ring) for ring in rings] == [5, 5]
    assert rings[0][0] == "113.8,34.2"


def test_kml_of_what_has_no_place_has_no_geometry(drawn, atlas):
    text = written(drawn(project(), project(geometry=point(113.8, 34.2))), atlas, "project", "kml").decode()
    assert text.count("<Placemark>") == 2 and text.count("<Point>") == 1


def opened(data, tmp_path):
    path = tmp_path / "out.shp.zip"
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
        return set(archive.namelist())


def test_a_shapefile_zip_has_its_system_encoding_and_a_readme(drawn, atlas, tmp_path):
    area = shapely.box(113.8, 34.2, 113.81, 34.21)
    names = opened(written(drawn(made("plot", name="魏都地块", geometry=area)), atlas, "plot", "shp"), tmp_path)
    assert {"plot.shp", "plot.shx", "plot.dbf", "plot.prj", "plot.cpg", "readme.txt"} <= names
    frame = pyogrio.read_dataframe(tmp_path / "plot.shp")
    assert frame.crs.to_epsg() == 4326 and frame["name"][0] == "魏都地块"
    assert (tmp_path / "plot.cpg").read_text() == "UTF-8"
    readme = (tmp_path / "readme.txt").read_text(encoding="utf-8-sig")
    assert re.search(r"intensity +intensity_wan_mu +投资强度 / Investment intensity \(万元/亩", readme)


def test_each_sort_of_geometry_has_a_file_of_its_own(drawn, atlas, tmp_path):
    selection = drawn(
        made("park", id="a", geometry=shapely.box(113.8, 34.2, 113.81, 34.21)),
        made("park", id="b", geometry=point(113.8, 34.2)),
        made("park", id="c"),
    )
    opened(written(selection, atlas, "park", "shp"), tmp_path)
    areas, points = (pyogrio.read_dataframe(tmp_path / f"{name}.shp") for name in ("park", "park_point"))
    assert (sorted(areas["id"]), list(points["id"])) == (["a", "c"], ["b"])
    assert areas.geometry[list(areas["id"]).index("c")] is None


def test_a_text_too_long_for_dbase_is_left_out_whole_and_told(drawn, atlas, tmp_path):
    selection = drawn(
        made("plot", id="a", note="长" * 100, geometry=point(113.8, 34.2)), made("plot", id="b", note="短")
    )
    opened(written(selection, atlas, "plot", "shp"), tmp_path)
    assert "note" not in pyogrio.read_info(tmp_path / "plot_point.shp")["fields"]
    assert "未写入" in (tmp_path / "readme.txt").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("kind", list(default_kinds()), ids=lambda kind: kind.kind)
def test_short_names_are_short_and_all_different(kind):
    names = list(short_names(kind).values())
    assert len(set(names)) == len(names) and all(len(name) <= 10 for name in names)


def lines_of(selection, atlas):
    return written(selection, atlas, "plot", "txt").decode().splitlines()


def test_boundary_points_are_northing_first_in_the_plots_zone(drawn, atlas):
    lines = lines_of(
        drawn(made("plot", code="C-1", name="甲,乙@", geometry=HOLED, area_m2=12345.678, land_use="M1")), atlas
    )
    assert lines[:1] == ["[属性描述]"] and "带号=38" in lines and "计量单位=米" in lines
    start = lines.index("[地块坐标]") + 1
    assert lines[start] == "10,1.2346,C-1,甲 乙 ,面,,一类工业用地,M1,@"
    rows = [line.split(",") for line in lines[start + 1 :]]
    assert [row[1] for row in rows] == ["1"] * 5 + ["2"] * 5
    assert (rows[0][0], rows[4][0], rows[5][0], rows[9][0]) == ("J1", "J1", "J5", "J5")
    assert all(3_700_000 < float(row[2]) < 3_900_000 and row[3].startswith("38") for row in rows)
    lonlat = to_wgs84(system("EPSG:4526"), np.array([[float(row[3]), float(row[2])] for row in rows[:5]]))
    assert abs(geodesic_area_m2(shapely.Polygon(lonlat)) / geodesic_area_m2(shapely.Polygon(HOLED.exterior)) - 1) < 1e-7


def test_plots_of_two_zones_stand_under_their_own_headers(drawn, atlas):
    west, east = shapely.box(112.4, 34.5, 112.41, 34.51), shapely.box(112.6, 34.5, 112.61, 34.51)
    lines = lines_of(drawn(made("plot", geometry=west), made("plot", geometry=east), made("plot")), atlas)
    assert [line for line in lines if line.startswith("带号")] == ["带号=37", "带号=38"]
    assert sum(line.endswith("@") for line in lines) == 2


@pytest.mark.parametrize(
    ("lon", "zone"), [(111, 37), (112.49, 37), (112.51, 38), (114, 38), (117, 39), (10, 25), (179, 45)]
)
def test_the_zone_is_the_nearest(lon, zone):
    assert zone_of(lon) == zone


def test_boundary_points_are_for_plots_only(drawn, atlas):
    with pytest.raises(BadParameters, match="txt"):
        export(drawn(), "project", "txt", atlas)
