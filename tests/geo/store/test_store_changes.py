"""What the public sees at one moment, and what has come to differ since an earlier one; on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from made_projects import project
from sqlalchemy import text, update

from geo.model import Kinds, default_kinds
from geo.store import Change, State, Store, audit
from geo.store.changes import Mark, public_view
from geo.store.tables import audit as audit_table
from geo.store.tables import heads

if TYPE_CHECKING:
    from pathlib import Path

KINDS = default_kinds()
TODAY, TOMORROW = "2026-06-01", "2026-06-02"


def put(store: Store, *ids: str, state: State = State.PUBLISHED, expires_on: str = "", note: str = "") -> None:
    """Record features with one call."""
    changes = [replace(Change(project(own, note=note)), expires_on=expires_on) for own in ids]
    store.record(changes, author="x", reason="y", state=state)


def mark_of(store: Store, today: str = TODAY) -> Mark:
    with public_view(store.engine, KINDS, today) as view:
        return view.mark


def changed(store: Store, mark: Mark, today: str = TODAY) -> set[str] | None:
    with public_view(store.engine, KINDS, today) as view:
        return view.changed_since(mark)


def seen(store: Store, ids: set[str], today: str = TODAY) -> list[str]:
    with public_view(store.engine, KINDS, today) as view:
        return [feature.id for feature in view.some(ids)]


def test_what_was_published_or_withdrawn_since_is_named_and_nothing_else(store: Store) -> None:
    nothing = mark_of(store)
    assert (nothing.number, changed(store, nothing)) == (0, set())
    put(store, "a", "b#1", "c")
    first = mark_of(store)
    assert changed(store, first) == set()
    assert changed(store, nothing) == {"a", "b#1", "c"}
    put(store, "d", state=State.DRAFT)
    put(store, "a", state=State.DRAFT, note="draft")
    put(store, "c", state=State.WITHDRAWN)
    audit.note(store.engine, actor="x", action="login", object="x", result="ok")
    put(store, "b#1", note="again")
    assert changed(store, first) == {"b#1", "c"}
    assert seen(store, {"a", "b#1", "c", "d"}) == ["a", "b#1"]
    assert changed(store, mark_of(store)) == set()


def test_what_was_rolled_back_by_the_database_is_not_named(store: Store) -> None:
    put(store, "a")
    mark = mark_of(store)
    with pytest.raises(ValueError, match="two changes"):
        put(store, "b", "b")
    assert changed(store, mark) == set()
    assert mark_of(store) == mark


def test_last_days_that_have_passed_are_changes(store: Store) -> None:
    put(store, "a", expires_on=TODAY)
    put(store, "b")
    put(store, "old", expires_on="2026-05-30")
    mark = mark_of(store)
    assert changed(store, mark, TODAY) == set()
    assert changed(store, mark, TOMORROW) == {"a"}
    assert seen(store, {"a", "b", "old"}, TODAY) == ["a", "b"]
    assert seen(store, {"a", "b", "old"}, TOMORROW) == ["b"]
    with public_view(store.engine, KINDS, TODAY) as view:
        assert view.count() == 2 == len(list(view.features()))
    with public_view(store.engine, KINDS, TOMORROW) as view:
        assert view.count() == 1 == len(list(view.features()))
    assert changed(store, mark_of(store, TOMORROW), TODAY) is None  # a clock was set back


def test_a_draft_with_another_last_day_changes_nothing(store: Store) -> None:
    put(store, "a", expires_on=TODAY)
    put(store, "a", state=State.DRAFT, expires_on="2030-01-01", note="later")
    assert changed(store, mark_of(store), TOMORROW) == {"a"}
    with public_view(store.engine, KINDS, TOMORROW) as view:
        assert view.count() == 0


def test_only_declared_kinds_are_seen_and_counted(store: Store) -> None:
    put(store, "a")
    with public_view(store.engine, Kinds(KINDS.get("plot")), TODAY) as view:
        assert view.count() == 0
        assert list(view.features()) == list(view.some({"a"})) == []


def test_another_record_is_not_taken_for_this_one(store: Store) -> None:
    put(store, "a")
    mark = mark_of(store)
    assert changed(store, replace(mark, hash="0" * 64)) is None
    assert changed(store, replace(mark, number=mark.number + 1)) is None
    assert changed(store, Mark(0, "1" * 64, TODAY)) is None
    with store.engine.begin() as connection:
        connection.execute(update(audit_table).values(hash="f" * 64))
    assert changed(store, mark) is None


def test_what_is_written_meanwhile_does_not_show_and_is_not_lost(store: Store, url: str) -> None:
    put(store, "a", "b")
    other = Store.open(url)
    try:
        with public_view(store.engine, KINDS, TODAY) as view:
            reading = view.features()
            assert next(reading).id == "a"
            put(other, "c")
            put(other, "b", state=State.WITHDRAWN)
            assert [feature.id for feature in reading] == ["b"]
            assert [feature.id for feature in view.some({"a", "b", "c"})] == ["a", "b"]
            assert view.count() == 2
            mark = view.mark
    finally:
        other.close()
    assert changed(store, mark) == {"b", "c"}


def test_last_days_are_found_through_their_index(store: Store, engine_name: str) -> None:
    put(store, *(f"p{number}" for number in range(50)))
    if engine_name != "sqlite":
        names = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_revisions_expires_on'"
        with store.engine.connect() as connection:
            assert "WHERE" in connection.execute(text(names)).scalar_one()
        return
    query = "SELECT feature_id FROM revisions WHERE expires_on <> '' AND expires_on >= ? AND expires_on < ?"
    with store.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (TODAY, TOMORROW)).all()
    assert "ix_revisions_expires_on" in str(plan)


def test_a_head_that_lies_is_found_by_counting(store: Store, data: Path) -> None:
    """Somebody has written to the tables by hand: no entry tells of it, the number does."""
    put(store, "a", "b")
    mark = mark_of(store)
    with store.engine.begin() as connection:
        connection.execute(update(heads).where(heads.c.feature_id == "a").values(published=None))
    assert changed(store, mark) == set()
    with public_view(store.engine, KINDS, TODAY) as view:
        assert view.count() == 1
