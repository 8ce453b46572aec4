"""The map in a page of another origin, as a webmaster uses it: strict policy there, ours inside."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browser_session import serving
from playwright.sync_api import Browser, Frame, FrameLocator, Page

ONLY_LIST = 'data-kind="project" data-county="411082" data-layers="none" data-list="1"'


class Outside:
    """A website of somebody else: pages by path, under a policy that lets nothing in but the map."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.policy = ""
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = outside.pages.get(self.path)
                self.send_response(200 if found is not None else 404)
                self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
                if outside.policy:
                    self.send_header("Content-Security-Policy", outside.policy)
                self.end_headers()
                self.wfile.write((found or "").encode())

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, inside: str, script: str = "", path: str = "/page") -> str:
        """Put up a page; its path."""
        self.pages["/own.js"] = script
        self.pages["/favicon.ico"] = ""
        own = '<script src="/own.js"></script>'
        self.pages[path] = f"<!doctype html><html lang=zh><title>外站</title><h1>外站</h1>{own}{inside}</html>"
        return path


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    made = Outside()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def map_address(data_folder: Path, outside: Outside) -> Iterator[str]:
    with serving(data_folder, RELITU_FRAME_ANCESTORS=f"http://127.0.0.1:{outside.port}") as address:
        outside.policy = f"default-src 'none'; script-src 'self' {address}; frame-src {address}"
        yield address


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, outside: Outside, map_address: str) -> Iterator[Visit]:
    """A function that opens a page of the other site; its console must stay clean."""
    contexts, said = [], []

    def start(path: str, host: str = "127.0.0.1", *, quiet: bool = True) -> Page:
        context = browser.new_context(viewport={"width": 1000, "height": 800}, locale="zh-CN")
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        if quiet:
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"http://{host}:{outside.port}{path}")
        return page

    yield start
    for context in contexts:
        context.close()
    assert said == []


def until(page: Page | Frame, true: str) -> None:
    """Wait for an expression; the policies forbid the browser driver's own way of waiting, which is eval."""
    end = time.monotonic() + 10
    while not page.evaluate(true):
        assert time.monotonic() < end, true
        time.sleep(0.05)


def element(attributes: str = "") -> str:
    return f'<div data-relitu {attributes}><a href="https://example.org">地图</a></div>'


def loader(address: str) -> str:
    return f'<script src="{address}/embed.js" async></script>'


def inside(page: Page, number: int = 0) -> FrameLocator:
    return page.frame_locator(f"[data-relitu] >> nth={number} >> iframe")


