"""From the draft to the public map and back: review, bulk steps, history, people, the log."""

from __future__ import annotations

import errno
import io
import os
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from staff_office import OTHER, OWN, PASSWORD, Installation, made

from geo.publish import Shelf
from geo.store import audit
from geo.store.database import writing
from geo.store.revisions import Change, State
from geo.store.tables import audit as audit_table
from geo.store.tables import revisions
from geo.store.workflow import Step, take


def test_a_published_change_is_on_the_public_map_within_two_seconds(here: Installation) -> None:
    public = here.app.test_client()
    revision = here.put(State.SUBMITTED, feature_id="p1")
    assert public.get("/f/plot/p1").status_code == 404
    started = time.monotonic()
    answer = here.browser("reviewer").post("/staff/publish/p1", {"number": str(revision.number)})
    assert answer.status_code == 303
    while public.get("/f/plot/p1").status_code != 200:
        assert time.monotonic() - started < 2
        time.sleep(0.05)
    here.browser("reviewer").post("/staff/withdraw/p1", {"number": "2", "reason": "weg"})
    started = time.monotonic()
    while public.get("/f/plot/p1").status_code != 404:
        assert time.monotonic() - started < 2
        time.sleep(0.05)


def test_who_wrote_it_cannot_publish_it(here: Installation) -> None:
    here.put(State.SUBMITTED, author="admin", feature_id="a1")
    admin = here.browser("admin")
    page = admin.get("/staff/review/a1").get_data(as_text=True)
    assert "须由另一人审核" in page
    assert "/staff/publish/a1" not in page
    answer = admin.post("/staff/publish/a1", {"number": "1"})
    assert answer.status_code == 403
    assert "编写者不能审核自己的内容" in answer.get_data(as_text=True)
    assert here.state("a1") is State.SUBMITTED
    assert here.browser("reviewer").post("/staff/publish/a1", {"number": "1"}).status_code == 303


def test_what_changed_since_it_was_seen_is_not_published(here: Installation) -> None:
    here.put(State.SUBMITTED, feature_id="s1")
    editor = here.browser("second")
    editor.post("/staff/take-back/s1", {"number": "1"})
    editor.post("/staff/submit/s1", {"number": "2"})
    assert here.browser("reviewer").post("/staff/publish/s1", {"number": "1"}).status_code == 409
    assert here.state("s1") is State.SUBMITTED


def test_a_record_that_lacks_something_is_not_published(here: Installation) -> None:
    here.put(State.SUBMITTED, feature_id="l1", land_use="")
    assert "发布前须填写用地性质" in here.browser("reviewer").get("/staff/review/l1").get_data(as_text=True)
    answer = here.browser("reviewer").post("/staff/publish/l1", {"number": "1"})
    assert answer.status_code == 422
    assert "发布前须填写用地性质" in answer.get_data(as_text=True)


def test_returning_needs_words_that_reach_the_author(here: Installation) -> None:
    here.put(State.SUBMITTED, author="editor", feature_id="b1")
    reviewer = here.browser("reviewer")
    assert reviewer.post("/staff/return/b1", {"number": "1", "reason": "  "}).status_code == 422
    assert reviewer.post("/staff/return/b1", {"number": "1", "reason": "面积不对"}).status_code == 303
    home = here.browser("editor").get("/staff/").get_data(as_text=True)
    assert "面积不对" in home
    assert "面积不对" in here.browser("editor").get("/staff/record/b1").get_data(as_text=True)


def test_the_reviewer_sees_what_changed_first(here: Installation) -> None:
    here.put(State.PUBLISHED, feature_id="d1", note="früher")
    here.put(State.SUBMITTED, feature_id="d1", note="jetzt")
    page = here.browser("reviewer").get("/staff/review/d1").get_data(as_text=True)
    table = page.split('<table class="diff"')[1].split("</table>")[0]
    assert "früher" in table
    assert "jetzt" in table
    assert "供地状态" not in table
    assert '"before": {' in page


def test_many_at_once_each_for_itself(here: Installation) -> None:
    here.put(State.SUBMITTED, feature_id="m1")
    here.put(State.SUBMITTED, feature_id="m2", land_use="")
    here.put(State.SUBMITTED, feature_id="m3", author="admin")
    here.put(State.SUBMITTED, OTHER, feature_id="m4")
    here.put(State.DRAFT, feature_id="m5")
    chosen = [f"1:m{n}" for n in range(1, 6)] + ["9:m1", "1:none", ":::"]
    answer = here.browser("admin").post("/staff/bulk", {"step": "publish", "record": chosen})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "8 条中完成 1 条" in page
    states = [here.state(f"m{n}") for n in range(1, 6)]
    assert states == [State.PUBLISHED, State.SUBMITTED, State.SUBMITTED, State.SUBMITTED, State.DRAFT]
    assert here.app.test_client().get("/f/plot/m1").status_code in (200, 404)
    assert here.browser("editor").post("/staff/bulk", {"step": "publish", "record": ["1:m2"]}).status_code == 403


