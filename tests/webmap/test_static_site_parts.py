"""The parts that a site without a server is made with: one script of modules, addresses, markup."""

import io
import re
import shutil
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmap.bundle import Unbundled, bundle, read
from webmap.static_files import FOLDER
from webmap.static_site.addresses import Folder, Target, file_name, selected_by
from webmap.static_site.markup import rewritten
from webmap.static_site.single import shared
from webmap.static_site.steady import steady

SITE = Folder("v1", ("plot", "park"), ("zh", "en"), lambda path: path == "/chains/food")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", "index.html"),
        ("/?lang=en", "en/index.html"),
        ("/?kind=plot&select=plot/a", "index.html?kind=plot&select=plot/a"),
        ("/list", "list.html"),
        ("/list?kind=plot", "list/plot.html"),
        ("/list?kind=plot&offset=100&lang=en", "en/list/plot-3.html"),
        ("/list?offset=50", "list/all-2.html"),
        ("/list?offset=20", "list.html?offset=20"),
        ("/list?kind=plot,park", "list.html?kind=plot,park"),
        ("/list?kind=plot&county=411082", "list.html?kind=plot&county=411082"),
        ("/list?kind=plot&sort=name", "list.html?kind=plot&sort=name"),
        ("/f/plot/A%2FB", "f/plot/~41~2f~42.html"),
        ("/county/411082?lang=en#parks", "en/county/411082.html#parks"),
        ("/static/v0/css/base.css", "assets/v1/css/base.css"),
        ("/assets/palette.css?v=12ab", "assets/palette-12ab.css"),
        ("/export/plot.geojson?lang=en", "export/plot.geojson"),
        ("/export/plot.shp", "export/plot.shp.zip"),
        ("http://localhost/chains/food?lang=en", "en/chains/food.html"),
    ],
)
def test_an_address_of_the_app_has_its_file(address: str, expected: str) -> None:
    found = SITE.target(address)
    assert found is not None
    assert found.seen_from("") == expected


@pytest.mark.parametrize(
    "address",
    [
        "/staff",
        "/staff/login",
        "/api/summary",
        "/tiles/plot.json",
        "/embed/maker",
        "/export/plot.csv?kind=plot",
        "/nowhere",
        "/?lang=fr",
        "https://example.org/",
        "x",
    ],
)
def test_what_needs_a_server_or_is_elsewhere_has_none(address: str) -> None:
    assert SITE.target(address) is None


def test_links_are_relative_to_the_page_that_holds_them() -> None:
    assert Target("en/list.html", "q=a").seen_from("en/f/plot/a.html") == "../../list.html?q=a"
    assert Target("assets/v1/css/base.css").seen_from("f/plot/a.html") == "../../assets/v1/css/base.css"


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_every_identifier_has_a_file_of_its_own_on_every_system(one: str, other: str) -> None:
    one, other = one.encode("utf-8", "replace").decode(), other.encode("utf-8", "replace").decode()
    name = file_name(one)
    assert name and len(name) <= 120
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_~")
    assert (name == file_name(other)) == (one == other)


def test_what_a_link_selects_on_the_map() -> None:
    assert selected_by("/f/plot/a%2Fb?lang=en") == "plot/a/b"
    assert selected_by("/county/411082") == "county/411082"
    assert selected_by("/list?kind=plot") == ""


def place(address: str) -> str | None:
    found = SITE.target(address)
    return found.seen_from("f/plot/a.html") if found else None


def test_markup_gets_the_addresses_of_the_site() -> None:
    page = (
        '<link rel="preload" href="/api/boundaries" as="fetch"><link rel="stylesheet" href="/static/v1/css/base.css">'
        '<script src="/static/v1/vendor/leaflet/leaflet.js" defer></script>'
        '<script type="module" src="/static/v1/js/map.js"></script>'
        '<a class="x" href="/f/park/b?lang=en">a &gt; b</a><a href="#main">c</a><a href="/list?q=a&amp;kind=plot">d</a>'
        '<img src="/static/v1/img/mark.svg" alt="">'
    )
    assert rewritten(page, place, lambda module: f"<{module}>") == (
        '<link rel="stylesheet" href="../../assets/v1/css/base.css">'
        '<script src="../../assets/v1/vendor/leaflet/leaflet.js" defer></script>'
        "</static/v1/js/map.js>"
        '<a class="x" href="../../en/f/park/b.html" data-select="park/b">a &gt; b</a><a href="#main">c</a>'
        '<a href="../../list.html?q=a&amp;kind=plot">d</a>'
        '<img src="../../assets/v1/img/mark.svg" alt="">'
    )


