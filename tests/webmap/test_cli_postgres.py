"""An installation whose record is in PostgreSQL: the same commands, and a public side that does without it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_cli import relitu

from webmap.app import create_app
from webmap.config import Config

if TYPE_CHECKING:
    from postgres_cluster import Cluster

NOBODY_LISTENS = "postgresql://someone:S3cret@127.0.0.1:9/relitu"


def test_init_and_doctor_use_the_database_that_is_named(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELITU_DATABASE_URL", cluster.new_database())
    first = relitu("init", "--data", str(tmp_path), "--demo")
    assert first.returncode == 0, first.stderr
    assert "演示数据 189 项" in first.stdout
    assert "新修订 0 项" in relitu("init", "--data", str(tmp_path), "--demo").stdout
    assert not list(tmp_path.glob("*.sqlite"))
    checked = relitu("doctor", "--data", str(tmp_path))
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("command", ["init", "doctor"])
def test_a_database_that_is_away_is_named_without_its_password(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELITU_DATABASE_URL", NOBODY_LISTENS)
    answer = relitu(command, "--data", str(tmp_path))
    said = answer.stdout + answer.stderr
    assert answer.returncode == 1
    assert "127.0.0.1:9/relitu" in said
    assert "S3cret" not in said
    assert "Traceback" not in said


def test_the_public_pages_do_without_the_database(config: Config) -> None:
    client = create_app(replace(config, database_url=NOBODY_LISTENS)).test_client()
    for address in ("/", "/list", "/api/", "/api/collections/project/items?limit=2", "/readyz"):
        assert client.get(address).status_code == 200, address
