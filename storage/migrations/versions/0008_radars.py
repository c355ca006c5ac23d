"""Indexes for the radars: what a department asks for, and decisions by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ASKED = "noun IN ('CG', 'SP')"


def upgrade() -> None:
    """Create the indexes."""
    op.create_index(
        "ix_item_asked", "item", ["department", "created_at"], unique=False, sqlite_where=sa.text(_ASKED),
        postgresql_where=sa.text(_ASKED),
    )
    op.create_index("ix_signature_at", "signature", ["at"], unique=False)


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_signature_at", table_name="signature")
    op.drop_index(
        "ix_item_asked", table_name="item", sqlite_where=sa.text(_ASKED), postgresql_where=sa.text(_ASKED)
    )
