"""The service as other software reads it: GDAL's OAPIF driver (pyogrio and ogrinfo), QGIS, OWSLib, schemathesis."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import geopandas
import pyogrio
import pytest
import schemathesis
import shapely
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from owslib.ogcapi.features import Features
from pyogrio.errors import DataSourceError
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from geo.model import default_kinds
from webmap.config import Config


@pytest.fixture(scope="module")
def service(config: Config) -> Iterator[str]:
    """The address of the service, in a process of its own: GDAL keeps this one's threads waiting while it reads."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from webmap.cli import main; main()", "serve"]
    server = subprocess.Popen(
        [*command, "--data", str(config.data_dir), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _await(f"{address}/readyz")
        yield f"{address}/api"
    finally:
        server.terminate()
        server.wait(20)


def _await(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{address} does not answer")


@pytest.fixture(scope="module")
def plots(app: Flask) -> list[dict]:
    """The same as the service itself tells them."""
    return app.test_client().get("/api/collections/plot/items?limit=1000").get_json()["features"]


def test_gdal_finds_the_collections(service: str) -> None:
    assert "OAPIF" in pyogrio.list_drivers()
    assert set(pyogrio.list_layers(f"OAPIF:{service}")[:, 0]) == set(default_kinds().names)


def test_gdal_reads_every_feature(service: str, plots: list[dict]) -> None:
    found = geopandas.read_file(f"OAPIF:{service}", layer="plot", engine="pyogrio")
    assert sorted(found["name"]) == sorted(each["properties"]["name"] for each in plots)
    assert found["area_m2"].sum() == pytest.approx(sum(each["properties"]["area_m2"] for each in plots))
    assert found.crs.to_epsg() == 4326 or "CRS84" in str(found.crs)
    west, south, east, north = found.total_bounds
    assert 113 < west < east < 115
    assert 33 < south < north < 35
    talks = geopandas.read_file(f"OAPIF:{service}", layer="talk", engine="pyogrio")
    assert len(talks) == 75


def test_gdal_pages_through_a_collection(service: str) -> None:
    all_at_once = pyogrio.read_dataframe(f"OAPIF:{service}", layer="enterprise")
    by_ten = pyogrio.read_dataframe(f"OAPIF:{service}", layer="enterprise", PAGE_SIZE=10)
    assert sorted(all_at_once["id"]) == sorted(by_ten["id"])
    assert by_ten["id"].is_unique


def test_gdal_asks_by_box_and_by_filter(service: str, plots: list[dict]) -> None:
    box = (113.7, 34.1, 114.0, 34.4)
    found = pyogrio.read_dataframe(f"OAPIF:{service}", layer="plot", bbox=box)
    assert 0 < len(found) < len(plots)
    assert all(found.intersects(shapely.box(*box)))
    large = pyogrio.read_dataframe(f"OAPIF:{service}", layer="plot", where="area_m2 > 3000000 AND status = 'available'")
    wanted = [e for e in plots if e["properties"]["area_m2"] > 3e6 and e["properties"]["status"] == "available"]
    assert sorted(large["id"]) == sorted(each["id"] for each in wanted)


def test_gdal_reads_another_system(service: str) -> None:
    plain = pyogrio.read_dataframe(f"OAPIF:{service}", layer="plot")
    zone = pyogrio.read_dataframe(f"OAPIF:{service}", layer="plot", CRS="EPSG:4547")
    assert zone.crs.to_epsg() == 4547
    back = zone.to_crs(4490)
    with_order = (
        sorted(zip(plain["id"], plain.geometry, strict=True)),
        sorted(zip(back["id"], back.geometry, strict=True)),
    )
    assert len(with_order[0]) == 35
    for (one, shape), (other, again) in zip(*with_order, strict=True):
        assert one == other
        assert shape.hausdorff_distance(again) < 1e-7


def test_ogrinfo_reads_the_service(service: str) -> None:
    program = shutil.which("ogrinfo")
    if program is None:
        _missing("ogrinfo is not installed: apt-get install gdal-bin")
    answer = subprocess.run(
        [program, "-ro", "-so", f"OAPIF:{service}", "plot"], capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert "Feature Count: 35" in answer.stdout
    assert "area_m2: Real" in answer.stdout


def test_qgis_reads_the_service(service: str, plots: list[dict], tmp_path: Path) -> None:
    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        _missing("QGIS is not installed: apt-get install python3-qgis")
    tmp_path.chmod(0o700)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [python, str(Path(__file__).parent / "qgis_reader.py"), service]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=False)
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert found["valid"]
    assert found["polygons"]
    assert found["tiles"]
    assert found["names"] == sorted(each["properties"]["name"] for each in plots)
    assert found["talks"] == 75
    area = shapely.box(113.7, 34.1, 114.0, 34.4)
    inside = [each["id"] for each in plots if shapely.geometry.shape(each["geometry"]).intersects(area)]
    assert found["in box"] == sorted(inside)
    assert found["large"] == sorted(each["id"] for each in plots if each["properties"]["area_m2"] > 3e6)
    assert found["available"] == sorted(each["id"] for each in plots if each["properties"]["status"] == "available")


def test_owslib_reads_the_service(service: str, plots: list[dict]) -> None:
    found = Features(f"{service}/")
    assert set(found.feature_collections()) == set(default_kinds().names)
    assert any("ogcapi-features-3" in uri for uri in found.conformance()["conformsTo"])
    page = found.collection_items("plot", limit=5, filter="area_m2 > 3000000")
    assert page["numberMatched"] == sum(each["properties"]["area_m2"] > 3e6 for each in plots)
    assert found.collection_item("plot", plots[0]["id"])["properties"]["name"] == plots[0]["properties"]["name"]
    assert "properties" in found.collection_queryables("plot")
    assert found.api()["openapi"].startswith("3.0")


def test_ogctests_finds_what_is_declared(service: str, tmp_path: Path) -> None:
    """Open tests of the abstract test suite; they pin other versions than ours, so they have an environment of their own."""
    python = Path(__file__).parents[2] / "build" / "ogctests" / "bin" / "python"
    asked = [str(python), "-c", "import ogctests; print(next(iter(ogctests.__path__)))"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False) if python.exists() else None
    if found is None or found.returncode:
        _missing("ogctests is not installed: tests/webmap/prepare.sh")
    report = tmp_path / "report.xml"
    command = [
        str(python),
        "-m",
        "pytest",
        "-q",
        "-c",
        os.devnull,
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
    ]
    answer = subprocess.run(
        [*command, f"--junit-xml={report}", f"{found.stdout.strip()}/features/core"],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "INSTANCE_URL": f"{service}/"},
        check=False,
    )
    cases = [(case.get("name"), [part.tag for part in case]) for case in ET.parse(report).iter("testcase")]  # noqa: S314
    assert len(cases) >= 29, answer.stdout + answer.stderr
    # Those two hold items against a schema without `null` geometries, which RFC 7946, 3.2 has for what is not located.
    known = {"test_ast22": ["failure"], "test_ast28": ["failure"]}
    assert {name: tags for name, tags in cases if tags} == known, answer.stdout


def test_a_false_address_is_refused(service: str) -> None:
    with pytest.raises(DataSourceError):
        pyogrio.list_layers(f"OAPIF:{service}/none")


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(reason)
    pytest.skip(reason)


DRILL = os.environ.get("HYPOTHESIS_PROFILE") == "drill"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


def operations(client: FlaskClient) -> dict:
    """The definition, less the collections that are alike: two of them say what ten would."""
    body = client.get("/api/openapi?lang=en").get_json()
    skipped = [kind for kind in default_kinds().names if kind not in ("plot", "event")]
    paths = {p: m for p, m in body["paths"].items() if not any(p.startswith(f"/collections/{k}") for k in skipped)}
    return json.loads(json.dumps(body | {"paths": paths}))


@pytest.mark.drill
def test_what_the_definition_allows_is_answered_as_it_says(app: Flask) -> None:
    schema = schemathesis.openapi.from_dict(operations(app.test_client()))
    schema.app = app
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        def check(case: schemathesis.Case) -> None:
            nonlocal tried
            tried += 1
            answer = case.call(headers={"Accept-Encoding": "identity"})
            case.validate_response(answer, checks=CHECKS)

        drawn = operation.as_strategy()
        _run(drawn, check)
    assert tried > 100


def _run(drawn: object, check: object) -> None:
    run = settings(
        max_examples=200 if DRILL else 5, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )(given(drawn)(check))
    run()
