"""Marks: everything is counted once at every zoom, and nothing stands where it is not known to be."""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import CHANGGE, HUIJI, JIAOZUO, JIYUAN, QINYANG, XUCHANG, YUZHOU, made, only, point, project

from geo.draw.marks import marks, most_marks, without_geometry

COUNTIES = (CHANGGE, YUZHOU, QINYANG, HUIJI, JIYUAN)
CHAINS = ("nev", "superhard-materials", "chemical-materials", "no-such-chain")

features = st.builds(
    lambda kind, unit, place, at, chains, demo: made(
        kind,
        county=unit,
        place=place,
        chains=list(chains),
        demo=demo,
        geometry=None if at is None else point(*at),
    ),
    st.sampled_from(["project", "park", "plot", "opportunity"]),
    st.sampled_from([*COUNTIES, XUCHANG, JIAOZUO]),
    st.sampled_from(["", "town", "zone", "seat", "lost"]),
    st.none() | st.tuples(st.floats(113.7, 113.8), st.floats(34.1, 34.2)) | st.just((113.75, 34.15)),
    st.lists(st.sampled_from(CHAINS), max_size=3, unique=True),
    st.booleans(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chosen=st.lists(features, max_size=25), zoom=st.integers(5, 18))
def test_every_feature_is_counted_once_at_every_zoom(drawn, atlas, chosen, zoom):
    selection = drawn(*chosen)
    found = marks(selection, atlas, zoom)
    assert sum(mark.n for mark in found) == selection.total == len(chosen)
    for mark in found:
        assert mark.n == sum(n for _, n in mark.mix) == sum(n for _, n in mark.kinds)
        assert (mark.kind is not None) == (mark.type == "feature")
        if mark.type == "county":
            assert shapely.contains_xy(atlas.boundaries.counties[mark.id].geometry, mark.lon, mark.lat)
        if mark.type == "cluster":
            west, south, east, north = mark.bounds
            assert west <= mark.lon <= east and south <= mark.lat <= north and mark.n > 1
    assert len({(mark.type, mark.kind, mark.id) for mark in found}) == len(found)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    chosen=st.lists(features, max_size=25),
    zoom=st.integers(5, 18),
    box=st.tuples(st.floats(113, 113.75), st.floats(34, 34.15), st.floats(113.75, 114), st.floats(34.15, 34.4)),
)
def test_a_view_shows_the_same_marks_less_those_outside(drawn, atlas, chosen, zoom, box):
    selection = drawn(*chosen)
    west, south, east, north = box
    inside = [m for m in marks(selection, atlas, zoom) if west <= m.lon <= east and south <= m.lat <= north]
    assert marks(selection, atlas, zoom, within=box) == inside


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chosen=st.lists(features, max_size=25), zoom=st.integers(11, 18), limit=st.integers(0, 6))
def test_an_answer_that_would_be_too_large_keeps_what_stands_for_most(drawn, atlas, chosen, zoom, limit):
    selection = drawn(*chosen)
    everything = marks(selection, atlas, zoom)
    found = most_marks(selection, atlas, zoom, limit=limit)
    on_grid = [mark for mark in everything if mark.type in ("cluster", "feature")]
    kept = [mark for mark in found.marks if mark.type in ("cluster", "feature")]
    assert len(kept) == min(limit, len(on_grid))
    assert sorted(mark.n for mark in kept) == sorted(sorted(mark.n for mark in on_grid)[len(on_grid) - len(kept) :])
    assert [mark for mark in everything if mark in found.marks] == found.marks
    assert found.left_out.marks == len(everything) - len(found.marks)
    assert found.left_out.features == selection.total - sum(mark.n for mark in found.marks)


def by_id(found):
    return {mark.id: mark for mark in found}


def test_a_province_shows_one_mark_a_city(drawn, atlas):
    selection = drawn(project(county=CHANGGE), project(county=XUCHANG), made("park", county=QINYANG))
    found = by_id(marks(selection, atlas, 8))
    assert {code: (mark.type, mark.n, mark.name) for code, mark in found.items()} == {
        XUCHANG: ("city", 2, "许昌市"),
        JIAOZUO: ("city", 1, "焦作市"),
    }
    assert (found[XUCHANG].lon, found[XUCHANG].lat) == atlas.boundaries.unit(XUCHANG).anchor


def test_a_region_shows_counties_and_apart_from_them_what_is_only_known_to_the_city(drawn, atlas):
    selection = drawn(
        project(county=CHANGGE), project(county=CHANGGE, geometry=point(113.8, 34.2)), project(county=XUCHANG)
    )
    found = by_id(marks(selection, atlas, 9, lang="en"))
    assert (found[CHANGGE].type, found[CHANGGE].n, found[CHANGGE].name) == ("county", 2, "Changge City")
    assert (found[XUCHANG].type, found[XUCHANG].n) == ("city", 1)


def test_a_unit_that_is_county_and_city_at_once_is_a_county_from_zoom_9_on(drawn, atlas):
    selection = drawn(project(county=JIYUAN))
    assert [marks(selection, atlas, zoom)[0].type for zoom in (8, 9, 11)] == ["city", "county", "county"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("town", ("place", "town")),
        ("seat", ("county", CHANGGE)),
        ("lost", ("county", CHANGGE)),
        ("", ("county", CHANGGE)),
    ],
)
def test_what_is_not_located_stands_at_its_place_only_if_the_place_has_a_point_of_its_own(
    drawn, atlas, place, expected
):
    (mark,) = marks(drawn(project(place=place)), atlas, 12)
    assert (mark.type, mark.id) == expected