def test_two_lines_make_a_map_under_a_strict_policy(visit: Visit, outside: Outside, map_address: str) -> None:
    path = outside.page(element('data-county="411082" data-height="480"') + loader(map_address))
    page = visit(path)
    inside(page).locator("html[data-ready=true]").wait_for(state="attached")
    frame = page.locator("iframe")
    assert frame.get_attribute("title") == "招商合作地图"
    box = frame.bounding_box()
    assert box is not None
    assert box["height"] == 480
    assert page.context.cookies() == []
    kept = page.frames[1].evaluate("() => [localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]
    assert {name for name in page.evaluate("Object.keys(window)") if "elitu" in name} == {"Relitu"}


def test_a_host_that_is_not_on_the_list_is_refused(visit: Visit, outside: Outside, map_address: str) -> None:
    page = visit(outside.page(element() + loader(map_address)), host="localhost", quiet=False)
    page.wait_for_selector("iframe")
    page.wait_for_timeout(1500)
    assert inside(page).locator("html[data-ready=true]").count() == 0
    assert inside(page).locator("#map-frame").count() == 0


def test_a_list_is_as_high_as_its_content(visit: Visit, outside: Outside, map_address: str) -> None:
    page = visit(outside.page(element(ONLY_LIST) + loader(map_address)))
    until(page, "document.querySelector('iframe').offsetHeight !== 520")
    page.wait_for_timeout(200)
    height = page.evaluate("document.querySelector('iframe').offsetHeight")
    assert abs(page.frames[1].evaluate("document.documentElement.scrollHeight") - height) <= 1
    page.evaluate("window.postMessage({relitu: 'height', height: 7}, '*')")
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelector('iframe').offsetHeight") == height


def test_three_embeds_do_not_delay_the_page(visit: Visit, outside: Outside, map_address: str) -> None:
    spaced = '<div class="x"></div>' + "<br>" * 400
    script = (
        "window.addEventListener('load', () => { window.framesAtLoad = document.querySelectorAll('iframe').length; });"
    )
    parts = element('data-height="300"') + element(ONLY_LIST) + spaced + element('data-height="300"')
    page = visit(outside.page(parts + loader(map_address) + loader(map_address), script))
    assert page.evaluate("window.framesAtLoad") == 0
    inside(page).locator("html[data-ready=true]").wait_for(state="attached")
    assert page.locator("iframe").count() == 2
    page.locator("[data-relitu]").nth(2).scroll_into_view_if_needed()
    inside(page, 2).locator("html[data-ready=true]").wait_for(state="attached")
    assert page.locator("iframe").count() == 3


def test_events_come_out_and_commands_go_in(visit: Visit, outside: Outside, map_address: str) -> None:
    script = """
      window.told = [];
      for (const name of ["ready", "filter", "select"]) {
        document.addEventListener("relitu:" + name, (event) => window.told.push([name, event.detail]));
      }
    """
    attributes = 'data-kind="project" data-list="1" data-on-select="event"'
    page = visit(outside.page(element(attributes) + loader(map_address), script))
    until(page, "window.told.length === 1")
    ((name, detail),) = page.evaluate("window.told")
    assert name == "ready"
    handle = "Relitu.get(document.querySelector('[data-relitu]'))"
    page.evaluate(f"{handle}.setFilter({{kind: 'project', county: ['411082']}})")
    until(page, "window.told.length === 2")
    name, filtered = page.evaluate("window.told[1]")
    assert (name, filtered["filter"]) == ("filter", {"kind": ["project"], "county": ["411082"]})
    assert 0 < filtered["total"] < detail["total"]
    page.evaluate(f"{handle}.fitTo({{bbox: [113.5, 34.0, 114.0, 34.4]}})")
    until(page.frames[1], "/map=\\d/.test(window.location.search)")
    inside(page).locator("#results .item-link").first.click()
    until(page, "window.told.length === 3")
    name, chosen = page.evaluate("window.told[2]")
    assert (name, chosen["kind"]) == ("select", "project")
    assert chosen["href"].startswith(f"{map_address}/f/project/")
    assert len(page.context.pages) == 1


def test_only_the_page_around_is_heard(visit: Visit, outside: Outside, map_address: str) -> None:
    page = visit(outside.page(element('data-kind="project"') + loader(map_address)))
    inside(page).locator("html[data-ready=true]").wait_for(state="attached")
    before = page.frames[1].evaluate("document.body.dataset.total")
    page.frames[1].evaluate("window.postMessage({relitu: 'setFilter', filter: {county: '411082'}}, '*')")
    page.wait_for_timeout(400)
    assert page.frames[1].evaluate("document.body.dataset.total") == before


def test_the_keyboard_goes_in_and_out_of_the_frame(visit: Visit, outside: Outside, map_address: str) -> None:
    around = '<button id="before">前</button>' + element('data-height="420"') + '<button id="after">后</button>'
    page = visit(outside.page(around + loader(map_address)))
    inside(page).locator("html[data-ready=true]").wait_for(state="attached")
    page.focus("#before")
    been = []
    for _ in range(80):
        page.keyboard.press("Tab")
        been.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        if been[-1] == "after":
            break
    assert "IFRAME" in been
    assert been[-1] == "after"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"


def test_moving_inside_leaves_the_history_of_the_page_alone(visit: Visit, outside: Outside, map_address: str) -> None:
    page = visit(outside.page(element('data-height="420"') + loader(map_address)))
    inside(page).locator("html[data-ready=true]").wait_for(state="attached")
    before = page.evaluate("history.length")
    inside(page).locator(".leaflet-control-zoom-in").click()
    until(page.frames[1], "/map=\\d/.test(window.location.search)")
    inside(page).locator("#views label").nth(1).click()
    until(page.frames[1], "/view=heat/.test(window.location.search)")
    assert page.evaluate("history.length") == before
