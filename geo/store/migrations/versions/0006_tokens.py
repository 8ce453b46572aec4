"""Tokens of programs, and revisions that ask for a feature's withdrawal."""

import sqlalchemy as sa
from alembic import op

from geo.store.tables import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    def key(length: int) -> sa.String:
        # Keys sort by bytes on both databases, as all others do.
        return sa.String(length, collation="C") if op.get_bind().dialect.name == "postgresql" else sa.String(length)

    op.create_table(
        "tokens",
        sa.Column("id", key(24), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("account", key(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("counties", sa.JSON, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
        sa.Column("revoked_by", sa.String(120), nullable=False, server_default=""),
        sa.Column("used_at", UtcDateTime),
        sa.Column("uses", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("ix_tokens_account", "tokens", ["account"])
    op.add_column("revisions", sa.Column("withdraws", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("revisions", "withdraws")
    op.drop_table("tokens")
