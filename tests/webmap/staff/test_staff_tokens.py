"""The pages of tokens: one's own and those of the people one manages; the secret once; a request for withdrawal reviewed."""

from __future__ import annotations

import re

import pytest
from staff_office import OTHER, OWN, Installation

from geo.store.revisions import State
from geo.store.tokens import Scope
from geo.store.workflow import ask_withdrawal

FORM = {"name": "同步", "scopes": ["features:write"], "days": "90", "kinds": ["plot"], "counties": [OWN]}


def test_a_token_is_made_and_its_secret_shown_once(here: Installation) -> None:
    browser = here.browser("editor")
    shown = browser.post("/staff/tokens/new", FORM)
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    (secret,) = set(re.findall(r"relitu_[\w-]{43}", shown.text))
    bearer = here.desk.tokens.bearer(secret)
    assert (bearer.account.name, bearer.token.kinds, bearer.token.counties) == ("editor", ("plot",), (OWN,))
    page = browser.get("/staff/tokens/").text
    assert secret not in page
    assert bearer.token.id in page
    assert "同步" in page
    assert re.search(r'<td [^>]*data-label="使用次数">1</td>', page)
    revoked = browser.post(f"/staff/tokens/{bearer.token.id}/revoke")
    assert revoked.status_code == 303
    assert "已吊销" in browser.get("/staff/tokens/?done=revoked").text


def test_administrators_see_the_tokens_of_those_they_manage(here: Installation) -> None:
    made = {name: here.desk.tokens.add(name, "a", ["drafts:read"], by=name)[0].id for name in ("second", "stranger")}
    page = here.browser("admin").get("/staff/tokens/?lang=en").text
    assert made["second"] in page
    assert made["stranger"] not in page
    assert not any(each in here.browser("editor").get("/staff/tokens/").text for each in made.values())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"days": "x"}, "days"),
        ({"days": "999999"}, "days"),
        ({"kinds": ["castle"]}, "kinds"),
        ({"counties": [OTHER]}, "counties"),
        ({"counties": ["*"]}, "counties"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(changes: dict[str, object], field: str, here: Installation) -> None:
    answer = here.browser("editor").post("/staff/tokens/new", {**FORM, **changes})
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert here.desk.tokens.of(["editor"]) == []


def test_who_cannot_edit_gets_no_token_that_writes(here: Installation) -> None:
    browser = here.browser("viewer")
    assert "features:write" not in browser.get("/staff/tokens/new").text
    assert browser.post("/staff/tokens/new", {**FORM, "scopes": ["features:write"]}).status_code == 422
    assert browser.post("/staff/tokens/new", {**FORM, "scopes": ["drafts:read"]}).status_code == 200
    (token,) = here.desk.tokens.of(["viewer"])
    assert token.scopes == (Scope.READ,)


def test_a_request_for_withdrawal_says_what_it_is_and_is_approved_on_its_page(here: Installation) -> None:
    revision = here.put(State.PUBLISHED, land_use="")  # what publication needs keeps nobody from withdrawing
    here.desk.publish()
    here.app.extensions["relitu"].look()
    editor = here.desk.accounts.get("editor")
    assert editor is not None
    asked = ask_withdrawal(here.desk.store, revision, editor, here.desk.kinds, "已出让")
    reviewer = here.browser("reviewer")
    assert "申请下架" in reviewer.get("/staff/review/").text
    page = reviewer.get(f"/staff/review/{revision.feature_id}").text
    assert "editor 申请下架此记录" in page
    assert "同意下架" in page
    assert "已出让" in page
    path = f"/f/plot/{revision.feature_id}"
    assert here.app.test_client().get(path).status_code == 200
    done = reviewer.post(f"/staff/publish/{revision.feature_id}", {"number": str(asked.number)})
    assert done.status_code == 303
    assert done.headers["Location"].endswith("done=withdraw")
    assert here.state(revision.feature_id) is State.WITHDRAWN
    here.app.extensions["relitu"].look()
    assert here.app.test_client().get(path).status_code == 404


def test_a_request_approved_among_many_is_told_as_what_it_was(here: Installation) -> None:
    revision, other = here.put(State.PUBLISHED), here.put(State.SUBMITTED)
    editor = here.desk.accounts.get("editor")
    assert editor is not None
    asked = ask_withdrawal(here.desk.store, revision, editor, here.desk.kinds, "已出让")
    chosen = [f"{each.number}:{each.feature_id}" for each in (asked, other)]
    page = here.browser("reviewer").post("/staff/bulk", {"step": "publish", "record": chosen}).text
    assert "已下架" in page
    assert "已发布" in page
    assert (here.state(revision.feature_id), here.state(other.feature_id)) == (State.WITHDRAWN, State.PUBLISHED)
