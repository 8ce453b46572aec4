"""Following the record: what comes out is what a whole build gives, and nothing is reused that might be wrong."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_projects import project
from shapely import Point, box
from sqlalchemy import update

from datasets.labels import Label
from datasets.world import World
from geo.model import Kinds, default_kinds
from geo.publish import Shelf, build, follow
from geo.publish.basis import BASIS, basis_of
from geo.publish.follow import follow as publish
from geo.publish.follow import is_behind
from geo.store import Change, State, Store
from geo.store.tables import heads, revisions

KINDS = default_kinds()
DAYS = [f"2026-06-{day:02}" for day in range(1, 8)]
SHAPES = [None, Point(113.1, 35.1), box(113, 34, 113.2, 34.1), Point(113, 35, 4)]


@contextmanager
def office() -> Iterator[tuple[Store, Shelf]]:
    """A record and a shelf, both empty."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(f"sqlite:///{folder}/a.sqlite")
        try:
            yield store, Shelf(Path(folder) / "snapshots")
        finally:
            store.close()


def put(
    store: Store, own_id: str, state: State = State.PUBLISHED, ends: str = "", shape: Any = None, **values: Any
) -> None:
    change = replace(Change(replace(project(own_id, **values), geometry=shape)), expires_on=ends)
    store.record([change], author="x", reason="y", state=state)


def files(folder: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != BASIS}


def same_as_whole(store: Store, shelf: Shelf, world: World, today: str, kinds: Kinds = KINDS) -> bool:
    """Whether the current snapshot is, byte for byte, what a whole build gives."""
    with tempfile.TemporaryDirectory() as folder:
        version = build(store.published(kinds, today), kinds, world, Path(folder))
        return shelf.current_version() == version and files(shelf.folder / version) == files(Path(folder))


@contextmanager
def whole_builds() -> Iterator[list[int]]:
    """Counts how often everything is built anew."""
    made: list[int] = []

    def counted(*given: Any) -> str:
        made.append(1)
        return build(*given)

    with patch.object(follow, "build", counted):
        yield made


steps = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from("abcdefgh"),
            st.sampled_from([State.PUBLISHED, State.PUBLISHED, State.DRAFT, State.WITHDRAWN, State.REJECTED]),
            st.sampled_from(["", "", *DAYS]),
            st.sampled_from(SHAPES),
            st.sampled_from(["甲", "乙"]),
        ),
        st.sampled_from(["publish", "publish", "next day"]),
    ),
    max_size=14,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(steps=steps)
def test_whatever_happens_to_the_record_the_snapshot_follows(steps: list[Any], tiny: World) -> None:
    today = 0
    with office() as (store, shelf), whole_builds() as whole:
        put(store, "first")
        publish(shelf, store, KINDS, tiny, DAYS[0])
        for step in [*steps, "publish"]:
            if step == "next day":
                today = min(today + 1, len(DAYS) - 1)
            elif step == "publish":
                publish(shelf, store, KINDS, tiny, DAYS[today])
                assert same_as_whole(store, shelf, tiny, DAYS[today])
                assert not is_behind(shelf, store, KINDS, DAYS[today])
            else:
                own_id, state, ends, shape, name = step
                put(store, own_id, state, ends, shape, name=name)
        assert len(whole) == 1  # the first


def test_nothing_new_makes_nothing_new(tiny: World) -> None:
    with office() as (store, shelf):
        put(store, "a")
        assert is_behind(shelf, store, KINDS)
        version = publish(shelf, store, KINDS, tiny, DAYS[0])
        files = {path: path.stat().st_ino for path in (shelf.folder / version).iterdir() if path.name != BASIS}
        put(store, "b", State.DRAFT)
        assert not is_behind(shelf, store, KINDS, DAYS[0])
        with patch.object(follow, "rebuild", None), patch.object(follow, "build", None):
            assert publish(shelf, store, KINDS, tiny, DAYS[0]) == version
        assert {path: path.stat().st_ino for path in files} == files


def other_world(world: World) -> World:
    """The same but for the name of one chain."""
    chains = dict(world.chains.chains)
    code, chain = next(iter(chains.items()))
    chains[code] = replace(chain, label=Label("别名", "another name"))
    return replace(world, chains=replace(world.chains, chains=chains))


def spoil(text: Callable[[str], str]) -> Callable[[Shelf, Store], None]:
    def spoilt(shelf: Shelf, _: Store) -> None:
        path = shelf.folder / shelf.current_version() / BASIS
        path.write_text(text(path.read_text(encoding="utf-8")), encoding="utf-8")

    return spoilt


def flip(shelf: Shelf, _: Store) -> None:
    path = shelf.folder / shelf.current_version() / "project.bin"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def by_hand(_: Shelf, store: Store) -> None:
    """An edit of the tables that no entry tells of."""
    with store.engine.begin() as connection:
        connection.execute(update(heads).where(heads.c.feature_id == "b").values(published=None))


