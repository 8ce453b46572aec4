"""Each layer shows what the API says, and the legend explains it."""

import json
import math
import re

import pytest
from browser_session import Api, Go, Visit, context_of, counts
from browser_session import visit as listen_to
from playwright.sync_api import Browser, Route, expect

EVIL = "<img src=x onerror=alert(1)>"


def legend(visit: Visit) -> str:
    return visit.page.locator("#legend").text_content() or ""


def test_heat(go: Go, api: Api, size: str) -> None:
    visit = go("/", size)
    visit.page.locator("#views label:has(input[value=heat])").click()
    image = visit.page.locator("img.heat-image")
    image.wait_for()
    visit.page.wait_for_url("**view=heat")
    # It has its place before it has its picture.
    visit.page.wait_for_function("() => document.querySelector('img.heat-image').naturalWidth > 50")
    answer = api("/api/heat")
    (south, west), (north, east) = answer["bounds"]
    placed = image.bounding_box()
    expected = visit.page.evaluate(
        "([n, w, s, e]) => { const map = relitu.map, a = map.latLngToContainerPoint([n, w]), b = map.latLngToContainerPoint([s, e]);"
        " return [b.x - a.x, b.y - a.y]; }",
        [north, west, south, east],
    )
    assert placed
    assert [placed["width"], placed["height"]] == pytest.approx(expected, abs=1.5)
    assert answer["unit"]["zh"] in legend(visit)


def test_the_scale_of_the_heat_can_be_chosen(go: Go) -> None:
    visit = go("/?view=heat")
    with visit.page.expect_response("**/api/heat.png?*scale=log*"):
        visit.page.select_option("#views select[name=scale]", "log")
    visit.page.wait_for_url("**scale=log")
    visit.settled()
    assert visit.page.locator("img.heat-image").count() == 1


@pytest.mark.parametrize("measure", ["projects", "amount", "density"])
def test_choropleth(go: Go, api: Api, measure: str) -> None:
    visit = go(f"/?view=choropleth&measure={measure}")
    answer = api("/api/choropleth", measure=measure)
    painted = visit.page.eval_on_selector_all("path.county.is-painted", "all => all.map(each => each.style.fill)")
    missing = sum(value is None for value in answer["values"].values())
    assert len(painted) == len(answer["values"])
    assert sum("no-data" in fill for fill in painted) == missing
    assert len({fill for fill in painted if "no-data" not in fill}) == len(
        {row["colour"] for row in answer["legend"] if not row.get("missing")}
    )
    for row in answer["legend"]:
        assert row["label"] in legend(visit)
    visit.page.locator("#views label:has(input[value=none])").click()
    visit.settled()
    assert visit.page.locator("path.county.is-painted").count() == 0


def test_zero_and_no_data_look_different(go: Go, api: Api) -> None:
    def fills(path: str) -> set[str]:
        page = go(path).page
        return set(page.eval_on_selector_all("path.county", "all => all.map(each => getComputedStyle(each).fill)"))

    assert 0 in api("/api/choropleth", measure="projects")["values"].values()
    assert None in api("/api/choropleth", measure="amount")["values"].values()
    assert not any("no-data" in fill for fill in fills("/?view=choropleth&measure=projects"))
    assert any("no-data" in fill for fill in fills("/?view=choropleth&measure=amount"))


CONTRASTS = """() => {
  const light = (text) => {
    const [r, g, b] = text.match(/[0-9.]+/g).map((each) => Number(each) / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll(".unit-name > span")].flatMap((name) => {
    const box = name.getBoundingClientRect();
    const ground = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const fill = ground && ground.matches("path.county") ? ground.style.fill : "";
    if (!fill.startsWith("rgb")) return [];
    const [a, b] = [light(getComputedStyle(name).color), light(fill)];
    return [[name.textContent, b, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]];
  });
}"""


@pytest.mark.parametrize("path", ["/?view=choropleth", "/embed?layers=choropleth&theme=dark"])
def test_names_are_read_on_the_colour_of_their_county(go: Go, path: str) -> None:
    visit = go(f"{path}&measure=projects&map=8.25/34.5/113.5", "phone")
    found = visit.page.evaluate(CONTRASTS)
    assert any(ground < 0.15 for _, ground, _ in found) and any(ground > 0.3 for _, ground, _ in found), found
    assert [each for each in found if each[2] < 3] == []


def test_on_dark_ground_zero_is_the_ground_and_more_is_brighter(go: Go, api: Api) -> None:
    answer = api("/api/choropleth", measure="projects")
    visit = go("/embed?layers=choropleth&theme=dark&measure=projects")
    rgb = lambda colour: f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"  # noqa: E731
    shown = visit.page.eval_on_selector_all("path.county.is-painted", "all => all.map(each => each.style.fill)")
    assert shown.count(rgb(answer["dark_zero_colour"])) == sum(value == 0 for value in answer["values"].values())
    assert rgb(answer["dark_colours"][-1]) in shown
    assert not {rgb(answer["zero_colour"]), rgb(answer["colours"][0])} & set(shown)


