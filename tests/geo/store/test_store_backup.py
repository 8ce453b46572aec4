"""Backups of an installation whose record is the SQLite file in its folder."""

from __future__ import annotations

import io
import sqlite3
import tarfile
from pathlib import Path

import pytest
from made_projects import project

from geo.model import default_kinds
from geo.store import Change, State, Store
from geo.store.backup import BackupError, backup, restore
from geo.store.files import Files

KINDS = default_kinds()


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


def say(store: Store, feature_id: str) -> None:
    store.record([Change(project(feature_id))], author="x", reason="y", state=State.PUBLISHED)


def test_a_backup_taken_while_open_restores_everything(store: Store, data: Path, tmp_path: Path) -> None:
    say(store, "before")
    kept = Files(store.engine, data / "files").keep(io.BytesIO(b"content"), "a.zip", "clerk")
    (data / "relitu.toml").write_text('title_zh = "许昌"', encoding="utf-8")
    assert backup(data, tmp_path / "backup.tar") > 0
    say(store, "after")
    restore(tmp_path / "backup.tar", tmp_path / "again")
    again = Store.open(f"sqlite:///{tmp_path / 'again' / 'relitu.sqlite'}")
    assert [feature.id for feature in again.published(KINDS)] == ["before"]
    assert Files(again.engine, tmp_path / "again" / "files").get(kept.sha256) is not None
    again.close()
    assert "许昌" in (tmp_path / "again" / "relitu.toml").read_text(encoding="utf-8")


def test_restoring_over_data_needs_force(store: Store, data: Path, tmp_path: Path) -> None:
    say(store, "a")
    backup(data, tmp_path / "b.tar")
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious").write_text("x", encoding="utf-8")
    with pytest.raises(BackupError, match="force"):
        restore(tmp_path / "b.tar", other)
    assert (other / "precious").exists()
    restore(tmp_path / "b.tar", other, force=True)
    assert not (other / "precious").exists()
    assert (other / "relitu.sqlite").exists()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_a_cut_backup_is_refused_and_changes_nothing(share: float, store: Store, data: Path, tmp_path: Path) -> None:
    say(store, "a")
    backup(data, tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "b.tar").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupError):
        restore(tmp_path / "b.tar", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_tampered_backup_is_refused(store: Store, data: Path, tmp_path: Path) -> None:
    say(store, "a")
    backup(data, tmp_path / "b.tar")
    unpacked = tmp_path / "unpacked"
    with tarfile.open(tmp_path / "b.tar") as tar:
        tar.extractall(unpacked, filter="data")
    connection = sqlite3.connect(unpacked / "relitu.sqlite")
    connection.execute("UPDATE heads SET kind = 'park'")
    connection.commit()
    connection.close()
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        for path in unpacked.iterdir():
            tar.add(path, path.name)
    with pytest.raises(BackupError, match=r"relitu\.sqlite"):
        restore(tmp_path / "b.tar", tmp_path / "again")


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(BackupError):
        backup(tmp_path, tmp_path / "b.tar")
