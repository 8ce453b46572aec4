"""Whatever is wrong with a snapshot on the disk, it is refused by name and the last good one is served."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_projects import project
from shapely import Point, Polygon, box

from datasets.world import World
from geo.model import default_kinds
from geo.publish import Current, DamagedSnapshot, PublishFailed, Shelf, Snapshot, current
from geo.publish.shelf import LOCK, NoSnapshot

KINDS = default_kinds()
FILES = ["manifest.json", "_names.bin", *(f"{kind.kind}.bin" for kind in KINDS)]


@pytest.fixture(scope="module")
def kept(tiny: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Shelf, str, str]:
    """A shelf of two versions, the older one's name and the newer one's. Whoever damages it mends it."""
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    good = shelf.publish([project("a", amount_wan=1)], KINDS, tiny)
    shapes = [box(113, 34, 114, 35), Point(113, 35), Point(113, 35, 4), None]
    bad = [replace(project(f"b{number}", note="注"), geometry=shape) for number, shape in enumerate(shapes)]
    return shelf, good, shelf.publish(bad, KINDS, tiny)


def require_refusal(shelf: Shelf, bad: str, good: str, name: str) -> None:
    """The version is refused with the file's name, and the other one served."""
    with pytest.raises(DamagedSnapshot, match=name.replace(".", r"\.")):
        Snapshot(shelf.folder / bad)
    assert not shelf.is_sound()
    assert shelf.open().version == good


@contextmanager
def altered(path: Path, content: bytes | None) -> Iterator[None]:
    """A file with other content, or without the file, while this lasts."""
    whole = path.read_bytes()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(whole)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(FILES), part=st.floats(0, 1, exclude_max=True))
def test_cut_at_any_byte(name: str, part: float, kept: tuple[Shelf, str, str]) -> None:
    shelf, good, bad = kept
    path = shelf.folder / bad / name
    content = path.read_bytes()
    with altered(path, content[: int(part * len(content))]):
        require_refusal(shelf, bad, good, name)
    assert shelf.is_sound()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(FILES), part=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_bit_flipped_anywhere(name: str, part: float, bit: int, kept: tuple[Shelf, str, str]) -> None:
    shelf, good, bad = kept
    path = shelf.folder / bad / name
    content = bytearray(path.read_bytes())
    content[int(part * len(content))] ^= 1 << bit
    with altered(path, bytes(content)):
        require_refusal(shelf, bad, good, name)
    assert shelf.is_sound()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["missing", "longer", "empty", "folder"])
def test_a_file_that_is_not_what_it_was(name: str, damage: str, kept: tuple[Shelf, str, str]) -> None:
    shelf, good, bad = kept
    path = shelf.folder / bad / name
    content = {"missing": None, "longer": path.read_bytes() + b"\0", "empty": b"", "folder": None}[damage]
    with altered(path, content):
        if damage == "folder":
            path.mkdir()
        require_refusal(shelf, bad, good, name)
        if damage == "folder":
            path.rmdir()


@pytest.mark.parametrize("text", ["", "0" * 16, "nonsense", "../..", "/etc", "a" * 500, "\xff\xfe", "{}"])
def test_a_pointer_to_nothing(text: str, kept: tuple[Shelf, str, str]) -> None:
    shelf, _, newest = kept
    with altered(shelf.folder / "CURRENT", text.encode("latin-1")):
        assert not shelf.is_sound()
        assert shelf.open().version == newest


def test_a_pointer_that_is_gone(kept: tuple[Shelf, str, str]) -> None:
    shelf, _, newest = kept
    with altered(shelf.folder / "CURRENT", None):
        assert shelf.open().version == newest


@pytest.mark.parametrize("name", ["another", "0" * 16, ".building-x"])
def test_a_folder_that_is_no_snapshot_is_not_served(name: str, kept: tuple[Shelf, str, str]) -> None:
    """Half-built, or sound but under a name that is not its version."""
    shelf, good, bad = kept
    shutil.copytree(shelf.folder / bad, shelf.folder / name)
    if name == ".building-x":
        (shelf.folder / name / "manifest.json").unlink()
    try:
        with altered(shelf.folder / bad / "project.bin", None):
            assert shelf.open().version == good
        with pytest.raises(DamagedSnapshot):
            shelf.open(name)
    finally:
        shutil.rmtree(shelf.folder / name)


def test_where_all_are_damaged_the_current_one_is_named(tmp_path: Path, tiny: World) -> None:
    shelf = Shelf(tmp_path)
    with pytest.raises(NoSnapshot):
        shelf.open()
    for amount in (1, 2):
        (tmp_path / shelf.publish([project("a", amount_wan=amount)], KINDS, tiny) / "project.bin").unlink()
    with pytest.raises(DamagedSnapshot, match=shelf.current_version()):
        shelf.open()


def test_what_a_dead_process_left_is_cleared_away(tmp_path: Path, tiny: World) -> None:
    left = tmp_path / ".building-dead"
    left.mkdir()
    (left / "plot.bin").write_bytes(b"half")
    Shelf(tmp_path).publish([project("a")], KINDS, tiny)
    assert not left.exists()


