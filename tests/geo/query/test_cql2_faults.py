"""What a CQL2 filter cannot say is told with its place, in both languages; nothing that is sent ends the process."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from cql2_reference import features

from geo.crs.ogc import CRS84, EPSG, offered
from geo.model.kinds.project import Project
from geo.publish import Table
from geo.query import cql2
from geo.query.cql2.texts import matcher

OFFERED = offered((112.0, 34.0, 114.0, 36.0))


@pytest.fixture(scope="module")
def table(snapshot_of: Any, tiny: Any) -> Table:
    return snapshot_of(features(20), world=tiny).table("project")


def fault_of(table: Table, text: str, *, as_json: bool = False, crs: str = CRS84) -> cql2.Cql2Fault:
    """The fault of a filter; fails where it has none."""
    with pytest.raises(cql2.Cql2Fault) as caught:
        cql2.evaluate((cql2.read_json if as_json else cql2.read_text)(text), table, Project, OFFERED[crs])
    assert caught.value.label.zh
    assert caught.value.label.en
    return caught.value


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("", 0, "empty"),
        ("amount_wan >", 12, "property"),
        ("amount_wan == 1", 12, "property"),
        ("amount_wan = 1 AND", 18, "property"),
        ("(amount_wan = 1", 15, "AND"),
        ("amount_wan = 1)", 14, "the end"),
        ("amount_wan = 1; DROP TABLE revisions", 14, "the end"),
        ("demo = true\nAND amount_wan >", 28, "property"),
        ("name = 'a' AND nmae = 'b'", 15, "did you mean 'name'"),
        ("名字 = '长葛'", 0, "no property"),
        ("foo(name) = 'x'", 0, "no operator or function 'foo'"),
        ("demo = true AND amount_wan = 'x'", 16, "cannot be compared"),
        ("county = 410882", 0, "a text cannot be compared with a number"),
        ("name LIKE name_en", 10, "pattern"),
        ("name + 1 > 2", 0, "a number is expected"),
        ("as_of > DATE('2022-13-45')", 13, "2022-13-45"),
        ("T_DURING(as_of, DATE('2022-01-01'))", 21, "INTERVAL"),
        ("T_DURING(as_of, INTERVAL('2023-01-01','2022-01-01'))", 25, "begins after it ends"),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", 32, "not valid"),
        ("S_INTERSECTS(name, POINT(113 34))", 13, "a geometry is expected"),
        ("S_INTERSECTS(geometry, POINT(200 34))", 29, "200"),
        ("S_INTERSECTS(geometry, BBOX(3,2,1,0))", 28, "minimum"),
        ("A_CONTAINS(name, ('x','y'))", 11, "list of codes"),
        ("chains = 'nylon'", 0, "a list of codes cannot be compared"),
        ("amount_wan = NULL", 0, "IS NULL"),
        ("amount_wan", 0, "a condition is expected"),
        ("amount_wan > 1e400", 13, "too large"),
        ("CASEI(name, name) = 'x'", 0, "number of arguments"),
        ("demo > true", 0, "cannot be compared by >"),
    ],
)
def test_the_place_of_a_fault_in_text(table: Table, text: str, offset: int, words: str) -> None:
    fault = fault_of(table, text)
    assert words in fault.label.en
    assert fault.spot.offset == offset
    assert fault.spot.line == text[:offset].count("\n") + 1
    assert fault.spot.column == offset - (text[:offset].rfind("\n") + 1) + 1


@pytest.mark.parametrize(
    ("node", "pointer", "words"),
    [
        ({"op": "and", "args": [True, {"op": "=", "args": [{"property": "nmae"}, "x"]}]}, "/args/1/args/0", "name"),
        ({"op": "=", "args": [{"property": "name"}]}, "", "number of arguments"),
        ({"op": "=", "args": 3}, "", "number of arguments"),
        ({"op": "exec", "args": [1]}, "/op", "exec"),
        ({"op": ["x"], "args": []}, "/op", "no operator"),
        ({"foo": 1}, "", "no operation"),
        ({"op": "in", "args": [{"property": "name"}, []]}, "/args/1", "list"),
        ({"op": "in", "args": [{"property": "name"}, ["a", 1]]}, "/args/1/1", "cannot be compared"),
        ({"op": "s_within", "args": [{"property": "geometry"}, {"bbox": [1, 2]}]}, "/args/1", "four numbers"),
        ({"op": "s_within", "args": [{"property": "geometry"}, {"type": "Point"}]}, "/args/1", "malformed"),
        (
            {"op": "t_during", "args": [{"property": "as_of"}, {"interval": ["2022-01-01", "soon"]}]},
            "/args/1/interval/1",
            "soon",
        ),
        ({"op": "=", "args": [{"property": 7}, 1]}, "/args/0/property", "property's name"),
        (None, "", "NULL"),
        ([1], "/0", "texts"),
    ],
)
def test_the_place_of_a_fault_in_json(table: Table, node: Any, pointer: str, words: str) -> None:
    fault = fault_of(table, json.dumps(node), as_json=True)
    assert words in fault.label.en
    assert fault.spot.members() == {"pointer": pointer}


@pytest.mark.parametrize(("text", "offset"), [("{", 1), ('{"op": ', 7), ("nonsense", 0), ('{"op": NaN}', 0)])
def test_what_is_no_json(table: Table, text: str, offset: int) -> None:
    assert fault_of(table, text, as_json=True).spot.offset == offset


DEEP = [
    "(" * 4000,
    "(" * 3900 + "demo",
    "NOT " * 1900 + "demo",
    "-" * 7000 + "amount_wan = 1",
    "+".join(["amount_wan"] * 700) + " = 1",
    "^".join(["amount_wan"] * 700) + " = 1",
    " AND ".join(["demo"] * 1000),
    "CASEI(" * 1000 + "name" + ")" * 1000 + " = 'x'",
    "A_CONTAINS(chains, " + "(" * 3000 + "'x'" + ")" * 3000 + ")",
    "demo = true OR " * 400 + "demo",
    "x" * 9000,
    "name = '\udc80'",
    "name = 'a\x00b'",
]


@pytest.mark.parametrize("text", DEEP, ids=range(len(DEEP)))
def test_what_would_exhaust_the_stack_is_refused_first(table: Table, text: str) -> None:
    fault_of(table, text)


@pytest.mark.parametrize("text", ["[" * 5000, '{"args":' * 900, '{"op":"not","args":[' * 300 + "true" + "]}" * 300])
def test_deep_json_is_refused(table: Table, text: str) -> None:
    fault_of(table, text, as_json=True)


ALLOWED = [
    "(" * 32 + "demo = true" + ")" * 32,
    "NOT " * 32 + "demo",
    "-" * 31 + "amount_wan = 1",
    "^".join(["amount_wan"] * 32) + " = 1",
    " AND ".join(["demo = true"] * 257),
    "(NOT " * 32 + "demo" + ")" * 32,
    "amount_wan IN (" + ",".join(["1.5"] * 1900) + ")",
]


def test_what_is_just_allowed_needs_little_stack() -> None:
    """A thread of a web server may have a small one; the parser is in native code, where its end is the process's."""
    previous = threading.stack_size(512 * 1024)
    read: list[Any] = []
    try:
        for text in ALLOWED:
            thread = threading.Thread(target=lambda text=text: read.append(cql2.read_text(text)))
            thread.start()
            thread.join()
    finally:
        threading.stack_size(previous)
    assert len(read) == len(ALLOWED)


