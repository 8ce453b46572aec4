"""What is worked out piece by piece, by index or from the head of an order is what looking at every row gives."""

from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest
from filter_reference import features, filters, numbered
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point
from small_world import small_world

from geo.model import default_kinds
from geo.model.kinds.park import Park
from geo.publish import index
from geo.publish.columns import TextColumn
from geo.publish.packed import offsets_of
from geo.query import match, order, places, search, words
from geo.query.facets import facets
from geo.query.filter import Filter
from geo.query.masks import distance_km
from geo.query.match import select
from geo.query.order import by_id, first_of, placed
from geo.query.page import page, sort_keys
from geo.query.places import located_near
from geo.query.selection import Rows, Selection
from geo.query.values import Near

WORLD = small_world()
KINDS = default_kinds()
SOME = settings(max_examples=40, deadline=None)
SHARED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def many(snapshot_of):
    """A few hundred features of all sorts, published."""
    found = []

    @settings(max_examples=200, derandomize=True, database=None)
    @given(features())
    def collect(feature):
        found.append(feature)

    collect()
    return snapshot_of(numbered(found), KINDS, WORLD)


@pytest.fixture
def small_pieces(monkeypatch):
    """Pieces so small that a few hundred rows need many, and no list so short that it is simply sorted."""
    for module, name, size in ((match, "PIECE", 7), (words, "PIECE", 16), (order, "SHORT", 2), (order, "HEAD", 16)):
        monkeypatch.setattr(module, name, size)
    order._heads.clear()
    yield
    order._heads.clear()


@SHARED
@given(wanted=filters())
def test_pieces_change_no_count_and_no_row(many, small_pieces, wanted):
    selection, counted = select(wanted, many, KINDS, WORLD), facets(wanted, many, KINDS, WORLD)
    in_pieces = {kind: selection.rows(kind).tolist() for kind in KINDS.names}
    with pytest.MonkeyPatch.context() as whole:
        whole.setattr(match, "PIECE", 1 << 16)
        whole.setattr(words, "PIECE", 1 << 18)
        whole.setattr(import_module("geo.query.facets"), "NARROW", 0)
        expected = select(wanted, many, KINDS, WORLD)
        for kind in KINDS.names:
            assert in_pieces[kind] == np.flatnonzero(expected.masks[kind]).tolist()
        assert counted == facets(wanted, many, KINDS, WORLD)


@SHARED
@given(
    wanted=filters(),
    sort=st.sampled_from(["", *sort_keys(KINDS), *(f"-{key}" for key in sort_keys(KINDS))]),
    offset=st.integers(0, 60),
    limit=st.integers(1, 30),
    lang=st.sampled_from(["zh", "en"]),
)
def test_a_page_is_cut_out_of_the_whole_order(many, small_pieces, wanted, sort, offset, limit, lang):
    selection = select(wanted, many, KINDS, WORLD)
    with pytest.MonkeyPatch.context() as whole:
        whole.setattr(order, "SHORT", 10**6)
        whole.setattr(order, "HEAD", 0)
        everything = page(selection, KINDS, sort, 0, 10**6, lang).rows
    assert page(selection, KINDS, sort, offset, limit, lang).rows == everything[offset : offset + limit]
    assert len(everything) == len(set(everything)) == selection.total


@SHARED
@given(wanted=filters(), start=st.integers(0, 40), length=st.integers(0, 20))
def test_items_come_in_the_order_of_their_ids(many, small_pieces, wanted, start, length):
    selection = select(wanted, many, KINDS, WORLD)
    for kind in many.kinds:
        table = many.table(kind)
        ordered = sorted(selection.rows(kind).tolist(), key=lambda row: table.column("id")[row])
        assert selection.rows_by_id(kind).tolist() == ordered
        found = by_id(table, selection.chosen(kind), start, start + length)
        assert found.tolist() == ordered[start : start + length]


keys = st.lists(st.tuples(st.sampled_from([0.0, 1.0, 2.5, -3.0, np.nan]), st.integers(-3, 3)), min_size=1, max_size=60)


@SHARED
@given(entries=keys, start=st.integers(0, 60), length=st.integers(0, 60))
def test_places_of_an_order_with_many_equal_entries(small_pieces, entries, start, length):
    values, ranks = (np.array(column) for column in zip(*entries, strict=True))
    expected = np.lexsort([ranks, values])[start : start + length]
    assert placed([values, ranks], start, start + length).tolist() == expected.tolist()


def test_the_head_of_an_order_is_kept_with_its_table(many):
    table = many.table("plot")
    asked = []

    def keys_of(at):
        asked.append(at)
        return [np.arange(table.rows)[at]]

    mask = np.arange(table.rows) % 2 == 0
    for _ in range(2):
        assert first_of(table, Rows(table.rows, mask=mask), "test", keys_of, 0, 3).tolist() == [0, 2, 4]
    assert asked == [slice(None)]


