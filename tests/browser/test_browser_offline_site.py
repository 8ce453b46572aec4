"""A site without a server in a real Chromium: a folder under a plain file server, the same from a disk, one HTML file."""

from __future__ import annotations

import functools
import http.server
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

import pytest
from browser_session import Visit, context_of, counts, visit
from playwright.sync_api import Browser, Page
from small_site import small_site

from geo.query import Filter
from webmap.static_site import packing, publishing, single
from webmap.static_site.edition import Edition

FORMS = ("folder", "disk", "file")
COMMON_WORD = "演示"


@dataclass
class Built:
    """A site in one of its forms: where its pages are."""

    form: str
    root: str

    def address(self, page: str = "map", lang: str = "zh", query: str = "") -> str:
        """The map or the list in a language."""
        if self.form == "file":
            own = [*([f"lang={lang}"] if lang != "zh" else []), *(["page=list"] if page == "list" else [])]
            return f"{self.root}?{'&'.join([*own, *([query] if query else [])])}"
        file = "index.html" if page == "map" else "list.html"
        return f"{self.root}{'' if lang == 'zh' else f'{lang}/'}{file}{f'?{query}' if query else ''}"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return Edition(small_site(tmp_path_factory.mktemp("small")), ("zh", "en"))


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server without a word; below a path of its own, for sites may stand anywhere."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/deep/down"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name)
        pass


