"""The vectorised selection against the plain-Python meaning of a filter, and single cases by hand."""

from dataclasses import replace

import numpy as np
import pytest
from filter_reference import NAMES, features, filters, matches, numbered
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box
from small_world import small_world

from datasets.labels import Label
from geo.model import default_kinds
from geo.model.kinds.park import Park
from geo.model.kinds.plot import Plot
from geo.model.kinds.project import Project
from geo.query.filter import Filter
from geo.query.match import select

WORLD = small_world()
KINDS = default_kinds()
SHELF = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def many(snapshot_of):
    """A few hundred features of all sorts, and their snapshot."""
    found = []

    @settings(max_examples=300, derandomize=True, database=None)
    @given(features())
    def collect(feature):
        found.append(feature)

    collect()
    found = numbered(found)
    return found, snapshot_of(found, KINDS, WORLD)


def ids(selection, kinds=KINDS):
    return {
        (kind, str(selection.snapshot.table(kind).column("id")[row]))
        for kind in kinds.names
        for row in selection.rows(kind)
    }


def expected(found, wanted, world=WORLD):
    return {(feature.kind, feature.id) for feature in found if matches(wanted, feature, world)}


@settings(max_examples=400, deadline=None)
@given(filters())
def test_many_features_against_the_reference(many, wanted):
    found, snapshot = many
    assert ids(select(wanted, snapshot, KINDS, WORLD)) == expected(found, wanted)


@SHELF
@given(st.lists(features(), max_size=6).map(numbered), st.lists(filters(), min_size=1, max_size=6))
def test_few_features_against_the_reference(snapshot_of, found, all_wanted):
    snapshot = snapshot_of(found, KINDS, WORLD)
    for wanted in all_wanted:
        assert ids(select(wanted, snapshot, KINDS, WORLD)) == expected(found, wanted)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("尼龙阀aAbB区市 沁"), min_size=1, max_size=4))
def test_any_text_against_the_reference(many, text):
    found, snapshot = many
    wanted = Filter(q=text)
    assert ids(select(wanted, snapshot, KINDS, WORLD)) == expected(found, wanted)


def test_the_empty_filter_selects_all(many):
    found, snapshot = many
    selection = select(Filter(), snapshot, KINDS, WORLD)
    assert selection.total == len(found)
    assert selection.count("route") == 0


def test_an_empty_snapshot_selects_nothing(snapshot_of):
    snapshot = snapshot_of([], KINDS, WORLD)
    wanted = Filter(
        chains=("alpha",),
        segments=("upstream",),
        q="a",
        bbox=(112, 34, 113, 35),
        near=(112, 34, 5),
        years=(2000, None),
        terms=(("stage", ("signed",)),),
        ranges=(("area", (1.0, None)),),
    )
    assert select(wanted, snapshot, KINDS, WORLD).total == 0


def test_a_kind_that_the_snapshot_lacks_is_empty(snapshot_of):
    from geo.model import Kinds

    snapshot = snapshot_of([project("a")], Kinds(Project), WORLD)
    selection = select(Filter(), snapshot, KINDS, WORLD)
    assert selection.total == 1
    assert selection.rows("plot").tolist() == []


def test_words_do_not_reach_across_rows_or_fields(snapshot_of):
    # Rows stand end to end: «…Jiaozuo City» of one, then «bc» of the next.
    found = [project("1", name="xa"), project("2", name="bc", investor="d")]
    snapshot = snapshot_of(found, KINDS, WORLD)
    assert ids(select(Filter(q="cityb"), snapshot, KINDS, WORLD)) == set()
    assert ids(select(Filter(q="cd"), snapshot, KINDS, WORLD)) == set()
    assert ids(select(Filter(q="d bc"), snapshot, KINDS, WORLD)) == {("project", "2")}
    assert ids(select(Filter(q="CITY"), snapshot, KINDS, WORLD)) == {("project", "1"), ("project", "2")}


def test_a_word_that_overlaps_itself_across_a_border_is_still_found(snapshot_of):
    found = [plot("1", name="尼尼"), plot("2", name="尼")]
    snapshot = snapshot_of(found, KINDS, WORLD)
    assert ids(select(Filter(q="尼尼"), snapshot, KINDS, WORLD)) == {("plot", "1")}


@given(NAMES)
@settings(deadline=None)
def test_a_word_longer_than_all_text_is_not_found(many, name):
    _, snapshot = many
    assert select(Filter(q=name + "龘" * 150), snapshot, KINDS, WORLD).total == 0


def test_names_of_units_and_chains_are_todays(snapshot_of):
    snapshot = snapshot_of([project("a", chains=("alpha",)), project("b", name="钥")], KINDS, WORLD)
    renamed = small_world()
    chain = renamed.chains.chains["alpha"]
    renamed.chains.chains["alpha"] = replace(chain, label=Label("钥匙", "Keys"))
    for word, before, after in (("钥", {"b"}, {"a", "b"}), ("keys", set(), {"a"}), (chain.label.zh, {"a"}, set())):
        for world, expected_ids in ((WORLD, before), (renamed, after)):
            found = ids(select(Filter(q=word), snapshot, KINDS, world))
            assert found == {("project", name) for name in expected_ids}


def test_a_unit_or_chain_that_the_datasets_no_longer_have_has_no_name(snapshot_of):
    snapshot = snapshot_of([project("a", county="411082", chains=("alpha",)), project("b")], KINDS, WORLD)
    smaller = small_world()
    name = smaller.boundaries.name("411082").zh
    assert ids(select(Filter(q=name), snapshot, KINDS, smaller)) == {("project", "a")}
    smaller = small_world()
    del smaller.boundaries.counties["411082"], smaller.chains.chains["alpha"]
    assert ids(select(Filter(q=name), snapshot, KINDS, smaller)) == set()


