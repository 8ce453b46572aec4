"""The first view: there, complete, light, and asking nobody else."""

from itertools import pairwise

import pytest
from browser_session import Api, Go, counts

BUDGET_BYTES = 200_000
REQUESTS = 14  # each waits for the line, six at a time


def test_map_marks_and_list_are_there(go: Go, api: Api, size: str) -> None:
    visit = go("/", size)
    total = api("/api/summary")["total"]
    assert sum(counts(visit)) == total
    assert visit.page.locator("path.county").count() == len(api("/api/boundaries")["counties"]["features"])
    assert visit.page.locator("#results .item").count() > 0
    assert str(total) in str(visit.page.locator("#results h2").text_content()).replace(",", "")


def test_cities_meet_each_other_and_the_outside_along_the_stronger_borders(go: Go, api: Api) -> None:
    visit = go("/")
    features = api("/api/boundaries")["counties"]["features"]
    lines = visit.page.evaluate(
        """async ([module, features]) => (await import(module)).cityBorders(features)""",
        [visit.module("layers/base.js"), features],
    )
    cities: dict[frozenset[tuple[float, ...]], list[str]] = {}
    for feature in features:
        shape = feature["geometry"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        for edge in (edge for rings in parts for ring in rings for edge in pairwise(map(tuple, ring))):
            cities.setdefault(frozenset(edge), []).append(feature["properties"]["city"])
    meant = {edge for edge, of in cities.items() if len(of) == 1 or len(set(of)) > 1}
    drawn = [frozenset(edge) for line in lines for edge in pairwise((lon, lat) for lat, lon in line)]
    assert len(drawn) == len(meant) > 1000
    assert set(drawn) == meant


def test_the_three_cities_fill_the_map(go: Go, size: str) -> None:
    page = go("/", size).page
    frame = page.locator("#map_relitu").bounding_box()
    assert frame
    boxes = [mark.bounding_box() for mark in page.locator(".mark").all()]
    seen = [box for box in boxes if box and frame["y"] <= box["y"] <= frame["y"] + frame["height"]]
    spread = max(box["y"] for box in seen) - min(box["y"] for box in seen)
    assert spread > 0.25 * frame["height"]


@pytest.mark.parametrize("path", ["/", "/?lang=en"])
def test_names_and_marks_do_not_lie_on_each_other(go: Go, path: str) -> None:
    page = go(path).page
    boxes = [name.bounding_box() for name in page.locator(".unit-name > span").all()]
    placed = [box for box in boxes if box]
    assert len(placed) > 30
    for i, a in enumerate(placed):
        for b in placed[i + 1 :]:
            across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
            down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
            assert across <= 1 or down <= 1, (a, b)


def test_the_first_view_is_within_its_budget(go: Go) -> None:
    visit = go(None)
    session = visit.page.context.new_cdp_session(visit.page)
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.send("Network.enable")
    visit.open("/")
    visit.settled()
    print(f"first view: {sum(received) / 1000:.0f} kB in {len(received)} answers")
    assert 8 < len(received) <= REQUESTS
    assert sum(received) <= BUDGET_BYTES


def test_the_embedded_map_is_alone_and_sets_no_cookie(go: Go, api: Api, size: str) -> None:
    visit = go("/embed?kind=project", size)
    assert sum(counts(visit)) == api("/api/summary", kind="project")["total"]
    assert visit.page.locator("#panel, #filters").count() == 0
    assert visit.page.context.cookies() == []