@SHARED
@given(
    texts=st.lists(st.text("ab 产业\n", max_size=12), max_size=20),
    asked=st.lists(st.text("ab产业", min_size=1, max_size=4), min_size=1, max_size=3),
    among=st.none() | st.sets(st.integers(0, 19)),
)
def test_words_are_found_where_python_finds_them(small_pieces, texts, asked, among):
    blobs = [text.encode() for text in texts]
    column = TextColumn(offsets_of([len(blob) for blob in blobs]), np.frombuffer(b"".join(blobs), np.uint8))
    rows = None if among is None else np.array(sorted(row for row in among if row < len(texts)), np.intp)
    expected = [
        row
        for row, text in enumerate(texts)
        if all(word in text for word in asked) and (rows is None or row in rows.tolist())
    ]
    assert words.containing(column, asked, rows).tolist() == expected


@pytest.mark.parametrize("most", [1, 64])
def test_letters_that_are_kept_are_found_as_before(snapshot_of, monkeypatch, most):
    monkeypatch.setattr(search, "LETTERS", most)
    names = ["尼龙", "龙b", "b9", "9", "尼 9b"]
    parks = [
        Park(id=f"p{n}", name=name, county="410882", precision="county", source="s") for n, name in enumerate(names)
    ]
    snapshot = snapshot_of(parks, KINDS, WORLD)
    for _ in range(2):
        for word in ("龙", "9", "b", "b 9", "尼 b 9"):
            found = select(Filter(q=word), snapshot, KINDS, WORLD).rows("park").tolist()
            assert [names[row] for row in found] == [name for name in names if all(one in name for one in word.split())]
    assert len(search._letters[snapshot.table("park")]) == min(most, 4)


@pytest.fixture(scope="module")
def scattered(snapshot_of):
    """Points all over the world, thickest where the circles are, some at the poles and on the antimeridian."""
    draw = np.random.default_rng(7)
    at = np.concatenate(
        [
            draw.uniform((-180, -90), (180, 90), (300, 2)),
            draw.normal((113.8, 34.1), (2, 2), (700, 2)),
            [(180, 0), (-180, 0), (0, 90), (0, -90), (113.8, 34.1)],
        ]
    )
    with pytest.MonkeyPatch.context() as deep:
        deep.setattr(index, "AT_ONCE", 1)  # the search begins at the top of the tree, however small that is
        return snapshot_of(
            [
                Park(id=f"p{n}", name="p", county="410882", precision="surveyed", source="s", geometry=Point(*each))
                for n, each in enumerate(at.tolist())
            ],
            KINDS,
            WORLD,
        )


@SOME
@given(
    lon=st.floats(-180, 180) | st.floats(111, 116),
    lat=st.floats(-90, 90) | st.floats(32, 36),
    km=st.floats(0.001, 25_000) | st.floats(1, 500),
)
def test_a_circle_holds_what_lies_within_its_distance(scattered, lon, lat, km):
    table = scattered.table("park")
    distances = distance_km(table.point[:, 0], table.point[:, 1], (lon, lat))
    assert located_near(table, Near(lon, lat, km)).tolist() == np.flatnonzero(distances <= km).tolist()


def test_most_distances_of_a_large_circle_are_not_measured(scattered, monkeypatch):
    measured = []

    def counted(lon, lat, to):
        measured.append(len(lon))
        return distance_km(lon, lat, to)

    monkeypatch.setattr(places, "distance_km", counted)
    assert len(located_near(scattered.table("park"), Near(113.8, 34.1, 600))) > 650
    assert sum(measured) < 200


@SOME
@given(flags=st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_rows_that_are_in_both(flags):
    some, others = (np.array([pair[which] for pair in flags], np.bool_) for which in (0, 1))
    rows = len(flags)
    for one in (Rows(rows, mask=some), Rows(rows, listed=np.flatnonzero(some))):
        for other in (Rows(rows, mask=others), Rows(rows, listed=np.flatnonzero(others))):
            assert one.both(other).listed.tolist() == np.flatnonzero(some & others).tolist()
        assert one.both(Rows(rows)).listed.tolist() == Rows(rows).both(one).listed.tolist() == one.listed.tolist()


@SOME
@given(st.lists(st.booleans(), max_size=40))
def test_rows_are_the_same_from_a_mask_and_from_a_list(flags):
    mask = np.array(flags, np.bool_)
    for rows in (Rows(len(mask), mask=mask), Rows(len(mask), listed=np.flatnonzero(mask))):
        assert rows.mask.tolist() == flags
        assert rows.listed.tolist() == np.flatnonzero(mask).tolist()
        assert (rows.count, rows.all) == (sum(flags), all(flags))
        assert rows.few is None or rows.few.tolist() == rows.listed.tolist()


def test_a_kind_is_selected_from_only_when_it_is_asked_for(many):
    class Watched(dict):
        def __getitem__(self, kind):
            asked.append(kind)
            return super().__getitem__(kind)

    asked = []
    selection = Selection(many, Watched({kind: np.ones(many.table(kind).rows, bool) for kind in many.kinds}))
    assert selection.count("plot") == selection.masks["plot"].sum() == len(selection.rows("plot"))
    assert asked == ["plot"]
    assert set(selection.masks) == set(many.kinds)
    assert selection.total == sum(many.table(kind).rows for kind in many.kinds)


def test_nothing_is_selected_of_a_kind_that_is_not_there():
    empty = SimpleNamespace(kinds=())
    assert select(Filter(), empty, KINDS, WORLD).total == 0
