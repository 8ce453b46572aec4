"""The contract of every store: append-only revisions, conditional heads, all or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_projects import project
from shapely import Point
from sqlalchemy import text

from geo.model import Feature, InvalidFeature, default_kinds
from geo.store import Change, Conflict, OutdatedStore, State, Store, audit, open_database
from geo.store.accounts import Accounts
from geo.store.database import newest_revision

KINDS = default_kinds()


def say(store: Store, feature: Feature, expected: int | None = None, state: State = State.PUBLISHED) -> None:
    store.record([Change(feature, expected)], author="tester", reason="because", state=state)


def test_a_published_feature_comes_back_as_it_was(store: Store) -> None:
    located = replace(project("b", precision="address"), geometry=Point(113.123456789012, 34.987654321098))
    say(store, project("a", amount_wan=1.25, chains="food"))
    say(store, located)
    first, second = store.published(KINDS)
    assert first == project("a", amount_wan=1.25, chains="food")
    assert second.says_same(located)


def test_an_empty_store_says_so(store: Store) -> None:
    assert store.is_empty()
    say(store, project("a"))
    assert not store.is_empty()


def test_saying_the_same_again_adds_nothing(store: Store) -> None:
    say(store, project("a"))
    assert store.record([Change(project("a"))], author="x", reason="y", state=State.PUBLISHED) == []
    assert len(store.history("a")) == 1


def test_each_edit_is_a_new_revision_and_the_old_ones_stay(store: Store) -> None:
    for amount in (1, 2, 3):
        say(store, project("a", amount_wan=amount))
    history = store.history("a")
    assert [revision.number for revision in history] == [1, 2, 3]
    assert [revision.payload["amount_wan"] for revision in history] == [1, 2, 3]
    assert history[0].author == "tester"
    assert history[0].reason == "because"
    assert history[0].created_at.tzinfo is not None


def test_a_draft_does_not_show_and_does_not_hide_what_is_published(store: Store) -> None:
    say(store, project("a", amount_wan=1))
    say(store, project("a", amount_wan=2), state=State.DRAFT)
    (public,) = store.published(KINDS)
    assert public.payload()["amount_wan"] == 1
    current = store.current("a")
    assert current is not None
    assert current.payload["amount_wan"] == 2


def test_a_withdrawn_feature_is_gone_from_the_public_but_not_from_the_record(store: Store) -> None:
    say(store, project("a"))
    say(store, project("a"), state=State.WITHDRAWN)
    assert list(store.published(KINDS)) == []
    assert len(store.history("a")) == 2


def test_a_second_author_is_told_and_nothing_is_written(store: Store) -> None:
    say(store, project("a", amount_wan=1), expected=0)
    say(store, project("a", amount_wan=2), expected=1)
    with pytest.raises(Conflict) as conflict:
        store.record(
            [Change(project("new")), Change(project("a", amount_wan=9), expected=1)], author="late", reason="edit"
        )
    assert (conflict.value.expected, conflict.value.found) == (1, 2)
    assert store.current("new") is None
    assert len(store.history("a")) == 2


def test_one_call_may_not_change_a_feature_twice(store: Store) -> None:
    with pytest.raises(ValueError, match="two changes of a"):
        store.record([Change(project("a")), Change(project("a"))], author="x", reason="y")
    assert store.is_empty()


def test_many_features_in_one_call(store: Store) -> None:
    features = [project(f"p-{number:04}") for number in range(1203)]
    store.record(map(Change, features), author="x", reason="y", state=State.PUBLISHED)
    assert [feature.id for feature in store.published(KINDS)] == [feature.id for feature in features]
    assert store.record(map(Change, features), author="x", reason="y", state=State.PUBLISHED) == []


def test_the_original_geometry_and_its_crs_are_kept(store: Store) -> None:
    change = Change(project("a"), original_geometry=b"\x01raw", original_crs="EPSG:4526", origin="a.zip")
    store.record([change], author="x", reason="y")
    (revision,) = store.history("a")
    assert (revision.original_geometry, revision.original_crs, revision.origin) == (b"\x01raw", "EPSG:4526", "a.zip")


def test_revisions_are_durable_across_processes(store: Store, url: str) -> None:
    say(store, project("a"))
    store.close()
    again = Store.open(url)
    assert [feature.id for feature in again.published(KINDS)] == ["a"]
    again.close()


def test_a_store_of_another_version_is_refused(url: str) -> None:
    with pytest.raises(OutdatedStore):
        Store.open(url)
    Store.create(url).close()
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    with pytest.raises(OutdatedStore, match=newest_revision()):
        Store.open(url)


def test_creating_twice_keeps_everything(store: Store, url: str) -> None:
    say(store, project("a"))
    again = Store.create(url)
    assert [feature.id for feature in again.published(KINDS)] == ["a"]
    again.close()


def test_what_no_database_can_keep_is_refused_in_a_field_and_replaced_in_free_words(store: Store) -> None:
    for unstorable in ("a\x00b", "a\ud800b"):
        with pytest.raises(InvalidFeature, match="character 2 cannot be stored"):
            project("a", name=unstorable)
    store.record([Change(project("a"), origin="file\x00")], author="a\ud800b", reason="why\x00")
    (revision,) = store.history("a")
    assert (revision.author, revision.reason, revision.origin) == ("a\ufffdb", "why\ufffd", "file\ufffd")
    audit.note(store.engine, actor="\x00", action="login", object="\udfff", detail={"address": "\x00"})
    assert list(audit.breaks(store.engine)) == []
    assert Accounts(store.engine).get("a\x00") is None
