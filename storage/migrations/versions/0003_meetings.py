"""Meetings, their seats, and promises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "meeting",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("series", sa.String(length=24), nullable=False),
        sa.Column("rhythm", sa.String(length=32), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("limit_at", sa.BigInteger(), nullable=False),
        sa.Column("opener", sa.String(length=64), nullable=False),
        sa.Column("chair", sa.String(length=64), nullable=False),
        sa.Column("recorder", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=False),
        sa.Column("first_ended_at", sa.BigInteger(), nullable=True),
        sa.Column("owes", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("overdue_at", sa.BigInteger(), nullable=True),
        sa.Column("minutes_at", sa.BigInteger(), nullable=True),
        sa.Column("late_seconds", sa.BigInteger(), nullable=False),
        sa.Column("minutes_revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_meeting")),
    )
    op.create_index("ix_meeting_series", "meeting", ["series", "starts_at"])
    op.create_index("ix_meeting_starts", "meeting", ["starts_at"])
    op.create_index(
        "uq_meeting_standing", "meeting", ["kind", "period"], unique=True, sqlite_where=sa.text("period > 0"),
        postgresql_where=sa.text("period > 0"),
    )
    op.create_table(
        "meeting_seat",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("here_at", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("number", "userid", name=op.f("pk_meeting_seat")),
    )
    op.create_index("ix_meeting_seat_userid", "meeting_seat", ["userid"])
    op.create_table(
        "promise",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("decision", sa.String(length=24), nullable=False),
        sa.Column("meeting", sa.String(length=24), nullable=False),
        sa.Column("series", sa.String(length=24), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("assigner", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("first_due_at", sa.BigInteger(), nullable=True),
        sa.Column("accept_by", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("back_to", sa.String(length=16), nullable=True),
        sa.Column("asked_due_at", sa.BigInteger(), nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("overdue_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_promise")),
    )
    op.create_index("ix_promise_owner", "promise", ["owner", "due_at"])
    op.create_index("ix_promise_department", "promise", ["department", "due_at"])
    op.create_index("ix_promise_meeting", "promise", ["meeting"])
    op.create_index(
        "ix_promise_series", "promise", ["series"], sqlite_where=sa.text("series <> ''"),
        postgresql_where=sa.text("series <> ''"),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("promise", "meeting_seat", "meeting"):
        op.drop_table(name)
