"""Revisions and heads."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _box() -> list[sa.Column[float]]:
    return [sa.Column(side, sa.Float) for side in ("west", "south", "east", "north")]


def upgrade() -> None:
    op.create_table(
        "revisions",
        sa.Column("feature_id", sa.String(120), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("geometry", sa.LargeBinary),
        *_box(),
        sa.Column("original_geometry", sa.LargeBinary),
        sa.Column("original_crs", sa.String(80), nullable=False, server_default=""),
        sa.Column("origin", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(
        "heads",
        sa.Column("feature_id", sa.String(120), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("current", sa.Integer, nullable=False),
        sa.Column("published", sa.Integer),
        *_box(),
    )
    op.create_index("ix_heads_kind_published", "heads", ["kind", "published"])
    op.create_index("ix_heads_west_east_south_north", "heads", ["west", "east", "south", "north"])


def downgrade() -> None:
    op.drop_table("heads")
    op.drop_table("revisions")
