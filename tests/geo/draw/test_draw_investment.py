"""Money: yuan only, each project once however many records tell of it, in the sum, the heat and the choropleth."""

import pytest
from made import CHANGGE, XUCHANG, only, project

from datasets import vocab
from geo.draw.choropleth import choropleth
from geo.draw.heat import heat
from geo.draw.investment import investments, signed_stages
from geo.draw.totals import totals


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
