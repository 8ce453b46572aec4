"""The open service's pages: readable by tools for the blind, within a phone's width, one's way from page to page."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_session import Go
from playwright.sync_api import Page, expect

PAGES = [
    "/api/",
    "/api/conformance",
    "/api/openapi",
    "/api/connect",
    "/api/collections",
    "/api/collections/plot",
    "/api/collections/project/items?limit=20",
    "/api/collections/project/queryables",
    "/api/collections/plot/schema",
    "/api/tiles",
    "/api/collections/none",
]


def findings(page: Page) -> list[Any]:
    results = Axe().run(page).response["violations"]
    grave = [rule for rule in results if rule["impact"] in ("serious", "critical")]
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in grave]


@pytest.mark.parametrize(("lang", "size"), [("zh", "desktop"), ("en", "phone")])
@pytest.mark.parametrize("path", PAGES[:-1])
def test_each_page_is_readable_and_fits(go: Go, path: str, lang: str, size: str) -> None:
    visit = go(None, size)
    visit.page.goto(f"{visit.address}{path}{'&' if '?' in path else '?'}lang={lang}")
    assert findings(visit.page) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_the_map_to_one_feature(go: Go) -> None:
    visit = go(None, "desktop")
    page = visit.page
    page.goto(f"{visit.address}/list?lang=en")
    page.get_by_role("link", name="Open data service").click()
    page.get_by_role("main").get_by_role("link", name="Projects").click()
    page.get_by_role("link", name="All 84").click()
    page.fill("#cql2", "stage = 'signed' AND amount_wan > 10000")
    page.get_by_role("button").filter(has_text="results").or_(page.locator(".service-filter button")).first.click()
    expect(page.locator(".page-lead")).to_contain_text("found")
    assert "filter=" in page.url
    page.locator(".cell-name a").first.click()
    expect(page.locator("article.feature h1")).to_be_visible()


def test_pages_of_features_lead_on_and_back(go: Go) -> None:
    visit = go(None, "phone")
    page = visit.page
    page.goto(f"{visit.address}/api/collections/project/items?limit=10")
    first = page.locator(".cell-name a").first.inner_text()
    page.locator("a[rel=next]").click()
    assert page.locator(".cell-name a").first.inner_text() != first
    page.locator("a[rel=prev]").click()
    assert page.locator(".cell-name a").first.inner_text() == first
