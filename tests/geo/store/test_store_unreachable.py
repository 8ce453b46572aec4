"""A database that is away: named, without its password, and found again when it is back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_projects import project
from sqlalchemy import text

from geo.model import default_kinds
from geo.store import Change, State, Store, StoreBusy, StoreUnreachable, UnusableDatabase, open_database
from geo.store.jobs import Jobs

if TYPE_CHECKING:
    from postgres_cluster import Cluster

KINDS = default_kinds()


def say(store: Store, feature_id: str) -> None:
    store.record([Change(project(feature_id))], author="x", reason="y", state=State.PUBLISHED)


def test_a_server_stopped_and_started_again_needs_no_restart(cluster: Cluster) -> None:
    store = Store.create(cluster.new_database())
    say(store, "before")
    cluster.stop()
    try:
        for attempt in (
            lambda: say(store, "during"),
            lambda: store.current("before"),
            lambda: list(store.published(KINDS)),
            lambda: Jobs(store.engine).claim("worker"),
        ):
            with pytest.raises(StoreUnreachable) as away:
                attempt()
            assert "公众页面不受影响" in away.value.label.zh
            assert "127.0.0.1" not in away.value.label.en
            assert "127.0.0.1" in away.value.details.en
    finally:
        cluster.start()
    say(store, "after")
    assert [feature.id for feature in store.published(KINDS)] == ["after", "before"]
    store.close()


def test_a_server_lost_within_a_transaction_writes_nothing(cluster: Cluster) -> None:
    url = cluster.new_database()
    store = Store.create(url)
    with pytest.raises(StoreUnreachable), store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'x'"))
        other = open_database(url)
        with other.connect() as killer:
            killer.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"))
        other.dispose()
        connection.execute(text("SELECT 1"))
    assert store.is_empty()
    Store.open(url).close()
    store.close()


def test_another_fault_keeps_its_own_name(cluster: Cluster) -> None:
    engine = open_database(cluster.new_database())
    with pytest.raises(Exception, match="nothing_of_ours") as fault, engine.connect() as connection:
        connection.execute(text("SELECT * FROM nothing_of_ours"))
    assert not isinstance(fault.value, StoreUnreachable)
    engine.dispose()


def test_a_server_that_takes_no_writes_is_told(cluster: Cluster) -> None:
    url = cluster.new_database()
    Store.create(url).close()
    cluster.sql(f"ALTER DATABASE {url.rsplit('/', 1)[1]} SET default_transaction_read_only = on")  # as on a replica
    store = Store.open(url)
    assert list(store.published(KINDS)) == []
    with pytest.raises(StoreUnreachable, match="read-only"):
        say(store, "a")
    store.close()


def test_a_wrong_password_is_said_and_not_shown(cluster: Cluster) -> None:
    with pytest.raises(StoreUnreachable) as refused:
        Store.open(cluster.url("postgres", "locked", "Wr0ng-Secret") + "?application_name=hidden")
    said = f"{refused.value} {refused.value.details.zh} {refused.value.label.en}"
    assert "用户名或密码不对" in said
    assert "Wr0ng-Secret" not in said
    assert "hidden" not in said


def test_no_such_database_is_said(cluster: Cluster) -> None:
    with pytest.raises(StoreUnreachable, match="no such database"):
        Store.open(cluster.url("nothing_here"))


def test_nobody_listens() -> None:
    with pytest.raises(StoreUnreachable, match=r"127\.0\.0\.1:9/x"):
        Store.open("postgresql://someone@127.0.0.1:9/x")


@pytest.mark.parametrize(
    "url",
    ["mysql://u:s3cret@h/x", "no address s3cret", "postgresql://u:s3cret@h:port/x", "postgresql+s3cret://h/x", ""],
)
def test_an_address_not_understood_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(UnusableDatabase) as refused:
        open_database(url)
    assert "s3cret" not in f"{refused.value} {refused.value.label.zh}"
    assert "postgresql://" in refused.value.label.en


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "relitu.sqlite").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreUnreachable, match=r"relitu\.sqlite"):
        Store.open(f"sqlite:///{tmp_path / 'relitu.sqlite'}")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="nowhere"):
        Store.create(f"sqlite:///{tmp_path / 'nowhere' / 'relitu.sqlite'}")


def test_a_disk_that_is_full_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    store = Store.create(f"sqlite:///{tmp_path / 'relitu.sqlite'}")
    say(store, "before")
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite keeps what it has and takes no more
    with pytest.raises(StoreUnreachable) as full:
        store.record([Change(project(f"p{number}")) for number in range(2000)], author="x", reason="y")
    assert not isinstance(full.value, StoreBusy)
    assert "full" in full.value.details.en
    assert [feature.id for feature in store.published(KINDS)] == ["before"]
    store.close()