def test_the_list_finds_by_kind_state_county_and_text(here: Installation) -> None:
    here.put(State.DRAFT, feature_id="k1", name="百分之%号")
    here.put(State.PUBLISHED, feature_id="k2", kind="project")
    here.put(State.DRAFT, OTHER, feature_id="k3")

    def found(query: str, who: str = "editor") -> set[str]:
        page = here.browser(who).get(f"/staff/records?{query}").get_data(as_text=True)
        return set(re.findall(r"/staff/record/(\w+)", page))

    assert found("") == {"k1", "k2"}
    assert found("", "root") == {"k1", "k2", "k3"}
    assert found("kind=project") == {"k2"}
    assert found("state=draft") == {"k1"}
    assert found(f"county={OTHER}", "root") == {"k3"}
    assert found(f"county={OTHER}") == set()
    assert found("q=%25") == {"k1"}
    assert found("kind=no&state=no") == {"k1", "k2"}


def test_history_compares_rolls_back_restores_and_sets_an_end(here: Installation) -> None:
    for note in ("eins", "zwei", "drei"):
        here.put(State.PUBLISHED, feature_id="h1", note=note)
    editor = here.browser("editor")
    page = editor.get("/staff/history/h1?from=1&to=3").get_data(as_text=True)
    assert "eins" in page.split('<table class="diff"')[1]
    assert editor.post("/staff/roll-back/h1", {"number": "3", "to": "1"}).status_code == 303
    assert editor.post("/staff/roll-back/h1", {"number": "3", "to": "1"}).status_code == 409
    assert editor.post("/staff/roll-back/h1", {"number": "4", "to": "77"}).status_code == 422
    current = here.desk.store.current("h1")
    assert current is not None
    assert (current.number, current.state, current.payload["note"]) == (4, State.DRAFT, "eins")
    assert editor.post("/staff/expire/h1", {"number": "4", "expires_on": "morgen"}).status_code == 422
    assert editor.post("/staff/expire/h1", {"number": "4", "expires_on": "2030-01-01"}).status_code == 303
    current = here.desk.store.current("h1")
    assert current is not None
    assert (current.number, current.expires_on) == (5, "2030-01-01")


def test_what_has_expired_leaves_the_public_map(here: Installation) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    change = Change(made("e1"), expires_on=yesterday.date().isoformat())
    here.desk.store.record([change], author="second", reason="r", state=State.PUBLISHED)
    kinds, world = here.desk.kinds, here.desk.world
    shelf = Shelf(here.desk.config.snapshots)
    shelf.publish(here.desk.store.published(kinds, today=change.expires_on), kinds, world)
    with writing(here.desk.store.engine) as connection:
        connection.execute(update(revisions).values(created_at=yesterday - timedelta(hours=1)))
    os.utime(shelf.folder / "CURRENT", (yesterday.timestamp(), yesterday.timestamp()))
    assert shelf.open().table("plot").rows == 1
    here.browser("viewer").get("/staff/")
    assert shelf.open().table("plot").rows == 0


def test_an_approval_whose_process_died_reaches_the_public(here: Installation) -> None:
    here.put(State.SUBMITTED, feature_id="d1")
    reviewer = here.desk.accounts.get("reviewer")
    assert reviewer is not None
    take(here.desk.store, Step.PUBLISH, [("d1", 1)], reviewer, here.desk.kinds)  # and no more
    shelf = Shelf(here.desk.config.snapshots)
    assert shelf.open().table("plot").rows == 0
    here.browser("viewer").get("/staff/")
    assert shelf.open().table("plot").rows == 1
    pointer = (shelf.folder / "CURRENT").stat().st_mtime_ns
    here.desk.looked = 0
    here.browser("viewer").get("/staff/")
    assert (shelf.folder / "CURRENT").stat().st_mtime_ns == pointer  # not again and again


