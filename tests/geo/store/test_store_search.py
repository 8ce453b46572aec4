"""Records found by words and by place: the same answers from both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from made_projects import project
from shapely.geometry.base import BaseGeometry

from geo.store import Change, State, Store
from geo.store.listing import Wanted, count, listing
from geo.store.nearby import nearby


def put(store: Store, feature_id: str, geometry: BaseGeometry | None = None, **values: object) -> None:
    feature = replace(project(feature_id, **values), geometry=geometry)
    store.record([Change(feature, origin=f"{feature_id * 3}#1")], author="clerk", reason="r", state=State.SUBMITTED)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), {"a", "b", "c"}),
        (Wanted(q="BIO"), {"a"}),
        (Wanted(q="bio"), {"a"}),
        (Wanted(q="工厂"), {"b"}),
        (Wanted(q="100%"), {"c"}),
        (Wanted(q="%"), {"c"}),
        (Wanted(q="\x00"), set()),
        (Wanted(q="B"), {"a", "b"}),  # of the name or of the id
        (Wanted(county=["410882"]), {"b", "c"}),
        (Wanted(units=["410881"]), {"a"}),
        (Wanted(states=[State.SUBMITTED, State.DRAFT], kind="project"), {"a", "b", "c"}),
        (Wanted(states=[State.DRAFT]), set()),
        (Wanted(author="clerk", involved="clerk"), {"a", "b", "c"}),
        (Wanted(involved="somebody"), set()),
        (Wanted(origin="bbb"), {"b"}),
    ],
)
def test_rows_by_what_is_wanted(wanted: Wanted, found: set[str], store: Store) -> None:
    put(store, "a", name="BioPark", county="410881")
    put(store, "b", name="工厂")
    put(store, "c", name="100% new")
    total, rows = listing(store.engine, wanted)
    assert {row.id for row in rows} == found
    assert total == count(store.engine, wanted) == len(found)


SQUARES = {
    f"{x}-{y}": shapely.box(113 + x / 10, 34 + y / 10, 113.07 + x / 10, 34.07 + y / 10)
    for x in range(4)
    for y in range(4)
}


class TestNeighbours:
    """A box on a store of squares finds just those that it meets."""

    @pytest.fixture
    def filled(self, store: Store) -> Store:
        for name, square in SQUARES.items():
            put(store, name, square, precision="address")
        put(store, "nowhere")
        return store

    def test_any_box(self, filled: Store) -> None:
        sides = st.tuples(st.floats(112.9, 113.5), st.floats(33.9, 34.5), st.floats(0, 0.3), st.floats(0, 0.3))

        @given(sides)
        def check(drawn: tuple[float, float, float, float]) -> None:
            west, south, width, height = drawn
            box = (west, south, west + width, south + height)
            found = nearby(filled.engine, box, kinds=["project"], units=None, limit=99)
            met = {name for name, square in SQUARES.items() if shapely.box(*box).intersects(square)}
            assert {revision.feature_id for revision in found} == met

        check()

    def test_what_is_not_public_is_told_to_its_own_county_only(self, filled: Store) -> None:
        everywhere = (113.0, 34.0, 114.0, 35.0)
        assert nearby(filled.engine, everywhere, kinds=["project"], units=["410881"], limit=9) == []
        assert len(nearby(filled.engine, everywhere, kinds=["project"], units=["410882"], limit=9)) == 9
        assert nearby(filled.engine, everywhere, kinds=["plot"], units=None, limit=9) == []