def test_two_processes_take_turns(tmp_path: Path, tiny: World) -> None:
    shelf = Shelf(tmp_path)
    code = (
        "import fcntl, sys, time\nlock = open(sys.argv[1], 'w')\nfcntl.flock(lock, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\nsys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / LOCK)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdin is not None
        assert other.stdout.readline() == b"held\n"
        waiting = threading.Thread(target=shelf.publish, args=([project("a")], KINDS, tiny))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        assert not (tmp_path / "CURRENT").exists()
        other.stdin.close()
        waiting.join()
    assert shelf.is_sound()


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: the system answers as it does when the disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 10, 100, 1000, 3000, 5000, 9000])
def test_where_the_disk_is_full_the_last_version_is_served_on(size: int, tmp_path: Path, tiny: World) -> None:
    shelf = Shelf(tmp_path)
    good = shelf.publish([project("a")], KINDS, tiny)
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    more = [replace(project(f"p{number}"), geometry=box(113, 34, 114, 35)) for number in range(50)]
    with room(size), pytest.raises(PublishFailed) as failure:
        shelf.publish(more, KINDS, tiny)
    assert "磁盘空间不足" in failure.value.label.zh
    assert "Free some space" in failure.value.label.en
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before
    assert shelf.open().version == good
    assert shelf.publish(more, KINDS, tiny) != good
    assert shelf.open().table("project").rows == 50


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, tiny: World) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PublishFailed, match="file"):
        Shelf(tmp_path / "file" / "snapshots").publish([project("a")], KINDS, tiny)


def test_a_feature_of_a_million_vertices(tmp_path: Path, tiny: World) -> None:
    angle = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    coast = Polygon(np.column_stack([113 + np.cos(angle), 35 + np.sin(angle)]))
    shelf = Shelf(tmp_path)
    made = [project("none"), replace(project("coast"), geometry=coast), replace(project("p"), geometry=Point(113, 35))]
    shelf.publish(made, KINDS, tiny)
    table = shelf.open().table("project")
    row = table.row_of("coast")
    assert row is not None
    found = table.geometry(row)
    assert found is not None
    assert found.equals_exact(coast, 0)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks again at every reading."""
    monkeypatch.setattr(current, "LOOK_AGAIN_S", -1.0)


def until(served: Current, version: str) -> None:
    """Read until a version is served."""
    for _ in range(500):
        if served.snapshot.version == version:
            return
        time.sleep(0.02)
    pytest.fail(f"{version} was never served")


@pytest.mark.usefixtures("at_once")
def test_readers_do_not_wait_for_a_new_version_to_be_verified(
    tmp_path: Path, tiny: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path)
    old = shelf.publish([project("a")], KINDS, tiny)
    served = Current(shelf)
    assert served.snapshot.version == old
    let, opened = threading.Event(), []

    def slowly(version: str) -> Snapshot:
        opened.append(version)
        assert let.wait(30)
        return Snapshot(tmp_path / version)

    monkeypatch.setattr(shelf, "open", slowly)
    new = shelf.publish([project("b")], KINDS, tiny)
    assert [served.snapshot.version for _ in range(20)] == [old] * 20
    assert opened == [new]  # once, however many read meanwhile
    let.set()
    until(served, new)


@pytest.mark.usefixtures("at_once")
def test_a_damaged_version_is_not_swapped_in_and_a_mended_one_is(
    tmp_path: Path, tiny: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(tmp_path)
    old = shelf.publish([project("a")], KINDS, tiny)
    served = Current(shelf)
    new = shelf.publish([project("b")], KINDS, tiny)
    content = (tmp_path / new / "project.bin").read_bytes()
    (tmp_path / new / "project.bin").write_bytes(content[:-1])
    opened: list[str] = []
    whole = shelf.open
    monkeypatch.setattr(shelf, "open", lambda version: opened.append(version) or whole(version))
    assert {served.snapshot.version for _ in range(20)} == {old}
    assert len(opened) == 1
    assert len(caplog.records) == 1
    assert "project.bin" in caplog.text
    assert old in caplog.text
    assert shelf.publish([project("b")], KINDS, tiny) == new
    until(served, new)


@pytest.mark.usefixtures("at_once")
def test_a_copy_that_arrives_late_is_swapped_in(tmp_path: Path, tiny: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a shared folder the pointer may be seen before what it points to."""
    monkeypatch.setattr(current, "TRY_AGAIN_S", 0.05)
    shelf = Shelf(tmp_path / "here")
    shelf.publish([project("a")], KINDS, tiny)
    served = Current(shelf)
    elsewhere = Shelf(tmp_path / "there")
    new = elsewhere.publish([project("b")], KINDS, tiny)
    (shelf.folder / "CURRENT").write_text(new)
    assert served.snapshot.version != new
    shutil.copytree(elsewhere.folder / new, shelf.folder / new)
    until(served, new)


VANISHED: Mapping[str, Callable[[Path], None]] = {
    "pointer": lambda folder: (folder / "CURRENT").unlink(),
    "folder": shutil.rmtree,
    "nonsense": lambda folder: (folder / LOCK).replace(folder / "CURRENT"),
}


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("what", VANISHED)
def test_what_vanishes_while_it_is_served_is_served_on(what: str, tmp_path: Path, tiny: World) -> None:
    shelf = Shelf(tmp_path / "shelf")
    version = shelf.publish([project("a")], KINDS, tiny)
    served = Current(shelf)
    VANISHED[what](shelf.folder)
    for _ in range(3):
        assert served.snapshot.version == version
        assert served.snapshot.table("project").record(0)["id"] == "a"
