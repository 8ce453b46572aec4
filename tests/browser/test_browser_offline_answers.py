"""What a site without a server answers in the browser is what the server answers, filter by filter."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import mapbox_vector_tile
import pytest
import shapely.geometry
from playwright.sync_api import Browser, Page
from werkzeug.datastructures import MultiDict

from geo.draw import mercator
from geo.query import Filter, choices, parameters, select
from geo.query import page as page_of
from webmap.bundle import bundle
from webmap.config import load_config
from webmap.static_files import FOLDER
from webmap.static_site import heating, wording
from webmap.static_site.columns import described
from webmap.static_site.edition import Edition
from webmap.static_site.folder import json_text
from webmap.static_site.shapes import shapes

FILTERS = 400
PAGES = {"map": ("index.html", []), "list": ("list.html", [])}
PROBE = """
import {read} from "./query.js";
import {select} from "./match.js";
import {page} from "./order.js";
import {Backend} from "./backend.js";

const opened = Backend.open();
window.answer = async (path) => {
  const backend = await opened;
  try {
    return await backend.answer(path);
  } catch (error) {
    return {refused: error.message, status: error.status};
  }
};
window.ids = async (search, sort) => {
  const {site, words} = await opened;
  const selection = select(read(new URLSearchParams(search), site), site);
  const rows = page(selection, site, words, {sort, offset: 0, limit: 1e9}).rows;
  return rows.map(({kind, row}) => `${kind}/${site.tables[kind].id[row]}`);
};
"""


@pytest.fixture(scope="session")
def edition(data_folder: Path) -> Edition:
    return Edition(load_config(data_folder, {}), ("zh", "en"))


def source(name: str) -> str:
    return PROBE if name == "js/offline/probe.js" else (FOLDER / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def offline(browser: Browser, edition: Edition) -> Iterator[dict[str, Page]]:
    """By language a page that answers out of the data alone."""
    site = edition.site
    where, pieces = shapes(edition)
    common = {
        "site": described(site.snapshot, site.kinds, site.world, where),
        "heat": heating.described(site.snapshot, site.kinds, site.world, site.heat_grid),
        **dict(pieces),
    }
    context = browser.new_context(offline=True)
    pages = {}
    for lang in edition.languages:
        held = {**common, f"{lang}/words": wording.words(edition, lang, PAGES)}
        page = context.new_page()
        page.set_content(f'<!doctype html><body data-lang="{lang}"></body>')
        page.add_script_tag(content=f"window.relituData = {json_text(list(held.items()))};")
        page.add_script_tag(content=bundle("js/offline/probe.js", source))
        pages[lang] = page
    yield pages
    context.close()


def random_filters(edition: Edition, count: int) -> list[list[tuple[str, str]]]:
    """Queries of every declared parameter, with values that occur and some that don't; always the same ones."""
    draw = random.Random(20240501)  # noqa: S311 (the same filters each time)
    site = edition.site
    declared = parameters(site.kinds)
    ever = site.facets(Filter()).counts
    points = [row for kind in edition.kinds for row in site.snapshot.table(kind).point.tolist() if row[0] == row[0]]
    texts = ["园", "产业", "汽车 制造", "许昌", "Park", "demo", "a", "公司 投资", "不存在的词", "㎡", "İ", "2023"]

    def value(param: str) -> tuple[str, str] | None:
        known = sorted(ever.get(param, ())) or sorted(choices(param, declared, site.kinds, site.world) or ())
        if not known:
            return None
        other = sorted(choices(param, declared, site.kinds, site.world) or known)
        codes = draw.sample(known, min(len(known), draw.randint(1, 3))) + draw.sample(other, draw.randint(0, 1))
        return param, ",".join(codes)

    def single(param: str) -> list[tuple[str, str]]:
        if param in declared.ranges:
            low = draw.choice([0, 1, 10, 30, 75, 100, 1000, 20000, 0.5, 1e6])
            ends = [("_min", low), ("_max", low * draw.choice([1, 2, 30]))]
            return [(param + end, f"{number:g}") for end, number in draw.sample(ends, draw.randint(1, 2))]
        lon, lat = draw.choice([*points, [113.85, 34.03], [116.4, 39.9]])
        if param == "near":
            return [("near", f"{lon},{lat},{draw.choice([0.5, 5, 20, 80])}")]
        if param == "bbox":
            size = draw.choice([0, 0.01, 0.2, 1.5])
            return [("bbox", f"{lon - size},{lat - size},{lon + size},{lat + size}")]
        if param == "q":
            return [("q", draw.choice(texts))]
        first = draw.randint(2012, 2025)
        years = [("year_from", str(first)), ("year_to", str(first + draw.randint(0, 4)))]
        return draw.sample(years, draw.randint(1, 2))

    names = [*declared.lists, *declared.ranges, "near", "bbox", "q", "year"]
    found: list[list[tuple[str, str]]] = [[]]
    while len(found) < count:
        chosen = draw.sample(names, draw.choice([1, 1, 1, 2, 2, 3]))
        pairs = [
            pair for name in chosen for pair in ([value(name)] if name in declared.lists else single(name)) if pair
        ]
        found.append(pairs)
    return found


