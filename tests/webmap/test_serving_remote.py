"""Snapshots in a folder elsewhere: whole or not at all, the pointer last, the old version served through every fault."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from click.testing import CliRunner
from flask import Flask

import datasets.world
from geo.model import default_kinds
from geo.publish import PublishFailed, Shelf
from geo.publish.shelf import VERSION, NoSnapshot
from webmap.cli import relitu
from webmap.config import Config, ConfigError, load_config
from webmap.serving.following import Follower, follower, state
from webmap.serving.remote import KEEP, Remote, RemoteTrouble, only_one, shown

KINDS, WORLD = default_kinds(), datasets.world.load()
PLOT = KINDS.get("plot")
LEAST = {"county": "411082", "precision": "county", "source": "t", "area_m2": 1, "code": "A", "status": "available"}


def published(shelf: Shelf, name: str) -> str:
    """The version of a snapshot that holds one plot of that name."""
    return shelf.publish([PLOT.from_row({"id": "one", "name": name, **LEAST}, None)], KINDS, WORLD)


def name_shown(shelf: Shelf) -> str:
    return str(shelf.open().table("plot").column("name")[0])


@pytest.fixture
def here(tmp_path: Path) -> Shelf:
    """Where it is published."""
    return Shelf(tmp_path / "here" / "snapshots")


@pytest.fixture
def there(tmp_path: Path) -> Shelf:
    """Where it is served."""
    return Shelf(tmp_path / "there" / "snapshots")


@pytest.fixture(params=["file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "file":
        yield f"file://{tmp_path}/remote"
    else:
        yield "memory://bucket/snapshots"
        fsspec.filesystem("memory").store.clear()
        fsspec.filesystem("memory").pseudo_dirs[:] = [""]


def files_of(url: str) -> tuple[Any, str]:
    found: tuple[Any, str] = fsspec.core.url_to_fs(url)
    return found


def test_what_is_pushed_is_pulled_whole(here: Shelf, there: Shelf, url: str) -> None:
    first = published(here, "first")
    assert Remote(url).push(here) == first
    assert Remote(url).pull(there) == first
    assert Remote(url).pull(there) is None
    assert name_shown(there) == "first"
    second = published(here, "second")
    Remote(url).push(here)
    assert Remote(url).pull(there) == second
    assert name_shown(there) == "second"
    published(here, "first")  # back to what was before
    Remote(url).push(here)
    assert Remote(url).pull(there) == first
    assert name_shown(there) == "first"
    assert not list(there.folder.glob(".building-*"))


def test_the_pointer_moves_last(here: Shelf, there: Shelf, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken off at any file: what is there before the pointer moves is never taken."""
    first = published(here, "first")
    Remote(url).push(here)
    Remote(url).pull(there)
    second = published(here, "second")
    count = len(list((here.folder / second).iterdir()))
    for _ in range(count - 1):
        remote = Remote(url)
        put, sent = remote._files.put_file, []

        def broken(local: str, target: str, *more: Any, put: Any = put, sent: Any = sent) -> None:
            if sent:
                raise ConnectionError("gone")  # one file more goes through at each attempt
            sent.append(target)
            put(local, target, *more)

        with monkeypatch.context() as patched:
            patched.setattr(remote._files, "put_file", broken)
            with pytest.raises(RemoteTrouble, match="cannot be reached"):
                remote.push(here)
        assert Remote(url).current_version() == first
        assert Remote(url).pull(there) is None
    assert Remote(url).push(here) == second
    assert Remote(url).pull(there) == second


