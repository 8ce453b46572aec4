"""The page of embed codes and the gallery as a webmaster sees them, on a desk and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_session import Go
from playwright.sync_api import Page

WORDS = {"zh": ("生成代码", "图片"), "en": ("Make the code", "picture")}


def sound(page: Page) -> None:
    """No fault that axe finds, nothing wider than the screen."""
    assert page.viewport_size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    faults = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:150]) for fault in faults] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_codes_come_with_a_picture_of_the_view(lang: str, size: str, go: Go) -> None:
    make, word = WORDS[lang]
    visit = go(None, size)
    page = visit.page
    page.goto(f"{visit.address}/embed/maker?kind=plot&county=411082&lang={lang}")
    page.select_option("select[name=picture]", "800x600")
    page.get_by_role("button", name=make, exact=True).click()
    page.wait_for_url("**sent=1**")
    box = page.locator("#codes").bounding_box()
    assert box is not None
    assert page.viewport_size is not None
    assert 0 <= box["y"] < page.viewport_size["height"]
    page.locator("#snippet-picture").scroll_into_view_if_needed()
    assert word in (page.locator("#snippet-picture").get_attribute("aria-label") or "")
    assert "size=800x600" in page.input_value("#snippet-picture")
    page.locator(".maker-picture img").scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.maker-picture img').naturalWidth === 800")
    sound(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_gallery_fits_the_screen(lang: str, size: str, go: Go) -> None:
    visit = go(None, size)
    visit.page.goto(f"{visit.address}/embed/gallery?lang={lang}")
    visit.page.frame_locator("iframe >> nth=0").locator("html[data-ready=true]").wait_for(state="attached")
    sound(visit.page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_scale_stands_above_the_imprint_however_many_lines_it_has(lang: str, size: str, go: Go) -> None:
    page = go(f"/embed?lang={lang}", size).page
    scale, imprint = page.locator(".leaflet-control-scale").bounding_box(), page.locator("#imprint").bounding_box()
    assert scale is not None
    assert imprint is not None
    assert scale["y"] + scale["height"] <= imprint["y"] + 1


def test_heat_of_nothing_says_so_instead_of_an_empty_ramp(go: Go) -> None:
    page = go("/?view=heat&kind=plot").page
    page.locator("#legend", has_text="没有可计入的签约投资").wait_for()
    assert page.locator("#legend .ramp").count() == 0


CONTRAST = """element => {
  const parts = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = text => parts(text).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const style = getComputedStyle(element);
  const [low, high] = [light(style.color), light(style.backgroundColor)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""


@pytest.mark.parametrize("layers", ["heat,features", "choropleth,features"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_over_a_layer_can_be_read_in_each_theme(theme: str, layers: str, go: Go) -> None:
    page = go(f"/embed?theme={theme}&layers={layers}").page
    count = page.locator(".plain-count").first
    count.wait_for()
    assert count.evaluate(CONTRAST) >= 4.5
