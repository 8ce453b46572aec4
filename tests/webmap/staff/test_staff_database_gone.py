"""The record's file taken away, damaged, or held by another, while the server runs: reads go on, the staff are told, then all is well."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from staff_office import Browser, Installation, install

import datasets.world

if TYPE_CHECKING:
    from postgres_cluster import Cluster

STAFF = ("/staff/", "/staff/records", "/staff/upload")
PUBLIC = ("/", "/list?lang=en", "/api/summary", "/tiles/plot.json", "/readyz", "/healthz")


def told(staff: Browser) -> None:
    """Every staff page says when to come back, and nothing inside."""
    for page in STAFF:
        answer = staff.get(page)
        assert (answer.status_code, answer.mimetype) == (503, "text/html")
        assert int(answer.headers["Retry-After"]) > 0
        assert "公众页面不受影响" in answer.text and "sqlite" not in answer.text.lower()
    asked = staff.get("/staff/records?lang=en", headers={"Accept": "application/json"})
    assert (asked.status_code, asked.mimetype) == (503, "application/problem+json")
    assert "public pages go on" in asked.get_json()["detail"] and asked.headers["Retry-After"]


def public_goes_on(here: Installation) -> None:
    client = here.app.test_client()
    assert {client.get(page).status_code for page in PUBLIC} == {200}


def settled(here: Installation) -> None:
    """All that is in the log beside the file is in the file, and the log is gone: a copy of the file is whole."""
    here.desk.store.engine.dispose()
    path = here.desk.config.data_dir / "relitu.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def works(staff: Browser) -> None:
    assert {staff.get(page).status_code for page in STAFF} == {200}


def test_a_file_that_is_moved_away_and_back(here: Installation) -> None:
    staff = here.browser("editor")
    works(staff)
    path = here.desk.config.data_dir / "relitu.sqlite"
    away = path.with_name("away.sqlite")
    path.rename(away)
    told(staff)
    public_goes_on(here)
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        here.desk.presence._never_make_one()  # type: ignore[union-attr]
    assert not path.exists(), "an empty record was made"
    away.rename(path)
    works(staff)
    assert here.put().number == 1


def test_what_is_put_in_its_place_is_what_is_written_to(here: Installation) -> None:
    staff = here.browser("editor")
    works(staff)
    path = here.desk.config.data_dir / "relitu.sqlite"
    settled(here)
    copy = path.with_name("copy.sqlite")
    shutil.copy(path, copy)
    path.rename(path.with_name("old.sqlite"))
    copy.rename(path)
    works(staff)
    made = here.put()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM heads WHERE feature_id = ?", (made.feature_id,)).fetchone() == (1,)
    connection.close()


def test_a_damaged_file_and_a_sound_one_again(here: Installation) -> None:
    staff = here.browser("editor")
    works(staff)
    path = here.desk.config.data_dir / "relitu.sqlite"
    settled(here)
    sound = path.with_name("sound.sqlite")
    path.rename(sound)
    path.write_bytes(b"this is no database " * 500)
    told(staff)
    public_goes_on(here)
    sound.replace(path)
    works(staff)


def test_a_record_that_another_holds_says_that_nothing_was_saved(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.store.database.BUSY_TIMEOUT_MS", 50)
    staff = here.browser("editor")
    here.desk.store.engine.dispose()
    other = sqlite3.connect(here.desk.config.data_dir / "relitu.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = staff.post("/staff/logout")
        assert answer.status_code == 503 and "没有保存" in answer.text
        assert int(answer.headers["Retry-After"]) < 10
        assert staff.get("/staff/records").status_code in (200, 503)
        public_goes_on(here)
    finally:
        other.rollback()
        other.close()
    works(staff)


def test_postgres_stopped_while_serving(cluster: Cluster, tmp_path: Path, world: datasets.world.World) -> None:
    here = install(tmp_path, world, database_url=cluster.new_database())
    staff = here.browser("editor")
    try:
        works(staff)
        cluster.stop()
        try:
            for page in STAFF:
                answer = staff.get(page)
                assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
            public_goes_on(here)
        finally:
            cluster.start()
        works(staff)
        assert here.put().number == 1
    finally:
        here.desk.store.close()
        here.desk.accounts.engine.dispose()
