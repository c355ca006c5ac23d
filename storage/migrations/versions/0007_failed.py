"""What failed to be delivered is found without walking through everything ever sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index(
        "ix_outbox_failed", "outbox", ["id"], unique=False, sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_outbox_failed", "outbox")
