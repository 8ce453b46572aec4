"""What CQL2 means where a value is missing or known only roughly, and what the standard's own words say of operators."""

from __future__ import annotations

from typing import Any

import pytest

from geo.crs.ogc import CRS84, offered
from geo.model.kinds.project import Project
from geo.publish import Table
from geo.query import cql2

CRS = offered((112.0, 34.0, 114.0, 36.0))[CRS84]
DATES = {"year": "2022", "quarter": "2022-Q2", "month": "2022-05", "day": "2022-05-10", "none": ""}


def project(own_id: str, **more: object) -> Project:
    least = {"county": "410882", "precision": "county", "source": "t", "stage": "signed", "name": own_id}
    return Project.from_row({"id": own_id, **least, **more})


@pytest.fixture(scope="module")
def dated(snapshot_of: Any, tiny: Any) -> Table:
    return snapshot_of([project(name, as_of=day) for name, day in DATES.items()], world=tiny).table("project")


def verdicts(table: Table, text: str) -> tuple[set[str], set[str]]:
    """The ids for which a filter is true, and those for which it is false; of the others it is unknown."""
    found = cql2.evaluate(cql2.read_text(text), table, Project, CRS)
    names = [str(table.column("id")[row]) for row in range(table.rows)]
    assert not (found.yes & found.no).any()
    return tuple({name for name, is_so in zip(names, side, strict=True) if is_so} for side in (found.yes, found.no))


ALL = {"year", "quarter", "month", "day"}


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        ("as_of < DATE('2022-05-11')", {"day"}, set()),
        ("as_of < DATE('2022-05-10')", set(), {"day"}),
        ("as_of <= DATE('2022-05-10')", {"day"}, set()),
        ("as_of < DATE('2022-06-01')", {"month", "day"}, set()),
        ("as_of < DATE('2022-05-01')", set(), {"month", "day"}),
        ("as_of <= DATE('2022-06-30')", {"quarter", "month", "day"}, set()),
        ("as_of <= DATE('2022-06-29')", {"month", "day"}, set()),
        ("as_of > DATE('2022-03-31')", {"quarter", "month", "day"}, set()),
        ("as_of >= DATE('2022-04-01')", {"quarter", "month", "day"}, set()),
        ("as_of > DATE('2022-12-31')", set(), ALL),
        ("as_of >= DATE('2022-01-01')", ALL, set()),
        ("as_of = DATE('2022-05-10')", {"day"}, set()),
        ("as_of <> DATE('2022-05-10')", set(), {"day"}),
        ("as_of = DATE('2022-08-01')", set(), {"quarter", "month", "day"}),
        ("as_of = '2022-05-10'", {"day"}, set()),
        ("as_of BETWEEN DATE('2022-05-01') AND DATE('2022-05-31')", {"month", "day"}, set()),
        ("as_of IN (DATE('2022-05-10'), DATE('2023-01-01'))", {"day"}, set()),
        ("as_of > TIMESTAMP('2022-05-10T12:00:00Z')", set(), set()),
        ("as_of > TIMESTAMP('2022-05-09T23:59:59Z')", {"day"}, set()),
        ("as_of < TIMESTAMP('2022-05-11T08:00:00+08:00')", {"day"}, set()),
        ("as_of < TIMESTAMP('2022-05-11T07:59:59+08:00')", set(), set()),
        ("as_of IS NULL", {"none"}, ALL),
        ("as_of = as_of", {"day"}, set()),
        ("T_INTERSECTS(as_of, DATE('2022-05-10'))", ALL, set()),
        ("T_INTERSECTS(as_of, DATE('2022-07-01'))", {"year"}, {"quarter", "month", "day"}),
        ("T_DURING(as_of, INTERVAL('2022-03-31','2022-07-01'))", {"quarter", "month", "day"}, {"year"}),
        ("T_DURING(as_of, INTERVAL('2022-04-01','2022-07-01'))", {"month", "day"}, {"year", "quarter"}),
        ("T_AFTER(as_of, INTERVAL('..','2022-03-31'))", {"quarter", "month", "day"}, {"year"}),
        ("T_EQUALS(as_of, INTERVAL('2022-04-01','2022-06-30'))", {"quarter"}, {"year", "month", "day"}),
        ("T_STARTS(as_of, INTERVAL('2022-05-01','2022-05-31'))", set(), ALL),
        # An interval from a row's own date is none, neither true nor false, where it would end before it begins.
        ("T_BEFORE(INTERVAL(as_of,'2022-05-15'), DATE('2022-06-01'))", ALL, set()),
        ("T_BEFORE(INTERVAL(as_of,'2022-05-09'), DATE('2022-06-01'))", {"year", "quarter", "month"}, set()),
        ("T_AFTER(DATE('2022-06-01'), INTERVAL(as_of,'2022-01-01'))", {"year"}, set()),
        ("T_STARTS(as_of, INTERVAL('2022-05-01','2022-06-30'))", {"month"}, {"year", "quarter", "day"}),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(dated: Table, condition: str, true: set[str], false: set[str]) -> None:
    found = verdicts(dated, condition)
    if condition.startswith("as_of"):
        # Where only some are named the others must be unknown or are told by the ones that are named.
        assert found[0] == true, condition
        assert false <= found[1], condition
        assert ("none" in found[0] | found[1]) == ("NULL" in condition)
    else:
        assert found == (true, false), condition


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        ("as_of < DATE('2022-05-10')", set(), {"day"}),
        ("as_of = DATE('2022-08-01')", set(), {"quarter", "month", "day"}),
        ("as_of <= DATE('2022-06-29')", {"month", "day"}, set()),
        ("NOT as_of <= DATE('2022-06-29')", set(), {"month", "day"}),
        ("as_of > TIMESTAMP('2022-05-10T12:00:00Z')", set(), set()),
        ("as_of <= DATE('2022-06-29') OR TRUE", {*ALL, "none"}, set()),
        ("as_of <= DATE('2022-06-29') AND FALSE", set(), {*ALL, "none"}),
    ],
)
def test_what_cannot_be_told_is_unknown(dated: Table, condition: str, true: set[str], false: set[str]) -> None:
    assert verdicts(dated, condition) == (true, false)


