"""A snapshot made out of another one is, byte for byte, the snapshot that a whole build of the same content gives."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_projects import project
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon

from datasets.world import World
from geo.model import Feature, default_kinds
from geo.publish import Snapshot, build
from geo.publish.build import rebuild
from geo.publish.identity import hashed
from geo.publish.index import along_curve

KINDS = default_kinds()
State = dict[str, Feature]
HOLE = Polygon([(113, 35), (114, 35), (114, 36)], [[(113.6, 35.2), (113.8, 35.2), (113.8, 35.4)]])
SHAPES = [
    None,
    Point(113.1, 35.1),
    Point(113.1, 35.1000001),  # the same place on the curve: the id decides
    LineString([(113, 35), (114, 34)]),
    HOLE,
    MultiPolygon([HOLE, Polygon([(112, 33), (112.5, 33), (112, 33.5)])]),
    Point(113, 35, 7.5),
    GeometryCollection([Point(1, 2), LineString([(0, 0), (1, 1)])]),
    Polygon(),
    Point(113, 35).buffer(0.5, quad_segs=100),  # enough vertices for levels of its own
]
IDS = [f"甲{number}" for number in range(6)] + [f"p-{number:02}" for number in range(24)]


def enterprise(own_id: str, name: str) -> Feature:
    """A feature of another kind, to which an id may pass."""
    row = {"id": own_id, "name": name, "county": "410882", "precision": "county", "source": "demo"}
    return KINDS.get("enterprise").from_row(row, None)


features = st.builds(
    lambda own_id, name, english, amount, chains, stage, as_of, note, shape, other: (
        enterprise(own_id, name)
        if other
        else replace(
            project(own_id, name=name, amount_wan=amount, chains=chains, stage=stage, as_of=as_of, note=note),
            geometry=shape,
            name_en=english,
        )
    ),
    st.sampled_from(IDS),
    st.sampled_from(["甲", "乙", "Ab", "ab", "AB", "a b", "㐀🐉", "阿" * 40]),
    st.sampled_from(["", "", "Ab", "Plant"]),
    st.none() | st.sampled_from([0.0, 1.5, 1e9]),
    st.lists(st.sampled_from(["a", "b", "c", "zz"]), unique=True),
    st.sampled_from(["signed", "talks", "built"]),
    st.sampled_from(["", "2020", "2022-03", "2022-Q2"]),
    st.sampled_from(["", "x", "一二三"]),
    st.sampled_from(SHAPES),
    st.integers(0, 9).map(lambda drawn: drawn == 0),
)
edits = st.lists(st.one_of(features, features, st.sampled_from(IDS)), max_size=8)  # an id alone: it goes


def files(folder: Path) -> Mapping[str, bytes]:
    """Everything in a snapshot folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@contextmanager
