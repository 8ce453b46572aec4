"""The last days of what ends: found without reading every revision."""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ENDS = text("expires_on <> ''")


def upgrade() -> None:
    op.create_index("ix_revisions_expires_on", "revisions", ["expires_on"], sqlite_where=ENDS, postgresql_where=ENDS)


def downgrade() -> None:
    op.drop_index("ix_revisions_expires_on", "revisions")
