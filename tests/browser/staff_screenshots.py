"""Pictures of the staff's way from a survey file to the public map, for the README and the clerk's guide."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from browser_session import RELITU, context_of, visit
from playwright.sync_api import Browser, Page

PASSWORD = "Correct-Horse-9"
PEOPLE = {"zhang": ("张敏", "editor"), "li": ("李强", "reviewer")}
COUNTY = "411082"
KEEP = Callable[[Page, str], None]

# Two sound parcels, one whose ring crosses itself, and one whose area is written in another unit.
SURVEY = """地块编号,地块名称,供地状态,用地性质,面积,WKT
CG-101,东环路北侧地块,可供,M1,5.12公顷,"POLYGON((113.842 34.252,113.8446 34.252,113.8446 34.2539,113.842 34.2539,113.842 34.252))"
CG-102,产业大道西侧地块,可供,M2,约84亩,"POLYGON((113.848 34.252,113.8506 34.252,113.8506 34.2541,113.848 34.2541,113.848 34.252))"
CG-103,纬六路南侧地块,储备,M1,3公顷,"POLYGON((113.854 34.252,113.8566 34.2541,113.8566 34.252,113.854 34.2541,113.854 34.252))"
"""


def add_people(data: Path) -> None:
    """A clerk and a reviewer of one county."""
    for name, (shown, role) in PEOPLE.items():
        words = ["user", "add", name, "--role", role, "--county", COUNTY, "--display-name", shown]
        command = [*RELITU, *words, "--password-stdin", "--keep-password", "--data", str(data)]
        subprocess.run(command, input=PASSWORD, text=True, check=True, capture_output=True)


def take_staff(browser: Browser, address: str, folder: Path, keep: KEEP) -> None:
    """Walk the way and hand each page to `keep` with its picture's name."""
    clerk = _come_in(browser, address, "zhang", "desktop")
    keep(clerk, "staff-home")
    survey = folder / "长葛地块.csv"
    survey.write_text(SURVEY, encoding="utf-8")
    clerk.goto(f"{address}/staff/upload")
    clerk.set_input_files("#files", survey)
    keep(clerk, "staff-upload")
    clerk.click(".upload-form button[type=submit]")
    clerk.wait_for_url(re.compile(r"/staff/intake/\w+"))
    _ready(clerk)
    keep(clerk, "staff-check")
    clerk.get_by_role("link", name="纬六路南侧地块").click()
    _ready(clerk)
    clerk.locator("[data-show-repair]").first.click()
    clerk.wait_for_selector("path.repaired")
    keep(clerk, "staff-repair")
    clerk.goto(f"{address}/staff/edit/demo-plot-{COUNTY}-01")
    clerk.fill("#f-note", "按最新测绘成果修改")
    clerk.fill("#f-price_wan_mu", "16.8")
    _ready(clerk)
    keep(clerk, "staff-form")
    clerk.locator("main").get_by_role("button", name="保存并提交审核", exact=True).click()
    clerk.wait_for_load_state()
    reviewer = _come_in(browser, address, "li", "phone")
    reviewer.click("text=演示地块 长葛-01")
    reviewer.wait_for_selector("[data-sight][data-ready]")
    keep(reviewer, "staff-review")


def _come_in(browser: Browser, address: str, name: str, size: str) -> Page:
    page = visit(context_of(browser, size), address).page
    page.goto(f"{address}/staff/")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/staff/")
    return page


def _ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=true]", state="attached")
