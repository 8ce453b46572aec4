"""From the uploaded file to submitted drafts, as the pages do it: jobs, progress, mending, leaving out, committing, exporting."""

from __future__ import annotations

import io
import json
import re
import socket
import threading
import time
from typing import Any

import openpyxl
import pytest
import shapely
from staff_office import OTHER, OWN, Browser, Installation

from geo.store import audit
from geo.store.jobs import Cancelled, JobState
from geo.store.revisions import State
from webmap.staff.runner import Runner, Task, WorkFailed

SQUARE = shapely.box(113.80, 34.20, 113.802, 34.202)
BOW_TIE = shapely.Polygon([(113.81, 34.20), (113.812, 34.202), (113.812, 34.20), (113.81, 34.202)])
EVIL = "<script>alert(1)</script>"


def geojson(*rows: tuple[dict[str, Any], Any]) -> bytes:
    features = [{"type": "Feature", "properties": p, "geometry": shapely.geometry.mapping(g)} for p, g in rows]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def parcel(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": f"地块{code}", "status": "available", "land_use": "M1", **more}


GOOD = geojson((parcel("A"), SQUARE), (parcel("B", name=EVIL), shapely.box(113.83, 34.2, 113.832, 34.202)))
BAD = geojson(
    (parcel("A"), SQUARE),
    (parcel("B"), BOW_TIE),
    (parcel("C", far_max="高"), shapely.box(113.83, 34.2, 113.832, 34.202)),
)


@pytest.fixture
def clerk(here: Installation) -> Browser:
    here.app.config["JOBS_WAIT"] = True
    return here.browser("editor")


@pytest.fixture
def work(here: Installation):
    """Do what is queued."""
    return Runner(here.desk).drain


def send(clerk: Browser, content: bytes, name: str = "plots.geojson", **form: Any) -> str:
    """Upload a file; the job's id."""
    data = {"kind": "plot", "county": OWN, "files": (io.BytesIO(content), name), **form}
    answer = clerk.post("/staff/upload", data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    found = re.search(r"/staff/jobs/(\w+)", answer.headers["Location"])
    assert found
    return found[1]


def status(clerk: Browser, job: str) -> dict[str, Any]:
    return clerk.get(f"/staff/jobs/{job}", headers={"Accept": "application/json"}).get_json()


def page(clerk: Browser, path: str) -> str:
    answer = clerk.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("Location"))
    return answer.get_data(as_text=True)


def test_a_file_goes_from_upload_to_submitted(clerk, work, here):
    job = send(clerk, GOOD)
    assert status(clerk, job)["state"] == "queued" and "排队" in page(clerk, f"/staff/jobs/{job}")
    work()
    told = status(clerk, job)
    assert (told["state"], told["href"]) == ("done", f"/staff/intake/{job}")
    assert {"done", "total", "remaining_s", "message"} <= set(told)
    text = page(clerk, f"/staff/intake/{job}")
    assert "GeoJSON" in text and EVIL not in text and "&lt;script&gt;" in text
    assert clerk.post(f"/staff/intake/{job}/commit", {"reason": "五月测绘"}).status_code == 303
    work()
    text = page(clerk, f"/staff/intake/{job}/committed")
    assert "已写入 2 条草稿" in text
    revision = here.desk.store.current("plot-411082-a")
    assert (revision.state, revision.author, revision.reason) == (State.DRAFT, "editor", "五月测绘")
    sha = revision.origin.partition("#")[0]
    assert here.desk.files.get(sha).name == "plots.geojson"
    assert "地块A" in page(clerk, f"/staff/records?origin={sha}")
    assert clerk.post(f"/staff/intake/{job}/submit").status_code == 303
    work()
    assert here.state("plot-411082-a") is State.SUBMITTED and here.state("plot-411082-b") is State.SUBMITTED
    assert list(audit.breaks(here.desk.store.engine)) == []


def test_a_file_with_errors_writes_nothing_until_it_is_mended(clerk, work, here):
    job = send(clerk, BAD)
    work()
    assert "2" in page(clerk, f"/staff/intake/{job}?only=errors")
    assert clerk.post(f"/staff/intake/{job}/commit").status_code == 409
    row = page(clerk, f"/staff/intake/{job}/row/1")
    assert 'value="repair:reorder"' in row and "修复建议" in row
    clerk.post(f"/staff/intake/{job}/row/1", {"do": "repair:reorder"})
    work()
    clerk.post(f"/staff/intake/{job}/rows", {"row": "2", "do": "leave-out"})
    work()
    assert "不导入" in page(clerk, f"/staff/intake/{job}?only=left-out")
    clerk.post(f"/staff/intake/{job}/commit")
    work()
    assert here.desk.store.current("plot-411082-b").geometry.is_valid
    assert here.desk.store.current("plot-411082-c") is None


def test_cells_are_mended_in_place_and_can_go_back(clerk, work):
    from staff_office import form_of

    job = send(clerk, BAD)
    work()
    path = f"/staff/intake/{job}/row/2"
    form = form_of(page(clerk, path)) | {"far_max": ["2.5"], "do": "save"}
    clerk.post(path, form)
    work()
    text = page(clerk, path)
    assert 'value="2.5"' in text and 'value="as-filed"' in text
    assert "worst-3" not in page(clerk, f"/staff/intake/{job}?only=all").split('id="row-2"')[1].split("</tr>")[0]
    clerk.post(path, {"do": "as-filed"})
    work()
    assert 'value="as-filed"' not in page(clerk, path)


def test_another_system_can_be_chosen_and_taken_back(clerk, work):
    job = send(clerk, GOOD)
    work()
    clerk.post(f"/staff/intake/{job}/system", {"candidate": "other", "system": "GCJ-02"})
    work()
    assert "GCJ-02" in page(clerk, f"/staff/intake/{job}")
    assert clerk.post(f"/staff/intake/{job}/system", {"candidate": "nonsense|"}).status_code == 422
    clerk.post(f"/staff/intake/{job}/system", {"candidate": ""})
    work()
    assert "WGS-84" in page(clerk, f"/staff/intake/{job}")


def test_the_map_gets_faulty_shapes_first_and_where_the_faults_are(clerk, work):
    job = send(clerk, BAD)
    work()
    found = clerk.get(f"/staff/intake/{job}/shapes?box=113.7,34.1,113.9,34.3").get_json()
    assert (found["total"], found["shown"]) == (3, 3)
    assert found["features"][0]["properties"]["worst"] == 3
    assert any(spot["properties"]["severity"] == "error" for spot in found["spots"]["features"])


def test_findings_can_be_taken_along_as_a_workbook(clerk, work):
    job = send(clerk, BAD)
    work()
    answer = clerk.get(f"/staff/intake/{job}/findings.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:3] == ("位置", "编号", "名称")
    assert {row[0] for row in rows} >= {"plots.geojson#2", "plots.geojson#3"}


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [(b"", "leer.zip", "空"), (b"\x00\x01\x02", "x.bin", "无法识别"), (b"{", "kaputt.geojson", "kaputt.geojson")],
)
def test_an_unreadable_file_is_told_in_words(clerk, work, content, name, words):
    job = send(clerk, content, name)
    work()
    told = status(clerk, job)
    assert told["state"] == "failed" and words in told["message"]
    assert clerk.get(f"/staff/intake/{job}").status_code == 404


def test_pasted_coordinates_and_loose_parts_of_a_shapefile_are_files_too(clerk, work, tmp_path):
    import pyogrio.raw

    job = send(clerk, b"", "", text="113.80,34.20\n113.802,34.20\n113.802,34.202\n113.80,34.202")
    work()
    assert status(clerk, job)["state"] == "done"
    folder = tmp_path / "parts"
    folder.mkdir()
    pyogrio.raw.write(
        folder / "a.shp", shapely.to_wkb([SQUARE]), [], [], geometry_type="Polygon", crs="EPSG:4326", encoding="UTF-8"
    )
    parts = [(io.BytesIO(path.read_bytes()), path.name) for path in sorted(folder.iterdir())]
    answer = clerk.post(
        "/staff/upload", {"kind": "plot", "county": OWN, "files": parts}, content_type="multipart/form-data"
    )
    work()
    assert status(clerk, answer.headers["Location"].rpartition("/")[2])["state"] == "done"


def test_nothing_sent_an_unknown_kind_and_a_foreign_county_are_refused(clerk):
    for form, code in (({"kind": "plot"}, 422), ({"kind": "ship"}, 422), ({"kind": "plot", "county": OTHER}, 403)):
        assert clerk.post("/staff/upload", form).status_code == code


def test_too_large_a_file_is_refused_before_it_is_kept(clerk, here):
    here.app.config["MAX_CONTENT_LENGTH"] = 1000
    data = {"kind": "plot", "files": (io.BytesIO(b"x" * 2000), "a.zip")}
    answer = clerk.post("/staff/upload", data, content_type="multipart/form-data")
    assert answer.status_code == 413 and "200 MB" in answer.get_data(as_text=True)
    assert not (here.desk.config.data_dir / "files").exists()


def test_another_persons_import_is_closed(clerk, work, here):
    job = send(clerk, GOOD)
    work()
    assert here.browser("second").get(f"/staff/intake/{job}").status_code == 403


@pytest.mark.parametrize("name", ["csv", "geojson", "gpkg", "kml", "shp", "txt", "xlsx"])
def test_an_export_holds_what_one_may_see_and_is_logged(clerk, work, here, name):
    here.put(State.DRAFT, feature_id="mine")
    here.put(State.PUBLISHED, OTHER, feature_id="theirs")
    answer = clerk.post("/staff/export", {"kind": "plot", "format": name, "state": ["draft", "published"]})
    job = answer.headers["Location"].rpartition("/")[2]
    work()
    assert "1 条记录" in page(clerk, f"/staff/export/{job}")
    fetched = clerk.get(f"/staff/export/{job}/file")
    assert fetched.status_code == 200 and len(fetched.data) > 100
    fetched.close()
    actions = [entry.action for entry in audit.entries(here.desk.store.engine, 10)]
    assert "export" in actions and "export.fetched" in actions


def test_neighbours_are_public_ones_and_those_of_ones_own_counties(clerk, here):
    here.put(State.DRAFT, feature_id="mine")
    here.put(State.DRAFT, OTHER, feature_id="hidden")
    here.put(State.PUBLISHED, OTHER, feature_id="public")
    here.put(State.WITHDRAWN, feature_id="gone")
    found = clerk.get("/staff/nearby?box=112,34,114,36").get_json()
    assert {each["id"] for each in found["features"]} == {"mine", "public"}
    assert clerk.get("/staff/nearby?box=112,34,114,36&except=mine").get_json()["features"][0]["id"] == "public"


class Slow:
    """Work that goes on until it is called off."""

    def __init__(self) -> None:
        self.begun = threading.Event()

    def __call__(self, task: Task) -> dict[str, Any]:
        for done in range(100_000):
            task.progress(done, 100_000)
            self.begun.set()
            time.sleep(0.001)
        return {}


def test_a_running_job_can_be_called_off(here):
    slow = Slow()
    job = here.desk.jobs.add("slow", {}, "editor")
    runner = Runner(here.desk, {"slow": slow})
    runner.wake()
    assert slow.begun.wait(5)
    here.desk.jobs.cancel(job.id)
    end = time.monotonic() + 5
    while here.desk.jobs.get(job.id).state is JobState.RUNNING and time.monotonic() < end:
        time.sleep(0.02)
    assert here.desk.jobs.get(job.id).state is JobState.CANCELLED


def test_progress_is_told_at_most_four_times_a_second(here, monkeypatch):
    told: list[int] = []
    job = here.desk.jobs.add("read", {}, "editor")
    task = Task(job, here.desk)
    monkeypatch.setattr(here.desk.jobs, "beat", lambda _id, done, _total: told.append(done))
    for done in range(1000):
        task.progress(done, 1000)
    assert told == [0]


@pytest.mark.parametrize(
    ("fault", "state", "words"),
    [
        (ZeroDivisionError(), JobState.FAILED, "内部错误"),
        (Cancelled("x"), JobState.CANCELLED, "已取消"),
        (WorkFailed(__import__("datasets.labels").labels.Label("缺文件", "no file")), JobState.FAILED, "缺文件"),
    ],
)
def test_a_failure_becomes_a_message(here, fault, state, words):
    def fail(task: Task) -> dict[str, Any]:
        raise fault

    job = here.desk.jobs.add("fails", {}, "editor")
    Runner(here.desk, {"fails": fail}).drain()
    found = here.desk.jobs.get(job.id)
    assert found.state is state and words in found.message.zh


def test_a_job_whose_worker_has_died_is_told_as_interrupted_at_the_next_start(here):
    lost, other = (here.desk.jobs.add("read", {}, "editor") for _ in range(2))
    here.desk.jobs.claim(f"{socket.gethostname()}:4194999")  # no process has such a number
    here.desk.jobs.claim("elsewhere:1")
    runner = Runner(here.desk, {})
    runner.wake()
    end = time.monotonic() + 5
    while here.desk.jobs.get(lost.id).state is JobState.RUNNING and time.monotonic() < end:
        time.sleep(0.02)
    found = here.desk.jobs.get(lost.id)
    assert found.state is JobState.FAILED and "中断" in found.message.zh
    assert here.desk.jobs.get(other.id).state is JobState.RUNNING