def test_near_points_are_one_cluster_that_opens_as_one_zooms_in(drawn, atlas):
    pair = [project(geometry=point(113.80, 34.20)), project(geometry=point(113.805, 34.205))]
    selection = drawn(*pair)
    (cluster,) = marks(selection, atlas, 11)
    assert (cluster.type, cluster.n) == ("cluster", 2)
    assert cluster.bounds == (113.80, 34.20, 113.805, 34.205)
    assert (cluster.lon, cluster.lat) == pytest.approx((113.8025, 34.2025))
    singles = marks(selection, atlas, 15)
    assert {(m.type, m.kind, m.id, m.name) for m in singles} == {("feature", "project", f.id, f.name) for f in pair}


def test_from_zoom_15_only_what_stands_at_the_same_place_stays_together(drawn, atlas):
    here = point(113.8, 34.2)
    selection = drawn(project(geometry=here), made("park", geometry=here), project(geometry=point(113.80001, 34.2)))
    found = {mark.n: mark for mark in marks(selection, atlas, 18)}
    assert set(found) == {1, 2}
    assert found[2].bounds == (113.8, 34.2, 113.8, 34.2)
    assert dict(found[2].kinds) == {"project": 1, "park": 1}


def test_a_cell_is_64_pixels_wide(drawn, atlas):
    # At zoom 11 a cell is 360 / 2**13 degrees of longitude wide; its edges are multiples of that from -180.
    width = 360 / 2**13
    edge = np.ceil((113.8 + 180) / width) * width - 180
    inside = [project(geometry=point(edge + share * width, 34.2)) for share in (0.01, 0.99)]
    across = [project(geometry=point(edge + share * width, 34.2)) for share in (-0.01, 0.01)]
    assert [mark.n for mark in marks(drawn(*inside), atlas, 11)] == [2]
    assert [mark.n for mark in marks(drawn(*across), atlas, 11)] == [1, 1]


def test_a_feature_of_several_clusters_counts_once_in_the_mix_but_under_each_of_its_chains(drawn, atlas):
    chains = atlas.chains.chains
    first, second = next((a, b) for a in chains for b in chains if chains[a].cluster != chains[b].cluster)
    (mark,) = marks(drawn(project(chains=[first, second]), project(chains=[first]), project()), atlas, 8)
    assert mark.mix == ((chains[first].cluster, 2), ("", 1))
    assert mark.chains == ((first, 2), (second, 1))


def test_at_most_three_chains_are_named(drawn, atlas):
    (mark,) = marks(drawn(project(chains=list(atlas.chains.chains)[:5])), atlas, 8)
    assert [chain for chain, _ in mark.chains] == list(atlas.chains.chains)[:3]


def test_a_chain_that_the_dataset_no_longer_has_counts_as_none(drawn, atlas):
    (mark,) = marks(drawn(project(chains=["gone"])), atlas, 8)
    assert mark.mix == (("", 1),)


@pytest.mark.parametrize(("flags", "demo"), [((True, True), True), ((False, False), False), ((True, False), "some")])
def test_demonstration_data_are_said_to_be_such(drawn, atlas, flags, demo):
    (mark,) = marks(drawn(*(project(demo=flag) for flag in flags)), atlas, 8)
    assert mark.demo == demo


def test_only_what_is_selected_counts(drawn, atlas):
    kept, left = project(), project()
    (mark,) = marks(only(drawn(kept, left).snapshot, project=[kept.id]), atlas, 12)
    assert mark.n == 1


def test_a_feature_speaks_the_readers_language_where_it_can(drawn, atlas):
    selection = drawn(
        project(name="甲", name_en="Alpha", geometry=point(113.8, 34.2)),
        project(name="乙", geometry=point(113.9, 34.3)),
    )
    assert {mark.name for mark in marks(selection, atlas, 16, lang="en")} == {"Alpha", "乙"}


def test_json_leaves_out_what_does_not_apply(drawn, atlas):
    (mark,) = marks(drawn(project()), atlas, 8)
    assert set(mark.payload()) == {"type", "id", "lon", "lat", "n", "name", "mix", "chains", "kinds", "demo"}


def test_an_empty_selection_has_no_marks(drawn, atlas):
    assert [marks(drawn(), atlas, zoom) for zoom in (5, 9, 12, 16)] == [[], [], [], []]


@pytest.mark.parametrize("side", range(4))
def test_a_cluster_at_the_edge_of_the_view_keeps_the_members_outside(drawn, atlas, side):
    pair = [(113.805, 34.205), (113.81, 34.21)]
    selection = drawn(*(project(geometry=point(*at)) for at in pair))
    (whole,) = marks(selection, atlas, 11)
    # The edge runs between the cluster's mark and one of its members.
    middle = (whole.lon, whole.lat)
    box = [113.0, 34.0, 115.0, 35.0]
    box[side] = middle[side % 2] + (-0.001 if side < 2 else 0.001)
    assert marks(selection, atlas, 11, within=tuple(box)) == [whole]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chosen=st.lists(features, max_size=25), zoom=st.integers(11, 18))
def test_what_tiles_draw_can_be_left_to_them(drawn, atlas, chosen, zoom):
    selection = drawn(*chosen)
    found = marks(without_geometry(selection), atlas, zoom)
    assert {mark.type for mark in found} <= {"county", "city", "place"}
    assert sum(mark.n for mark in found) == sum(one.geometry is None for one in chosen)
    assert selection.total == len(chosen)