@pytest.fixture(scope="module")
def folder(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    path = tmp_path_factory.mktemp("folder") / "site"
    publishing.publish(edition, path, zoom=2)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Built("folder", f"http://127.0.0.1:{server.server_port}/deep/down/")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def disk(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Built:
    path = tmp_path_factory.mktemp("disk") / "站点 one.zip"
    packing.export_zip(edition, path)
    with zipfile.ZipFile(path) as packed:
        packed.extractall(path.parent)
    return Built("disk", (path.parent / "relitu").as_uri() + "/")


@pytest.fixture(scope="module")
def file(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Built:
    path = tmp_path_factory.mktemp("file") / "站点 one.html"
    single.export_html(edition, path)
    return Built("file", path.as_uri())


@pytest.fixture(params=FORMS)
def site(request: pytest.FixtureRequest) -> Built:
    built: Built = request.getfixturevalue(request.param)
    return built


Start = Callable[..., Visit]


@pytest.fixture
def start(browser: Browser, site: Built) -> Iterator[Start]:
    """A function that opens a page of the site; it must say nothing and ask nobody else."""
    contexts, visits = [], []

    def begin(address: str, size: str = "desktop") -> Visit:
        contexts.append(context_of(browser, size))
        made = visit(contexts[-1], site.root)
        visits.append(made)
        made.page.goto(address)
        made.ready()
        return made

    yield begin
    for context in contexts:
        context.close()
    assert [line for made in visits for line in made.said] == []
    assert [url for made in visits for url in made.foreign] == []


def selected(edition: Edition, query: str) -> int:
    site = edition.site
    return site.select(Filter.parse(parse_qsl(query), site.kinds, site.world)).total


def shown(page: Page) -> int:
    return int(re.sub(r"\D", "", str(page.locator("#results h2 .count").text_content())))


def choose(page: Page, param: str, value: str) -> None:
    page.eval_on_selector(
        f"input[name={param}][value='{value}']",
        "box => { for (let at = box.parentElement; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true; }",
    )
    page.locator(f"label.option:has(input[name={param}][value='{value}'])").click()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_draws(start: Start, site: Built, edition: Edition, size: str, lang: str) -> None:
    made = start(site.address(lang=lang), size)
    page = made.page
    total = selected(edition, "")
    assert sum(counts(made)) == total == shown(page)
    assert page.locator("path.county").count() == len(edition.site.world.boundaries.counties)
    assert page.locator("#results .item").count() == min(20, total)
    assert page.locator("#imprint .demo-mark").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.documentElement.lang") == ("zh-CN" if lang == "zh" else "en")


def test_filters_change_map_list_counts_and_address(start: Start, site: Built, edition: Edition) -> None:
    made = start(site.address())
    page = made.page
    everything = shown(page)
    choose(page, "kind", "park")
    page.wait_for_url("**kind=park*")
    made.settled()
    assert sum(counts(made)) == shown(page) == selected(edition, "kind=park") < everything
    page.fill("#q", COMMON_WORD)
    page.wait_for_url("**q=*")
    made.settled()
    wanted = f"kind=park&q={COMMON_WORD}"
    assert 0 < selected(edition, wanted) == shown(page) == sum(counts(made))
    facets = edition.site.facets(Filter(kinds=("park",), q=COMMON_WORD)).counts
    for param in ("kind", "chain", "county", "level"):
        for element in page.locator(f"[data-count^='{param}:']").all():
            code = str(element.get_attribute("data-count")).split(":", 1)[1]
            assert int(str(element.text_content())) == facets[param].get(code, 0), (param, code)
    page.go_back()
    made.settled()
    assert shown(page) == selected(edition, "kind=park")


def test_a_feature_opens_beside_the_map_and_as_a_page(start: Start, site: Built) -> None:
    made = start(site.address(query="kind=plot"))
    page = made.page
    title = page.locator("#results .item-title").first.inner_text().split("\n")[0].strip()
    page.locator("#results .item-link").first.click()
    page.wait_for_selector("#detail:not([hidden]) .detail-title")
    detail = page.locator("#detail")
    assert detail.locator(".detail-title").inner_text().strip() in title
    assert detail.locator(".demo-note").is_visible() and detail.locator(".source").is_visible()
    if site.form == "file":
        assert detail.locator("[data-leave]").count() == 0
        return
    detail.locator("[data-leave]").click()
    page.wait_for_selector("article.feature h1")
    assert page.locator("article.feature h1").inner_text().strip() in title
    page.locator("article.feature .button.primary").click()
    made.ready()
    assert "select=plot/" in page.url and page.locator("#detail .detail-title").is_visible()


def test_a_county_opens_and_its_links_stay_in_the_panel(start: Start, site: Built) -> None:
    page = start(site.address(query="select=county/411082")).page
    assert page.locator("#detail .detail-title").inner_text() == "长葛市"
    page.locator("#detail .crumbs a, #detail .eyebrow a").first.click()
    page.wait_for_function("() => document.querySelector('#detail .detail-title').textContent === '许昌市'")
    assert "select=county/411000" in page.url


def test_the_list_filters_sorts_and_turns_its_pages(start: Start, site: Built, edition: Edition) -> None:
    made = start(site.address("list"))
    page = made.page
    total = selected(edition, "")
    assert page.locator(".list-table tbody tr").count() == min(50, total)
    if total > 50:
        page.locator(".pager a[rel=next]").click()
        page.wait_for_url("**offset=50*")
        assert page.locator(".list-table tbody tr").count() == total - 50
    page.locator(".tabs .tab", has_text="园区平台").click()
    page.wait_for_url("**kind=park*")
    page.wait_for_function("() => document.querySelector('.page-head h1').textContent !== '全部内容'")
    assert page.locator(".list-table tbody tr").count() == selected(edition, "kind=park")
    page.locator("thead a").first.click()
    page.wait_for_url("**sort=name*")
    made.settled()
    first = page.locator(".list-table tbody .cell-name a").first.inner_text()
    page.locator("thead a").first.click()
    page.wait_for_url("**sort=-name*")
    made.settled()
    assert page.locator(".list-table tbody .cell-name a").last.inner_text() == first
    choose(page, "chain", next(iter(edition.site.facets(Filter(kinds=("park",))).counts["chain"])))
    page.wait_for_url("**chain=*")
    made.settled()
    assert 0 < page.locator(".list-table tbody tr").count() < selected(edition, "kind=park")
    page.locator(".on-map").click()
    made.ready()
    assert "kind=park" in page.url and "chain=" in page.url and page.locator("#map_relitu").is_visible()


def test_nothing_found_says_so_and_shows_the_way_back(start: Start, site: Built, edition: Edition) -> None:
    page = start(site.address("list", query="q=不会有这样的名称&kind=park")).page
    page.locator(".ways-out a").first.click()
    page.wait_for_selector(".list-table")
    assert page.locator(".list-table tbody tr").count() == selected(edition, "kind=park")


def test_an_unknown_parameter_is_named(start: Start, site: Built) -> None:
    page = start(site.address(query="colour=red")).page
    assert "colour" in page.locator("#map-status").inner_text()


def test_the_other_language_keeps_the_filter(start: Start, site: Built, edition: Edition) -> None:
    made = start(site.address(query="kind=project"))
    page = made.page
    page.locator(".bar .language").click()
    made.ready()
    assert page.evaluate("document.body.dataset.lang") == "en"
    assert shown(page) == selected(edition, "kind=project")
    page.locator(".bar .to-list").click()
    made.ready()
    assert page.evaluate("document.body.dataset.lang") == "en"
    assert page.locator(".list-table tbody tr").count() == selected(edition, "kind=project")


def test_heat_and_coloured_counties(start: Start, site: Built) -> None:
    page = start(site.address(query="view=heat")).page
    page.wait_for_selector("img.heat-image")
    # None of the few projects of this site weighs.
    assert page.locator("#legend", has_text="没有可计入的签约投资").is_visible()
    assert page.locator("#legend .ramp").count() == 0
    page.locator("input[name=view][value=choropleth]").check(force=True)
    page.wait_for_selector("path.county.is-painted", state="attached")
    assert page.locator("img.heat-image").count() == 0


def test_areas_are_drawn_near_by_and_open_by_a_click(start: Start, site: Built, edition: Edition) -> None:
    table = edition.site.snapshot.table("plot")
    lon, lat = table.point[0]
    made = start(site.address(query=f"kind=plot&map=14/{lat:.5f}/{lon:.5f}"))
    made.settled()
    box = made.page.locator("#map_relitu").bounding_box()
    assert box
    made.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    made.page.wait_for_selector("#detail:not([hidden]) .detail-title")
    assert f"select=plot/{table.column('id')[0]}" in made.page.url


def test_the_pages_can_be_read_without_scripts(browser: Browser, folder: Built, edition: Edition) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(folder.address("list"))
    assert page.locator(".list-table tbody tr").count() == min(50, selected(edition, ""))
    page.locator(".tabs .tab", has_text="园区平台").click()
    assert page.locator(".list-table tbody tr").count() == selected(edition, "kind=park")
    page.locator(".list-table .cell-name a").first.click()
    assert page.locator("article.feature h1").is_visible()
    context.close()
