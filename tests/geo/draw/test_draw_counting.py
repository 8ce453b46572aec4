"""Counting by unit a piece of the rows at a time gives what counting record by record gives."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import CHANGGE, JIAOZUO, JIYUAN, QINYANG, XUCHANG, YUZHOU, made, point

from geo.draw.counting import count_by_unit, in_cities
from geo.draw.places import point_of
from geo.query import selection as selections
from geo.query.selection import Selection

CHAINS = ("nev", "superhard-materials", "chemical-materials", "no-such-chain")

features = st.builds(
    lambda kind, unit, place, located, chains, demo: made(
        kind,
        county=unit,
        place=place,
        chains=list(chains),
        demo=demo,
        geometry=point(113.75, 34.15) if located else None,
    ),
    st.sampled_from(["project", "park", "plot"]),
    st.sampled_from([CHANGGE, YUZHOU, QINYANG, JIYUAN, XUCHANG, JIAOZUO]),
    st.sampled_from(["", "town", "zone", "seat", "lost"]),
    st.booleans(),
    st.lists(st.sampled_from(CHAINS), max_size=3, unique=True),
    st.booleans(),
)


def one_by_one(selection, world, group_of):
    """{(group, what, name): how many}, record by record."""
    found = Counter()
    known = world.chains.chains
    for kind in selection.kinds:
        table = selection.snapshot.table(kind)
        for row in selection.rows(kind).tolist():
            record = table.record(row)
            group = group_of(record, row < table.located)
            if group is None:
                continue
            first = record["chains"][0] if record["chains"] else None
            found[group, "kind", kind] += 1
            found[group, "cluster", known[first].cluster if first in known else ""] += 1
            found[group, "demo", ""] += record["demo"]
            for chain in record["chains"]:
                found[group, "chain", chain] += 1
    return +found


def as_pairs(counted):
    found = Counter()
    for at, group in enumerate((*counted.units, *counted.places)):
        for what, names in (("kind", counted.kinds), ("cluster", counted.clusters), ("chain", counted.chains)):
            for name, n in zip(names, getattr(counted, what)[at].tolist(), strict=True):
                found[group, what, name] += n
        found[group, "demo", ""] += int(counted.demo[at])
    return +found


@pytest.mark.parametrize("piece", [3, 1 << 16])
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(chosen=st.lists(features, max_size=25), every=st.sampled_from([1, 2, 9]))
def test_units_places_and_cities_are_counted_as_record_by_record(drawn, atlas, piece, chosen, every):
    snapshot = drawn(*chosen).snapshot
    masks = {kind: np.arange(snapshot.table(kind).rows) % every == 0 for kind in snapshot.kinds}

    def placed(record, located):
        if located:
            return None
        return record["place"] if point_of(atlas, record["place"]) else record["county"]

    with pytest.MonkeyPatch.context() as small:
        small.setattr(selections, "PIECE", piece)
        selection = Selection(snapshot, masks)
        units = count_by_unit(selection, atlas)
        assert as_pairs(units) == one_by_one(selection, atlas, lambda record, _: record["county"])
        assert as_pairs(in_cities(units, atlas)) == one_by_one(selection, atlas, lambda record, _: record["city"])
        apart = count_by_unit(selection, atlas, unlocated=True)
        assert as_pairs(apart) == one_by_one(selection, atlas, placed)
        assert units.number.sum() == selection.total


@given(rows=st.integers(0, 40), wanted=st.sets(st.integers(0, 39)), first=st.integers(0, 45), listed=st.booleans())
def test_pieces_are_the_chosen_rows_in_order(rows, wanted, first, listed):
    own = np.array(sorted(row for row in wanted if row < rows), np.intp)
    mask = np.zeros(rows, bool)
    mask[own] = True
    chosen = selections.Rows(rows, listed=own) if listed else selections.Rows(rows, mask=mask)
    with pytest.MonkeyPatch.context() as small:
        small.setattr(selections, "PIECE", 4)
        pieces = [np.arange(rows)[at].tolist() for at in chosen.pieces(first)]
    assert [row for piece in pieces for row in piece] == [row for row in own.tolist() if row >= first]
    assert all(0 < len(piece) <= 4 for piece in pieces)
    assert [row for at in selections.Rows(rows).pieces(first) for row in range(rows)[at]] == list(range(first, rows))