def test_a_copy_broken_off_leaves_what_was_served(
    here: Shelf, there: Shelf, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(here, "first")
    Remote(url).push(here)
    first = Remote(url).pull(there)
    second = published(here, "second")
    Remote(url).push(here)
    for reached in range(len(list((here.folder / second).iterdir()))):
        remote = Remote(url)
        get, got = remote._files.get_file, []

        def broken(source: str, local: str, *more: Any, get: Any = get, got: Any = got, reached: int = reached) -> None:
            if len(got) == reached:
                Path(local).write_bytes(b"half")
                raise TimeoutError("too slow")
            got.append(local)
            get(source, local, *more)

        with monkeypatch.context() as patched:
            patched.setattr(remote._files, "get_file", broken)
            with pytest.raises(RemoteTrouble):
                remote.pull(there)
        assert (there.current_version(), name_shown(there)) == (first, "first")
        assert not list(there.folder.glob(".building-*"))
    assert Remote(url).pull(there) == second


@pytest.mark.parametrize("harm", ["cut", "altered", "missing", "manifest", "pointer", "traversal", "no pointer"])
def test_a_damaged_folder_is_refused(here: Shelf, there: Shelf, url: str, harm: str) -> None:
    first = published(here, "first")
    Remote(url).push(here)
    Remote(url).pull(there)
    second = published(here, "second")
    Remote(url).push(here)
    files, root = files_of(url)
    plots = f"{root}/{second}/plot.bin"
    content = files.cat_file(plots)
    if harm == "cut":
        files.pipe_file(plots, content[: len(content) // 2])
    elif harm == "altered":
        files.pipe_file(plots, bytes([content[0] ^ 1]) + content[1:])
    elif harm == "missing":
        files.rm(plots)
    elif harm == "manifest":
        files.pipe_file(f"{root}/{second}/manifest.json", b"{")
    elif harm == "no pointer":
        files.rm(f"{root}/CURRENT")
    else:
        files.pipe_file(f"{root}/CURRENT", b"../../etc" if harm == "traversal" else second[:7].encode())
    with pytest.raises(RemoteTrouble) as caught:
        Remote(url).pull(there)
    assert "the version at hand stays in use" in caught.value.label.en
    assert (there.current_version(), name_shown(there)) == (first, "first")
    Remote(url).push(here)  # pushed anew, it is whole again, save for an altered byte in a file of the right length
    if harm == "altered":
        files.pipe_file(plots, content)
    assert Remote(url).pull(there) == second


def test_old_versions_go_from_there(here: Shelf, url: str) -> None:
    for number in range(KEEP + 3):
        newest = published(here, f"number {number}")
        Remote(url).push(here)
    files, root = files_of(url)
    names = [str(path).rsplit("/", 1)[-1] for path in files.ls(root, detail=False)]
    versions = [name for name in names if VERSION.fullmatch(name)]
    assert len(versions) == KEEP and newest in versions


def test_a_follower_says_a_fault_once_and_goes_on(
    here: Shelf, tmp_path: Path, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    config = Config(tmp_path / "there", staff_enabled=False, snapshots_from=url)
    made = follower(config)
    assert isinstance(made, Follower)
    config.snapshots.mkdir(parents=True)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            made.step()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    said = state(config.snapshots)
    assert said["trouble"] and said["from"] == shown(url)
    version = published(here, "first")
    Remote(url).push(here)
    caplog.clear()
    made.step()
    made.step()
    assert state(config.snapshots) == {"from": shown(url), "version": version, "trouble": "", "age_s": 0}
    assert any("in step again" in record.message for record in caplog.records)
    assert Shelf(config.snapshots).current_version() == version


def test_a_follower_pushes_each_new_version(tmp_path: Path, here: Shelf, there: Shelf, url: str) -> None:
    config = Config(tmp_path / "here", snapshots_to=url)
    made = follower(config)
    assert made is not None
    made.step()
    assert state(config.snapshots) == {} or state(config.snapshots)["trouble"]
    for name in ("first", "second"):
        version = published(here, name)
        made.step()
        assert Remote(url).current_version() == version
    assert Remote(url).pull(there) == version
    assert follower(Config(tmp_path)) is None


def test_one_process_of_a_machine_copies(here: Shelf) -> None:
    with only_one(here) as first, only_one(here) as second:
        assert (first, second) == (True, False)
    with only_one(here) as third:
        assert third


def test_readiness_tells_where_it_stands(
    app_of: Callable[..., Flask], tmp_path: Path, here: Shelf, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_of([], staff_enabled=False, snapshots_from=url)
    client = app.test_client()
    assert client.get("/readyz").get_json()["following"] == {}
    Follower(app.extensions["relitu"].config).step()
    body = client.get("/readyz").get_json()
    assert (body["status"], bool(body["following"]["trouble"])) == ("ready", True)
    version = published(here, "first")
    Remote(url).push(here)
    Follower(app.extensions["relitu"].config).step()
    app.extensions["relitu"].look()
    body = client.get("/readyz").get_json()
    assert (body["snapshot"], body["following"]["trouble"]) == (version, "")


def test_a_full_node_keeps_what_it_has(here: Shelf, there: Shelf, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    published(here, "first")
    Remote(url).push(here)
    first = Remote(url).pull(there)
    second = published(here, "second")
    Remote(url).push(here)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Shelf, "_put", full)
        with pytest.raises(PublishFailed, match="no room"):
            Remote(url).pull(there)
    assert (there.current_version(), name_shown(there)) == (first, "first")
    assert Remote(url).pull(there) == second


def test_addresses_are_shown_without_secrets() -> None:
    assert shown("s3://key:secret@bucket/path?token=1") == "s3://bucket/path"
    with pytest.raises(RemoteTrouble, match="cannot be used") as caught:
        Remote("nosuch://key:secret@host/path")
    assert "secret" not in str(caught.value)


def test_configuration_says_what_does_not_go_together(tmp_path: Path) -> None:
    for settings in (
        {"RELITU_SNAPSHOTS_FROM": "file:///x"},
        {"RELITU_SNAPSHOTS_FROM": "a", "RELITU_SNAPSHOTS_TO": "b"},
    ):
        with pytest.raises(ConfigError, match="snapshots_from"):
            load_config(tmp_path, settings)
    made = load_config(tmp_path, {"RELITU_SNAPSHOTS_FROM": "s3://key:secret@b/x", "RELITU_STAFF_ENABLED": "false"})
    assert "secret" not in repr(made)


def test_commands_push_and_pull(tmp_path: Path, here: Shelf) -> None:
    data, other = here.folder.parent, tmp_path / "other"
    url = f"file://{tmp_path}/remote"
    run = CliRunner().invoke
    assert isinstance(run(relitu, ["snapshot", "push", "--data", str(data), url]).exception, NoSnapshot)
    version = published(here, "first")
    assert version in run(relitu, ["snapshot", "push", "--data", str(data), url]).output
    assert version in run(relitu, ["snapshot", "pull", "--data", str(other), url]).output
    assert "already" in run(relitu, ["snapshot", "pull", "--data", str(other), url]).output
    nameless = run(relitu, ["snapshot", "push", "--data", str(data)])
    assert nameless.exit_code and "snapshots_to" in str(nameless.exception)
    (other / "relitu.toml").write_text(f'staff_enabled = false\nsnapshots_from = "{url}/nowhere"\n', encoding="utf-8")
    told = run(relitu, ["doctor", "--data", str(other)]).output
    assert "✗ where snapshots come from" in told and "CURRENT" in told
    (other / "relitu.toml").write_text(f'snapshots_to = "{url}"\n', encoding="utf-8")
    assert "✓ where snapshots go" in run(relitu, ["doctor", "--data", str(other)]).output
    assert json.loads((tmp_path / "remote" / version / "manifest.json").read_text())["version"] == version
