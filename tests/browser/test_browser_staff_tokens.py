"""A person's tokens for programs: made narrow and for a while, seen once, used, listed with the last use, revoked."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_session import RELITU, context_of, prepare, serving, visit
from playwright.sync_api import Browser, Locator, Page

PASSWORD = "Correct-Horse-9"
OWN, OTHER = "411082", "411025"
NAME = "国土平台同步"
WORDS = {
    "zh": ("产业用地", "长葛市", "从未", "已吊销", "365 天", "已复制"),
    "en": ("Industrial plot", "Changge City", "never", "revoked", "365 days", "Copied"),
}
DRAFT = {
    "type": "Feature",
    "geometry": None,
    "properties": {
        "name": "甲地块",
        "precision": "county",
        "source": "国土平台",
        "area_m2": 1_022_000,
        "status": "available",
        "land_use": "M1",
    },
}
ComeIn = Callable[[str, str], Page]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own, for its data change."""
    folder: Path = tmp_path_factory.mktemp("tokens")
    prepare(folder)
    words = ("user", "add", "zhang", "--role", "editor", "--county", OWN, "--county", OTHER)
    command = [*RELITU, *words, "--password-stdin", "--keep-password", "--data", str(folder)]
    subprocess.run(command, input=PASSWORD, text=True, check=True, capture_output=True)
    with serving(folder) as address:
        yield address


@pytest.fixture
def come_in(browser: Browser, office: str) -> Iterator[ComeIn]:
    """A function that logs the clerk in, in a language and a size; the pages must say nothing and ask nobody else."""
    contexts, visits = [], []

    def start(lang: str, size: str) -> Page:
        context = context_of(browser, size)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        made = visit(context, office)
        visits.append(made)
        made.page.goto(f"{office}/staff/?lang={lang}")
        made.page.fill("#name", "zhang")
        made.page.fill("#password", PASSWORD)
        made.page.click("main button[type=submit]")
        made.page.wait_for_url(f"{office}/staff/**")
        made.page.goto(f"{office}/staff/tokens/?lang={lang}")
        return made.page

    yield start
    for context in contexts:
        context.close()
    assert [line for made in visits for line in made.said] == []
    assert [url for made in visits for url in made.foreign] == []


def sound(page: Page) -> None:
    """No fault that axe finds, nothing wider than the screen."""
    assert page.viewport_size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url
    faults = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:150]) for fault in faults] == [], page.url


def sent(office: str, secret: str, county: str, code: str) -> int:
    """The status with which a program's plot in `county` is answered."""
    body = {**DRAFT, "properties": {**DRAFT["properties"], "county": county, "code": code}}  # type: ignore[dict-item]
    request = urllib.request.Request(
        f"{office}/api/collections/plot/items",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/geo+json"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def row(page: Page, name: str) -> Locator:
    return page.locator("tbody tr", has_text=name)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_token_is_made_seen_once_used_and_revoked(lang: str, size: str, come_in: ComeIn, office: str) -> None:
    kind, county, never, revoked, usual, copied = WORDS[lang]
    name = f"{NAME} {lang} {size}"
    page = come_in(lang, size)
    sound(page)
    page.locator(".head-actions a").click()
    assert page.locator("#days option:checked").inner_text() == usual
    page.fill("#name", name)
    page.select_option("#days", "30")
    page.check("input[name=kinds][value=plot]")
    page.check(f"input[name=counties][value='{OWN}']")  # in a group that stands open, since all of his lie in it
    sound(page)
    page.click("main form button[type=submit]")
    secret = page.inner_text("#secret")
    assert secret.startswith("relitu_")
    sound(page)
    page.locator("[data-copy]").click()
    page.get_by_role("button", name=copied, exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.locator("main a.primary").click()
    told = row(page, name).inner_text()
    assert secret not in page.content()
    assert all(word in told for word in (kind, county, never))

    assert sent(office, secret, OWN, name) == 201
    assert sent(office, secret, OTHER, f"{name} 2") == 403
    page.reload()
    assert never not in row(page, name).inner_text()
    assert row(page, name).locator("time").count() == 1
    sound(page)

    row(page, name).get_by_role("button").click()
    page.wait_for_url("**done=revoked**")
    assert page.evaluate("document.documentElement.lang")[:2] == lang
    assert revoked in row(page, name).inner_text()
    assert row(page, name).get_by_role("button").count() == 0
    sound(page)
    assert sent(office, secret, OWN, f"{name} 3") == 401