def test_a_full_disk_keeps_an_approval_from_the_public_only_until_there_is_room(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    here.put(State.SUBMITTED, feature_id="f1")
    shelf = Shelf(here.desk.config.snapshots)
    reviewer = here.browser("reviewer")
    reviewer.get("/staff/")
    served = shelf.current_version()
    with monkeypatch.context() as patched:
        patched.setattr("geo.publish.follow.rebuild", full)
        patched.setattr("geo.publish.follow.build", full)
        answer = reviewer.post("/staff/publish/f1", {"number": "1"})
        assert answer.status_code == 503
        assert "操作已记录" in answer.get_data(as_text=True)
        assert here.state("f1") is State.PUBLISHED
        here.desk.looked = 0
        assert reviewer.get("/staff/").status_code == 200  # and nobody is kept from his work
        assert shelf.current_version() == served
    here.desk.looked = 0
    assert reviewer.get("/staff/").status_code == 200
    assert shelf.open().table("plot").row_of("f1") is not None


def test_the_original_file_is_for_those_who_hold_all_of_it(here: Installation) -> None:
    kept = here.desk.files.keep(io.BytesIO(b"survey"), "地块.txt", "editor")
    changes = [Change(made("f1"), origin=f"{kept.sha256}#1")]
    here.desk.store.record(changes, author="editor", reason="r")
    answer = here.browser("editor").get("/staff/original/1/f1")
    assert (answer.status_code, answer.data) == (200, b"survey")
    assert "attachment" in answer.headers["Content-Disposition"]
    answer.close()
    assert here.browser("viewer").get("/staff/original/1/f1").status_code == 403
    here.desk.store.record([Change(made("f2", county=OTHER), origin=f"{kept.sha256}#2")], author="x", reason="r")
    assert here.browser("editor").get("/staff/original/1/f1").status_code == 403
    with here.browser("root").get("/staff/original/1/f1") as whole:
        assert whole.status_code == 200
    actions = [entry.action for entry in audit.entries(here.desk.store.engine)]
    assert actions.count("file.download") == 2


def test_a_person_is_added_with_a_password_shown_once(here: Installation) -> None:
    admin = here.browser("root")
    answer = admin.post("/staff/people/new", {"name": "neu", "display_name": "新人", "role": "editor", "scope": OWN})
    page = answer.get_data(as_text=True)
    found = re.search(r"<code>([\w-]{23})</code>", page)
    assert found
    assert here.desk.accounts.login("neu", found.group(1)).must_change
    assert found.group(1) not in admin.get("/staff/people/").get_data(as_text=True)
    reset = admin.post("/staff/people/neu/reset").get_data(as_text=True)
    assert found.group(1) not in reset
    browser = here.browser("neu")
    admin.post("/staff/people/neu/disable")
    assert browser.get("/staff/").status_code == 303
    assert admin.post("/staff/people/root/disable").status_code == 422
    actions = {entry.action for entry in audit.entries(here.desk.store.engine)}
    assert {"account.add", "account.password", "account.disable", "people.view"} <= actions


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name": "Böse", "role": "editor", "scope": OWN}, "账号只能用"),
        ({"name": "editor", "role": "editor", "scope": OWN}, "已存在"),
        ({"name": "neu", "role": "king", "scope": OWN}, "请选择角色"),
        ({"name": "neu", "role": "editor"}, "请选择负责的地区"),
        ({"name": "neu", "role": "editor", "scope": OTHER}, "不在您负责的范围内"),
        ({"name": "neu", "role": "admin", "all": "1"}, "不在您负责的范围内"),
    ],
)
def test_an_administrator_gives_no_more_than_he_has(sent: dict[str, str], told: str, here: Installation) -> None:
    answer = here.browser("admin").post("/staff/people/new", sent)
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert here.desk.accounts.get("neu") is None


def test_the_log_is_filtered_and_verified(here: Installation) -> None:
    root = here.browser("root")
    here.browser("reviewer").get("/staff/new")
    page = root.get("/staff/audit/?action=refused").get_data(as_text=True)
    assert "reviewer" in page
    assert 'title="account.add"' not in page
    assert "root" not in here.browser("admin").get("/staff/audit/?action=account").get_data(as_text=True)
    assert "没有删改" in root.post("/staff/audit/verify").get_data(as_text=True)
    with writing(here.desk.store.engine) as connection:
        connection.execute(update(audit_table).where(audit_table.c.number == 2).values(actor="niemand"))
        connection.execute(text("DELETE FROM audit WHERE number = 4"))
    page = root.post("/staff/audit/verify").get_data(as_text=True)
    assert "被删除或改动" in page
    assert "缺失" in page


@pytest.mark.parametrize("path", ["/staff/audit/?since=gestern", "/staff/audit/?until=9999-12-31"])
def test_odd_days_in_the_address_do_no_harm(path: str, here: Installation) -> None:
    assert here.browser("root").get(path).status_code == 200


def test_a_logged_in_password_is_nowhere_in_the_record(here: Installation) -> None:
    client = here.app.test_client()
    client.set_cookie("relitu_login", "s", path="/staff")
    client.post("/staff/login", data={"csrf": "s", "name": "editor", "password": PASSWORD})
    for entry in audit.entries(here.desk.store.engine):
        assert PASSWORD not in f"{entry}"
