"""Absences, changes of permission, sights, emergency orders (4.1b, 4.1c)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "absence",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("stand_in", sa.String(length=64), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("over", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_absence")),
    )
    op.create_index(
        "ix_absence_running", "absence", ["person"], unique=False, sqlite_where=sa.text("over = 0"),
        postgresql_where=sa.text("over = 0"),
    )
    op.create_table(
        "permission_change",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("right_kind", sa.String(length=16), nullable=False),
        sa.Column("right_value", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("signer", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("in_force_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_permission_change")),
    )
    op.create_index("ix_permission_change_person", "permission_change", ["person", "created_at"], unique=False)
    op.create_table(
        "sight",
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("userid", "department", name=op.f("pk_sight")),
    )
    op.create_table(
        "emergency",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("orderer", sa.String(length=64), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("climbed", sa.Integer(), nullable=False),
        sa.Column("ratification", sa.String(length=24), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=True),
        sa.Column("executed_at", sa.BigInteger(), nullable=True),
        sa.Column("spent", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_emergency")),
    )
    op.create_index(
        "ix_emergency_open", "emergency", ["orderer"], unique=False, sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_index("ix_emergency_open", table_name="emergency")
    op.drop_table("emergency")
    op.drop_table("sight")
    op.drop_index("ix_permission_change_person", table_name="permission_change")
    op.drop_table("permission_change")
    op.drop_index("ix_absence_running", table_name="absence")
    op.drop_table("absence")
