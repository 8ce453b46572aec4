"""The tables from nothing and from every earlier revision, on both databases; what only PostgreSQL has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import shapely
from made_projects import project
from sqlalchemy import Engine, inspect, text

from geo.model import default_kinds
from geo.store import Change, State, Store, UnusableDatabase, open_database
from geo.store.database import MIGRATIONS, migrate, newest_revision, require_current
from geo.store.tables import metadata

if TYPE_CHECKING:
    from postgres_cluster import Cluster

KINDS = default_kinds()
REVISIONS = sorted(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
SQUARE = shapely.box(113.1, 34.1, 113.2, 34.3)
shape_unknown = pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")  # SQLAlchemy need not know it


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_database(url)
    yield opened
    opened.dispose()


def fill(engine: Engine) -> None:
    """One feature as the first revision's tables hold it."""
    row = {"payload": json.dumps(project("a", precision="address").payload()), "geometry": shapely.to_wkb(SQUARE)}
    sides = dict(zip(("west", "south", "east", "north"), SQUARE.bounds, strict=True))
    head = text(
        "INSERT INTO heads (feature_id, kind, current, published, west, south, east, north)"
        " VALUES ('a', 'project', 1, 1, :west, :south, :east, :north)"
    )
    revision = text(
        "INSERT INTO revisions (feature_id, number, kind, state, author, created_at, reason, payload, geometry,"
        " west, south, east, north) VALUES ('a', 1, 'project', 'published', 'x', '2026-01-02 03:04:05', 'y', :payload,"
        " :geometry, :west, :south, :east, :north)"
    )
    with engine.begin() as connection:
        connection.execute(revision, {**row, **sides})
        connection.execute(head, sides)


def columns(engine: Engine) -> dict[str, set[str]]:
    inspector = inspect(engine)
    return {table: {column["name"] for column in inspector.get_columns(table)} for table in metadata.tables}


@pytest.mark.parametrize("earlier", REVISIONS)
def test_from_every_revision_to_the_newest_and_nothing_is_lost(earlier: str, url: str, engine: Engine) -> None:
    migrate(engine, earlier)
    fill(engine)
    migrate(engine)
    require_current(engine)
    store = Store.open(url)
    (feature,) = store.published(KINDS)
    store.record([Change(project("b"))], author="x", reason="y", state=State.PUBLISHED)
    assert len(list(store.published(KINDS))) == 2
    store.close()
    assert feature.geometry is not None
    assert feature.geometry.equals_exact(SQUARE)
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            shape = connection.execute(text("SELECT ST_AsBinary(geometry) FROM heads WHERE feature_id = 'a'")).scalar()
        assert shapely.from_wkb(bytes(shape)).equals_exact(SQUARE)


@shape_unknown
def test_the_migrations_make_the_declared_columns(engine: Engine) -> None:
    migrate(engine)
    declared = {name: {column.name for column in table.columns} for name, table in metadata.tables.items()}
    if engine.dialect.name == "postgresql":
        declared["heads"].add("geometry")
    assert columns(engine) == declared


@shape_unknown
def test_migrating_again_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    before = columns(engine)
    migrate(engine)
    assert columns(engine) == before


def test_the_newest_revision_is_the_last_file() -> None:
    assert newest_revision() == REVISIONS[-1]


class TestPostgis:
    """The shape in the heads: of the newest revision, whoever writes."""

    @pytest.fixture
    def engine_name(self) -> str:
        return "postgis"

    @staticmethod
    def shapes(store: Store) -> dict[str, tuple[int, str] | None]:
        query = text("SELECT feature_id, ST_SRID(geometry), ST_AsText(geometry) FROM heads ORDER BY feature_id")
        with store.engine.connect() as connection:
            return {name: None if srid is None else (srid, shape) for name, srid, shape in connection.execute(query)}

    def test_it_follows_the_newest_revision(self, store: Store) -> None:
        located = replace(project("a", precision="address"), geometry=shapely.Point(113, 34))
        store.record([Change(located), Change(project("b"))], author="x", reason="y")
        assert self.shapes(store) == {"a": (4326, "POINT(113 34)"), "b": None}
        store.record([Change(replace(located, geometry=shapely.Point(114, 35, 80)))], author="x", reason="y")
        assert self.shapes(store)["a"] == (4326, "POINT(114 35)")
        store.record([Change(project("a"))], author="x", reason="y")
        assert self.shapes(store)["a"] is None

    def test_nobody_can_put_it_out_of_step(self, store: Store) -> None:
        located = replace(project("a", precision="address"), geometry=shapely.Point(113, 34))
        store.record([Change(located)], author="x", reason="y")
        with store.engine.begin() as connection:
            connection.execute(text("UPDATE heads SET geometry = NULL"))
        assert self.shapes(store)["a"] == (4326, "POINT(113 34)")

    def test_it_is_indexed_and_the_payload_is_jsonb(self, store: Store) -> None:
        with store.engine.connect() as connection:
            index = connection.execute(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_heads_geometry'"))
            assert "USING gist" in index.scalar_one()
            kind = connection.execute(
                text("SELECT data_type FROM information_schema.columns WHERE column_name = 'payload'")
            )
            assert kind.scalar_one() == "jsonb"

    def test_back_to_the_revision_before(self, store: Store, cluster: Cluster) -> None:
        from alembic import command
        from alembic.config import Config

        own = cluster.new_database()
        opened = Store.create(own)
        opened.record([Change(project("a"))], author="x", reason="y")
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with opened.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0002")
        migrate(opened.engine)
        assert opened.current("a") is not None
        opened.close()

    def test_without_the_right_to_switch_postgis_on_it_says_what_to_do(self, cluster: Cluster) -> None:
        cluster.sql("CREATE ROLE plain LOGIN")
        bare = cluster.new_database("template0").replace("postgres@", "plain@")
        cluster.sql(f"ALTER DATABASE {bare.rsplit('/', 1)[1]} OWNER TO plain")
        with pytest.raises(UnusableDatabase, match="CREATE EXTENSION postgis"):
            Store.create(bare)
        engine = open_database(bare)
        assert inspect(engine).get_table_names() == []
        engine.dispose()
        cluster.sql("CREATE EXTENSION postgis", bare.rsplit("/", 1)[1])
        Store.create(bare).close()