DOUBTS: Mapping[str, Callable[[Shelf, Store], None]] = {
    "no basis": lambda shelf, _: (shelf.folder / shelf.current_version() / BASIS).unlink(),
    "half a basis": spoil(lambda text: text[: len(text) // 2]),
    "another number": spoil(lambda text: text.replace('"number": ', '"number": 1')),
    "another day": spoil(lambda text: text.replace(DAYS[0], DAYS[1])),
    "no object": spoil(lambda _: "[]"),
    "damaged": flip,
    "gone": lambda shelf, _: (shelf.folder / "CURRENT").write_text("0" * 16),
    "written by hand": by_hand,
}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_in_doubt_everything_is_built_anew(doubt: str, tiny: World) -> None:
    with office() as (store, shelf):
        put(store, "a")
        put(store, "b")
        publish(shelf, store, KINDS, tiny, DAYS[0])
        DOUBTS[doubt](shelf, store)
        put(store, "a", name="乙")
        with whole_builds() as whole:
            publish(shelf, store, KINDS, tiny, DAYS[0])
        assert same_as_whole(store, shelf, tiny, DAYS[0])
        assert basis_of(shelf.folder / shelf.current_version()) is not None
        assert len(whole) == (0 if doubt == "gone" else 1)  # then the last sound one is there to start from


def test_a_chain_that_is_called_otherwise_makes_another_version(tiny: World) -> None:
    # What is kept of a version shows its names.
    with office() as (store, shelf), whole_builds() as whole:
        put(store, "a", chains=next(iter(tiny.chains.chains)))
        before = publish(shelf, store, KINDS, tiny, DAYS[0])
        assert publish(shelf, store, KINDS, other_world(tiny), DAYS[0]) != before
        assert len(whole) == 2


def test_other_declarations_are_built_anew(tiny: World) -> None:
    fewer = Kinds(*(kind for kind in KINDS if kind.kind != "talk"))
    with office() as (store, shelf), whole_builds() as whole:
        put(store, "a")
        publish(shelf, store, KINDS, tiny, DAYS[0])
        publish(shelf, store, fewer, tiny, DAYS[0])
        assert len(whole) == 2
        assert "talk" not in shelf.open().kinds


def test_a_record_restored_from_an_earlier_backup_is_not_taken_for_this_one(tiny: World) -> None:
    with office() as (store, shelf), office() as (earlier, _), whole_builds() as whole:
        put(store, "a")
        put(store, "b")
        put(earlier, "a", name="other")
        put(earlier, "c")
        publish(shelf, store, KINDS, tiny, DAYS[0])
        publish(shelf, earlier, KINDS, tiny, DAYS[0])
        assert len(whole) == 2
        assert same_as_whole(earlier, shelf, tiny, DAYS[0])


def test_a_clock_that_was_set_back(tiny: World) -> None:
    with office() as (store, shelf), whole_builds() as whole:
        put(store, "a", ends=DAYS[1])
        publish(shelf, store, KINDS, tiny, DAYS[2])
        assert shelf.open().table("project").rows == 0
        publish(shelf, store, KINDS, tiny, DAYS[1])
        assert shelf.open().table("project").rows == 1
        assert len(whole) == 2


def test_many_changes_are_built_whole(tiny: World) -> None:
    with office() as (store, shelf), patch.object(follow, "FEW", 2), whole_builds() as whole:
        for number in range(8):
            put(store, f"p{number}")
        publish(shelf, store, KINDS, tiny, DAYS[0])
        put(store, "p1", name="乙")
        put(store, "p2", name="乙")
        publish(shelf, store, KINDS, tiny, DAYS[0])
        assert len(whole) == 1
        for number in range(3):
            put(store, f"p{number}", name="丙")
        publish(shelf, store, KINDS, tiny, DAYS[0])
        assert len(whole) == 2


def test_the_same_content_again_is_the_version_that_stands(tiny: World) -> None:
    with office() as (store, shelf):
        put(store, "a", note="1")
        first = publish(shelf, store, KINDS, tiny, DAYS[0])
        put(store, "a", note="2")
        second = publish(shelf, store, KINDS, tiny, DAYS[0])
        before = basis_of(shelf.folder / first)
        put(store, "a", note="1")
        assert publish(shelf, store, KINDS, tiny, DAYS[0]) == first != second
        after = basis_of(shelf.folder / first)
        assert before and after and before.mark.number < after.mark.number
        assert not is_behind(shelf, store, KINDS, DAYS[0])


def test_the_basis_says_no_more_than_it_must(tiny: World) -> None:
    with office() as (store, shelf):
        put(store, "a")
        version = publish(shelf, store, KINDS, tiny, DAYS[0])
        said = json.loads((shelf.folder / version / BASIS).read_text(encoding="utf-8"))["basis"]
        assert set(said) == {"mark", "made_with"}
        assert said["mark"]["day"] == DAYS[0]
        with store.engine.connect() as connection:
            assert connection.execute(revisions.select()).first() is not None
