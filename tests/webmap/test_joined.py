"""What a page asks for in one request holds all of its parts, in their order, with their pictures."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webmap.joined import SCRIPTS, SHEETS, Unjoined, joined
from webmap.static_files import FOLDER, load, part_of

TEMPLATES = Path(__file__).parents[2] / "webmap" / "templates"
PICTURE = re.compile(r'url\("?(?!data:|#)([^")]+)"?\)')
COMMENT = re.compile(r"/\*.*?\*/", re.S)


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    files = load()
    return joined(lambda name: files[name].content.decode())


def rules(style: str) -> int:
    return COMMENT.sub("", style).count("{")


@pytest.mark.parametrize("page", SHEETS)
def test_a_sheet_holds_its_parts_in_their_order(page: str, made: dict[str, str]) -> None:
    style, at, parts = made[f"sheets/{page}.css"], 0, 0
    for name in SHEETS[page]:
        part = (FOLDER / (name if "/" in name else f"css/{name}.css")).read_bytes().decode()
        at = style.index(part.split("{")[0].strip(), at)
        parts += rules(part)
    assert rules(style) == parts


@pytest.mark.parametrize("page", SHEETS)
def test_every_picture_of_a_sheet_is_served(page: str, made: dict[str, str], client: FlaskClient) -> None:
    for name in PICTURE.findall(made[f"sheets/{page}.css"]):
        path = posixpath.normpath(posixpath.join("sheets", name))
        assert client.get(f"/static/v/{path}").status_code == 200, path


def test_templates_and_sheets_name_each_other() -> None:
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    assert {name for text in texts for name in re.findall(r'\{% set sheet = "([^"]+)"', text)} | {"text"} == set(SHEETS)


@pytest.mark.parametrize("address", ["/", "/list", "/data", "/api/", "/embed", "/embed?layers=list", "/nothing"])
def test_a_page_names_one_sheet_and_no_part_of_it(address: str, client: FlaskClient) -> None:
    html = client.get(address, headers={"Accept": "text/html"}).text
    sheets = re.findall(r"/static/\w+/sheets/([\w-]+)\.css", html)
    assert len(sheets) == 1
    parts = {name if "/" in name else f"css/{name}.css" for name in SHEETS[sheets[0]]}
    assert not parts & set(re.findall(r'/static/\w+/([^"]+\.css)', html))


def test_a_package_that_is_not_installed_leaves_the_rest(made: dict[str, str]) -> None:
    files = {name: held for name, held in load().items() if not name.startswith("vendor/")}
    without = joined(lambda name: part_of(name, files))
    assert 0 < len(without["sheets/map.css"]) < len(made["sheets/map.css"])
    assert without["sheets/list.css"] == made["sheets/list.css"]
    del files["css/area.css"]
    with pytest.raises(KeyError, match=r"css/area\.css"):
        joined(lambda name: part_of(name, files))


@pytest.mark.parametrize("rule", ['@import "b.css";', '@charset "utf-8";'])
def test_what_has_no_effect_behind_another_sheet_is_refused(rule: str) -> None:
    def source(name: str) -> str:
        return "a {}\n" + rule if name == "css/area.css" else (FOLDER / name).read_text(encoding="utf-8")

    with pytest.raises(Unjoined, match=re.escape("css/area.css: @")):
        joined(source)


@pytest.mark.parametrize("entry", SCRIPTS)
def test_a_script_holds_all_modules_that_its_entry_imports(
    entry: str, made: dict[str, str], client: FlaskClient
) -> None:
    version = client.application.config["STATIC_VERSION"]
    script = client.get(f"/static/{version}/{entry}").text
    assert script == made[entry]
    assert not re.search(r"^\s*(?:import|export)\b(?!\()", script, re.M)
    wanted, ahead = set[str](), [entry]
    while ahead:
        name = ahead.pop()
        if name not in wanted:
            wanted.add(name)
            text = (FOLDER / name).read_text(encoding="utf-8")
            found = re.findall(r'^(?:import|export)\b[^"]*?"(\.{1,2}/[^"]+)";?$', text, re.M)
            ahead += [posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) for path in found]
    assert {"js/app.js", "js/tiles/mvt.js"} < wanted
    assert ("js/bridge.js" in wanted) == (entry == "js/embed.js")
    assert script.count("(function () {\n") == len(wanted) + 1
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on the path")
    done = subprocess.run([node, "--check", "-"], input=script.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("address", ["/", "/embed"])
def test_a_joined_script_is_the_only_one_of_its_page_that_imports(address: str, client: FlaskClient) -> None:
    """Another would have a state of its own in each module that both import."""
    html = client.get(address).text
    (module,) = re.findall(r'<script type="module" src="/static/\w+/([^"]+)"', html)
    assert module in SCRIPTS
