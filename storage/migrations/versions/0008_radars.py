"""For the radars: keys of what is alike, and decisions by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the keys of what is alike, and the index of decisions by time."""
    op.create_table(
        "likeness",
        sa.Column("core", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("core", "number", name=op.f("pk_likeness")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_signature_at", "signature", ["at"], unique=False)


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_signature_at", table_name="signature")
    op.drop_table("likeness")
