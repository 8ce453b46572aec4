"""The filter and its query string: a round trip, canonical form, and every fault named."""

import string
from urllib.parse import parse_qsl

import pytest
from filter_reference import filters
from hypothesis import given
from hypothesis import strategies as st
from small_world import small_world

from geo.model import default_kinds
from geo.query.faults import BadParameters
from geo.query.filter import Filter
from geo.query.parameters import parameters

WORLD = small_world()
KINDS = default_kinds()


def parse(query, allowed=()):
    return Filter.parse(parse_qsl(query, keep_blank_values=True), KINDS, WORLD, allowed)


def faults(query, allowed=()):
    with pytest.raises(BadParameters) as caught:
        parse(query, allowed)
    return {(fault.param, fault.value): fault.message for fault in caught.value.faults}


def test_a_query_becomes_a_filter():
    found = parse(
        "kind=plot,park&kind=park&chain=alpha&segment=upstream&county=410882&city=410800&year_from=2015&year_to=2019"
        "&q=+尼龙++66&bbox=112,34.5,113,35&near=112.5,35,20&stage=signed&area_min=10&area_max=200.5&amount_max=1e3"
    )
    assert found == Filter(
        kinds=("park", "plot"),
        chains=("alpha",),
        segments=("upstream",),
        counties=("410882",),
        cities=("410800",),
        years=(2015, 2019),
        q="尼龙 66",
        bbox=(112, 34.5, 113, 35),
        near=(112.5, 35, 20),
        terms=(("stage", ("signed",)),),
        ranges=(("amount", (None, 1000.0)), ("area", (10.0, 200.5))),
    )
    assert found.query_string() == (
        "amount_max=1000&area_max=200.5&area_min=10&bbox=112,34.5,113,35&chain=alpha&city=410800&county=410882"
        "&kind=park,plot&near=112.5,35,20&q=%E5%B0%BC%E9%BE%99+66&segment=upstream&stage=signed&year_from=2015&year_to=2019"
    )


def test_empty_values_of_a_form_count_as_absent():
    assert parse("kind=&q=&area_min=&year_from=+&bbox=&chain=,") == Filter()
    assert Filter().query() == []


@given(filters())
def test_parse_undoes_query(wanted):
    assert Filter.parse(wanted.query(), KINDS, WORLD) == wanted
    assert parse(wanted.query_string()) == wanted


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(-180, 180), st.floats(-90, 90), st.floats(1e-9, 1e5))
def test_numbers_survive_to_the_last_bit(bound, lon, lat, km):
    wanted = Filter(near=(lon, lat, km), ranges=(("price", (bound, None)),))
    assert Filter.parse(wanted.query(), KINDS, WORLD) == wanted


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for(text):
    encodable = text.encode("utf-8", "replace").decode()
    wanted = Filter(q=encodable)
    assert Filter.parse(wanted.query(), KINDS, WORLD) == wanted
    assert Filter.parse(wanted.query(), KINDS, WORLD).query() == wanted.query()


@given(st.lists(st.tuples(st.sampled_from([*parameters(KINDS).names, "x"]), st.text(string.printable, max_size=20))))
def test_no_query_breaks_the_reader(pairs):
    try:
        found = Filter.parse(pairs, KINDS, WORLD)
    except BadParameters as error:
        assert error.faults
        assert all(fault.message.zh and fault.message.en for fault in error.faults)
    else:
        assert Filter.parse(found.query(), KINDS, WORLD) == found


def test_a_number_has_one_spelling():
    assert parse("area_min=-0").query() == parse("area_min=0.0").query() == [("area_min", "0")]
    assert parse("price_max=1e2").query() == parse("price_max=100").query() == [("price_max", "100")]


def test_order_and_repetition_do_not_matter():
    one, other = parse("chain=beta&chain=alpha,beta&kind=plot"), parse("kind=plot&chain=alpha,beta")
    assert one == other
    assert hash(one) == hash(other)


