"""Money: yuan only, each project once however many records tell of it, in the sum, the heat and the choropleth."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import CHANGGE, XUCHANG, only, point, project

from datasets import vocab
from geo.draw.choropleth import choropleth
from geo.draw.heat import heat
from geo.draw.investment import investments, money, signed_stages
from geo.draw.repeats import first_records
from geo.draw.totals import totals
from geo.query import selection as selections
from geo.query.selection import Selection


def test_signed_is_everything_from_signing_on():
    codes = vocab.load("stage").codes()
    assert codes[: codes.index("signed")] == ("talks", "intent", "planned")
    assert signed_stages() == set(codes[codes.index("signed") :])


@pytest.mark.parametrize(("currency", "known", "foreign"), [("CNY", 1, 0), ("USD", 0, 1), ("", 0, 0)])
def test_only_amounts_in_yuan_are_known(drawn, currency, known, foreign):
    (money,) = investments(drawn(project(amount_wan=50_000, currency=currency)))
    assert (money.known.sum(), money.foreign.sum()) == (known, foreign)
    assert known == 0 or money.wan[0] == 50_000


def counted(atlas, grid, selection):
    """What the sum, the heat and the choropleth make of a selection, in 亿元."""
    sums = choropleth(selection, atlas, "amount").values
    return totals(selection).wan / 10_000, heat(selection, atlas, grid).amount, sum(v for v in sums.values() if v)


def test_records_of_one_project_weigh_once(drawn, atlas, grid):
    selection = drawn(project(3, id="a"), project(4, id="b", same_as="a"), project(5, id="c", same_as="b"), project(1))
    assert counted(atlas, grid, selection) == (4, 4, 4)
    found = totals(selection)
    assert (found.known, found.repeated) == (2, 2)
    assert "2 条同一项目的重复记载" in heat(selection, atlas, grid).payload()["note"]
    assert "2 条同一项目的重复记载" in choropleth(selection, atlas, "amount").note
    assert choropleth(selection, atlas, "projects").values[CHANGGE] == selection.total == 4


def test_a_record_counts_where_the_one_it_repeats_is_not_selected_or_has_no_amount(drawn, atlas, grid):
    selection = drawn(
        project(3, id="a"), project(4, id="b", same_as="a"), project(id="c"), project(6, id="d", same_as="c")
    )
    assert counted(atlas, grid, only(selection.snapshot, project=["b"])) == (4, 4, 4)
    assert counted(atlas, grid, only(selection.snapshot, project=["c", "d"])) == (6, 6, 6)


def test_two_records_of_an_absent_third_weigh_once(drawn, atlas, grid):
    selection = drawn(project(3, id="a"), project(4, id="b", same_as="a"), project(4, id="c", same_as="a"))
    assert counted(atlas, grid, only(selection.snapshot, project=["b", "c"])) == (4, 4, 4)


def test_records_that_name_each_other_weigh_once(drawn, atlas, grid):
    selection = drawn(project(3, id="a", same_as="b"), project(4, id="b", same_as="a"), project(5, id="c", same_as="b"))
    assert counted(atlas, grid, selection) == (3, 3, 3)


def test_a_record_of_the_talks_does_not_hide_that_of_the_signing(drawn, atlas, grid):
    selection = drawn(project(3, id="a", stage="talks"), project(4, id="b", same_as="a", stage="signed"))
    assert heat(selection, atlas, grid).amount == 4


def test_a_repeat_is_not_added_to_its_city(drawn, atlas):
    selection = drawn(project(3, id="a", county=XUCHANG), project(3, id="b", same_as="a", county=XUCHANG))
    assert choropleth(selection, atlas).outside[XUCHANG] == {"projects": 2, "amount_wan": 30_000, "amount_known": 1}


projects = st.builds(
    lambda unit, yi, stage, same, foreign, at: (
        {"county": unit, "stage": stage, "same_as": same, "geometry": None if at is None else point(*at)}
        | ({} if yi is None else {"amount_wan": yi, "currency": "USD" if foreign else "CNY"})
    ),
    st.sampled_from([CHANGGE, XUCHANG]),
    st.none() | st.integers(1, 10**6),
    st.sampled_from(["talks", "signed", "started"]),
    st.sampled_from(["", "p0", "p1", "p2", "p5", "gone"]),
    st.booleans(),
    st.none() | st.sampled_from([(113.8, 34.1), (114.2, 34.4), (70.0, 10.0)]),
)


def first_of_each(rows, leads):
    """Of the rows of one project that which the others lead to, else the first."""
    groups = {}
    for row in rows:
        groups.setdefault(int(leads[row]), []).append(row)
    return {lead if lead in group else min(group) for lead, group in groups.items()}


@pytest.mark.parametrize("piece", [2, 1 << 16])
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(chosen=st.lists(projects, max_size=12), every=st.sampled_from([1, 2, 3, 9]))
def test_sums_in_pieces_are_those_record_by_record(drawn, atlas, grid, piece, chosen, every):
    snapshot = drawn(*(project(id=f"p{at}", **fields) for at, fields in enumerate(chosen))).snapshot
    if "project" not in snapshot.kinds:
        return
    table = snapshot.table("project")
    selection = Selection(snapshot, {"project": np.arange(table.rows) % every == 0})
    records = {row: table.record(row) for row in selection.rows("project").tolist()}
    known = [row for row, each in records.items() if each["amount_wan"] is not None and each["currency"] == "CNY"]
    leads = first_records(table)
    once = first_of_each(known, leads)
    weighs = first_of_each([row for row in known if records[row]["stage"] in signed_stages()], leads)
    with pytest.MonkeyPatch.context() as small:
        small.setattr(selections, "PIECE", piece)
        found, summed, warm = money(selection), totals(selection), heat(selection, atlas, grid)
    assert dict(zip(found.units, found.number.tolist(), strict=True)) == {
        unit: sum(each["county"] == unit for each in records.values()) for unit in found.units
    }
    assert dict(zip(found.units, found.wan.tolist(), strict=True)) == {
        unit: sum(records[row]["amount_wan"] for row in once if records[row]["county"] == unit) for unit in found.units
    }
    assert (summed.known, summed.repeated) == (len(once), len(known) - len(once))
    assert warm.projects == len(weighs)
    assert warm.amount == pytest.approx(sum(records[row]["amount_wan"] for row in weighs) / 10_000, rel=1e-12)
    assert warm.density.sum() * grid.cell_km2 == pytest.approx(warm.amount, rel=1e-9)
