"""Counts beside the options: each is what a person would see who chose that option alone."""

from collections import Counter

import pytest
from filter_reference import ANY, CITY, SEGMENT, features, filters, matches, numbered
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import small_world

from geo.model import Kinds, default_kinds
from geo.model.kinds.project import Project
from geo.query.facets import facets
from geo.query.filter import Filter
from geo.query.match import select
from geo.query.parameters import parameters

WORLD = small_world()
KINDS = default_kinds()
CODES = {
    "kind": KINDS.names,
    "chain": ("alpha", "beta", "gamma"),
    "segment": ("upstream", "midstream", "downstream", "support"),
    "county": tuple(CITY),
    "city": ("410800", "411000", "419001"),
    "place": ("zone", "town"),
    "stage": ("signed", "built"),
    "target_role": ("target", "actual"),
    "enterprise_role": ("investor", "local"),
    "status": ("available", "granted"),
}


@pytest.fixture(scope="module")
def many(snapshot_of):
    """Some dozens of features of all sorts, and their snapshot."""
    found = []

    @settings(max_examples=80, derandomize=True, database=None)
    @given(features())
    def collect(feature):
        found.append(feature)

    collect()
    found = numbered(found)
    return found, snapshot_of(found, KINDS, WORLD)


def test_counts_of_everything_follow_the_declarations_and_the_datasets(many):
    _, snapshot = many
    first = facets(Filter(), snapshot, KINDS, WORLD)
    fewer = facets(Filter(), snapshot, Kinds(Project), WORLD)
    assert set(fewer.counts["kind"]) == {"project"}
    other = small_world()
    node = next(iter(SEGMENT))
    del other.chains.chains[node.split("/")[0]]
    assert facets(Filter(), snapshot, KINDS, other).counts["segment"] != first.counts["segment"]
    assert facets(Filter(), snapshot, KINDS, WORLD) == first


@settings(max_examples=60, deadline=None)
@given(filters())
def test_counts_are_those_of_brute_force(many, wanted):
    found, snapshot = many
    counted = facets(wanted, snapshot, KINDS, WORLD)
    for param, codes in CODES.items():
        rest = wanted.without("city", "county") if param == "city" else wanted
        brute = {code: sum(matches(rest.with_(param, [code]), feature, WORLD) for feature in found) for code in codes}
        assert counted.counts[param] == {code: n for code, n in brute.items() if n}, param
    dated = Counter(feature.as_of[:4] for feature in found if matches(wanted, feature, WORLD, leave_out=("year",)))
    assert counted.undated == dated.pop("", 0)
    assert counted.years == {int(year): n for year, n in dated.items()}


@settings(max_examples=60, deadline=None)
@given(filters(), st.sampled_from(sorted(CODES)))
def test_choosing_an_option_shows_what_it_promised(many, wanted, param):
    _, snapshot = many
    counted = facets(wanted, snapshot, KINDS, WORLD).counts[param]
    rest = wanted.without("city", "county") if param == "city" else wanted
    for code in CODES[param]:
        assert select(rest.with_(param, [code]), snapshot, KINDS, WORLD).total == counted.get(code, 0)


def test_every_list_parameter_has_counts(snapshot_of):
    empty = facets(Filter(), snapshot_of([], KINDS, WORLD), KINDS, WORLD)
    assert empty.counts == {param: {} for param in parameters(KINDS).lists}
    assert set(ANY) < set(empty.counts)
    assert (empty.years, empty.undated) == ({}, 0)


def test_a_feature_with_two_nodes_of_a_segment_counts_once(snapshot_of):
    twice = Project(
        id="a",
        name="a",
        county="410882",
        chains=("alpha",),
        nodes=("alpha/up", "alpha/ore"),
        precision="county",
        source="s",
        stage="signed",
    )
    counted = facets(Filter(segments=("upstream",)), snapshot_of([twice], KINDS, WORLD), KINDS, WORLD).counts
    assert counted["segment"] == {"upstream": 1}
    assert counted["chain"] == {"alpha": 1}


def test_another_city_stays_choosable(many):
    found, snapshot = many
    counted = facets(Filter(counties=("410882",), cities=("410800",)), snapshot, KINDS, WORLD).counts
    assert counted["city"] == Counter(CITY[feature.county] for feature in found)
    assert counted["county"] == Counter(f.county for f in found if CITY[f.county] == "410800")


def test_the_reference_knows_the_nodes_of_the_world():
    assert {node.id: node.segment for chain in WORLD.chains.chains.values() for node in chain.nodes} == SEGMENT
