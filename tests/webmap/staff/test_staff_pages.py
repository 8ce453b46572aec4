"""What holds for every staff page: texts stay texts, nothing inline, both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar

import pytest
from staff_office import OTHER, OWN, Installation, form_of

from datasets.labels import Label
from geo.model import Feature
from geo.model.fields import Text
from geo.store.accounts import Role
from geo.store.revisions import State


@dataclass(frozen=True, kw_only=True)
class Talent(Feature):
    """A kind that the product does not know."""

    kind: ClassVar[str] = "talent"
    title: ClassVar[Label] = Label("人才", "Talent")
    plural: ClassVar[Label] = Label("人才", "Talents")
    skill: Annotated[str, Text(label=Label("专长", "Skill"))] = ""


EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def evil(here: Installation) -> Installation:
    """An installation in which every text that a person can give is a piece of markup."""
    words = {"name": EVIL, "note": EVIL, "source": EVIL, "services": EVIL, "code": EVIL}
    here.put(State.PUBLISHED, feature_id="e1", **words)
    here.put(State.SUBMITTED, feature_id="e1", **{**words, "note": EVIL * 2})
    here.put(State.REJECTED, feature_id="e2", author="editor", **words)
    here.put(State.DRAFT, feature_id="e3", author="editor", **words)
    here.put(State.DRAFT, feature_id="e4", kind="route", stops=[{"name": EVIL, "feature": EVIL, "minutes": EVIL}])
    here.desk.accounts.add(
        "evil", "Correct-Horse-9", Role.VIEWER, [OWN], display_name=EVIL, by=EVIL[:60], must_change=False
    )
    with here.app.app_context():
        here.browser("reviewer").post("/staff/return/e1", {"number": "2", "reason": EVIL})
    here.put(State.SUBMITTED, feature_id="e5", **words)
    return here


PAGES = (
    "/staff/",
    "/staff/records",
    f"/staff/records?q={EVIL}&kind={EVIL}",
    "/staff/record/e1",
    "/staff/record/e4",
    "/staff/history/e1?from=1&to=3",
    "/staff/review/",
    "/staff/review/e5",
    "/staff/edit/e3",
    "/staff/edit/e4",
    "/staff/new/plot",
    "/staff/new",
    "/staff/people/",
    "/staff/people/new",
    f"/staff/audit/?actor={EVIL}",
    "/staff/audit/",
    "/staff/password",
    f"/staff/record/{EVIL}",
    f"/staff/login?next={EVIL}",
)


def check(page: str) -> None:
    """No markup of a person's, nothing inline."""
    assert "<img src=x" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"<[^>]* on\w+=", re.sub(r'"[^"]*"', "", page))  # what stands between quotes is a value
    for opening in page.split("<script")[1:]:
        attributes = opening.partition(">")[0]
        assert "src=" in attributes or 'type="application/json"' in attributes


@pytest.mark.parametrize("lang", ["", "en"])
def test_texts_stay_texts_on_every_page(lang: str, evil: Installation) -> None:
    browser = evil.browser("root")
    shown = 0
    for path in PAGES:
        sign = "&" if "?" in path else "?"
        answer = browser.get(f"{path}{sign}lang={lang}" if lang else path)
        page = answer.get_data(as_text=True)
        assert answer.status_code in (200, 303, 404), (path, page)
        check(page)
        shown += "onerror=alert" in page
        assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert shown > 8  # it stands there, as text


def test_answers_to_forms_escape_too(evil: Installation) -> None:
    browser = evil.browser("editor")
    sent = {**form_of(browser.get("/staff/edit/e3").get_data(as_text=True)), "do": "save"}
    answers = [
        browser.post(
            "/staff/edit/e3", {**sent, "far_max": EVIL, "geometry_text": EVIL, "expires_on": EVIL, "reason": EVIL}
        ),
        browser.post("/staff/bulk", {"step": "submit", "record": [f"1:{EVIL}", "1:e3"], "back": EVIL}),
    ]
    browser.post("/staff/edit/e3", {**sent, "name": f"{EVIL} neu"})
    answers.append(browser.post("/staff/edit/e3", {**sent, "note": f"{EVIL} mein"}))
    assert [answer.status_code for answer in answers] == [422, 200, 409]
    people = evil.browser("root")
    answers.append(people.post("/staff/people/new", {"name": EVIL, "display_name": EVIL, "role": EVIL}))
    answers.append(people.post("/staff/people/evil/reset"))
    client = evil.app.test_client()
    client.set_cookie("relitu_login", "s", path="/staff")
    answers.append(client.post("/staff/login", data={"csrf": "s", "name": EVIL, "password": EVIL, "next": EVIL}))
    for answer in answers:
        check(answer.get_data(as_text=True))
        assert "onerror" in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["viewer", "editor", "reviewer", "admin"])
def test_english_pages_lead_to_english_pages(who: str, here: Installation) -> None:
    here.put(State.SUBMITTED, feature_id="x1")
    page = here.browser(who).get("/staff/?lang=en").get_data(as_text=True)
    links = re.findall(r'(?:href|action)="(/staff/[^"]*)"', page)
    assert len(links) > 5
    for link in links:
        if "hreflang" not in link and link != "/staff/":
            assert "lang=en" in link, link
    body = re.sub(r"<[^>]+>|张|甲\w+|中文", "", page.split("<main")[1].split("</main>")[0])
    assert not re.search(r"[一-鿿]{4,}", body), re.findall(r"[一-鿿]{4,}", body)


def test_counties_are_left_out_of_choices_that_are_not_ones_own(here: Installation) -> None:
    page = here.browser("editor").get("/staff/new/project").get_data(as_text=True)
    assert OTHER not in page


def test_a_kind_of_ones_own_gets_its_form_from_its_declaration(here: Installation) -> None:
    here.desk.kinds = here.desk.kinds.plus(Talent)
    browser = here.browser("editor")
    page = browser.get("/staff/new/talent").get_data(as_text=True)
    assert "专长" in page
    sent = {**form_of(page), "name": "某", "precision": "county", "source": "s", "skill": "焊接", "do": "save"}
    answer = browser.post("/staff/new/talent", sent)
    assert answer.status_code == 303
    feature_id = answer.headers["Location"].split("/")[-1].split("?")[0]
    revision = here.desk.store.current(feature_id)
    assert revision is not None
    assert revision.payload["skill"] == "焊接"
