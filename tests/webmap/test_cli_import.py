"""`relitu import`: the report, the exit status, what is written and what is not."""

import json
import zipfile
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner

from geo.model import default_kinds
from geo.publish import Shelf
from geo.store import Store
from geo.store.files import Files
from webmap.cli import relitu
from webmap.config import load_config
from webmap.intake.known import known

GOOD = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
带号=38
[地块坐标]
5,4.0000,CG-1,一号地块,面,,工业,1001,@
J1,1,3786000.000,38482000.000
J2,1,3786000.000,38482200.000
J3,1,3786200.000,38482200.000
J4,1,3786200.000,38482000.000
J1,1,3786000.000,38482000.000
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    config = load_config(folder, {})
    store = Store.create(config.store_url)
    import datasets.world

    Shelf(config.snapshots).publish(store.published(default_kinds()), default_kinds(), datasets.world.load())
    store.close()
    return folder


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text(GOOD, encoding="utf-8")
    return path


def run(data: Path, *args: object):
    command = ["import", *map(str, args), "--data", str(data), "--author", "shell"]
    return CliRunner().invoke(relitu, command, env={"LANG": "zh_CN.UTF-8", "LC_ALL": ""})


def rows(data: Path) -> int:
    store = Store.open(load_config(data, {}).store_url)
    found = len(known(store, "plot").existing)
    store.close()
    return found


def test_a_dry_run_reports_as_json_and_writes_nothing(data, good):
    done = run(data, good, "--county", "411082", "--dry-run", "--format", "json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert {"format", "crs", "crs_reason", "parcels", "findings"} <= set(report)
    assert (report["format"], report["crs"]) == ("boundary-txt", "EPSG:4526")
    (parcel,) = report["parcels"]
    assert {"where", "code", "name", "area_m2", "centroid", "parts", "holes", "findings"} <= set(parcel)
    assert (parcel["code"], parcel["name"], parcel["parts"], parcel["holes"]) == ("CG-1", "一号地块", 1, 0)
    assert parcel["area_m2"] == pytest.approx(40000, rel=1e-3)
    assert 113.5 < parcel["centroid"][0] < 114.2 and 34 < parcel["centroid"][1] < 34.4
    assert all(set(each) == {"code", "severity", "where", "message"} for each in parcel["findings"])
    assert rows(data) == 0


def test_it_writes_drafts_with_author_origin_and_the_file(data, good):
    assert run(data, good, "--county", "411082").exit_code == 0
    config = load_config(data, {})
    store = Store.open(config.store_url)
    revision = store.current("plot-411082-cg-1")
    assert (revision.author, revision.state.value, revision.original_crs) == ("shell", "draft", "EPSG:4526")
    sha, _, where = revision.origin.partition("#")
    assert where == "good.txt:6"
    assert Files(store.engine, config.data_dir / "files").get(sha).path.read_text(encoding="utf-8") == GOOD
    store.close()
    again = run(data, good, "--county", "411082")
    assert again.exit_code == 0 and "未变 1 条" in again.output


def test_errors_keep_everything_out_and_give_status_1(data, good):
    second = GOOD[GOOD.index("5,4.0000") :].replace("CG-1", "CG-2").replace("38482000", "38482100")
    good.write_text(GOOD + second.replace("4.0000", "2.0000"), encoding="utf-8")  # it lies on the first one's half
    done = run(data, good, "--county", "411082")
    assert done.exit_code == 1 and "未写入" in done.output and "重叠" in done.output
    assert rows(data) == 0


def test_what_cannot_be_read_gives_status_2_and_names_the_file(data, tmp_path):
    empty = tmp_path / "leer.shp.zip"
    empty.write_bytes(b"")
    done = run(data, empty, "--format", "json", "--dry-run")
    assert done.exit_code == 2
    report = json.loads(done.stdout)
    assert report["format"] is None and report["findings"][0]["code"] == "empty-file"
    assert run(data, tmp_path / "nowhere.txt").exit_code == 2


def test_several_files_and_folders_give_a_list_and_the_worst_status(data, good, tmp_path):
    folder = tmp_path / "survey"
    (folder / ".hidden").mkdir(parents=True)
    (folder / "a.txt").write_text(GOOD.replace("CG-1", "CG-9").replace("38482", "38483"), encoding="utf-8")
    (folder / ".hidden" / "b.txt").write_text("x", encoding="utf-8")
    (folder / "plots.dbf").write_bytes(b"part of a shapefile")
    with zipfile.ZipFile(folder / "broken.zip", "w") as archive:
        archive.writestr("readme.md", "nothing")
    done = run(data, good, folder, "--county", "411082", "--format", "json", "--dry-run")
    reports = json.loads(done.stdout)
    assert [report["file"] for report in reports] == ["good.txt", "a.txt", "broken.zip"]
    assert done.exit_code == 2


def test_a_system_can_be_named(data, tmp_path):
    path = tmp_path / "plots.geojson"
    shape = shapely.box(482000, 3786000, 482200, 3786200)
    feature = {
        "type": "Feature",
        "properties": {"code": "A", "name": "甲"},
        "geometry": shapely.geometry.mapping(shape),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    options = ("--county", "411082", "--crs", "EPSG:4526", "--zone-prefix", "38", "--dry-run", "--format", "json")
    report = json.loads(run(data, path, *options).stdout)
    assert report["crs"] == "EPSG:4526"
    assert 113.7 < report["parcels"][0]["centroid"][0] < 113.9


@pytest.mark.parametrize(
    "options",
    [("--kind", "starship"), ("--county", "999999"), ("--crs", "EPSG:1"), ("--swap-axes",)],
)
def test_a_wrong_option_is_one_sentence(data, good, options):
    done = run(data, good, *options)
    assert done.exit_code != 0 and done.exception is not None
    assert hasattr(done.exception, "label")
