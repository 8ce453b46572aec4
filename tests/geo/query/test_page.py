"""Sorting and paging over all kinds."""

import pytest
from filter_reference import features, numbered
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import small_world

from geo.model import default_kinds
from geo.model.kinds.plot import Plot
from geo.model.kinds.policy import Policy
from geo.model.kinds.project import Project
from geo.query.faults import BadParameters
from geo.query.filter import Filter
from geo.query.match import select
from geo.query.page import page, sort_keys

WORLD = small_world()
KINDS = default_kinds()
COMMON = {"county": "410882", "precision": "county", "source": "s"}


def project(ident, name="项目", amount=None, **values):
    return Project(id=ident, name=name, amount_wan=amount, stage="signed", **COMMON, **values)


def plot(ident, area, name="地块"):
    return Plot(id=ident, name=name, code=ident, area_m2=area, status="available", **COMMON)


def ordered(selection, **how):
    found = page(selection, KINDS, **{"limit": 1000} | how)
    return [str(selection.snapshot.table(kind).column("id")[row]) for kind, row in found.rows]


@pytest.fixture(scope="module")
def chosen(snapshot_of):
    made = [
        project("p1", "乙项目", 5.0, as_of="2019"),
        project("p2", "甲项目", 500.0, as_of="2019-03", name_en="Zeta"),
        project("p3", "甲项目", None, name_en="Alpha"),
        project("p4", "丙项目", 5.0, as_of="2018-12-31"),
        plot("q1", 30.0, "Bee"),
        plot("q2", 300.0, "ant"),
        Policy(id="y1", name="政策", **COMMON),
    ]
    return select(Filter(), snapshot_of(made, KINDS, WORLD), KINDS, WORLD)


def test_the_default_is_kind_then_size_then_name(chosen):
    # Pinyin: bing 丙, jia 甲, yi 乙.
    assert ordered(chosen) == ["p2", "p4", "p1", "p3", "q2", "q1", "y1"]


def test_numbers_sort_both_ways_with_the_missing_last(chosen):
    assert ordered(chosen, sort="amount_wan")[:3] == ["p4", "p1", "p2"]
    assert ordered(chosen, sort="-amount_wan")[:3] == ["p2", "p4", "p1"]
    assert ordered(chosen, sort="amount_wan")[3:] == ordered(chosen, sort="-amount_wan")[3:] == ["q2", "q1", "p3", "y1"]


def test_days_sort_by_what_is_known_of_them(chosen):
    assert ordered(chosen, sort="as_of")[:3] == ["p4", "p1", "p2"]
    assert ordered(chosen, sort="-as_of")[:3] == ["p2", "p1", "p4"]
    assert set(ordered(chosen, sort="-as_of")[3:]) == {"p3", "q1", "q2", "y1"}


def test_names_sort_over_all_kinds_in_the_readers_language(chosen):
    assert ordered(chosen, sort="name") == ["q2", "q1", "p4", "p2", "p3", "p1", "y1"]
    assert ordered(chosen, sort="-name") == ordered(chosen, sort="name")[::-1]
    english = ordered(chosen, sort="name", lang="en")
    assert english[:4] == ["p3", "q2", "q1", "p2"]


def test_pages_know_their_neighbours(chosen):
    first, last = page(chosen, KINDS, limit=3), page(chosen, KINDS, offset=6, limit=3)
    assert (first.total, first.next, first.previous, len(first.rows)) == (7, 3, None, 3)
    assert (last.total, last.next, last.previous, len(last.rows)) == (7, None, 3, 1)
    beyond = page(chosen, KINDS, offset=100, limit=3)
    assert (beyond.rows, beyond.next, beyond.previous) == ([], None, 4)
    up_to_the_end = page(chosen, KINDS, offset=2, limit=5)
    assert (up_to_the_end.next, up_to_the_end.previous) == (None, 0)


def test_nothing_selected_is_an_empty_page(chosen):
    nothing = page(select(Filter(q="不在"), chosen.snapshot, KINDS, WORLD), KINDS)
    assert (nothing.rows, nothing.total, nothing.next, nothing.previous) == ([], 0, None, None)


def test_only_the_selected_rows_are_paged(chosen):
    some = select(Filter(kinds=("plot",)), chosen.snapshot, KINDS, WORLD)
    assert ordered(some) == ["q2", "q1"]


def test_sort_keys_come_from_the_declarations():
    keys = sort_keys(KINDS)
    assert {"name", "as_of", "amount_wan", "area_m2", "price_wan_mu", "minutes"} <= set(keys)
    assert not {"id", "stage", "investor", "far_min", "signed_on"} & set(keys)


@pytest.mark.parametrize(
    ("how", "param", "says"),
    [
        ({"sort": "amount"}, "sort", "amount_wan"),
        ({"sort": "--name"}, "sort", "name"),
        ({"sort": "-"}, "sort", "nothing to sort by"),
        ({"sort": "stage"}, "sort", "nothing to sort by"),
        ({"offset": -1}, "offset", "at least 0"),
        ({"limit": 0}, "limit", "at least 1"),
    ],
)
def test_bad_sorts_and_pages_are_named(chosen, how, param, says):
    with pytest.raises(BadParameters) as caught:
        page(chosen, KINDS, **how)
    (fault,) = caught.value.faults
    assert fault.param == param
    assert says in fault.message.en


@pytest.fixture(scope="module")
def many(snapshot_of):
    found = []

    @settings(max_examples=150, derandomize=True, database=None)
    @given(features())
    def collect(feature):
        found.append(feature)

    collect()
    return select(Filter(), snapshot_of(numbered(found), KINDS, WORLD), KINDS, WORLD)


@settings(deadline=None)
@given(
    st.sampled_from(["", *sort_keys(KINDS), "-name", "-as_of", "-amount_wan"]),
    st.integers(1, 50),
    st.sampled_from(["zh", "en"]),
)
def test_pages_put_together_are_the_whole_in_one_order(many, sort, limit, lang):
    whole = page(many, KINDS, sort, 0, many.total, lang).rows
    assert len(set(whole)) == len(whole) == many.total
    pieces, offset = [], 0
    while offset is not None:
        piece = page(many, KINDS, sort, offset, limit, lang)
        pieces += piece.rows
        offset = piece.next
    assert pieces == whole


@settings(deadline=None)
@given(st.sampled_from([key for key in sort_keys(KINDS) if key not in ("name", "as_of")]), st.booleans())
def test_numbers_stand_in_order_with_the_missing_behind(many, key, descending):
    snapshot = many.snapshot
    rows = page(many, KINDS, "-" * descending + key, 0, many.total).rows
    values = [
        snapshot.table(kind).column(key)[row] if key in snapshot.table(kind).names else None for kind, row in rows
    ]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=descending)