def test_filters_select_the_same_in_the_same_order(offline: dict[str, Page], edition: Edition) -> None:
    site = edition.site
    draw = random.Random(7)  # noqa: S311 (the same each time)
    selected = 0
    for pairs in random_filters(edition, FILTERS):
        wanted = Filter.parse(MultiDict(pairs).items(multi=True), site.kinds, site.world)
        selection = select(wanted, site.snapshot, site.kinds, site.world)
        for lang in edition.languages:
            sort = draw.choice(["", "", "name", "-name", "-amount_wan", "area_m2", "as_of"])
            rows = page_of(selection, site.kinds, sort, 0, 10**6, lang).rows
            expected = [f"{kind}/{site.snapshot.table(kind).column('id')[row]}" for kind, row in rows]
            found = offline[lang].evaluate("([search, sort]) => ids(search, sort)", [urlencode(pairs), sort])
            assert found == expected, (pairs, lang, sort)
        selected += selection.total > 0
    assert selected > FILTERS / 3


def ask(edition: Edition, path: str) -> Any:
    return json.loads(edition.content(path))


def test_counts_beside_every_option_are_the_same(offline: dict[str, Page], edition: Edition) -> None:
    for pairs in random_filters(edition, FILTERS):
        path = f"/api/summary?{urlencode(pairs)}"
        expected = ask(edition, path)
        found = offline["zh"].evaluate("answer", path)
        for name in ("version", "total", "kinds", "facets", "years", "undated"):
            assert found[name] == expected[name], (pairs, name)


def marks_of(answer: Any) -> list[Any]:
    """Marks by type and id, degrees to a hundredth of a millimetre."""
    rounded = [{**mark, "lon": round(mark["lon"], 10), "lat": round(mark["lat"], 10)} for mark in answer["marks"]]
    return sorted(rounded, key=lambda mark: (mark["type"], mark.get("kind", ""), mark["id"]))


@pytest.mark.parametrize("zoom", [7, 9, 12, 16])
def test_marks_are_the_same(offline: dict[str, Page], edition: Edition, zoom: int) -> None:
    draw = random.Random(zoom)  # noqa: S311 (the same each time)
    for pairs in random_filters(edition, FILTERS // 8):
        lang = draw.choice(["zh", "en"])
        within = draw.choice(["", "&within=113.5,33.8,114.2,34.3", "&located=no"])
        path = f"/api/marks?{urlencode([*pairs, ('lang', lang)])}&zoom={zoom}{within}"
        assert marks_of(offline[lang].evaluate("answer", path)) == marks_of(ask(edition, path)), path


def drawn(content: bytes, kind: str) -> dict[str, list[float]]:
    """What a tile of the server draws: by id the box of each feature in steps, y downwards."""
    if not content:
        return {}
    layer = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True}).get(kind, {"features": []})
    return {
        feature["properties"]["id"]: [*shapely.geometry.shape(feature["geometry"]).bounds]
        for feature in layer["features"]
    }


