"""Forms of every kind: what is not touched does not change, what is wrong is told, two people don't overwrite each other."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import shapely
from staff_office import OTHER, OWN, SQUARE, Browser, Installation, form_of

from geo.model import default_kinds
from geo.store.revisions import State
from seeds.pour import features_of
from seeds.tables import load

KINDS = default_kinds().names


def opened(browser: Browser, feature_id: str) -> dict[str, Any]:
    """What the form of a record would send, untouched."""
    page = browser.get(f"/staff/edit/{feature_id}")
    assert page.status_code == 200
    return {**form_of(page.get_data(as_text=True)), "do": "save"}


def wrong(page: str) -> list[str]:
    """What a page says is wrong."""
    return re.findall(r'<p class="wrong"[^>]*>([^<]*)', page)


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_sent_unchanged_adds_no_revision(kind: str, lasting: Installation) -> None:
    browser = lasting.browser("root")
    for state in (State.DRAFT, State.PUBLISHED):
        revision = lasting.put(state, kind=kind)
        answer = browser.post(f"/staff/edit/{revision.feature_id}", opened(browser, revision.feature_id))
        assert answer.status_code == 303, wrong(answer.get_data(as_text=True))
        assert answer.headers["Location"].endswith("done=unchanged")
        assert len(lasting.desk.store.history(revision.feature_id)) == 1


def test_the_order_of_codes_is_the_authors(lasting: Installation) -> None:
    """The boxes stand in the order of the dataset; what was said in another order stays so, and what is new comes last."""
    chains = ["nylon", "electronics", "superhard-materials"]
    revision = lasting.put(kind="project", chains=chains)
    browser = lasting.browser("editor")
    path, sent = f"/staff/edit/{revision.feature_id}", opened(browser, revision.feature_id)
    assert sorted(sent["chains"]) == sorted(chains)
    assert sent["chains"] != chains
    assert browser.post(path, sent).headers["Location"].endswith("done=unchanged")
    browser.post(path, {**sent, "chains": ["superhard-materials", "nev", "nylon"]})
    saved = lasting.desk.store.current(revision.feature_id)
    assert saved is not None
    assert saved.payload["chains"] == ["nylon", "superhard-materials", "nev"]


def test_rows_of_a_short_table_come_back_as_they_were(lasting: Installation) -> None:
    """Empty members, and figures that are texts, are no different from what a form shows; so the old row counts."""
    rows = [{"label": "甲", "count": 7, "amount_wan": None, "percent": 12.0}, {"label": "2023", "count": "8"}]
    revision = lasting.put(kind="event", breakdown=rows)
    browser = lasting.browser("editor")
    path, sent = f"/staff/edit/{revision.feature_id}", opened(browser, revision.feature_id)
    assert browser.post(path, sent).headers["Location"].endswith("done=unchanged")
    browser.post(path, {**sent, "breakdown-1-count": "9.5"})
    saved = lasting.desk.store.current(revision.feature_id)
    assert saved is not None
    assert saved.payload["breakdown"] == [rows[0], {"label": "2023", "count": 9.5}]


@pytest.mark.parametrize("kind", KINDS)
def test_the_documents_records_pass_through_the_form(kind: str, lasting: Installation) -> None:
    """Real records hold what made-up ones don't: long texts, several chains, tables, odd dates."""
    from geo.store.revisions import Change

    units = lasting.desk.world.boundaries
    found = [
        feature
        for feature in features_of(load(), default_kinds(), lasting.desk.world)
        if feature.kind == kind and (feature.county in units.counties or feature.county in units.cities)
    ][:6]
    browser = lasting.browser("root")
    lasting.desk.store.record(map(Change, found), author="seeds", reason="r", state=State.PUBLISHED)
    for feature in found:
        answer = browser.post(f"/staff/edit/{feature.id}", opened(browser, feature.id))
        assert answer.status_code == 303, (feature.id, wrong(answer.get_data(as_text=True)))
        assert answer.headers["Location"].endswith("done=unchanged")
        assert len(lasting.desk.store.history(feature.id)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_record_of_every_kind(kind: str, lasting: Installation) -> None:
    browser = lasting.browser("editor")
    page = browser.get(f"/staff/new/{kind}").get_data(as_text=True)
    sent = {**form_of(page), "name": "新", "county": OWN, "precision": "county", "source": "来源"}
    sent |= {"code": "A-1", "area_m2": "84亩", "status": "available", "stage": "signed"}
    sent |= {"role": "target"} if kind == "target" else {}
    answer = browser.post(f"/staff/new/{kind}", {**sent, "do": "save"})
    assert answer.status_code == 303, wrong(answer.get_data(as_text=True))
    feature_id = answer.headers["Location"].split("/")[-1].split("?")[0]
    revision = lasting.desk.store.current(feature_id)
    assert revision is not None
    assert (revision.state, revision.author, revision.payload["name"]) == (State.DRAFT, "editor", "新")
    if kind == "plot":
        assert revision.payload["area_m2"] == 56000
    again = browser.post(f"/staff/new/{kind}", {**sent, "do": "save"})  # a double click
    assert again.status_code == 303
    assert len(lasting.desk.store.history(feature_id)) == 1


def test_faults_are_told_beside_their_fields_and_nothing_typed_is_lost(here: Installation) -> None:
    revision = here.put()
    browser = here.browser("editor")
    sent = opened(browser, revision.feature_id)
    sent |= {
        "name": "",
        "far_max": "很高",
        "as_of": "gestern",
        "expires_on": "2026-13-01",
        "note": "留下",
        "status": "?",
    }
    answer = browser.post(f"/staff/edit/{revision.feature_id}", sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("缺少名称", "“很高”不是数字", "“gestern”不是日期", "日期应写作"):
        assert words in page
    kept = form_of(page)
    assert (kept["far_max"], kept["as_of"], kept["note"]) == (["很高"], ["gestern"], ["留下"])
    assert len(here.desk.store.history(revision.feature_id)) == 1
    english = browser.post(f"/staff/edit/{revision.feature_id}?lang=en", sent).get_data(as_text=True)
    assert "Name is missing" in english


def test_a_record_cannot_be_moved_into_another_county(here: Installation) -> None:
    revision = here.put()
    browser = here.browser("editor")
    answer = browser.post(
        f"/staff/edit/{revision.feature_id}", {**opened(browser, revision.feature_id), "county": OTHER}
    )
    assert answer.status_code == 422
    assert "不在您负责的范围内" in answer.get_data(as_text=True)
    page = browser.get("/staff/new/plot").get_data(as_text=True)
    assert f'value="{OWN}"' in page
    assert f'value="{OTHER}"' not in page


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON ((113.82 34.2, 113.83 34.2, 113.83 34.21, 113.82 34.2))",
        json.dumps(shapely.geometry.mapping(shapely.box(113.82, 34.2, 113.83, 34.21))),
        "113.82,34.2\n113.83 34.2\r\n113.83，34.21",
    ],
)
def test_a_typed_geometry_replaces_the_old_one(text: str, here: Installation) -> None:
    revision = here.put()
    browser = here.browser("editor")
    sent = {**opened(browser, revision.feature_id), "geometry_text": text}
    look = browser.post(f"/staff/edit/{revision.feature_id}", {**sent, "do": "look"})
    assert look.status_code == 200
    assert len(here.desk.store.history(revision.feature_id)) == 1
    assert browser.post(f"/staff/edit/{revision.feature_id}", sent).status_code == 303
    current = here.desk.store.current(revision.feature_id)
    assert current is not None
    assert current.geometry is not None
    assert current.geometry.geom_type == "Polygon"
    assert current.geometry.bounds[0] == 113.82
    assert current.original_crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("POLYGON ((1", "WKT"),
        ('{"type": "Polygon"}', "GeoJSON"),
        ("34.2,113.8", "顺序反了"),
        ("38412345.1,3785123.2\n38412445.1,3785123.2\n38412445.1,3785223.2", "平面坐标"),
        ("113.8", "第 1 行"),
        ("113.82,34.2\n113.82,34.2\n113.82,34.2", "三个不同的点"),
        ("POLYGON ((113.8 34.2, 113.82 34.22, 113.82 34.2, 113.8 34.22, 113.8 34.2))", "相交"),
        ("POINT (100 20)", "以上"),
    ],
)
def test_a_bad_geometry_is_explained(text: str, told: str, here: Installation) -> None:
    revision = here.put()
    browser = here.browser("editor")
    answer = browser.post(
        f"/staff/edit/{revision.feature_id}", {**opened(browser, revision.feature_id), "geometry_text": text}
    )
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)


