"""Static files: cached for ever under their version, compressed where the reader takes it, nothing outside the folder."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from webmap.static_files import FOLDER, content_version, load, without_comments


@pytest.fixture
def address(client: FlaskClient) -> str:
    return f"/static/{client.application.config['STATIC_VERSION']}"


@pytest.mark.parametrize(("asked", "unpack"), [("br, gzip", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)])
def test_a_script_comes_as_the_reader_takes_it(asked: str, unpack, client: FlaskClient, address: str) -> None:
    answer = client.get(f"{address}/js/app.js", headers={"Accept-Encoding": asked})
    assert unpack(answer.data) == without_comments((FOLDER / "js" / "app.js").read_bytes())
    assert answer.headers.get("Content-Encoding", "") == asked.split(",", maxsplit=1)[0]
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_comments_stay_at_home_and_code_stays_whole() -> None:
    script = b"""// What it does.
import {a} from "./a.js";

/**
 * @param {string} b
 */
export function c(b) {
  /** @type {HTMLElement} */ (b).focus(); // kept: it ends a line of code
  return /* kept */ "http://d" + a; /** @type {x} */
}
"""
    assert without_comments(script).decode().split("\n") == [
        'import {a} from "./a.js";',
        "",
        "export function c(b) {",
        "  /** @type {HTMLElement} */ (b).focus(); // kept: it ends a line of code",
        '  return /* kept */ "http://d" + a; /** @type {x} */',
        "}",
        "",
    ]


@pytest.mark.parametrize("path", sorted((FOLDER / "js").rglob("*.js")), ids=lambda path: path.name)
def test_every_module_still_parses_without_its_comments(path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on the path")
    command = [node, "--input-type=module", "--check"]
    done = subprocess.run(command, input=without_comments(path.read_bytes()), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_another_version_is_asked_for_again(client: FlaskClient, address: str) -> None:
    old = client.get("/static/000000000000/js/app.js")
    assert old.headers["Cache-Control"] == "no-cache"
    again = client.get(
        f"{address}/js/app.js", headers={"If-None-Match": client.get(f"{address}/js/app.js").headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "nothing.js", "js/", "/etc/passwd"])
def test_nothing_else_is_served(name: str, client: FlaskClient, address: str) -> None:
    assert client.get(f"{address}/{name}", follow_redirects=True).status_code == 404


def test_the_version_follows_every_file(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1", encoding="utf-8")
    first = content_version(load(tmp_path))
    assert content_version(load(tmp_path)) == first
    (tmp_path / "a.js").write_text("2", encoding="utf-8")
    assert content_version(load(tmp_path)) != first