@pytest.fixture(scope="module")
def sparse(snapshot_of: Any, tiny: Any) -> Table:
    some = [
        project("full", amount_wan=100, amount_min_wan=50, investor="Café Ltd", chains=["alpha", "beta"], demo=True),
        project("nil", amount_wan=0, investor="CAFE LTD", chains=["alpha"]),
        project("none"),
    ]
    return snapshot_of(some, world=tiny).table("project")


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        ("amount_wan > 50", {"full"}, {"nil"}),
        ("NOT amount_wan > 50", {"nil"}, {"full"}),
        ("amount_wan > 50 OR amount_wan IS NULL", {"full", "none"}, {"nil"}),
        ("amount_wan / amount_min_wan = 2", {"full"}, set()),
        ("amount_min_wan / amount_wan < 1", {"full"}, set()),
        ("amount_wan BETWEEN 0 AND 100", {"full", "nil"}, set()),
        ("amount_wan NOT IN (0, 1)", {"full"}, {"nil"}),
        ("amount_wan % 7 = 2", {"full"}, {"nil"}),
        ("-amount_wan DIV 7 = -14", {"full"}, {"nil"}),
        ("investor = ''", set(), {"full", "nil"}),
        ("investor IS NULL", {"none"}, {"full", "nil"}),
        ("CASEI(investor) = CASEI('CAFÉ LTD')", {"full"}, {"nil"}),
        ("ACCENTI(CASEI(investor)) = 'cafe ltd'", {"full", "nil"}, set()),
        ("investor LIKE 'Caf_ %'", {"full"}, {"nil"}),
        ("investor < 'Caf'", {"nil"}, {"full"}),
        ("A_CONTAINS(chains, ('alpha','beta'))", {"full"}, {"nil", "none"}),
        ("A_CONTAINEDBY(chains, ('alpha'))", {"nil", "none"}, {"full"}),
        ("A_OVERLAPS(('beta','gamma'), chains)", {"full"}, {"nil", "none"}),
        ("A_EQUALS(chains, ('beta','alpha'))", {"full"}, {"nil", "none"}),
        ("demo", {"full"}, {"nil", "none"}),
        ("demo = FALSE", {"nil", "none"}, {"full"}),
        ("geometry IS NULL", {"full", "nil", "none"}, set()),
        ("S_INTERSECTS(geometry, BBOX(-180,-90,180,90))", set(), set()),
        ("S_DISJOINT(geometry, POINT(0 0))", set(), set()),
        ("S_WITHIN(POINT(1 1), BBOX(0,0,2,2))", {"full", "nil", "none"}, set()),
        ("TRUE", {"full", "nil", "none"}, set()),
    ],
)
def test_missing_values_make_a_condition_unknown(
    sparse: Table, condition: str, true: set[str], false: set[str]
) -> None:
    assert verdicts(sparse, condition) == (true, false)
