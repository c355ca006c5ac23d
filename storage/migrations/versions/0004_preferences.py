"""What people have set for themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "preference",
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("userid", "name", name=op.f("pk_preference")),
    )
    op.create_index("ix_preference_name", "preference", ["name", "value"], unique=False)


def downgrade() -> None:
    """Remove it."""
    op.drop_table("preference")