def test_stops_are_ordered_without_script_and_the_line_follows(here: Installation) -> None:
    for number, x in enumerate((113.81, 113.85, 113.9)):
        here.put(State.DRAFT, kind="park", feature_id=f"p{number}", geometry=shapely.Point(x, 34.2))
    stops = [{"feature": f"p{n}", "name": f"站{n}", "minutes": 20} for n in range(3)]
    route = here.put(
        kind="route", feature_id="r", stops=stops, geometry=shapely.LineString([(113.81, 34.2), (113.9, 34.2)])
    )
    browser = here.browser("editor")
    path = f"/staff/edit/{route.feature_id}"
    page = browser.post(path, {**opened(browser, "r"), "do": "rows:stops:up:2"}).get_data(as_text=True)
    sent = form_of(page)
    assert [sent[f"stops-{n}-feature"][0] for n in range(3)] == ["p0", "p2", "p1"]
    page = browser.post(path, {**sent, "do": "rows:stops:drop:0"}).get_data(as_text=True)
    page = browser.post(path, {**form_of(page), "do": "rows:stops:add:0"}).get_data(as_text=True)
    sent = form_of(page)
    assert sent["stops-rows"] == ["3"]
    sent |= {"stops-2-name": "终点", "stops-2-minutes": "15"}
    assert browser.post(path, {**sent, "do": "save"}).status_code == 303
    saved = here.desk.store.current("r")
    assert saved is not None
    assert saved.payload["stops"] == [stops[2], stops[1], {"name": "终点", "minutes": 15}]
    assert saved.geometry is not None
    assert [x for x, _ in saved.geometry.coords] == [113.9, 113.85]


