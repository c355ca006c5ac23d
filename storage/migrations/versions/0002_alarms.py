"""Alarms, phone calls, the on-call rota; notices, and messages to several people at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = ("alarm", "card_holder", "duty", "notice", "notice_reader", "outbox_member", "phone_call")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "alarm",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("ladder", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("called", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=64), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alarm")),
    )
    op.create_index("ix_alarm_sender", "alarm", ["sender", "raised_at"], unique=False)
    op.create_index(
        "ix_alarm_open", "alarm", ["raised_at"], unique=False, sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "phone_call",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("callid", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Integer(), nullable=False),
        sa.Column("errcode", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
    )
    op.create_index("ix_phone_call_number", "phone_call", ["number"], unique=False)
    op.create_index("ix_phone_call_userid", "phone_call", ["userid", "placed_at"], unique=False)
    op.create_table(
        "duty",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "day", name=op.f("pk_duty")),
    )
    op.create_table(
        "notice",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("important", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("leaves_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_notice")),
    )
    op.create_table(
        "notice_reader",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", "userid", name=op.f("pk_notice_reader")),
    )
    op.create_index(
        "ix_notice_reader_unread", "notice_reader", ["userid", "number"], unique=False,
        sqlite_where=sa.text("read_at IS NULL"), postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "outbox_member",
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("outbox_id", "userid", name=op.f("pk_outbox_member")),
    )
    op.create_index("ix_outbox_member_userid", "outbox_member", ["userid", "outbox_id"], unique=False)
    op.create_table(
        "card_holder",
        sa.Column("task_id", sa.String(length=128), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("tap_code", sa.String(length=512), nullable=False),
        sa.Column("code_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "userid", name=op.f("pk_card_holder")),
    )


def downgrade() -> None:
    """Drop them."""
    for table in _TABLES:
        op.drop_table(table)