@pytest.mark.parametrize(
    ("query", "param", "value", "says"),
    [
        ("kinds=plot", "kinds", "plot", "did you mean 'kind'"),
        ("area=5", "area", "5", "area_m"),
        ("kind=plott", "kind", "plott", "did you mean 'plot'"),
        ("chain=alpha,alfa", "chain", "alfa", "did you mean 'alpha' (Nylon)"),
        ("chain=尼龙", "chain", "尼龙", "did you mean 'alpha'"),
        ("segment=up", "segment", "up", "upstream, midstream, downstream, support"),
        ("county=999999", "county", "999999", "no value"),
        ("city=410882", "city", "410882", "no value"),
        ("place=nowhere", "place", "nowhere", "known are zone, town"),
        ("stage=sined", "stage", "sined", "did you mean 'signed'"),
        ("area_min=ten", "area_min", "ten", "a number"),
        ("area_min=nan", "area_min", "nan", "a number"),
        ("area_max=inf", "area_max", "inf", "a number"),
        ("area_max=1_0", "area_max", "1_0", "a number"),
        ("amount_min=9&amount_max=8", "amount_min", "9", "more than amount_max (8)"),
        ("year_from=19", "year_from", "19", "four digits"),
        ("year_to=2019-01", "year_to", "2019-01", "four digits"),
        ("year_from=2019&year_to=2018", "year_from", "2019", "more than year_to"),
        ("bbox=1,2,3", "bbox", "1,2,3", "west,south,east,north"),
        ("bbox=1,2,3,x", "bbox", "1,2,3,x", "west,south,east,north"),
        ("bbox=1,2,3,nan", "bbox", "1,2,3,nan", "west,south,east,north"),
        ("bbox=1,2,181,3", "bbox", "1,2,181,3", "±180"),
        ("bbox=1,-91,2,3", "bbox", "1,-91,2,3", "±90"),
        ("bbox=1,4,2,3", "bbox", "1,4,2,3", "south is above north"),
        ("bbox=170,2,-170,3", "bbox", "170,2,-170,3", "antimeridian"),
        ("near=112,35", "near", "112,35", "lon,lat,km"),
        ("near=35,112,5", "near", "35,112,5", "±90"),
        ("near=112,35,0", "near", "112,35,0", "more than 0 km"),
        ("q=" + "a" * 201, "q", "a" * 201, "at most 200"),
        ("q=a&q=b", "q", "b", "may stand once, not 2"),
        ("year_from=2015&year_from=2015", "year_from", "2015", "may stand once"),
        ("area_min=1&area_min=2", "area_min", "2", "may stand once"),
    ],
)
def test_one_fault_is_named(query, param, value, says):
    found = faults(query)
    assert list(found) == [(param, value)]
    assert says in found[param, value].en
    assert found[param, value].zh


def test_all_faults_are_named_at_once():
    found = faults("kind=x&colour=red&area_min=a&bbox=1&stage=nope,signed&year_from=20&sort=name", allowed=("lang",))
    assert {param for param, _ in found} == {"kind", "colour", "area_min", "bbox", "stage", "year_from", "sort"}


def test_a_callers_own_parameters_pass():
    assert parse("lang=en&limit=abc&chain=alpha", allowed=("lang", "limit")) == Filter(chains=("alpha",))


def test_a_city_is_a_value_of_county():
    assert parse("county=410800").counties == ("410800",)
    assert parse("county=419001&city=419001").cities == ("419001",)


def test_long_values_are_cut_in_the_message_only():
    found = faults("chain=" + "x" * 5000)
    assert len(found["chain", "x" * 5000].en) < 200


@given(filters())
def test_chips_take_single_conditions_away(wanted):
    rest = wanted
    for param, value in wanted.active():
        smaller = rest.minus(param, value)
        assert (param, value) not in smaller.active()
        assert len(smaller.active()) == len(rest.active()) - 1
        rest = smaller
    assert rest == Filter()


@given(filters())
def test_without_and_with_change_one_parameter_only(wanted):
    names = {param for param, _ in wanted.query()}
    for param, text in wanted.query():
        less = wanted.without(param)
        assert {name for name, _ in less.query()} == names - {param}
        assert less.with_(param, [text]) == wanted


def test_with_replaces():
    wanted = Filter(chains=("alpha",), q="a, b")
    assert wanted.with_("chain", ["beta", "gamma"]) == Filter(chains=("beta", "gamma"), q="a, b")
    assert wanted.with_("area_min", ["5"]).ranges == (("area", (5.0, None)),)
    assert wanted.with_("q", []) == Filter(chains=("alpha",))
    with pytest.raises(BadParameters):
        wanted.with_("near", ["here"])


def test_every_code_of_the_real_world_can_be_asked_for(world):
    wanted = Filter(
        chains=tuple(world.chains.chains),
        counties=(*world.boundaries.counties, *world.boundaries.cities),
        cities=tuple(world.boundaries.cities),
        terms=(("place", tuple(world.gazetteer.places)),),
    )
    assert wanted.terms
    assert Filter.parse(wanted.query(), KINDS, world) == wanted
    assert parse_qsl(wanted.query_string()) == wanted.query()
