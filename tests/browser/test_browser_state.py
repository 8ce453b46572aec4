"""The address holds the whole state, and a panel comes and goes with the focus."""

from browser_session import Api, Go
from playwright.sync_api import expect


def test_an_address_restores_everything(go: Go, api: Api) -> None:
    path = "/?county=411082&kind=park,project&view=choropleth&measure=amount&map=10.5/34.2000/113.8000&select=county/411082"
    visit = go(path)
    page = visit.page
    assert sorted(
        page.eval_on_selector_all("#filters input[name=kind]:checked", "all => all.map(each => each.value)")
    ) == [
        "park",
        "project",
    ]
    assert page.locator("#filters input[name=county][value='411082']").is_checked()
    assert page.locator("input[name=view][value=choropleth]").is_checked()
    assert page.input_value("select[name=measure]") == "amount"
    place = page.evaluate("() => { const c = relitu.map.getCenter(); return [relitu.map.getZoom(), c.lat, c.lng]; }")
    assert place[0] == 10.5
    assert "长葛" in page.locator("#detail h2").inner_text()
    assert "kind=park,project" in page.url and "select=county/411082" in page.url
    assert (
        page.locator("#results h2 .count")
        .inner_text()
        .find(str(api("/api/summary", county="411082", kind="park,project")["total"]))
        >= 0
    )


def test_moving_the_map_writes_its_place_without_a_step_of_history(go: Go) -> None:
    visit = go("/")
    page = visit.page
    before = page.evaluate("() => history.length")
    assert "map=" not in page.url
    page.focus("#map_relitu")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**map=**")
    assert page.evaluate("() => history.length") == before
    centre = page.evaluate("() => relitu.map.getCenter().lng")
    page.reload()
    visit.ready()
    assert abs(page.evaluate("() => relitu.map.getCenter().lng") - centre) < 1e-3


def test_a_result_opens_its_panel_and_back_closes_it(go: Go, size: str) -> None:
    page = go("/", size).page
    if size == "phone":
        page.locator("#sheet-handle").click()
        page.locator("#sheet-handle").click()
    link = page.locator("#results a.item-link").first
    title = link.locator(".item-title").inner_text().split("\n")[0].strip()
    link.scroll_into_view_if_needed()
    link.click()
    page.wait_for_url("**select=**")
    expect(page.locator("#detail")).to_be_visible()
    expect(page.locator("#detail h2")).to_have_text(title)
    expect(page.locator("#detail h2")).to_be_focused()
    page.go_back()
    expect(page.locator("#detail")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#detail h2")).to_have_text(title)


def test_a_county_opens_by_click_and_closes_by_escape(go: Go) -> None:
    page = go("/").page
    point = page.evaluate("() => { const p = relitu.map.latLngToContainerPoint([34.75, 114.75]); return [p.x, p.y]; }")
    page.locator("#map_relitu").click(position={"x": point[0], "y": point[1]})
    page.wait_for_url("**select=county/*")
    expect(page.locator("#detail")).to_be_visible()
    assert page.locator("path.county.is-selected").count() == 1
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    assert "select" not in page.url
    assert page.locator("path.county.is-selected").count() == 0


def test_links_out_of_the_map_take_the_filter_along(go: Go) -> None:
    page = go("/?kind=project").page
    page.locator("label.option:has(input[name=kind][value=park])").click()
    page.wait_for_url("**kind=park,project")
    assert "kind=park,project" in str(page.locator(".bar a.to-list").get_attribute("href"))
    assert "kind=park,project" in str(page.locator("[data-lang-switch]").get_attribute("href"))


def test_english_throughout(go: Go) -> None:
    page = go("/?lang=en&view=choropleth").page
    texts = page.evaluate(
        "() => ['#panel', '#views', '#legend', '#imprint', '.names'].map(s => document.querySelector(s).textContent).join(' ')"
    )
    shown = page.evaluate("t => t.replace(/[^\\u4e00-\\u9fff]/g, '')", texts)
    # Names of features that have no English name stay as they are printed; nothing around them may.
    results = page.locator("#results").inner_text()
    assert [letter for letter in shown if letter not in results] == []


def test_the_sheet_stops_at_three_heights(go: Go) -> None:
    page = go("/", "phone").page
    panel, handle = page.locator("#panel"), page.locator("#sheet-handle")
    heights = [panel.bounding_box()["height"]]  # type: ignore[index]
    for _ in range(2):
        handle.click()
        page.wait_for_timeout(350)
        heights.append(panel.bounding_box()["height"])  # type: ignore[index]
    assert heights[0] < 120
    assert 300 < heights[1] < 600 < heights[2]
    handle.focus()
    page.keyboard.press("ArrowDown")
    expect(panel).to_have_attribute("data-height", "half")
    page.wait_for_timeout(350)
    box = handle.bounding_box()
    assert box
    page.mouse.move(box["x"] + 100, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, 830, steps=5)
    page.mouse.up()
    expect(panel).to_have_attribute("data-height", "peek")
