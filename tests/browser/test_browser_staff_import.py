"""Parcels from the survey's file to the public map, as a clerk and a reviewer do it; drawing; a returned review."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_session import RELITU, context_of, prepare, serving, visit
from playwright.sync_api import Browser, Page
from survey_files import FORMATS, survey_file

PASSWORD = "Correct-Horse-9"
PEOPLE = {"zhang": "editor", "li": "reviewer"}
COUNTY = "411082"
ComeIn = Callable[..., Page]


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own, for its data change."""
    folder: Path = tmp_path_factory.mktemp("bureau")
    prepare(folder)
    for name, role in PEOPLE.items():
        words = ("user", "add", name, "--role", role, "--county", COUNTY, "--password-stdin", "--keep-password")
        subprocess.run([*RELITU, *words, "--data", str(folder)], input=PASSWORD, text=True, check=True)
    with serving(folder) as address:
        yield address


@pytest.fixture
def come_in(browser: Browser, bureau: str) -> Iterator[ComeIn]:
    """A function that logs a person in; what the pages must not say or ask is checked at the end."""
    contexts, visits = [], []

    def start(name: str, size: str = "desktop") -> Page:
        context = context_of(browser, size)
        contexts.append(context)
        made = visit(context, bureau)
        visits.append(made)
        page = made.page
        page.goto(f"{bureau}/staff/")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{bureau}/staff/")
        return page

    yield start
    for context in contexts:
        context.close()
    assert [line for made in visits for line in made.said] == []
    assert [url for made in visits for url in made.foreign] == []


def bring(page: Page, bureau: str, what: Path | str) -> None:
    """Upload a file or paste a text, and wait for the rows."""
    page.goto(f"{bureau}/staff/upload")
    if isinstance(what, Path):
        page.set_input_files("#files", what)
        assert what.name in page.inner_text(".drop-files")
    else:
        page.click(".paste summary")
        page.fill("#text", what)
    page.click(".upload-form button[type=submit]")
    page.wait_for_url(re.compile(r"/staff/intake/\w+"))
    page.wait_for_selector("html[data-ready=true]", state="attached")


def button(page: Page, name: str | re.Pattern[str]) -> None:
    page.locator("main").get_by_role("button", name=name).click()
    page.wait_for_load_state()


def record_and_submit(page: Page) -> None:
    button(page, re.compile("写入 1 条草稿"))
    page.wait_for_url(re.compile("/committed"))
    button(page, "全部提交审核")
    page.wait_for_selector("text=已提交 1 条")


def publish(page: Page, bureau: str, name: str) -> None:
    page.goto(f"{bureau}/staff/review/")
    page.click(f"text={name}")
    button(page, "发布")
    assert "已发布" in page.inner_text("main")


def seen_by_the_public(page: Page, bureau: str, name: str) -> bool:
    """Within two seconds the parcel is in the list and on the map."""
    end = time.monotonic() + 3
    while time.monotonic() < end:
        found = page.request.get(f"{bureau}/api/collections/plot/items?q={name}").json()
        if found["features"]:
            west, south = found["features"][0]["geometry"]["coordinates"][0][0][:2]
            box = f"{west - 0.01},{south - 0.01},{west + 0.01},{south + 0.01}"
            drawn = page.request.get(f"{bureau}/api/shapes?bbox={box}").json()
            return any(each["properties"]["name"] == name for each in drawn["features"])
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("name", FORMATS)
def test_a_parcel_in_each_format_reaches_the_public(come_in: ComeIn, bureau: str, tmp_path: Path, name: str) -> None:
    clerk = come_in("zhang")
    bring(clerk, bureau, survey_file(name, tmp_path))
    assert "1 行" in clerk.inner_text(".sums").replace("\n", " ")
    title = f"测绘地块{name.partition('.')[0]}"
    if name in ("pasted", "dxf"):  # what such a file cannot say is typed in
        clerk.click(".intake-table .cell-name a")
        clerk.wait_for_selector("html[data-ready=true]", state="attached")
        clerk.fill("#f-name", title)
        clerk.fill("#f-code", f"SV-{name}")
        clerk.select_option("#f-status", "available")
        clerk.select_option("#f-land_use", "M1")
        button(clerk, "保存并重新检查")
        clerk.get_by_role("link", name="返回列表").click()
        clerk.wait_for_selector("html[data-ready=true]", state="attached")
    assert clerk.locator("tr.worst-3").all_inner_texts() == []
    record_and_submit(clerk)
    reviewer = come_in("li", "phone" if name == "txt" else "desktop")
    publish(reviewer, bureau, title)
    assert seen_by_the_public(reviewer, bureau, title)


def test_a_faulty_file_is_mended_on_the_page(come_in: ComeIn, bureau: str, tmp_path: Path, size: str) -> None:
    code = f"BT-{size}"
    west = 113.80 if size == "desktop" else 113.81
    ring = f"{west} 34.25,{west + 0.002} 34.252,{west + 0.002} 34.25,{west} 34.252,{west} 34.25"
    path = tmp_path / "bow.csv"
    path.write_text(
        f'地块编号,地块名称,供地状态,用地性质,WKT\n{code},蝴蝶结{size},可供,M1,"POLYGON(({ring}))"\n', encoding="utf-8"
    )
    clerk = come_in("zhang", size)
    bring(clerk, bureau, path)
    assert clerk.locator(".commit-bar button[type=submit]").is_disabled()
    clerk.click(".intake-table .cell-name a")
    clerk.wait_for_selector("html[data-ready=true]", state="attached")
    clerk.locator("[data-show-repair]").first.click()
    clerk.wait_for_selector("path.repaired")
    clerk.locator("button[value='repair:reorder']").click()
    clerk.wait_for_selector("html[data-ready=true]", state="attached")
    assert clerk.evaluate("document.documentElement.scrollWidth") <= clerk.viewport_size["width"]
    clerk.get_by_role("link", name="返回列表").click()
    button(clerk, re.compile("写入 1 条草稿"))
    clerk.wait_for_url(re.compile("/committed"))