def test_coordinates_are_read_in_the_filters_own_system(table: Table) -> None:
    west, south, east, north = 112.0, 34.0, 114.0, 36.0
    plain = cql2.read_text(f"S_INTERSECTS(geometry, BBOX({west},{south},{east},{north}))")
    swapped = cql2.read_text(f"S_INTERSECTS(geometry, BBOX({south},{west},{north},{east}))")
    one = cql2.evaluate(plain, table, Project, OFFERED[CRS84]).yes
    other = cql2.evaluate(swapped, table, Project, OFFERED[f"{EPSG}4490"]).yes
    assert one.any()
    assert one.tolist() == other.tolist()
    fault_of(table, "S_INTERSECTS(geometry, POINT(113 34))", crs=f"{EPSG}4526")


def test_a_box_over_the_antimeridian(table: Table) -> None:
    around = cql2.read_text("S_INTERSECTS(geometry, BBOX(113,-90,-170,90))")
    east_of = cql2.read_text("S_INTERSECTS(geometry, BBOX(113,-90,180,90))")
    found = [cql2.evaluate(each, table, Project, OFFERED[CRS84]).yes.tolist() for each in (around, east_of)]
    assert found[0] == found[1]
    assert any(found[0])


@pytest.mark.parametrize("box", ["1.47e205,0,0,1.47e205", "-1e300,-1e300,1e300,1e300", "1e308,0,-1e308,1"])
def test_a_box_beyond_all_numbers_is_refused(box: str, table: Table) -> None:
    assert "outside of its system" in fault_of(table, f"S_INTERSECTS(geometry, BBOX({box}))").label.en


def test_a_pattern_cannot_be_made_slow(table: Table) -> None:
    cql2.evaluate(cql2.read_text("name LIKE '" + "%a" * 1000 + "'"), table, Project, OFFERED[CRS84])
    matches = matcher("%a" * 200 + "%b")
    assert not matches("a" * 2000)


def test_a_strange_field_of_a_feature_is_not_found(table: Table) -> None:
    assert "stops" not in cql2.queryables(Project)
    assert {"geometry", "city", "amount_wan", "as_of"} <= set(cql2.queryables(Project))