def test_chain_and_segment_ask_for_one_node(snapshot_of):
    both = project("both", chains=("alpha", "beta"), nodes=("alpha/mid", "beta/up"))
    snapshot = snapshot_of([both], KINDS, WORLD)
    count = lambda *params: select(Filter(chains=params[:1], segments=params[1:]), snapshot, KINDS, WORLD).total  # noqa: E731
    assert count("beta", "upstream") == 1
    assert count("alpha", "upstream") == 0, "the upstream node is of the other chain"
    assert count("alpha") == 1


def test_areas_are_asked_for_in_mu(snapshot_of):
    snapshot = snapshot_of([plot(str(mu), area_m2=mu * 2000 / 3) for mu in range(1, 400)], KINDS, WORLD)
    for mu in range(1, 400):
        wanted = Filter(ranges=(("area", (float(mu), float(mu))),))
        assert ids(select(wanted, snapshot, KINDS, WORLD)) == {("plot", str(mu))}


def test_a_square_metre_too_little_is_too_little(snapshot_of):
    snapshot = snapshot_of([plot("p", area_m2=199_999.0)], KINDS, WORLD)
    assert select(Filter(ranges=(("area", (300.0, None)),)), snapshot, KINDS, WORLD).total == 0
    assert select(Filter(ranges=(("area", (None, 299.99)),)), snapshot, KINDS, WORLD).total == 0
    assert select(Filter(ranges=(("area", (299.99, 300.0)),)), snapshot, KINDS, WORLD).total == 1


def test_a_county_value_may_be_the_city_that_is_all_one_knows(snapshot_of):
    snapshot = snapshot_of([project("county"), project("city", county="410800")], KINDS, WORLD)
    assert ids(select(Filter(counties=("410800",)), snapshot, KINDS, WORLD)) == {("project", "city")}
    assert select(Filter(cities=("410800",)), snapshot, KINDS, WORLD).total == 2


def test_unlocated_features_lie_where_their_county_does(snapshot_of):
    found = [project("county"), project("city", county="410800"), project("point", geometry=Point(112.9, 35.9))]
    snapshot = snapshot_of(found, KINDS, WORLD)
    at = lambda **where: {name for _, name in ids(select(Filter(**where), snapshot, KINDS, WORLD))}  # noqa: E731
    assert at(bbox=(112.1, 35.1, 112.2, 35.2)) == {"county", "city"}
    assert at(bbox=(112.1, 34.1, 112.2, 34.2)) == {"city"}
    assert at(bbox=(112.85, 35.85, 112.95, 35.95)) == {"county", "city", "point"}
    assert at(near=(112.5, 35.5, 1)) == {"county"}, "the anchor of the county"
    assert at(near=(112.5, 35.0, 1)) == {"city"}, "the anchor of the city"
    assert at(near=(112.9, 35.9, 1)) == {"point"}


def test_a_county_that_the_boundaries_no_longer_have_lies_nowhere(snapshot_of):
    snapshot = snapshot_of([project("a", county="411082"), project("b")], KINDS, WORLD)
    smaller = small_world()
    del smaller.boundaries.counties["411082"]
    for wanted in (Filter(bbox=(100, 20, 120, 40)), Filter(near=(112.5, 35, 1000))):
        assert ids(select(wanted, snapshot, KINDS, smaller)) == {("project", "b")}


def test_near_measures_kilometres(snapshot_of):
    snapshot = snapshot_of([project("p", geometry=Point(112, 35))], KINDS, WORLD)
    degree = 6371.0088 * np.pi / 180
    for lon, lat, km in ((112, 36, degree), (113, 35, degree * np.cos(np.radians(35)))):
        assert select(Filter(near=(lon, lat, km * 1.001)), snapshot, KINDS, WORLD).total == 1
        assert select(Filter(near=(lon, lat, km * 0.999)), snapshot, KINDS, WORLD).total == 0


def test_a_polygon_matches_by_its_extent(snapshot_of):
    snapshot = snapshot_of([plot("p", geometry=box(112.2, 35.2, 112.4, 35.4))], KINDS, WORLD)
    assert select(Filter(bbox=(112.39, 35.39, 112.6, 35.6)), snapshot, KINDS, WORLD).total == 1
    assert select(Filter(bbox=(112.41, 35.41, 112.6, 35.6)), snapshot, KINDS, WORLD).total == 0


def test_undated_features_match_no_year(snapshot_of):
    snapshot = snapshot_of([project("a"), project("b", as_of="2016-05")], KINDS, WORLD)
    for years in ((None, 2019), (1, None), (2016, 2016)):
        assert ids(select(Filter(years=years), snapshot, KINDS, WORLD)) == {("project", "b")}


def test_a_kind_without_the_field_does_not_match(snapshot_of):
    park = Park(id="p", name="园", county="410882", precision="county", source="s", stage="signed")
    snapshot = snapshot_of([project("a"), plot("b"), park], KINDS, WORLD)
    assert ids(select(Filter(terms=(("stage", ("signed",)),)), snapshot, KINDS, WORLD)) == {
        ("project", "a"),
        ("park", "p"),
    }
    assert ids(select(Filter(ranges=(("area", (0.0, None)),)), snapshot, KINDS, WORLD)) == {("plot", "b")}


def project(name_of, **values):
    base = {"name": "项目", "county": "410882", "precision": "county", "source": "s", "stage": "signed"}
    return Project(id=name_of, **(base | values))


def plot(name_of, **values):
    base = {"name": "地块", "county": "410882", "precision": "county", "source": "s", "status": "available"}
    return Plot(id=name_of, code=name_of, **(base | {"area_m2": 1000.0} | values))
