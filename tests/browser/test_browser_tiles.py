"""What has a place of its own is drawn from vector tiles: it can be seen, pointed at, opened, filtered and restyled."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from browser_session import RELITU, Go, Visit, context_of, prepare, serving
from browser_session import visit as listen_to
from drawn_tiles import INK, SHEET, TILES, colour, drawn, free_spot, ink, items, kinds, where
from playwright.sync_api import Browser, Request, Route, expect

reference = pytest.importorskip("mapbox_vector_tile", reason="mapbox-vector-tile is not installed")

NEAR = "/?map=13/34.0300/113.8500"
TILE = re.compile(r"/tiles/[0-9a-f]+/\w+/\d+/\d+/\d+\.mvt")


def asked(visit: Visit) -> list[str]:
    """The tiles that the page will have asked for from now on."""
    found: list[str] = []

    def see(request: Request) -> None:
        if TILE.search(request.url):
            found.append(request.url)

    visit.page.on("request", see)
    return found


def made_tile(rest: list[tuple[int, int, dict[str, object]]]) -> bytes:
    """A tile that draws nothing and leaves the rest undrawn, at points of its grid."""
    features = [{"geometry": f"POINT ({x} {y})", "properties": properties} for x, y, properties in rest]
    return bytes(reference.encode([{"name": "more", "features": features}], default_options={"y_coord_down": True}))


def test_areas_lines_and_points_come_from_tiles(go: Go, served: str, size: str) -> None:
    visit = go(None, size)
    others: list[str] = []
    visit.page.on("request", lambda request: others.append(request.url))
    visit.open(NEAR)
    visit.settled()
    assert {"plot", "park", "opportunity", "route"} <= kinds(visit)
    assert {one.type for one in drawn(visit)} == {1, 2, 3}
    assert ink(visit, TILES) > 1000 and ink(visit, SHEET) > 100
    assert not [url for url in others if "/api/shapes" in url]
    _, _, lon, lat = free_spot(served, "plot")
    visit.page.evaluate("([lon, lat]) => relitu.map.setView([lat, lon], 15, {animate: false})", [lon, lat])
    visit.settled()
    assert colour(visit, lon, lat)[3] > 0


def test_from_afar_the_marks_count_everything_and_no_tile_is_asked_for(go: Go) -> None:
    visit = go(None)
    tiles = asked(visit)
    visit.open("/?map=10/34.03/113.85")
    visit.settled()
    assert visit.page.locator(TILES).count() == 0 and tiles == []
    assert visit.page.locator(".ring-count").count() > 0


def test_near_by_nothing_is_both_mark_and_tile(go: Go) -> None:
    visit = go(NEAR)
    assert visit.page.locator(".mark-feature, .mark-of-cluster").count() == 0
    located = {one.kind for one in drawn(visit) if one.type == 1}
    assert "park" in located
    for mark in visit.page.locator(".mark").all():
        assert "mark-badge" in str(mark.get_attribute("class"))


def test_a_plot_opens_by_click_and_by_tap(go: Go, served: str, size: str) -> None:
    own, name, lon, lat = free_spot(served, "plot")
    visit = go(f"/?map=15/{lat}/{lon}", size)
    visit.settled()
    x, y = where(visit, lon, lat)
    if size == "phone":
        visit.page.touchscreen.tap(x, y)
    else:
        visit.page.mouse.click(x, y)
    visit.page.wait_for_url(f"**select=plot/{own}")
    expect(visit.page.locator("#detail h2")).to_have_text(re.compile(re.escape(name)))


def test_beside_a_plot_the_county_opens(go: Go) -> None:
    visit = go("/?map=14/34.2/114.0")
    visit.settled()
    frame = visit.page.locator("#map_relitu").bounding_box()
    assert frame
    visit.page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    visit.page.wait_for_url("**select=county/*")


def test_a_plot_opens_by_keyboard_under_the_cross(go: Go, served: str) -> None:
    own, name, lon, lat = free_spot(served, "plot")
    page = go(f"/?map=15/{lat}/{lon}").page
    page.wait_for_load_state("networkidle")
    page.focus("#map_relitu")
    expect(page.locator("#map_relitu + [role=status]")).to_contain_text(name)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**select=plot/{own}")
    page.keyboard.press("Escape")
    expect(page.locator("#map_relitu")).to_be_focused()


def test_what_is_under_the_pointer_and_what_is_open_stand_out(go: Go, served: str) -> None:
    _, name, lon, lat = free_spot(served, "plot")
    visit = go(f"/?kind=plot&map=15/{lat}/{lon}")
    visit.settled()
    assert ink(visit, SHEET) == 0
    tiles = asked(visit)
    x, y = where(visit, lon, lat)
    visit.page.mouse.move(x, y)
    expect(visit.page.locator(".mark-tip")).to_contain_text(name)
    assert "is-over-feature" in str(visit.page.locator("#map_relitu").get_attribute("class"))
    hovered = ink(visit, SHEET)
    assert hovered > 100
    visit.page.mouse.click(x, y)
    visit.page.wait_for_url("**select=plot/**")
    visit.page.mouse.move(5, 5)
    visit.settled()
    expect(visit.page.locator(".mark-tip")).to_have_count(0)
    assert ink(visit, SHEET) > 100
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#detail")).to_be_hidden()
    visit.page.wait_for_timeout(100)
    assert ink(visit, SHEET) == 0
    assert tiles == []


def test_a_filter_changes_what_is_drawn_and_the_old_stays_until_then(go: Go) -> None:
    visit = go(NEAR)
    visit.settled()
    before = ink(visit)
    assert len(kinds(visit)) > 2
    held: list[Route] = []

    released: list[bool] = []

    def hold(route: Route) -> None:
        if released:
            route.continue_()
        else:
            held.append(route)

    visit.page.route(re.compile(TILE.pattern + r"\?kind=plot$"), hold)
    visit.page.locator("label.option:has(input[name=kind][value=plot])").click()
    visit.page.wait_for_url("**kind=plot**")
    visit.page.wait_for_timeout(400)
    assert held and all("/plot/" in route.request.url for route in held)
    assert ink(visit) == before
    assert len(kinds(visit)) > 2
    released.append(True)
    for route in held:
        route.continue_()
    visit.page.wait_for_function(
        "() => [...relitu.tiles.painter.held.values()].every((held) => held.data && !held.loading)"
    )
    visit.settled()
    assert kinds(visit) == {"plot"}
    assert 0 < ink(visit) < before


def test_a_change_of_style_asks_for_nothing(go: Go, served: str) -> None:
    _, _, lon, lat = free_spot(served, "plot")
    visit = go(f"/?map=15/{lat}/{lon}")
    visit.settled()
    before = colour(visit, lon, lat)
    tiles = asked(visit)
    visit.page.locator("#views label:has(input[value=choropleth])").click()
    visit.page.wait_for_url("**view=choropleth**")
    visit.settled()
    plain = colour(visit, lon, lat)
    visit.page.locator("#views label:has(input[value=none])").click()
    visit.settled()
    assert plain != before
    assert colour(visit, lon, lat) == before
    others = visit.page.locator("#legend .legend-cluster").all()
    shades = []
    for cluster in others:
        cluster.click()
        assert cluster.get_attribute("aria-pressed") == "true"
        shades.append(colour(visit, lon, lat)[3])
        cluster.click()
    assert before[3] == max(shades) > min(shades) or len(shades) == 1
    assert colour(visit, lon, lat) == before
    assert tiles == []


def test_how_much_is_not_drawn_is_told_and_leads_nearer(go: Go) -> None:
    visit = go(None)
    rest = made_tile([(1024, 1024, {"n": 1200, "c.new_materials": 700}), (3000, 3000, {"n": 4})])

    def answer(route: Route) -> None:
        own = re.search(r"/plot/10/(\d+)/(\d+)\.mvt", route.request.url)
        route.fulfill(body=rest if own and (own[1], own[2]) == ("835", "409") else b"")

    visit.page.route(TILE, answer)
    visit.open("/?map=11/34.03/113.85")
    visit.settled()
    line = visit.page.locator("#map-more")
    expect(line).to_contain_text("1,204")
    expect(line).to_contain_text("未逐一画出")
    assert "未逐一画出" in (visit.page.locator("#legend").text_content() or "")
    assert ink(visit, SHEET) > 500
    zoom = visit.page.evaluate("relitu.map.getZoom()")
    line.click()
    visit.page.wait_for_function("zoom => relitu.map.getZoom() > zoom", arg=zoom)
    visit.settled()
    expect(line).to_be_hidden()


@pytest.mark.parametrize(("lang", "words"), [("zh", "未逐一画出"), ("en", "not drawn one by one")])
def test_what_the_marks_leave_out_is_told_too(go: Go, lang: str, words: str) -> None:
    visit = go(None)
    rest = made_tile([(1024, 1024, {"n": 200})])
    visit.page.route(TILE, lambda route: route.fulfill(body=rest if "/plot/10/835/409." in route.request.url else b""))

    def answer(route: Route) -> None:
        found = route.fetch().json()
        near = "zoom=11" in route.request.url
        route.fulfill(json=found | {"left_out": {"marks": 3, "features": 1004 if near else 0}})

    visit.page.route(re.compile(r"/api/marks\?"), answer)
    visit.open(f"/?map=11/34.03/113.85&lang={lang}")
    visit.settled()
    line = visit.page.locator("#map-more")
    expect(line).to_contain_text("1,204")
    expect(line).to_contain_text(words)
    line.click()
    visit.page.wait_for_function("() => relitu.map.getZoom() > 11")
    visit.settled()
    expect(line).to_be_hidden()


def test_a_disc_leads_nearer(go: Go) -> None:
    visit = go(None)
    rest = made_tile([(2304, 2304, {"n": 50})])
    visit.page.route(TILE, lambda route: route.fulfill(body=rest if "/plot/10/835/409." in route.request.url else b""))
    visit.open("/?map=11/34.03/113.85")
    visit.settled()
    lon, lat = visit.page.evaluate(
        "() => { const {lng, lat} = relitu.map.unproject([835.5625 * 512, 409.5625 * 512], 11); return [lng, lat]; }"
    )
    x, y = where(visit, lon, lat)
    visit.page.mouse.move(x, y)
    expect(visit.page.locator(".mark-tip")).to_contain_text("50")
    visit.page.mouse.click(x, y)
    visit.page.wait_for_function("() => relitu.map.getZoom() === 13")
    assert "select" not in visit.page.url


def test_beyond_the_last_zoom_tiles_are_drawn_larger(go: Go, served: str) -> None:
    _, _, lon, lat = free_spot(served, "plot")
    visit = go(None)
    tiles = asked(visit)
    visit.page.route(
        re.compile(rf"{re.escape(served)}/\?"),
        lambda route: route.fulfill(
            body=route.fetch().text().replace('"maxzoom": 20', '"maxzoom": 12'), content_type="text/html"
        ),
    )
    visit.open(f"/?map=16/{lat}/{lon}")
    visit.settled()
    assert tiles and {re.search(r"/(\d+)/\d+/\d+\.mvt", url)[1] for url in tiles} == {"12"}  # type: ignore[index]
    assert colour(visit, lon, lat)[3] > 0


def test_print_shows_what_the_screen_does(go: Go, served: str) -> None:
    visit = go(NEAR)
    visit.settled()
    before = ink(visit)
    visit.page.emulate_media(media="print")
    visit.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert ink(visit) == before
    assert len(visit.page.pdf()) > 20_000


def test_the_embedded_map_draws_tiles_too(go: Go) -> None:
    visit = go("/embed?map=13/34.0300/113.8500&kind=plot")
    visit.settled()
    assert kinds(visit) == {"plot"}
    assert ink(visit) > 100


def test_a_busy_server_is_asked_again_when_it_says(browser: Browser, served: str) -> None:
    context = context_of(browser, "desktop")
    made = listen_to(context, served)
    turned: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url in turned:
            route.continue_()
            return
        turned.append(route.request.url)
        route.fulfill(status=503, headers={"Retry-After": "1"}, json={"title": "busy", "detail": "x"})

    made.page.route(TILE, answer)
    made.open(NEAR)
    made.settled()
    assert turned and "plot" in kinds(made)
    assert made.page.locator("#map-status .notice").count() == 0
    assert [line for line in made.said if "503" not in line] == []
    context.close()


@pytest.mark.parametrize("body", [b"\x1a\xff", b"\x1a\x05\x0a\x03ab", b"<html>"])
def test_what_is_no_tile_is_told(browser: Browser, served: str, body: bytes) -> None:
    context = context_of(browser, "desktop")
    made = listen_to(context, served)
    made.page.route(TILE, lambda route: route.fulfill(body=body))
    made.page.goto(made.address + NEAR)
    expect(made.page.locator("#map-status .notice-error")).to_contain_text("数据没有载入")
    made.page.unroute(TILE)
    made.page.locator("#map-status .notice-error button").click()
    made.page.wait_for_function(f"() => ({INK})('{TILES}') > 1000")
    expect(made.page.locator("#map-status .notice")).to_have_count(0)
    assert made.said == []
    context.close()


def test_tiles_are_read_as_others_read_them(go: Go, served: str) -> None:
    visit = go(NEAR)
    read = visit.page.evaluate(
        """async (module) => {
          const {decode} = await import(module);
          const found = [];
          for (const address of performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => name.includes(".mvt"))) {
            const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
            found.push({bytes: [...bytes], layers: decode(bytes).map((layer) => ({
              name: layer.name, extent: layer.extent,
              features: Array.from({length: layer.length}, (_, i) => ({
                id: layer.ids[i], type: layer.types[i],
                properties: Object.fromEntries(layer.keys.map((key) => [key, layer.get(i, key)]).filter(([, value]) => value !== undefined)),
                rings: Array.from({length: layer.starts[i + 1] - layer.starts[i]}, (_, r) => {
                  const ring = layer.starts[i] + r;
                  return Array.from({length: layer.rings[ring + 1] - layer.rings[ring]}, (_, v) => [layer.xy[2 * (layer.rings[ring] + v)], layer.xy[2 * (layer.rings[ring] + v) + 1]]);
                }),
              })),
            }))});
          }
          return found;
        }""",
        visit.module("tiles/mvt.js"),
    )
    seen = 0
    for tile in read:
        expected = reference.decode(bytes(tile["bytes"]), default_options={"y_coord_down": True})
        assert {layer["name"] for layer in tile["layers"]} == set(expected)
        for layer in tile["layers"]:
            theirs = expected[layer["name"]]
            assert layer["extent"] == theirs["extent"]
            assert len(layer["features"]) == len(theirs["features"])
            for ours, other in zip(layer["features"], theirs["features"], strict=True):
                seen += 1
                assert ours["properties"] == other["properties"]
                assert ours["id"] == other["id"]
                assert corners(ours["rings"]) == flat(other["geometry"]["coordinates"])
    assert seen > 50


def corners(rings: list[list[list[int]]]) -> list[tuple[int, int]]:
    """All vertices in order, without what closes a ring."""
    return [tuple(vertex) for ring in rings for vertex in ring]


def flat(coordinates: list[object]) -> list[tuple[int, int]]:
    """The same of nested GeoJSON coordinates."""
    if isinstance(coordinates[0], int):
        return [tuple(coordinates)]  # type: ignore[list-item]
    found = [vertex for part in coordinates for vertex in flat(part)]  # type: ignore[arg-type]
    if not isinstance(coordinates[0][0], list) and len(found) > 1 and found[0] == found[-1]:  # type: ignore[index]
        found.pop()
    return found


def test_every_value_a_tile_may_hold_is_read(go: Go) -> None:
    visit = go(NEAR)
    properties = {
        "text": "许昌 é",
        "empty": "",
        "whole": 7,
        "large": 2**40,
        "below": -3,
        "float": 0.5,
        "yes": True,
        "no": False,
    }
    tile = reference.encode([{"name": "all", "features": [{"geometry": "POINT (1 2)", "properties": properties}]}])
    found = visit.page.evaluate(
        """async ([module, bytes]) => {
          const {decode} = await import(module);
          const [layer] = decode(Uint8Array.from(bytes));
          return [Object.fromEntries(layer.keys.map((key) => [key, layer.get(0, key)])), layer.find("text", "许昌 é"), layer.find("text", "许昌"), layer.find("none", "x")];
        }""",
        [visit.module("tiles/mvt.js"), list(tile)],
    )
    assert found == [properties, 0, -1, -1]


def test_english_names_stand_in_english_tiles(go: Go, served: str) -> None:
    visit = go(None)
    tiles = asked(visit)
    visit.open(f"{NEAR}&lang=en")
    visit.settled()
    assert tiles and all("lang=en" in url for url in tiles)
    names = [one["properties"]["name_en"] for one in items(served, "plot").values()]
    assert any(names)
    shown = visit.page.evaluate(
        "() => [...relitu.tiles.painter.held.values()].flatMap(({data}) => data ? data.parts.flatMap(({kind, layer}) => kind === 'plot' ? Array.from({length: layer.length}, (_, i) => layer.get(i, 'name')) : []) : [])"
    )
    assert shown and set(shown) <= set(names)


def test_the_settings_name_only_kinds_that_stand_somewhere(go: Go) -> None:
    visit = go("/")
    settings = json.loads(visit.page.locator("#messages").text_content() or "")["tiles"]
    assert {"plot", "park", "route", "opportunity"} <= set(settings["kinds"])
    assert "policy" not in settings["kinds"]


def test_another_version_takes_over_while_the_map_is_open(browser: Browser, tmp_path: Path) -> None:
    prepare(tmp_path)
    with serving(tmp_path) as address:
        context = context_of(browser, "desktop")
        made = listen_to(context, address)
        made.open(f"{NEAR}&kind=plot,project")
        made.settled()
        assert kinds(made) == {"plot"}
        tiles = asked(made)
        facts_only = subprocess.run([*RELITU, "init", "--data", str(tmp_path)], check=False, capture_output=True)
        assert facts_only.returncode == 0
        made.page.wait_for_timeout(1500)
        made.page.evaluate("() => relitu.map.panBy([900, 0], {animate: false})")
        made.settled()
        current = (tmp_path / "snapshots" / "CURRENT").read_text(encoding="ascii").strip()
        assert {url.split("/tiles/")[1].split("/")[0] for url in tiles[-2:]} == {current}
        assert kinds(made) == set()
        assert made.page.locator("#map-status .notice-error").count() == 0
        total = json.loads(
            made.page.evaluate("async () => await (await fetch('/api/summary?kind=plot,project')).text()")
        )["total"]
        assert str(total) in str(made.page.locator("#results h2").text_content())
        assert [line for line in made.said if "404" not in line] == []
        context.close()
