"""On PostgreSQL: payloads as JSONB, keys in byte order, and the shape of each feature's newest revision with a GiST index.

SQLite stays as it is.
"""

from alembic import op
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from datasets.labels import Label
from geo.store.failures import UnusableDatabase

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Text keys sort as in SQLite, whatever the server's language, so that both stores read alike and compare row by row.
KEYS = {
    "revisions": ("feature_id", 120),
    "heads": ("feature_id", 120),
    "accounts": ("name", 60),
    "sessions": ("token_hash", 64),
    "files": ("sha256", 64),
    "jobs": ("id", 32),
}
# A trigger rather than a second value in each writer: the shape cannot fall out of step with the revision, whoever writes.
# The search path is pinned, since tools that restore a dump run with an empty one.
FUNCTION = """
CREATE FUNCTION relitu_head_geometry() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  SELECT ST_SetSRID(ST_Force2D(ST_GeomFromWKB(r.geometry)), 4326) INTO NEW.geometry
    FROM revisions r WHERE r.feature_id = NEW.feature_id AND r.number = NEW.current;
  RETURN NEW;
END $$
"""
TRIGGER = """
CREATE TRIGGER relitu_head_geometry BEFORE INSERT OR UPDATE OF feature_id, current, geometry ON heads
FOR EACH ROW EXECUTE FUNCTION relitu_head_geometry()
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _require_postgis()
    op.execute("ALTER TABLE revisions ALTER COLUMN payload TYPE jsonb USING payload::jsonb")
    for table, (column, length) in KEYS.items():
        op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"')
    op.execute("ALTER TABLE heads ADD COLUMN geometry geometry(Geometry, 4326)")
    op.execute(FUNCTION)
    op.execute(TRIGGER)
    op.execute("UPDATE heads SET current = current")
    op.execute("CREATE INDEX ix_heads_geometry ON heads USING gist (geometry)")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP TRIGGER relitu_head_geometry ON heads")
    op.execute("DROP FUNCTION relitu_head_geometry()")
    op.execute("ALTER TABLE heads DROP COLUMN geometry")
    op.execute("ALTER TABLE revisions ALTER COLUMN payload TYPE json USING payload::json")
    for table, (column, length) in KEYS.items():
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length})")


def _require_postgis() -> None:
    connection = op.get_bind()
    if connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")).scalar():
        return
    try:
        connection.execute(text("CREATE EXTENSION postgis"))
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise UnusableDatabase(
            Label(
                f"无法启用 PostGIS（{reason}）；请安装 PostGIS，并由数据库管理员在该库中执行 CREATE EXTENSION postgis",
                f"PostGIS cannot be switched on ({reason}): install it, and let an administrator of the server run"
                " CREATE EXTENSION postgis in this database",
            )
        ) from error
