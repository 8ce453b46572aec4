"""A whole site written out: complete, leading nowhere else, replaced as a whole, the same bytes for the same content."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import brotli
import pytest
from click.testing import CliRunner
from small_site import small_site

from geo.draw.export import formats_for
from geo.publish import Shelf
from webmap.cli import relitu
from webmap.config import Config
from webmap.present.items import columns
from webmap.static_site import packing, pieces, publishing, single, tree
from webmap.static_site.edition import Edition
from webmap.static_site.refusals import SiteRefused

URL = "https://example.org/map/"
LINK = re.compile(r'\b(?:href|src|action)="([^"]*)"')


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return replace(small_site(tmp_path_factory.mktemp("small")), map_approval="GS(2024)0000号")


@pytest.fixture(scope="module")
def edition(config: Config) -> Edition:
    return Edition(config, ("zh", "en"))


@pytest.fixture(scope="module")
def site(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "site"
    publishing.publish(edition, folder, zoom=9, url=URL)
    return folder


def pages(site: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(site.rglob("*.html")):
        yield path.relative_to(site).as_posix(), path.read_text(encoding="utf-8")


def test_every_feature_county_and_place_has_a_page_in_each_language(site: Path, edition: Edition) -> None:
    total = sum(edition.site.snapshot.table(kind).rows for kind in edition.kinds)
    units = edition.site.world.boundaries
    for root in (site, site / "en"):
        assert len(list(root.glob("f/*/*.html"))) == total
        assert {path.stem for path in root.glob("county/*.html")} == {*units.cities, *units.counties}
        assert len(list(root.glob("place/*.html"))) == len(edition.site.world.gazetteer.places)
        assert (root / "index.html").is_file() and (root / "list.html").is_file()
    assert 'lang="en"' in (site / "en" / "index.html").read_text(encoding="utf-8")


def test_every_link_leads_to_a_file_of_the_site(site: Path) -> None:
    seen = 0
    for name, html in pages(site):
        for address in map(unescape, LINK.findall(html)):
            whole = urldefrag(urljoin(URL + name, address)).url
            if address.startswith("data:"):
                continue
            assert whole.startswith(URL), (name, address)
            file = urlsplit(whole).path.removeprefix("/map/") or "index.html"
            assert (site / file).is_file(), (name, address)
            seen += 1
    assert seen > 10_000


def test_nothing_of_the_staff_or_the_server_is_in_it(site: Path) -> None:
    for name, html in pages(site):
        assert not re.search(r'(?:href|action|src)="[^"]*(?:staff|/api/|embed)', html), name
        assert 'type="module"' not in html and "preload" not in html, name
        assert 'method="post"' not in html, name


def test_approval_date_source_and_demonstration_are_shown(site: Path, edition: Edition) -> None:
    home = (site / "index.html").read_text(encoding="utf-8")
    assert "GS(2024)0000号" in home and "含演示数据" in home and "数据截至" in home
    readme = (site / "README.txt").read_text(encoding="utf-8")
    assert "GS(2024)0000号" in readme and "演示数据" in readme and "许可" in readme and "Licence" in readme
    demos = 0
    for kind in edition.kinds:
        table = edition.site.snapshot.table(kind)
        for row in range(table.rows):
            if table.column("demo")[row]:
                demos += 1
                feature_id = str(table.column("id")[row])
                assert "演示数据" in (site / f"f/{kind}/{feature_id}.html").read_text(encoding="utf-8")
    assert demos


def test_downloads_and_tiles_are_what_the_app_gives(site: Path, edition: Edition) -> None:
    for kind in edition.kinds:
        assert {path.name for path in (site / "export").glob(f"{kind}.*") if path.suffix not in (".gz", ".br")} == {
            f"{kind}.{each.suffix}" for each in formats_for(kind).values()
        }
    described = json.loads((site / "tiles/plot.json").read_bytes())
    assert described["maxzoom"] == 9
    assert described["tiles"] == [f"{URL}tiles/{edition.site.snapshot.version}/plot/{{z}}/{{x}}/{{y}}.mvt"]
    found = sorted((site / "tiles" / edition.site.snapshot.version / "plot").rglob("*.mvt"))
    assert {path.parts[-3] for path in found} == {str(zoom) for zoom in range(10)}
    for path in found:
        assert path.read_bytes() == edition.content("/" + path.relative_to(site).as_posix())
    # No tile is forgotten: the deepest ones together draw every plot.
    assert sum(b"demo-plot" in path.read_bytes() for path in found if path.parts[-3] == "9")


def test_compressed_forms_lie_beside_and_say_the_same(site: Path) -> None:
    home = (site / "index.html").read_bytes()
    assert gzip.decompress((site / "index.html.gz").read_bytes()) == home
    assert brotli.decompress((site / "index.html.br").read_bytes()) == home


def test_the_sitemap_names_every_page(site: Path) -> None:
    named = re.findall(r"<loc>([^<]*)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))
    assert {unescape(each).removeprefix(URL) for each in named} == {
        name for name, html in pages(site) if 'class="demo-note"' not in html
    } - {"404.html"}
    assert f"Sitemap: {URL}sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_the_page_of_lost_addresses_works_at_any_depth(site: Path) -> None:
    html = (site / "404.html").read_text(encoding="utf-8")
    assert all(link.startswith("/map/") or link.startswith("#") for link in LINK.findall(html))


def test_nginx_takes_its_directives(site: Path, tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed")
    conf = tmp_path / "whole.conf"
    own = (site / "nginx.conf").read_text(encoding="utf-8").replace("/srv/relitu/", f"{site}/")
    conf.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ access_log off; "
        f"client_body_temp_path {tmp_path}/b; proxy_temp_path {tmp_path}/p; fastcgi_temp_path {tmp_path}/f; "
        f"uwsgi_temp_path {tmp_path}/u; scgi_temp_path {tmp_path}/s; server {{ listen 127.0.0.1:1; {own} }} }}"
    )
    done = subprocess.run([nginx, "-t", "-c", str(conf)], capture_output=True, text=True, check=False)
    assert "syntax is ok" in done.stderr, done.stderr


def test_a_second_run_rewrites_what_changed_and_removes_what_is_gone(config: Config, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    edition = Edition(config, ("zh",))
    first = publishing.publish(edition, folder, zoom=3)
    inode = (folder / "county/410882.html").stat().st_ino
    again = publishing.publish(edition, folder, zoom=3)
    assert (again.changed, again.removed, again.kept) == (0, 0, first.changed)
    assert (folder / "county/410882.html").stat().st_ino == inode
    fewer = publishing.publish(edition, folder, zoom=2)
    drawn = [kind for kind in edition.kinds if edition.site.snapshot.table(kind).located]
    assert fewer.changed == len(drawn)  # the TileJSON of each
    assert fewer.removed >= len(drawn)
    assert not list(folder.glob("tiles/*/*/3"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site.lock", "site"]


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    with tree.replacing(folder, compressed=True) as written:
        written.put("index.html", b"old" * 400)
        written.put(tree.MARKER, b"{}")
    return folder


def test_a_failure_half_way_leaves_the_old_site_whole(old: Path) -> None:
    before = everything(old)
    with pytest.raises(OSError, match="full"), tree.replacing(old) as written:
        written.put("index.html", b"new")
        raise OSError("disk full")
    assert everything(old) == before
    assert [path.name for path in old.parent.iterdir() if path.name.endswith(".new")] == []


@pytest.mark.parametrize("exchanged", [True, False])
def test_the_new_site_takes_the_place_of_the_old(old: Path, monkeypatch: pytest.MonkeyPatch, exchanged: bool) -> None:
    if not exchanged:  # as on systems that cannot exchange two folders at once
        monkeypatch.setattr(tree, "_exchanged", lambda _one, _other: False)
    with tree.replacing(old) as written:
        written.put("list.html", b"new")
        written.put(tree.MARKER, b"{}")
    assert everything(old) == {"list.html": b"new", tree.MARKER: b"{}"}
    assert (written.written.changed, written.written.kept, written.written.removed) == (1, 1, 1)
    assert sorted(path.name for path in old.parent.iterdir()) == [".site.lock", "site"]


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SiteRefused, match=r"holds other files"), tree.replacing(tmp_path):
        pass
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_two_at_once_are_refused(old: Path) -> None:
    with tree.replacing(old) as written:
        written.put(tree.MARKER, b"{}")
        with pytest.raises(SiteRefused, match="another process"), tree.replacing(old):
            pass


def test_the_same_content_gives_the_same_zip(config: Config, tmp_path: Path) -> None:
    for name in ("one", "two"):
        packing.export_zip(Edition(config, ("zh",)), tmp_path / f"{name}.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as held, zipfile.ZipFile(tmp_path / "two.zip") as again:
        assert [each.filename for each in held.infolist() if each.CRC != again.getinfo(each.filename).CRC] == []
        digests = {hashlib.sha256((tmp_path / f"{name}.zip").read_bytes()).hexdigest() for name in ("one", "two")}
        assert len(digests) == 1
        names = held.namelist()
        assert held.testzip() is None
    assert {"relitu/index.html", "relitu/README.txt", "relitu/export/plot.geojson"} <= set(names)
    assert names == sorted(names) and all(name.startswith("relitu/") and name.isascii() for name in names)


def test_the_one_file_needs_no_other(config: Config, tmp_path: Path) -> None:
    path = tmp_path / "site.html"
    size = single.export_html(Edition(config, ("zh", "en")), path)
    html = path.read_text(encoding="utf-8")
    assert size == path.stat().st_size
    outside_scripts = re.sub(r"<script.*?</script>|<style.*?</style>", "", html, flags=re.S)
    for address in map(unescape, LINK.findall(outside_scripts)):
        assert address.startswith(("?", "#", "data:image/")), address
    assert "url(../" not in html and "@import" not in html
    assert "GS(2024)0000号" in html


def test_one_file_that_would_be_too_large_is_refused_with_the_way_out(edition: Edition, tmp_path: Path) -> None:
    with pytest.raises(SiteRefused, match=r"relitu export-site map\.zip"):
        single.export_html(edition, tmp_path / "map.html", most=100_000)
    assert list(tmp_path.iterdir()) == []


Run = Callable[..., tuple[int, str]]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(relitu, list(arguments), env={"LC_ALL": "C.UTF-8"})
    return result.exit_code, result.output + (str(result.exception) if result.exception else "")


def test_the_commands_say_what_they_did(config: Config, tmp_path: Path) -> None:
    code, said = run(
        "publish", "--data", str(config.data_dir), "--static", str(tmp_path / "s"), "--zoom", "2", "--lang", "zh"
    )
    assert code == 0, said
    assert re.search(r"wrote .*: \d+ files, [\d.]+ MB \(\d+ new or changed, 0 unchanged, 0 removed\) in \d+ s", said)
    assert "pages " in said and "tiles " in said
    code, said = run("export-site", "--data", str(config.data_dir), str(tmp_path / "s.html"), "--lang", "zh")
    assert code == 0 and re.search(r"wrote .*s\.html \([\d.]+ MB\)", said), said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("export-site", "site.rar"), "should end in .zip or .html"),
        (("export-site", "/nowhere/at/all/site.zip"), "make it first"),
        (("publish", "--static", "x", "--lang", "fr"), "known are zh, en"),
        (("publish", "--static", "x", "--url", "example.org"), "should begin with http"),
        (("publish", "--static", "x", "--zoom", "30"), "30 is not in the range"),
    ],
)
def test_a_wrong_command_names_the_way_out(arguments: tuple[str, ...], sentence: str, config: Config) -> None:
    code, said = run(*arguments, "--data", str(config.data_dir))
    assert code != 0
    assert sentence in said


def test_a_newer_snapshot_does_not_mix_with_the_one_being_written(config: Config, tmp_path: Path) -> None:
    own = replace(config, data_dir=tmp_path)
    shutil.copytree(config.snapshots, own.snapshots)
    edition = Edition(own, ("zh",))
    version = edition.site.snapshot.version
    Shelf(own.snapshots).publish([], edition.site.kinds, edition.site.world)
    assert edition.site.snapshot.version == version
    assert Edition(own, ("zh",)).site.snapshot.version != version


@pytest.mark.parametrize("kind", ["project", "park"])
def test_a_row_among_its_own_kind_has_a_cell_for_each_column(kind: str, edition: Edition) -> None:
    made = dict(pieces.rows(edition, "zh", str))
    held = [row for name, rows in made.items() if name.startswith(f"rows/{kind}-") for row in rows]
    with edition.reading("zh") as who:
        heads = len(columns(edition.site.kinds.get(kind), who)) - 1  # the name is the row's head
    assert held
    assert {row.count('role="cell"') for _, _, row in held} == {heads}
