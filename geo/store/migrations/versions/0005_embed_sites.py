"""Websites that show the map in a frame, and how often they were opened."""

import sqlalchemy as sa
from alembic import op

from geo.store.tables import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Keys sort by bytes on both databases, as all others do.
    key = sa.String(24, collation="C") if op.get_bind().dialect.name == "postgresql" else sa.String(24)
    op.create_table(
        "embed_sites",
        sa.Column("key", key, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("origins", sa.JSON, nullable=False),
        sa.Column("counties", sa.JSON, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("created_by", sa.String(120), nullable=False),
        sa.Column("revoked_at", UtcDateTime),
    )
    op.create_table(
        "embed_uses",
        sa.Column("site", key, primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("embed_uses", "embed_sites"):
        op.drop_table(table)
