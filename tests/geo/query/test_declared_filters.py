"""A kind that is declared here and nowhere else is filtered, counted and sorted by its own fields."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import pytest
from small_world import small_world

from datasets.labels import Label
from geo.model import Feature, Kinds, default_kinds
from geo.model.fields import Area, Codes, Flag, Number, Term, Text
from geo.query.facets import facets
from geo.query.faults import BadParameters
from geo.query.filter import Filter
from geo.query.match import select
from geo.query.page import page
from geo.query.parameters import DeclarationError, parameters

WORLD = small_world()
NAME = Label("名", "Name")


@dataclass(frozen=True, kw_only=True)
class Factory(Feature):
    kind: ClassVar[str] = "factory"
    title: ClassVar[Label] = Label("厂房", "Factory")
    order: ClassVar[int] = 35

    condition: Annotated[str, Term(label=NAME, vocabulary="park_level", filter="any", param="owner")] = ""
    height_cm: Annotated[
        float | None, Number(label=NAME, filter="range", param="height", param_scale=100, listed=True)
    ] = None
    vacant: Annotated[bool, Flag(label=NAME, filter="any")] = False
    serves: Annotated[tuple[str, ...], Codes(label=NAME, of="chain", filter="any")] = ()
    area_m2: Annotated[float | None, Area(label=NAME, filter="range", param="area")] = None


KINDS = default_kinds().plus(Factory)


def factory(ident, **values):
    return Factory(id=ident, name=ident, county="410882", precision="county", source="s", **values)


@pytest.fixture(scope="module")
def snapshot(snapshot_of):
    made = [
        factory("a", condition="national", height_cm=450.0, vacant=True, serves=("alpha", "beta"), area_m2=2000.0),
        factory("b", condition="county", height_cm=1200.0, serves=("beta",)),
        factory("c"),
    ]
    return snapshot_of(made, KINDS, WORLD)


def chosen(snapshot, *pairs):
    selection = select(Filter.parse(pairs, KINDS, WORLD), snapshot, KINDS, WORLD)
    column = snapshot.table("factory").column("id")
    assert selection.total == selection.count("factory")
    return "".join(column[row] for row in selection.rows("factory"))


def test_its_fields_filter(snapshot):
    assert chosen(snapshot, ("kind", "factory")) == "abc"
    assert chosen(snapshot, ("owner", "national,provincial")) == "a"
    assert chosen(snapshot, ("height_min", "4.5")) == "ab"
    assert chosen(snapshot, ("height_min", "4.6"), ("height_max", "12")) == "b"
    assert chosen(snapshot, ("vacant", "true")) == "a"
    assert chosen(snapshot, ("vacant", "false")) == "bc"
    assert chosen(snapshot, ("serves", "beta")) == "ab"
    assert chosen(snapshot, ("area_max", "3")) == "a"


def test_its_fields_are_counted(snapshot):
    counts = facets(Filter.parse([("height_min", "1")], KINDS, WORLD), snapshot, KINDS, WORLD).counts
    assert counts["owner"] == {"county": 1, "national": 1}
    assert counts["vacant"] == {"true": 1, "false": 1}
    assert counts["serves"] == {"alpha": 1, "beta": 2}
    assert counts["kind"] == {"factory": 2}


def test_its_fields_sort(snapshot):
    selection = select(Filter(), snapshot, KINDS, WORLD)
    column = snapshot.table("factory").column("id")
    assert "".join(column[row] for _, row in page(selection, KINDS, "-height_cm").rows) == "bac"
    assert "".join(column[row] for _, row in page(selection, KINDS).rows) == "bac"


def test_its_codes_are_checked(snapshot):
    pairs = [("owner", "king"), ("vacant", "maybe"), ("serves", "nylon"), ("height", "3")]
    with pytest.raises(BadParameters) as caught:
        Filter.parse(pairs, KINDS, WORLD)
    assert [(fault.param, fault.value) for fault in caught.value.faults] == [pairs[3], *pairs[:3]]


def test_without_the_kind_its_parameters_are_unknown():
    with pytest.raises(BadParameters, match="owner"):
        Filter.parse([("owner", "national")], default_kinds(), WORLD)


def test_an_older_snapshot_without_the_column_matches_nothing(snapshot_of):
    @dataclass(frozen=True, kw_only=True)
    class Old(Feature):
        kind: ClassVar[str] = "factory"

    old = Old(id="a", name="a", county="410882", precision="county", source="s")
    snapshot = snapshot_of([old], Kinds(Old), WORLD)
    assert chosen(snapshot, ("kind", "factory")) == "a"
    assert chosen(snapshot, ("owner", "national")) == ""
    assert chosen(snapshot, ("height_min", "0")) == ""
    assert facets(Filter(), snapshot, KINDS, WORLD).counts["owner"] == {}
    assert page(select(Filter(), snapshot, KINDS, WORLD), KINDS, "height_cm").total == 1


def kind_with(field, annotation=str, kind="other", attribute="thing"):
    body = {
        "__annotations__": {attribute: Annotated[annotation, field]},
        attribute: None,
        "kind": kind,
        "__module__": __name__,
    }
    return dataclass(frozen=True, kw_only=True)(type("Other", (Feature,), body))


@pytest.mark.parametrize(
    ("field", "says"),
    [
        (Number(label=NAME, filter="range", param="height"), "share the filter parameter 'height'"),
        (Area(label=NAME, filter="range", param="height", param_scale=100), "not its meaning"),
        (Term(label=NAME, vocabulary="precision", filter="any", param="owner"), "share the filter parameter 'owner'"),
        (Codes(label=NAME, of="node", filter="any", param="serves"), "share the filter parameter 'serves'"),
        (Codes(label=NAME, of="chain", filter="any", param="owner"), "share the filter parameter 'owner'"),
        (Number(label=NAME, filter="range", param="owner"), "a list of codes and a range"),
        (Term(label=NAME, vocabulary="stage", filter="any", param="chain"), "cannot be called 'chain'"),
        (Term(label=NAME, vocabulary="stage", filter="any", param="x_min"), "cannot be called 'x_min'"),
        (Number(label=NAME, filter="any"), "needs codes"),
        (Text(label=NAME, filter="any"), "needs codes"),
        (Text(label=NAME, filter="range"), "needs a number"),
        (Text(label=NAME, filter="years"), "only 'as_of'"),
    ],
)
def test_declarations_that_cannot_live_together_are_refused(field, says):
    with pytest.raises(DeclarationError, match=says):
        parameters(KINDS.plus(kind_with(field)))


def test_declarations_that_agree_share_a_parameter():
    agreed = parameters(KINDS.plus(kind_with(Term(label=NAME, vocabulary="park_level", filter="any", param="owner"))))
    assert agreed.any["owner"].fields == {"factory": "condition", "other": "thing"}


def test_the_declared_kinds_agree():
    found = parameters(default_kinds())
    assert {"place", "stage", "status", "level", "park_type", "land_use", "form", "event_type", "policy_type"} <= set(
        found.any
    )
    assert set(found.ranges) == {"area", "amount", "price"}
    assert found.ranges["amount"].fields.keys() == {"project", "park", "opportunity", "event"}


@dataclass(frozen=True, kw_only=True)
class Lease(Feature):
    kind: ClassVar[str] = "lease"
    status: Annotated[str, Term(label=NAME, vocabulary="plot_status", filter="any", param="stage")] = ""


def test_a_parameter_shared_by_two_vocabularies_takes_the_codes_of_both():
    found = Filter.parse([("stage", "granted,signed")], default_kinds().plus(Lease), WORLD)
    assert found.terms == (("stage", ("granted", "signed")),)
