"""`relitu migrate-store`: it copies, verifies, and says every failure in a sentence without a password."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_cli import relitu

from geo.model import default_kinds
from geo.store import Change, State, Store

if TYPE_CHECKING:
    from postgres_cluster import Cluster

SECRET = "Wr0ng-Secret"
KINDS = default_kinds()
ROW = {"id": "a", "name": "甲", "county": "410882", "precision": "county", "source": "d:1", "stage": "signed"}


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A store with one published project."""
    url = f"sqlite:///{tmp_path / 'relitu.sqlite'}"
    store = Store.create(url)
    store.record([Change(KINDS.get("project").from_row(ROW))], author="x", reason="y", state=State.PUBLISHED)
    store.close()
    return url


def migrate(source: str, target: str, lang: str = "zh_CN.UTF-8") -> tuple[int, str, str]:
    done = relitu("migrate-store", "--from", source, "--to", target, lang=lang)
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


def test_there_and_back(source: str, cluster: Cluster, tmp_path: Path) -> None:
    target, again = cluster.new_database(), f"sqlite:///{tmp_path / 'again.sqlite'}"
    status, out, err = migrate(source, target)
    assert status == 0, err
    assert "✓ revisions：1 行" in out
    assert "逐表核对一致" in out
    status, back, err = migrate(target, again, lang="C.UTF-8")
    assert status == 0, err
    assert "✓ revisions: 1 rows" in back
    hashes = [line[-64:] for line in out.splitlines()[:7]]
    assert hashes == [line[-64:] for line in back.splitlines()[:7]]
    store = Store.open(again)
    assert [feature.id for feature in store.published(KINDS)] == ["a"]
    store.close()
    status, _, err = migrate(source, target)
    assert status == 1
    assert "不是空的" in err


def test_a_wrong_password_is_said_and_not_shown(source: str, cluster: Cluster) -> None:
    status, _, err = migrate(source, cluster.url("postgres", "locked", SECRET))
    assert status == 1
    assert "用户名或密码不对" in err


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (f"postgresql://u:{SECRET}@127.0.0.1:9/x", "127.0.0.1:9/x"),
        (f"mysql://u:{SECRET}@127.0.0.1/x", "postgresql://"),
        ("sqlite:////nowhere/at/all.sqlite", "/nowhere/at/all.sqlite"),
    ],
)
def test_a_target_that_cannot_be_used_is_named(source: str, target: str, words: str) -> None:
    status, _, err = migrate(source, target)
    assert status == 1
    assert words in err


def test_a_source_that_is_missing_is_named_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "missing.sqlite"
    status, _, err = migrate(f"sqlite:///{path}", f"sqlite:///{tmp_path / 'new.sqlite'}")
    assert status == 1
    assert str(path) in err
    assert not path.exists()


def test_an_empty_file_as_source_is_outdated(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite").write_bytes(b"")
    status, _, err = migrate(f"sqlite:///{tmp_path / 'empty.sqlite'}", f"sqlite:///{tmp_path / 'new.sqlite'}")
    assert status == 1
    assert "relitu init" in err