@pytest.mark.parametrize(("lang", "written"), [("zh", r"^\d+(公里|米)$"), ("en", r"^\d+ k?m$")])
def test_the_scale_speaks_the_language_of_the_page(go: Go, lang: str, written: str) -> None:
    visit = go(f"/?lang={lang}")
    for zoom in (8, 17):
        visit.page.evaluate("zoom => relitu.map.setZoom(zoom, {animate: false})", zoom)
        expect(visit.page.locator(".leaflet-control-scale-line")).to_have_text(re.compile(written))


def test_each_kind_has_its_own_shape(go: Go) -> None:
    visit = go("/?kind=plot,park,opportunity&map=16/34.03/113.85")
    symbols = json.loads(visit.page.locator("#messages").text_content() or "")["kinds"]
    assert len({entry["symbol"] for entry in symbols}) == len(symbols)
    marks = [
        {"type": "feature", "id": kind, "kind": kind, "lon": 113.85 + step / 500, "lat": 34.03, "n": 1, "name": kind,
         "mix": [["", 1]], "chains": [], "kinds": [[kind, 1]], "demo": False}
        for step, kind in enumerate(["plot", "park", "opportunity"])
    ]  # fmt: skip
    visit.page.route("**/api/marks?*", lambda route: route.fulfill(json={"marks": marks}))
    visit.page.reload()
    visit.ready()
    outlines = visit.page.eval_on_selector_all(
        ".mark-feature .mark-fill", "all => all.map(each => each.getAttribute('d'))"
    )
    assert len(set(outlines)) == 3


def test_what_is_known_to_a_county_only_is_no_point(go: Go, api: Api) -> None:
    visit = go("/?kind=project&map=12/35.0/113.3")
    visit.settled()
    marks = api("/api/marks", kind="project", zoom="12")["marks"]
    assert any(mark["type"] in ("county", "city", "place") for mark in marks)
    assert visit.page.locator(".mark-badge").count() > 0
    assert visit.page.locator(".mark-badge .mark-symbol").count() == 0


def test_zooming_out_joins_marks_without_losing_any(go: Go, api: Api) -> None:
    visit = go("/")
    total = api("/api/summary")["total"]
    for zoom in (7, 8, 9, 10):
        visit.page.evaluate("zoom => relitu.map.setZoom(zoom, {animate: false})", zoom)
        visit.settled()
        assert sum(counts(visit)) == total, zoom


def test_demonstration_data_are_marked(go: Go) -> None:
    visit = go("/?kind=plot&map=10/34.0/113.8")
    assert visit.page.locator(".ring-face.is-demo").count() > 0
    assert "演示数据" in legend(visit)
    assert "演示数据" in str(visit.page.locator(".mark").first.get_attribute("aria-label"))


def test_a_name_with_markup_stays_text(go: Go) -> None:
    visit = go(None)

    def spoil(route: Route) -> None:
        mark = {
            "type": "feature", "id": "x", "kind": "project", "lon": 113.85, "lat": 34.03, "n": 1, "name": EVIL,
            "mix": [["", 1]], "chains": [[EVIL, 1]], "kinds": [["project", 1]], "demo": False,
        }  # fmt: skip
        badge = {**mark, "type": "place", "id": "y", "lon": 113.8, "kind": None}
        route.fulfill(json={"marks": [mark, badge]})

    visit.page.route("**/api/marks?*", spoil)
    visit.open(f"/?map=12/34.03/113.85&q={EVIL}")
    for mark in visit.page.locator(".mark").all():
        mark.focus()
        expect(visit.page.locator(".mark-tip")).to_have_count(1)
        assert EVIL in str(visit.page.locator(".mark-tip").text_content())
    assert visit.page.locator(".chip-text").text_content() == f"包含“{EVIL}”"
    assert visit.page.locator("main img[src=x]").count() == 0


def test_a_failure_is_told_and_can_be_tried_again(browser: Browser, served: str) -> None:
    context = context_of(browser, "desktop")
    made = listen_to(context, served)
    made.page.route(
        "**/api/marks?*", lambda route: route.fulfill(status=503, json={"title": "x", "detail": "暂停服务"})
    )
    made.open("/")
    notice = made.page.locator("#map-status .notice-error")
    assert "暂停服务" in notice.inner_text()
    assert made.page.locator("path.county").count() > 100
    made.page.unroute("**/api/marks?*")
    notice.locator("button").click()
    made.page.locator(".mark").first.wait_for()
    made.settled()
    assert made.page.locator("#map-status .notice").count() == 0
    context.close()


def test_the_map_stays_over_the_province(go: Go) -> None:
    page = go("/").page
    zooms = page.evaluate("() => [relitu.map.getMinZoom(), relitu.map.getMaxZoom()]")
    assert zooms == [7, 18]
    page.evaluate("() => relitu.map.setView([20, 80], 9, {animate: false})")
    page.wait_for_timeout(500)
    centre = page.evaluate("() => relitu.map.getCenter()")
    assert math.isclose(centre["lat"], 31, abs_tol=2) and centre["lng"] > 108