def test_what_needs_a_server_is_absent_not_broken() -> None:
    page = (
        'a · <a class="login" href="/staff/login">Log in</a><p>See <a href="/nowhere">there</a>.</p><form method="post" action="/enquiry"></form>'
        '<form method="get" action="/list"></form><form action="/compare"></form><iframe src="/embed"></iframe>'
    )
    assert rewritten(page, place) == (
        'a<p>See <a>there</a>.</p><form method="post" hidden></form>'
        '<form method="get" action="../../list.html"></form><form hidden></form></iframe>'
    )


MODULES = {
    "a.js": 'import {two as zwei, Three} from "./lib/b.js";\nimport {\n  four,\n} from "./lib/c.js";\nout(zwei + new Three().n + four);\n',
    "lib/b.js": 'import {four} from "./c.js";\nexport const two = 2;\nexport class Three { constructor() { this.n = four - 1; } }\n',
    "lib/c.js": "const own = 4;\nexport {own as four};\n/** @param {import('./b.js').Three} x */\nexport async function unused(x) { return x; }\n",
}


def test_modules_become_one_script_in_the_order_of_their_needs() -> None:
    made = bundle("a.js", MODULES.__getitem__)
    assert made == bundle("a.js", dict(reversed(MODULES.items())).__getitem__)
    assert [made.index(f"const module{number} =") for number in range(3)] == sorted(
        made.index(f"const module{number} =") for number in range(3)
    )
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on the path to run the script")
    script = f"const out = console.log;\n{made}"
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(2 + 3 + 4)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('import x from "./b.js";', "form of import"),
        ('import * as x from "./b.js";', "form of import"),
        ("export default 1;", "form of import"),
        ('const x = await import("./b.js");', "form of import"),
        ('import {nothing} from "./lib/c.js";', "does not export nothing"),
        ('import "./a.js";', "circle"),
    ],
)
def test_what_cannot_be_part_of_a_classic_script_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Unbundled, match=reason):
        bundle("a.js", {**MODULES, "a.js": text}.__getitem__)


@pytest.mark.parametrize(
    "entry", ["map.js", "offline/map.js", "offline/list.js", "offline/single.js", "offline/boot.js"]
)
def test_our_own_entries_can_be_bundled(entry: str) -> None:
    made = bundle(f"js/{entry}", lambda name: (Path(FOLDER) / name).read_text(encoding="utf-8"))
    assert read("made.js", made).imports == ()
    assert "eval(" not in made


def test_markup_shares_its_parts() -> None:
    held = {"rows": [["<b>x</b>", "<b>y</b>"], ["<b></b>", ""]]}
    table, numbered = shared(held)
    assert table[:2] == ["</b>", "<b>"] and sorted(table[2:]) == ["x", "y"]
    assert [["".join(table[n] for n in text) for text in row] for row in numbered["rows"]] == held["rows"]


def workbook(year: int, prefix: str) -> bytes:
    """An Excel file of that year; prefix: of the terms of Dublin Core, which another library may have named otherwise."""
    book, made, renamed = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.properties.created = book.properties.modified = datetime(year, 5, 4)
    book.save(made)
    with zipfile.ZipFile(made) as held, zipfile.ZipFile(renamed, "w") as new:
        for name in held.namelist():
            content = held.read(name)
            if name == "docProps/core.xml":
                (given,) = {*re.findall(rb'xmlns:(\w+)="http://purl.org/dc/terms/"', content)}
                assert str(year).encode() in content
                content = content.replace(given + b":", f"{prefix}:".encode())
                content = content.replace(b"xmlns:" + given, f"xmlns:{prefix}".encode())
            new.writestr(name, content)
    return renamed.getvalue()


@pytest.mark.parametrize("prefix", ["dcterms", "dct"])
def test_a_workbook_has_no_time_of_its_own(prefix: str) -> None:
    assert steady("plot.xlsx", workbook(2001, prefix)) == steady("plot.xlsx", workbook(2023, prefix))
