"""Snapshots: everything comes back, the version follows the content alone, damage is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_projects import project
from shapely import LineString, Point, Polygon

from datasets.world import World
from geo.model import Feature, default_kinds, fields_of
from geo.publish import DamagedSnapshot, Shelf, Snapshot
from geo.publish.build import PIECE
from geo.publish.manifest import version_of
from geo.publish.order import day_number
from geo.publish.shelf import KEEP, NoSnapshot

KINDS = default_kinds()
PROJECT = KINDS.get("project")
ROUTE = KINDS.get("route")
GEOMETRIES = [None, Point(113.1, 35.1), LineString([(113, 35), (114, 34)]), Polygon([(113, 35), (114, 35), (114, 34)])]


texts = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)
projects = st.builds(
    lambda name, amount, chains, stage, as_of, note, shape: replace(
        project("x", name=name or "甲", amount_wan=amount, chains=chains, stage=stage, as_of=as_of, note=note),
        geometry=shape,
    ),
    texts,
    st.none() | st.floats(0, 1e9),
    st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
    st.sampled_from(["signed", "talks", "built"]),
    st.sampled_from(["", "2020", "2022-03", "2022-03-03"]),
    texts,
    st.sampled_from(GEOMETRIES),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(projects, max_size=8))
def test_what_goes_in_comes_out(made: list[Feature], tiny: World, snapshot_of: Callable[..., Snapshot]) -> None:
    features = [replace(feature, id=f"p{number}") for number, feature in enumerate(made)]
    table = snapshot_of(features, world=tiny).table("project")
    assert table.rows == len(features)
    for feature in features:
        row = table.row_of(feature.id)
        assert row is not None
        record = table.record(row)
        assert {name: record[name] for name in fields_of(PROJECT)} == feature.payload()
        assert record["city"] == "410800"
        assert table.year[row] == int(feature.as_of[:4] or 0)
        shape = table.geometry(row)
        assert (shape is None) == (feature.geometry is None)
        if shape is not None and feature.geometry is not None:
            assert shapely.equals_exact(shape, feature.geometry, tolerance=0)
            assert shapely.covers(feature.geometry, Point(table.point[row])) or feature.geometry.length > 0


def test_entries_come_back_as_tables(tiny: World, snapshot_of: Callable[..., Snapshot]) -> None:
    stops = [{"name": "甲", "minutes": 20}, {"name": "乙"}]
    row = {"id": "r", "name": "线", "county": "410882", "precision": "address", "source": "demo", "stops": stops}
    route = ROUTE.from_row(row, LineString([(112.5, 35.5), (112.6, 35.6)]))
    table = snapshot_of([route], world=tiny).table("route")
    assert table.record(0)["stops"] == stops
    assert tuple(table.bbox[0]) == (112.5, 35.5, 112.6, 35.6)


def test_the_version_follows_the_content_alone(tmp_path: Path, tiny: World) -> None:
    first, second = project("a", amount_wan=1), project("b", amount_wan=2)
    forth = Shelf(tmp_path / "1").publish([first, second], KINDS, tiny)
    back = Shelf(tmp_path / "2").publish([second, first], KINDS, tiny)
    other = Shelf(tmp_path / "3").publish([first, replace(second, name="乙")], KINDS, tiny)
    assert forth == back != other


def test_nothing_published_yet_is_said(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "none")
    assert not shelf.is_sound()
    with pytest.raises(NoSnapshot):
        shelf.open()


def test_the_last_few_versions_are_kept(tmp_path: Path, tiny: World) -> None:
    shelf = Shelf(tmp_path)
    versions = [shelf.publish([project("a", amount_wan=n)], KINDS, tiny) for n in range(KEEP + 3)]
    folders = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert versions[-1] in folders
    assert len(folders) == KEEP
    assert shelf.current_version() == versions[-1]


@pytest.mark.parametrize("damage", ["cut", "flip", "missing", "manifest"])
def test_a_damaged_snapshot_is_refused_and_the_last_good_one_is_served(
    damage: str, tmp_path: Path, tiny: World
) -> None:
    shelf = Shelf(tmp_path)
    good = shelf.publish([project("a", amount_wan=1)], KINDS, tiny)
    bad = shelf.publish([project("a", amount_wan=2)], KINDS, tiny)
    spoil(tmp_path / bad, damage)
    with pytest.raises(DamagedSnapshot):
        Snapshot(tmp_path / bad)
    assert not shelf.is_sound()
    assert shelf.open().version == good


@pytest.mark.parametrize("name", ["manifest.json", "project.bin", "plot.bin"])
def test_a_snapshot_cut_at_any_byte_is_refused(name: str, tmp_path: Path, tiny: World) -> None:
    shelf = Shelf(tmp_path)
    path = tmp_path / shelf.publish([replace(project("a"), geometry=GEOMETRIES[3])], KINDS, tiny) / name
    whole = path.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 400)):
        path.write_bytes(whole[:length])
        with pytest.raises(DamagedSnapshot):
            Snapshot(path.parent)
    path.write_bytes(whole)
    assert Snapshot(path.parent).table("project").rows == 1


def test_a_manifest_that_says_something_else_is_refused(tmp_path: Path, tiny: World) -> None:
    path = tmp_path / Shelf(tmp_path).publish([project("a")], KINDS, tiny) / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"rows": 1', '"rows": 2'), encoding="utf-8")
    with pytest.raises(DamagedSnapshot, match="does not match its version"):
        Snapshot(path.parent)


@pytest.mark.parametrize("before", [4, 5])
def test_the_formats_before_are_still_read(before: int, tmp_path: Path, tiny: World) -> None:
    manifest = tmp_path / Shelf(tmp_path).publish([project("a")], KINDS, tiny) / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8")) | {"format": before}
    for table in said["tables"].values():
        for name in ("feature.data", "feature.offsets"):
            del table["arrays"][name]
    said["version"] = version_of(said)
    manifest.write_text(json.dumps(said), encoding="utf-8")
    found = Snapshot(manifest.parent)
    assert (found.version, found.table("project").feature_text) == (said["version"], None)


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": 1}', "null"])
def test_a_manifest_of_another_format_is_refused(text: str, tmp_path: Path, tiny: World) -> None:
    path = tmp_path / Shelf(tmp_path).publish([project("a")], KINDS, tiny) / "manifest.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DamagedSnapshot, match="format"):
        Snapshot(path.parent)


def test_many_rows_come_out_as_few_do(tiny: World, snapshot_of: Callable[..., Snapshot]) -> None:
    """More than are turned into arrays at a time: what is said of one row must not slip to another."""
    made = [
        replace(
            project(f"p{number:05}", name=f"名{number % 77}", note=f"{number}", chains=["a"] * (number % 3 > 0)),
            amount_wan=float(number),
            geometry=Point(112 + number % 97 / 97, 34 + number % 89 / 89) if number % 5 else None,
        )
        for number in range(PIECE + 100)
    ]
    table = snapshot_of(made, world=tiny).table("project")
    for feature in made[::211]:
        row = table.row_of(feature.id)
        assert row is not None
        record = table.record(row)
        assert {name: record[name] for name in fields_of(PROJECT)} == feature.payload()
        assert table.geometry(row) == feature.geometry


@pytest.mark.parametrize(
    ("text", "number"), [("2022", 20220000), ("2022-03", 20220300), ("2022-03-04", 20220304), ("2022-Q2", 20220400)]
)
def test_days_are_numbers_in_their_order(text: str, number: int) -> None:
    assert day_number(text) == number


def test_no_day_is_no_number() -> None:
    assert np.isnan(day_number(""))


def test_without_a_good_one_the_damage_is_named(tmp_path: Path, tiny: World) -> None:
    shelf = Shelf(tmp_path)
    spoil(tmp_path / shelf.publish([project("a")], KINDS, tiny), "cut")
    with pytest.raises(DamagedSnapshot, match=r"project\.bin"):
        shelf.open()


def test_publishing_over_a_damaged_snapshot_of_the_same_content_mends_it(tmp_path: Path, tiny: World) -> None:
    shelf = Shelf(tmp_path)
    version = shelf.publish([project("a")], KINDS, tiny)
    spoil(tmp_path / version, "flip")
    assert shelf.publish([project("a")], KINDS, tiny) == version
    assert shelf.is_sound()


def spoil(folder: Path, damage: str) -> None:
    """Damage a snapshot in one way."""
    target = folder / "project.bin"
    content = target.read_bytes()
    if damage == "cut":
        target.write_bytes(content[:-1])
    elif damage == "flip":
        target.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    elif damage == "missing":
        target.unlink()
    else:
        (folder / "manifest.json").write_text("{", encoding="utf-8")


def test_a_failed_build_leaves_no_trace(tmp_path: Path, tiny: World) -> None:
    shelf = Shelf(tmp_path)
    version = shelf.publish([project("a")], KINDS, tiny)
    with pytest.raises(KeyError):
        shelf.publish([project("b", county="000000")], KINDS, tiny)
    assert shelf.current_version() == version
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".building")] == []
    shutil.rmtree(tmp_path)