def draw(page: Page, corners: list[tuple[float, float]]) -> None:
    """Click corner by corner, and the first one again."""
    box = page.locator("#drawing .folium-map").bounding_box()
    assert box
    for x, y in [*corners, corners[0]]:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_timeout(60)


def geometry(page: Page) -> dict[str, object]:
    return page.evaluate("JSON.parse(document.querySelector('[name=geometry]').value || 'null')")  # type: ignore[no-any-return]


def test_a_parcel_is_drawn_with_a_hole_and_undo_returned_and_published(come_in: ComeIn, bureau: str) -> None:
    clerk = come_in("zhang")
    clerk.goto(f"{bureau}/staff/new/plot")
    clerk.wait_for_selector("html[data-ready=true]", state="attached")
    clerk.click(".typed summary")
    # A place to begin with is typed; what is typed is shown at once.
    clerk.fill("#geometry_text", "113.85,34.26\n113.853,34.26\n113.853,34.263\n113.85,34.263")
    clerk.wait_for_selector("path.drawn")
    clerk.locator("[data-tool=remove]").click()
    clerk.locator("path.drawn").click()
    assert geometry(clerk) is None
    clerk.locator("[data-tool=Polygon]").click()
    draw(clerk, [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)])
    whole = geometry(clerk)
    assert whole["type"] == "Polygon" and len(whole["coordinates"][0]) == 5
    assert re.search(r"[\d.,]+ 亩（[\d.,]+ ㎡）", clerk.inner_text(".draw-figures"))
    clerk.locator("[data-tool=hole]").click()
    draw(clerk, [(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)])
    assert len(geometry(clerk)["coordinates"]) == 2
    clerk.locator("[data-tool=undo]").click()
    assert geometry(clerk) == whole
    clerk.locator("[data-tool=redo]").click()
    assert len(geometry(clerk)["coordinates"]) == 2
    for field, value in (("name", "手绘地块"), ("code", "HAND-1"), ("area_m2", "60000"), ("source", "现场踏勘")):
        clerk.fill(f"#f-{field}", value)
    for field, value in (("status", "available"), ("land_use", "M1"), ("precision", "surveyed"), ("county", COUNTY)):
        clerk.select_option(f"#f-{field}", value)
    button(clerk, "保存并提交审核")
    assert "已提交审核" in clerk.inner_text("main")
    record = clerk.url

    reviewer = come_in("li", "phone")
    reviewer.goto(f"{bureau}/staff/review/")
    reviewer.click("text=手绘地块")
    reviewer.fill("#reason-return", "请核对面积")
    button(reviewer, "退回")
    clerk.goto(record)
    assert "请核对面积" in clerk.inner_text("main")
    clerk.get_by_role("link", name="编辑").click()
    clerk.wait_for_selector("path.drawn")
    clerk.fill("#f-note", "面积已核对")
    button(clerk, "保存并提交审核")
    publish(reviewer, bureau, "手绘地块")
    assert seen_by_the_public(reviewer, bureau, "手绘地块")


def test_a_corner_snaps_to_a_neighbour(come_in: ComeIn, bureau: str) -> None:
    clerk = come_in("zhang")
    clerk.goto(f"{bureau}/staff/new/plot")
    clerk.wait_for_selector("html[data-ready=true]", state="attached")
    found = clerk.request.get(f"{bureau}/staff/nearby?box=113.7,34.1,114.1,34.4").json()
    shape = next(each for each in found["features"] if each["geometry"]["type"] == "Polygon")
    lon, lat = shape["geometry"]["coordinates"][0][0]
    clerk.evaluate(f"window.relitu.map.setView([{lat}, {lon}], 17, {{animate: false}})")
    clerk.wait_for_selector("path.neighbour", state="attached")
    clerk.wait_for_timeout(400)
    clerk.locator("[data-tool=Polygon]").click()
    box = clerk.locator("#drawing .folium-map").bounding_box()
    width = box["width"]
    near = (0.5 + 6 / width, 0.5)  # six pixels beside the corner
    draw(clerk, [near, (0.9, 0.55), (0.85, 0.9)])
    corners = geometry(clerk)["coordinates"][0]
    assert [lon, lat] in corners


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_of_an_import_are_for_everybody(
    lang: str, size: str, come_in: ComeIn, bureau: str, tmp_path: Path
) -> None:
    page = come_in("zhang", size)
    bring(page, bureau, survey_file("txt", tmp_path))
    rows = page.url
    width = page.viewport_size["width"]
    for path in (f"{bureau}/staff/upload", rows, f"{rows}/row/0", f"{bureau}/staff/export"):
        page.goto(f"{path}?lang={lang}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        faults = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"][:150]) for fault in faults] == [], path
