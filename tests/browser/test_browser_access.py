"""By keyboard alone, and as tools for the blind see it."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_session import Api, Go
from playwright.sync_api import Page, expect

BAD = ("serious", "critical")


def tab_to(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until the focus is on something that `selector` matches."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => Boolean(document.activeElement && document.activeElement.matches(s))", selector):
            return
    raise AssertionError(f"Tab never reached {selector}")


def test_from_filter_to_detail_by_keyboard(go: Go) -> None:
    page = go("/").page
    tab_to(page, "details[data-param=chain] details > summary")
    page.keyboard.press("Enter")
    tab_to(page, "input[name=chain]")
    page.keyboard.press("Space")
    page.wait_for_url("**chain=*")
    page.wait_for_load_state("networkidle")
    tab_to(page, ".mark", most=400)
    expect(page.locator(".mark-tip")).to_be_visible()
    mark = page.evaluate("() => document.activeElement.dataset.mark")
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    assert page.evaluate("() => document.activeElement.dataset.mark") == mark


def test_the_map_by_keyboard(go: Go) -> None:
    page = go("/?map=11/34.2/113.8").page
    page.focus("#map_relitu")
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_be_focused()
    page.locator(".detail-close").press("Enter")
    expect(page.locator("#map_relitu")).to_be_focused()


def test_every_mark_says_what_it_is(go: Go, size: str) -> None:
    page = go("/", size).page
    for mark in page.locator(".mark").all():
        assert mark.get_attribute("role") == "button"
        assert mark.get_attribute("tabindex") == "0"
        assert len(str(mark.get_attribute("aria-label"))) > 3


def test_marks_stand_in_reading_order(go: Go, api: Api) -> None:
    page = go("/?map=9/34.6/113.5").page
    marks = api("/api/marks", zoom="9")["marks"]
    wanted = [mark["id"] for mark in sorted(marks, key=lambda mark: (-mark["lat"], mark["lon"]))]
    order = page.eval_on_selector_all(".mark", "all => all.map(each => each.dataset.mark.split(':').pop())")
    assert len(wanted) > 5
    assert order == wanted


def test_controls_over_the_map_suit_a_thumb(go: Go) -> None:
    page = go("/", "phone").page
    for selector in (
        "#sheet-handle",
        "#views label",
        ".leaflet-control-zoom a",
        "#legend summary",
        ".bar a",
        ".bar button",
    ):
        for control in page.locator(selector).all():
            box = control.bounding_box()
            if box:
                assert box["height"] >= 36, (selector, box)


def findings(page: Page) -> list[Any]:
    for frame in page.locator(
        "iframe"
    ).all():  # one that is loaded only in view would keep the page from coming to rest
        frame.scroll_into_view_if_needed()
    for frame in page.frames[
        1:
    ]:  # maps within the page; Chromium does not tell of every frame that it has come to rest
        frame.wait_for_selector("html[data-ready=true]", state="attached")
    if len(page.frames) == 1:
        page.wait_for_load_state("networkidle")
    results = Axe().run(page).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in results if rule["impact"] in BAD]


MAPS = [
    ("/", "zh", "desktop"),
    ("/", "en", "desktop"),
    ("/", "zh", "phone"),
    ("/", "en", "phone"),
    ("/?view=heat", "zh", "desktop"),
    ("/?view=heat", "en", "phone"),
    ("/?view=choropleth", "en", "desktop"),
    ("/?view=choropleth", "zh", "phone"),
    ("/?select=county/411082", "en", "desktop"),
    ("/?select=county/411082", "zh", "phone"),
    ("/?map=12/34.03/113.85&kind=plot", "zh", "desktop"),
    ("/embed", "en", "desktop"),
]
PAGES = ["/list", "/list?kind=project&q=产业", "/county/411082", "/county/411000", "/embed/maker", "FEATURE"]


@pytest.mark.parametrize(("path", "lang", "size"), MAPS)
def test_axe_on_the_map(go: Go, path: str, lang: str, size: str) -> None:
    joined = f"{path}{'&' if '?' in path else '?'}lang={lang}"
    assert findings(go(joined, size).page) == []


@pytest.mark.parametrize(("lang", "size"), [("zh", "desktop"), ("en", "phone")])
@pytest.mark.parametrize("path", PAGES)
def test_axe_on_the_pages(go: Go, api: Api, path: str, lang: str, size: str) -> None:
    if path == "FEATURE":
        first = api("/api/collections/project/items", limit="1")["features"][0]
        path = f"/f/project/{first['properties']['id']}"
    visit = go(None, size)
    visit.page.goto(f"{visit.address}{path}{'&' if '?' in path else '?'}lang={lang}")
    assert findings(visit.page) == []
