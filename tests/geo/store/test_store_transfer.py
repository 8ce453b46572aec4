"""A store into another database and back: everything arrives, verified, or nothing does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shapely
from argon2 import PasswordHasher
from made_projects import project
from sqlalchemy import Engine, select, text, update

from geo.model import default_kinds
from geo.store import Change, OutdatedStore, State, Store, audit, open_database, transfer
from geo.store.accounts import Accounts, Role
from geo.store.database import migrate, writing
from geo.store.embed_sites import EmbedSites
from geo.store.files import Files
from geo.store.jobs import Jobs
from geo.store.sessions import Sessions
from geo.store.tables import metadata, revisions
from geo.store.tokens import Tokens
from geo.store.transfer import TransferRefused, contents

if TYPE_CHECKING:
    from postgres_cluster import Cluster

KINDS = default_kinds()
ODD_NUMBERS = [1, 1.0, 1e16, 1e-7, 0.1, -0.0, 2**53 + 1, True, None, "1"]


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.fixture
def target(cluster: Cluster) -> Iterator[Engine]:
    """An empty PostgreSQL database."""
    opened = open_database(cluster.new_database())
    yield opened
    opened.dispose()


@pytest.fixture
def full(store: Store, data: Path) -> Store:
    """A store with something in every table."""
    located = replace(project("b", precision="address"), geometry=shapely.Point(113.123456789012, 34.987654321098))
    store.record(
        [Change(project("a")), Change(located, original_geometry=b"\x00\x01", original_crs="EPSG:4526", origin="x#1")],
        author="clerk",
        reason="因为",
        state=State.PUBLISHED,
    )
    store.record([Change(project("a", name="乙"))], author="clerk", reason="")
    with writing(store.engine) as connection:
        payload = connection.execute(select(revisions.c.payload).where(revisions.c.number == 2)).scalar_one()
        odd = {**payload, "odd": {"numbers": ODD_NUMBERS, "text": "\"\\\n'é😀"}}
        connection.execute(update(revisions).where(revisions.c.number == 2).values(payload=odd))
    accounts = Accounts(store.engine, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    person = accounts.add("clerk", "Correct-Horse-9", Role.EDITOR, ["411082"], by="test")
    Sessions(store.engine, accounts).start(person)
    Files(store.engine, data / "files").keep(io.BytesIO(b"content"), "地块.zip", "clerk")
    Jobs(store.engine).add("import", {"file": "x"}, "clerk")
    sites = EmbedSites(store.engine)
    sites.count({(sites.add("县政府", ["https://a.cn"], ["411082"], by="clerk").key, "2026-11-20"): 3})
    Tokens(store.engine, accounts).add("clerk", "a", ["features:write"], kinds=["plot"], by="clerk")
    audit.note(store.engine, actor="a", action="view", object="", detail={"odd": ODD_NUMBERS})
    return store


def told(engine: Engine) -> list[transfer.Contents]:
    with engine.connect() as connection:
        return contents(connection)


def test_every_table_goes_over() -> None:
    assert {table.name for table in transfer.TABLES} == set(metadata.tables)


def test_there_and_back_everything_is_the_same(full: Store, target: Engine, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    sent = transfer.transfer(full.engine, target, lambda *step: steps.append(step))
    assert all(each.rows for each in sent)
    assert told(full.engine) == sent == told(target)
    assert steps[0] == ("revisions", 3, 3)
    assert list(audit.breaks(target)) == []
    again = open_database(f"sqlite:///{tmp_path / 'again.sqlite'}")
    assert transfer.transfer(target, again) == sent
    with again.connect() as there, full.engine.connect() as here:
        for table in transfer.TABLES:
            query = select(table).order_by(*table.primary_key)
            assert there.execute(query).all() == here.execute(query).all()
    again.dispose()


def test_the_copy_is_a_store_that_goes_on(full: Store, target: Engine) -> None:
    transfer.transfer(full.engine, target)
    copy = Store(target)
    assert list(copy.published(KINDS)) == list(full.published(KINDS))
    copy.record([Change(project("c"), expected=0)], author="x", reason="y", state=State.PUBLISHED)
    assert list(audit.breaks(target)) == []
    with target.connect() as connection:
        shapes = connection.execute(text("SELECT feature_id FROM heads WHERE geometry IS NOT NULL")).scalars().all()
    assert shapes == ["b"]


def test_a_number_that_comes_back_in_another_form_is_the_same_number(store: Store, target: Engine) -> None:
    store.record([Change(project("a"))], author="x", reason="y")
    with writing(store.engine) as connection:
        connection.execute(update(revisions).values(payload={"huge": 1e300}))
    transfer.transfer(store.engine, target)  # JSONB answers with a whole number of 301 digits
    assert told(target) == told(store.engine)


def test_many_rows_go_in_batches(store: Store, target: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "BATCH", 7)
    names = [
        f"{letter}{number}" for letter in "aZ_é中-" for number in range(5)
    ]  # sorted differently by language and byte
    store.record([Change(project(name)) for name in names], author="x", reason="y")
    steps: list[tuple[str, int, int]] = []
    sent = transfer.transfer(store.engine, target, lambda *step: steps.append(step))
    assert [done for table, done, _ in steps if table == "heads"] == [7, 14, 21, 28, 30]
    assert told(target) == sent


@pytest.mark.parametrize(
    "changed", ["UPDATE heads SET west = 1", "DELETE FROM jobs", "UPDATE accounts SET disabled = true"]
)
def test_the_hash_notices_any_change(full: Store, changed: str) -> None:
    before = told(full.engine)
    with full.engine.begin() as connection:
        connection.execute(text(changed))
    assert told(full.engine) != before


def test_a_target_that_holds_something_is_refused(full: Store, target: Engine) -> None:
    migrate(target)
    audit.note(target, actor="a", action="view", object="")
    before = told(target)
    with pytest.raises(TransferRefused, match="audit"):
        transfer.transfer(full.engine, target)
    assert told(target) == before


def test_a_store_into_itself_is_refused(full: Store) -> None:
    with pytest.raises(TransferRefused, match="same"):
        transfer.transfer(full.engine, full.engine)


def test_an_outdated_source_is_refused(target: Engine, url: str) -> None:
    source = open_database(url)
    migrate(source, "0001")
    with pytest.raises(OutdatedStore):
        transfer.transfer(source, target)
    source.dispose()


def test_a_row_that_the_target_cannot_hold_is_named_and_nothing_stays(store: Store, target: Engine) -> None:
    store.record([Change(project(f"p{number}")) for number in range(20)], author="x", reason="y")
    with store.engine.begin() as connection:
        here = revisions.c.feature_id == "p13"
        connection.execute(update(revisions).where(here).values(payload={"name": "a\x00b"}))
    with pytest.raises(TransferRefused, match=r"p13, 1"):
        transfer.transfer(store.engine, target)
    assert [each.rows for each in told(target)] == [0] * len(transfer.TABLES)


def test_a_copy_that_differs_is_not_kept(full: Store, target: Engine) -> None:
    migrate(target)
    with target.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN NEW.display_name := 'x'; RETURN NEW; END $$"
            )
        )
        connection.execute(text("CREATE TRIGGER spoil BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION spoil()"))
    with pytest.raises(TransferRefused, match="accounts"):
        transfer.transfer(full.engine, target)
    assert [each.rows for each in told(target)] == [0] * len(transfer.TABLES)
