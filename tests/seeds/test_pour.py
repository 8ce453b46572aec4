"""Pouring: every fact with its source and no more exactness than it has; again changes nothing; a person's edit stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import datasets.world
import seeds.tables
from datasets.world import World
from geo.model import default_kinds
from geo.store import Change, State, Store
from seeds.pour import UnfitFacts, features_of, pour

KINDS = default_kinds()
FACTS = seeds.tables.load()


@pytest.fixture(scope="module")
def world() -> World:
    return datasets.world.load()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.create(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield opened
    opened.close()


def test_every_row_of_every_table_becomes_a_feature(world: World) -> None:
    ids = {feature.id for feature in features_of(FACTS, KINDS, world)}
    tables = FACTS.tables()
    for name in ("projects", "parks", "events", "targets", "talks", "enterprises", "policies", "map_counts"):
        assert {row.id for row in tables[name]} <= ids, name


def test_every_feature_names_a_document_and_lines_in_it(world: World) -> None:
    counts = {document.document: document.line_count for document in FACTS.documents}
    for feature in features_of(FACTS, KINDS, world):
        document, _, lines = feature.source.partition(":")
        last = max(int(part) for span in lines.split(",") for part in span.split("-"))
        assert 1 <= last <= counts[document], feature.source


def test_what_is_known_to_a_county_or_less_has_no_point(world: World) -> None:
    for feature in features_of(FACTS, KINDS, world):
        assert (feature.geometry is None) == (feature.precision not in ("surveyed", "address")), feature.id
        if feature.county in world.boundaries.counties:
            assert feature.precision != "city", feature.id


def test_a_functional_district_is_known_as_such(world: World) -> None:
    found = {feature.id: feature for feature in features_of(FACTS, KINDS, world)}
    tower = found["jz-2020-evergrande-town"]
    assert (tower.county, tower.precision) == ("410800", "district")
    assert world.gazetteer.places[tower.place].kind == "functional_district"


def test_pouring_again_writes_nothing(store: Store, world: World) -> None:
    first = pour(store, KINDS, world, demo=True)
    assert first.changed == first.published
    assert first.demo == 38 + 68 + 35 + 48
    again = pour(store, KINDS, world, demo=True)
    assert (again.changed, again.published) == (0, first.published)


def test_without_demonstration_data_only_facts_are_left(store: Store, world: World) -> None:
    pour(store, KINDS, world, demo=True)
    after = pour(store, KINDS, world, demo=False)
    assert after.demo == 0
    assert not any(feature.demo for feature in store.published(KINDS))


def test_a_fact_that_is_said_no_more_is_withdrawn_but_not_forgotten(store: Store, world: World) -> None:
    pour(store, KINDS, world, demo=False)
    gone = FACTS.policies[0]
    pour(store, KINDS, world, demo=False, facts=replace(FACTS, policies=FACTS.policies[1:]))
    assert gone.id not in store.published_ids()
    assert [revision.state for revision in store.history(gone.id)] == [State.PUBLISHED, State.WITHDRAWN]


def test_a_persons_edit_is_not_written_over(store: Store, world: World) -> None:
    pour(store, KINDS, world, demo=False)
    revision = store.current(FACTS.projects[0].id)
    assert revision is not None
    edited = replace(revision.feature(KINDS), note="已核实")
    store.record([Change(edited, revision.number)], author="clerk", reason="checked", state=State.PUBLISHED)
    assert pour(store, KINDS, world, demo=False).changed == 0
    standing = store.current(edited.id)
    assert standing is not None
    assert standing.payload["note"] == "已核实"


def test_a_row_that_does_not_fit_is_named_and_nothing_is_written(store: Store, world: World) -> None:
    odd = dataclasses.replace(FACTS.projects[0], chains=("no-such-chain",))
    with pytest.raises(UnfitFacts) as fault:
        pour(store, KINDS, world, demo=False, facts=replace(FACTS, projects=(odd, *FACTS.projects[1:])))
    assert odd.id in fault.value.label.zh
    assert "no-such-chain" in fault.value.label.en
    assert store.is_empty()


def test_facts_from_beyond_the_map_stay_in_the_tables(store: Store, world: World) -> None:
    poured = pour(store, KINDS, world, demo=False)
    beyond = [row for row in FACTS.parks if not row.county.startswith("41")]
    assert beyond
    assert poured.outside >= len(beyond)
    assert not {row.id for row in beyond} & store.published_ids()