def folders() -> Iterator[tuple[Path, Path]]:
    """Two empty folders."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        yield Path(one), Path(other)


def apply(state: State, step: list[Feature | str]) -> set[str]:
    """Make the edits of `step`; the ids that it touched."""
    touched = set()
    for edit in step:
        own_id = edit if isinstance(edit, str) else edit.id
        touched.add(own_id)
        state.pop(own_id, None)
        if not isinstance(edit, str):
            state[own_id] = edit
    return touched


def follow(base: Snapshot, touched: set[str], state: State, world: World, folder: Path) -> str:
    """The snapshot after the edits, made out of `base`."""
    return rebuild(base, touched, [state[own_id] for own_id in sorted(touched & state.keys())], KINDS, world, folder)


def check_steps(start: list[Feature], steps: list[list[Feature | str]], world: World) -> None:
    """Follow the edits one after the other and compare each snapshot with a whole build."""
    state = {feature.id: feature for feature in start}
    with folders() as (first, _), tempfile.TemporaryDirectory() as room:
        build(state.values(), KINDS, world, first)
        base = Snapshot(first)
        for number, step in enumerate(steps):
            touched = apply(state, step)
            whole, merged = Path(room) / f"whole-{number}", Path(room) / f"merged-{number}"
            whole.mkdir()
            merged.mkdir()
            version = build(state.values(), KINDS, world, whole)
            assert follow(base, touched, state, world, merged) == version
            assert files(merged) == files(whole)
            base = Snapshot(merged)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.lists(features, max_size=20, unique_by=lambda each: each.id), steps=st.lists(edits, min_size=1, max_size=4)
)
def test_following_edits_gives_what_building_whole_gives(
    start: list[Feature], steps: list[list[Feature | str]], tiny: World
) -> None:
    check_steps(start, steps, tiny)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    start=st.lists(features, max_size=20, unique_by=lambda each: each.id), steps=st.lists(edits, min_size=1, max_size=3)
)
def test_it_does_however_the_rows_fall_into_pieces(
    start: list[Feature], steps: list[list[Feature | str]], tiny: World
) -> None:
    """With limits so small that a few rows meet every way of copying that a million would."""
    with (
        patch("geo.publish.plan.RUN", 2),
        patch("geo.publish.plan.ROWS", 3),
        patch("geo.publish.plan.BLOCK", 4),
        patch("geo.publish.pile.SPILL", 64),
        patch("geo.publish.build.PIECE", 3),
        patch("geo.publish.build.SHARED", 1000),
    ):
        check_steps(start, steps, tiny)


def test_ids_of_one_hash_stand_in_the_order_of_their_rows(tiny: World) -> None:
    start = [replace(project(f"p{number}"), geometry=Point(112 + number / 10, 34)) for number in range(8)]
    with (
        patch("geo.publish.identity.hashed", lambda _: 7),
        patch("geo.publish.merge.hashed", lambda _: 7),
        patch("geo.publish.table.hashed", lambda _: 7),
    ):
        check_steps(start, [["p3", replace(project("p9"), geometry=Point(112.45, 34))], [project("p0")]], tiny)


def test_many_rows_are_followed_as_few_are(tiny: World) -> None:
    draw = np.random.default_rng(5)

    def made(number: int, salt: int) -> Feature:
        at = draw.uniform((112, 33), (114, 35))
        shape = shapely.box(*at, *(at + 0.01)) if number % 7 else None
        return replace(project(f"p{number:05}", name=f"名{(number + salt) % 77}", note=str(salt)), geometry=shape)

    start = [made(number, 0) for number in range(3000)]
    few = [made(number, 1) for number in (5, 900, 2999, 3001)]
    many = [made(number, 2) for number in draw.permutation(3000)[:700].tolist()]
    check_steps(start, [[*few], ["p00007"], [*many, *(f"p{number:05}" for number in range(0, 300, 3))]], tiny)


def test_what_did_not_change_keeps_its_file(tiny: World) -> None:
    state: State = {}
    apply(state, [project("a"), enterprise("b", "甲"), project("c")])
    with folders() as (first, second):
        build(state.values(), KINDS, tiny, first)
        touched = apply(state, [project("a", name="乙")])
        with patch("geo.publish.build.SHARED", 1):
            follow(Snapshot(first), touched, state, tiny, second)
        shared = {path.name for path in second.iterdir() if path.stat().st_ino == (first / path.name).stat().st_ino}
        assert "enterprise.bin" in shared
        assert not {"project.bin", "manifest.json", "_names.bin"} & shared


@given(points=st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=40))
def test_the_place_on_the_curve_does_not_depend_on_the_company(points: list[tuple[float, float]]) -> None:
    """A merge computes it for few boxes at a time, a whole build for many."""
    boxes = np.array([(x, y, x, y) for x, y in points])
    alone = [int(along_curve(boxes[row : row + 1])[0]) for row in range(len(boxes))]
    assert along_curve(boxes).tolist() == alone
    assert along_curve(boxes[::-1])[::-1].tolist() == alone


def test_several_ids_are_found_at_once(tiny: World) -> None:
    made = [project(f"p{number}") for number in range(50)]
    with folders() as (first, _):
        build(made, KINDS, tiny, first)
        table = Snapshot(first).table("project")
        assert table.rows_of([]).tolist() == []
        found = table.rows_of(["p7", "absent", "p31", "p7"])
        assert found.tolist() == sorted(table.row_of(own_id) or 0 for own_id in ("p7", "p31"))
        assert hashed("p7") != hashed("p31")


@pytest.mark.parametrize("empty", ["before", "after"])
def test_from_nothing_and_to_nothing(empty: str, tiny: World) -> None:
    made = [replace(project("a"), geometry=HOLE), project("b")]
    check_steps([] if empty == "before" else made, [[*made] if empty == "before" else ["a", "b"]], tiny)