@pytest.mark.parametrize("query", ["", "year_from=2020", "county=411081"])
@pytest.mark.parametrize("zoom", [11, 13, 15])
def test_tiles_draw_the_same_at_the_same_place(
    offline: dict[str, Page], edition: Edition, zoom: int, query: str
) -> None:
    seen = 0
    for kind in edition.kinds:
        table = edition.site.snapshot.table(kind)
        x, y = mercator.fraction(table.point[: table.located, 0], table.point[: table.located, 1])
        places = {(int(at[0] * 2**zoom), int(at[1] * 2**zoom)) for at in zip(x, y, strict=True)}
        for column, line in sorted(places)[:4]:
            path = f"/tiles/{edition.site.snapshot.version}/{kind}/{zoom}/{column}/{line}.mvt?{query}"
            answer = edition.get(path)
            assert answer.status == 200
            expected = drawn(answer.content, kind)
            found = offline["zh"].evaluate(
                """async (path) => {
                  const [layer] = (await answer(path)).layers;
                  const boxes = {};
                  for (let i = 0; layer && i < layer.length; i += 1) boxes[layer.get(i, "id")] = [...layer.boxes.subarray(4 * i, 4 * i + 4)];
                  return boxes;
                }""",
                path,
            )
            assert found.keys() == expected.keys(), path
            for name, box in expected.items():
                assert found[name] == pytest.approx(box, abs=1.01), (path, name)
            seen += len(expected)
    assert seen or query


@pytest.mark.parametrize("measure", ["projects", "amount", "density"])
@pytest.mark.parametrize("classes", ["fisher", "quantile"])
def test_coloured_counties_are_the_same(offline: dict[str, Page], edition: Edition, measure: str, classes: str) -> None:
    for number, pairs in enumerate(random_filters(edition, FILTERS // 8)):
        lang = ("zh", "en")[number % 2]
        path = f"/api/choropleth?{urlencode([*pairs, ('lang', lang)])}&measure={measure}&classes={classes}"
        expected, found = ask(edition, path), offline[lang].evaluate("answer", path)
        assert found == {name: expected[name] for name in found}, path


@pytest.mark.parametrize("scale", ["sqrt", "linear", "log"])
def test_the_heat_is_the_same(offline: dict[str, Page], edition: Edition, scale: str) -> None:
    for number, pairs in enumerate([[], [("county", "411082")], [("q", "不存在的词")], [("stage", "signed")]]):
        lang = ("zh", "en")[number % 2]
        path = f"/api/heat?{urlencode([*pairs, ('lang', lang)])}&scale={scale}"
        expected, found = ask(edition, path), offline[lang].evaluate("answer", path)
        assert found.pop("image").startswith("data:image/png;base64,")
        assert found.pop("max") == pytest.approx(expected["max"], rel=1e-9)
        assert [list(map(float, corner)) for corner in found.pop("bounds")] == [
            pytest.approx(corner, abs=0.02) for corner in expected["bounds"]
        ]
        legend = [{name: row[name] for name in ("value", "label", "colour")} for row in expected["legend"]]
        assert found.pop("legend") == legend
        assert found == {name: expected[name] for name in found}, path


@pytest.mark.parametrize(
    "query",
    ["colour=red", "kind=nothing", "year_from=20", "bbox=1,2,3", "near=1,2,0", "area_min=9&area_max=1", "q=a&q=b"],
)
def test_what_the_server_refuses_is_refused_by_name(offline: dict[str, Page], edition: Edition, query: str) -> None:
    assert edition.get(f"/api/summary?{query}").status == 400
    found = offline["zh"].evaluate("answer", f"/api/summary?{query}")
    assert found["status"] == 400
    assert query.split("=", maxsplit=1)[0] in found["refused"]