def test_the_second_of_two_is_shown_both_versions(here: Installation) -> None:
    revision = here.put(State.PUBLISHED, note="alt")
    one, other = here.browser("editor"), here.browser("admin")
    path = f"/staff/edit/{revision.feature_id}"
    mine, theirs = opened(one, revision.feature_id), opened(other, revision.feature_id)
    assert other.post(path, {**theirs, "note": "von ihr"}).status_code == 303
    answer = one.post(path, {**mine, "note": "von mir"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "von ihr" in page
    assert "von mir" in page
    assert len(here.desk.store.history(revision.feature_id)) == 2
    kept = {**mine, "note": "von mir", "over": "2"}
    back = one.post(path, {**kept, "do": "go-on"}).get_data(as_text=True)
    assert form_of(back)["note"] == ["von mir"]
    assert form_of(back)["expected"] == ["2"]
    assert one.post(path, {**kept, "do": "mine"}).status_code == 303
    history = here.desk.store.history(revision.feature_id)
    assert [entry.payload["note"] for entry in history] == ["alt", "von ihr", "von mir"]


def test_a_third_version_is_not_overwritten_unseen(here: Installation) -> None:
    revision = here.put(State.PUBLISHED)
    one, other = here.browser("editor"), here.browser("admin")
    path = f"/staff/edit/{revision.feature_id}"
    mine = opened(one, revision.feature_id)
    for note in ("zwei", "drei"):
        other.post(path, {**opened(other, revision.feature_id), "note": note})
    # He was shown revision 2; by now there is a third.
    answer = one.post(path, {**mine, "note": "ich", "over": "2", "do": "mine"})
    assert answer.status_code == 409
    assert "drei" in answer.get_data(as_text=True)


def test_what_was_submitted_meanwhile_is_shown_and_kept(here: Installation) -> None:
    revision = here.put(author="editor")
    one = here.browser("editor")
    mine = opened(one, revision.feature_id)
    here.browser("second").post(f"/staff/submit/{revision.feature_id}", {"number": "1"})
    answer = one.post(f"/staff/edit/{revision.feature_id}", {**mine, "note": "noch nicht fertig"})
    assert answer.status_code == 409
    assert "noch nicht fertig" in answer.get_data(as_text=True)
    assert here.state(revision.feature_id) is State.SUBMITTED


def test_an_untouched_outline_keeps_its_original_and_its_file(here: Installation) -> None:
    from staff_office import made

    from geo.store.revisions import Change

    change = Change(made("o"), original_geometry=b"wkb", original_crs="EPSG:4526", origin="f" * 64)
    here.desk.store.record([change], author="editor", reason="r")
    browser = here.browser("editor")
    browser.post("/staff/edit/o", {**opened(browser, "o"), "note": "neu"})
    saved = here.desk.store.current("o")
    assert saved is not None
    assert (saved.number, saved.original_geometry, saved.original_crs) == (2, b"wkb", "EPSG:4526")
    assert saved.geometry is not None
    assert saved.geometry.equals_exact(SQUARE)
