"""The staff's pages as a clerk uses them: a change from the form to the public map, the reviewer on a phone, a conflict."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_session import RELITU, context_of, prepare, serving, visit
from playwright.sync_api import Browser, Page, expect

PASSWORD = "Correct-Horse-9"
PEOPLE = {
    "zhang": ("editor", "411082"),
    "wang": ("editor", "411082"),
    "li": ("reviewer", "许昌市"),
    "boss": ("admin", "许昌市"),
}
PLOT = "demo-plot-411082-01"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own, for its data change."""
    folder: Path = tmp_path_factory.mktemp("office")
    prepare(folder)
    for name, (role, county) in PEOPLE.items():
        words = ("user", "add", name, "--role", role, "--county", county, "--password-stdin", "--keep-password")
        subprocess.run([*RELITU, *words, "--data", str(folder)], input=PASSWORD, text=True, check=True)
    with serving(folder) as address:
        yield address


@pytest.fixture
def come_in(browser: Browser, office: str) -> Iterator[object]:
    """A function that logs a person in; what the pages must not say or ask is checked at the end."""
    contexts, visits = [], []

    def start(name: str, size: str = "desktop") -> Page:
        context = context_of(browser, size)
        contexts.append(context)
        made = visit(context, office)
        visits.append(made)
        page = made.page
        page.goto(f"{office}/staff/")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{office}/staff/")
        return page

    yield start
    for context in contexts:
        context.close()
    said = [line for made in visits for line in made.said if "status of 409" not in line]
    assert said == []
    assert [url for made in visits for url in made.foreign] == []


def press(page: Page, text: str) -> None:
    page.locator("main").get_by_role("button", name=text, exact=True).click()
    page.wait_for_load_state()


def test_a_change_goes_from_the_form_to_the_public_map(come_in, office: str) -> None:  # type: ignore[no-untyped-def]
    clerk = come_in("zhang")
    clerk.goto(f"{office}/staff/edit/{PLOT}")
    clerk.fill("#f-note", "按最新测绘成果修改")
    clerk.fill("#f-price_wan_mu", "16.8")
    press(clerk, "保存并提交审核")
    assert "已提交审核" in clerk.inner_text("main")

    reviewer = come_in("li", "phone")
    reviewer.click("text=演示地块 长葛-01")
    reviewer.wait_for_selector("[data-sight][data-ready]")
    expect(reviewer.locator("[data-sight] .leaflet-control-scale-line")).to_have_text(re.compile("^[0-9]+(公里|米)$"))
    expect(reviewer.locator("[data-sight] .leaflet-control-zoom-in")).to_have_attribute("title", "放大")
    assert reviewer.evaluate("document.documentElement.scrollWidth") <= 390
    assert "16.8" in reviewer.inner_text(".diff")
    press(reviewer, "发布")
    started = time.monotonic()
    assert "已发布" in reviewer.inner_text("main")
    while "按最新测绘成果修改" not in _public(reviewer, office):
        assert time.monotonic() - started < 2
    history = come_in("boss")
    history.goto(f"{office}/staff/history/{PLOT}")
    assert "按最新测绘成果修改" in history.inner_text(".diff")


def _public(page: Page, office: str) -> str:
    return page.request.get(f"{office}/f/plot/{PLOT}").text()


def test_the_second_of_two_loses_nothing(come_in, office: str) -> None:  # type: ignore[no-untyped-def]
    one, other = come_in("zhang"), come_in("wang")
    for page in (one, other):
        page.goto(f"{office}/staff/edit/demo-plot-411082-02")
    other.fill("#f-note", "王的备注")
    press(other, "保存草稿")
    one.fill("#f-note", "张的备注")
    press(one, "保存草稿")
    text = one.inner_text(".diff")
    assert "王的备注" in text
    assert "张的备注" in text
    press(one, "继续编辑我的版本")
    assert one.input_value("#f-note") == "张的备注"
    press(one, "保存草稿")
    assert "张的备注" in one.inner_text("main")


PAGES = (
    "/staff/",
    "/staff/records",
    f"/staff/record/{PLOT}",
    f"/staff/history/{PLOT}",
    "/staff/new/route",
    "/staff/edit/demo-route-411082-01",
    "/staff/people/",
    "/staff/people/new",
    "/staff/review/",
    "/staff/audit/",
    "/staff/password",
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_for_everybody(lang: str, size: str, come_in, office: str) -> None:  # type: ignore[no-untyped-def]
    """No fault that axe finds, nothing wider than the screen."""
    page = come_in("boss", size)
    width = page.viewport_size["width"]
    for path in PAGES:
        page.goto(f"{office}{path}?lang={lang}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        faults = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"][:150]) for fault in faults] == [], path
