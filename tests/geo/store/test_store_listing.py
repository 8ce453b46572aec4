"""The newest revisions as rows: by kind, state, county, author, text; counted, paged; and whether the public lags behind."""

from __future__ import annotations

from geo.model import default_kinds
from geo.store import Store
from geo.store.listing import Wanted, count, counties_of_origin, listing, states
from geo.store.revisions import Change, State

OWN, OTHER = "411082", "410882"


def put(store: Store, name: str, state: State = State.DRAFT, author: str = "a", **more: str) -> None:
    row = {"id": name, "name": f"名{name}", "county": OWN, "precision": "county", "source": "s", "stage": "signed"}
    origin, ends = more.pop("origin", ""), more.pop("expires_on", "")
    feature = default_kinds().get("project").from_row({**row, **more})
    store.record([Change(feature, origin=origin, expires_on=ends)], author=author, reason="r", state=state)


def ids(store: Store, **wanted: object) -> list[str]:
    return [row.id for row in listing(store.engine, Wanted(**wanted))[1]]  # type: ignore[arg-type]


def test_only_the_newest_revision_counts(store: Store) -> None:
    put(store, "x", State.PUBLISHED)
    put(store, "x", State.DRAFT, note="n")
    total, (row,) = listing(store.engine, Wanted())
    assert (total, row.state, row.number, row.published) == (1, State.DRAFT, 2, 1)
    assert ids(store, states=[State.PUBLISHED]) == []


def test_every_condition_narrows(store: Store) -> None:
    put(store, "x", county=OTHER, author="b")
    put(store, "y", State.SUBMITTED)
    put(store, "z_1")
    assert ids(store) == ["z_1", "y", "x"]  # the latest first
    assert ids(store, units={OWN}) == ["z_1", "y"]
    assert ids(store, units=set()) == []
    assert ids(store, county=[OTHER]) == ["x"]
    assert ids(store, author="b") == ["x"]
    assert ids(store, states=[State.SUBMITTED]) == ["y"]
    assert ids(store, kind="plot") == []
    assert ids(store, q="名y") == ["y"]
    assert ids(store, q="z_") == ["z_1"]
    assert ids(store, q="%") == []


def test_pages_and_counts_agree(store: Store) -> None:
    for number in range(7):
        put(store, f"p{number}", State.SUBMITTED if number < 2 else State.DRAFT)
    pages = [listing(store.engine, Wanted(), 3, start)[1] for start in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({row.id for page in pages for row in page}) == 7
    assert count(store.engine, Wanted()) == 7
    assert states(store.engine, Wanted()) == {State.SUBMITTED: 2, State.DRAFT: 5}


def test_who_had_a_hand_since_it_was_published(store: Store) -> None:
    put(store, "x", State.PUBLISHED, author="early")
    put(store, "x", State.SUBMITTED, author="clerk", note="1")
    put(store, "x", State.REJECTED, author="judge", note="1")
    assert ids(store, involved="clerk") == ["x"]
    assert ids(store, involved="early") == []


def test_the_counties_of_a_file(store: Store) -> None:
    put(store, "x", origin=f"{'a' * 64}#1")
    put(store, "y", origin=f"{'a' * 64}#2", county=OTHER)
    put(store, "z", origin=f"{'b' * 64}#1", county="410182")
    assert counties_of_origin(store.engine, "a" * 64) == {OWN, OTHER}
