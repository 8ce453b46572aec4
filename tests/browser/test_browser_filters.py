"""A filter changes map, list, counts and address alike; back and forward undo and redo it."""

import re
from typing import Any

from browser_session import Api, Go, Visit, counts
from playwright.sync_api import Page, Route

CHAIN = "fieldset input[name=chain]"


def choose(page: Page, param: str, value: str) -> None:
    """Tick an option as a person does: open what folds it away, then click."""
    page.eval_on_selector(
        f"input[name={param}][value='{value}']",
        "box => { for (let at = box.parentElement; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true; }",
    )
    page.locator(f"label.option:has(input[name={param}][value='{value}'])").click()


def common_chain(api: Api) -> str:
    """A chain that some features have and others have not."""
    found: dict[str, int] = api("/api/summary")["facets"]["chain"]
    return max(found, key=lambda chain: found[chain])


def shown_total(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator("#results h2 .count").inner_text()))


def assert_all_say(visit: Visit, summary: Any) -> None:
    """Marks, list and the counts beside options say what the API says."""
    visit.settled()
    assert sum(counts(visit)) == summary["total"]
    assert shown_total(visit.page) == summary["total"]
    for param in ("kind", "chain", "county"):
        for element in visit.page.locator(f"[data-count^='{param}:']").all():
            code = str(element.get_attribute("data-count")).split(":", 1)[1]
            said = int(re.sub(r"\D", "", str(element.text_content())))
            assert said == summary["facets"][param].get(code, 0), (param, code)


def test_a_chain_changes_map_list_and_counts_alike(go: Go, api: Api) -> None:
    visit = go("/")
    chain = common_chain(api)
    choose(visit.page, "chain", chain)
    visit.page.wait_for_url(f"**/?chain={chain}")
    summary = api("/api/summary", chain=chain)
    assert 0 < summary["total"] < api("/api/summary")["total"]
    assert_all_say(visit, summary)


def test_two_parameters_and_a_text_narrow_together(go: Go, api: Api) -> None:
    visit = go("/")
    choose(visit.page, "kind", "project")
    choose(visit.page, "kind", "park")
    visit.page.fill("#q", "产业园")
    visit.page.wait_for_url("**q=*")
    assert_all_say(visit, api("/api/summary", kind="project,park", q="产业园"))


def test_back_and_forward(go: Go, api: Api) -> None:
    visit = go("/")
    page = visit.page
    choose(page, "kind", "project")
    page.wait_for_url("**/?kind=project")
    choose(page, "kind", "park")
    page.wait_for_url("**kind=park,project")
    page.go_back()
    assert_all_say(visit, api("/api/summary", kind="project"))
    assert page.locator("input[name=kind]:checked").count() == 1
    page.go_back()
    assert_all_say(visit, api("/api/summary"))
    assert page.locator("input[name=kind]:checked").count() == 0
    page.go_forward()
    assert_all_say(visit, api("/api/summary", kind="project"))


def test_years_by_slider(go: Go, api: Api) -> None:
    visit = go("/")
    slider = visit.page.locator("#year-from")
    first = int(str(slider.get_attribute("min")))
    slider.focus()
    slider.press("ArrowRight")
    visit.page.wait_for_url(f"**year_from={first + 1}")
    assert_all_say(visit, api("/api/summary", year_from=str(first + 1)))
    slider.press("Home")
    visit.page.wait_for_function("() => !location.search.includes('year_from')")
    assert_all_say(visit, api("/api/summary"))


def test_a_chip_removes_its_condition(go: Go, api: Api) -> None:
    visit = go("/?kind=project&q=产业园")
    assert visit.page.locator("#chips .chip:not(.chip-all)").count() == 2
    visit.page.locator("#chips .chip[data-remove=q]").click()
    visit.page.wait_for_url("**/?kind=project")
    assert visit.page.input_value("#q") == ""
    assert_all_say(visit, api("/api/summary", kind="project"))


def test_the_reset_button_clears_everything(go: Go, api: Api) -> None:
    visit = go("/?kind=project&amount_min=10000&year_from=2021")
    visit.page.locator("#filters button[type=reset]").click()
    assert_all_say(visit, api("/api/summary"))
    assert visit.page.input_value("#filters input[name=amount_min]") == ""


def test_a_late_answer_to_an_earlier_question_is_dropped(go: Go, api: Api) -> None:
    visit = go("/")
    page = visit.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/summary?kind=project", hold)
    page.route(re.compile(r"/api/marks\?kind=project&"), hold)
    choose(page, "kind", "project")
    page.wait_for_timeout(300)
    assert len(held) == 2
    choose(page, "kind", "park")
    page.wait_for_url("**kind=park,project")
    page.wait_for_timeout(300)
    for route in held:
        route.continue_()
    assert_all_say(visit, api("/api/summary", kind="project,park"))


def test_nothing_found_says_so_and_shows_the_way_back(go: Go, api: Api) -> None:
    visit = go("/?q=不会有这样的名称")
    page = visit.page
    assert page.locator("#map-status .notice-empty").is_visible()
    assert page.locator(".mark").count() == 0
    page.locator("#map-status button").click()
    assert_all_say(visit, api("/api/summary"))
    assert page.locator("#map-status .notice").count() == 0
