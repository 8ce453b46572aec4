"""An empty store in a data folder of its own, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geo.store import Store, open_database
from geo.store.tables import metadata

if TYPE_CHECKING:
    from postgres_cluster import Cluster

SQLITE, POSTGIS = "sqlite", "postgis"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture(params=[SQLITE, POSTGIS])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which database; a module for one of them alone overrides this."""
    return str(request.param)


@pytest.fixture(scope="session")
def prepared(cluster: Cluster) -> str:
    """A PostgreSQL database with all tables; whoever takes it empties it first, which is quicker than making one."""
    made = cluster.new_database()
    Store.create(made).close()
    return made


@pytest.fixture
def url(engine_name: str, data: Path, request: pytest.FixtureRequest) -> str:
    """A database without tables, or, for a test that takes `store` too, that store's."""
    if engine_name == SQLITE:
        return f"sqlite:///{data / 'relitu.sqlite'}"
    if "store" not in request.fixturenames:
        return str(request.getfixturevalue("cluster").new_database())
    made = str(request.getfixturevalue("prepared"))
    engine = open_database(made)
    with engine.begin() as connection:
        for table in metadata.tables.values():
            connection.execute(table.delete())
    engine.dispose()
    return made


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store with nothing in it."""
    opened = Store.create(url)
    yield opened
    opened.close()
