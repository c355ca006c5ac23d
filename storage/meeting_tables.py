"""Meetings, who sits in them, and what was promised (3.2d, 4.2a–e). Conventions as in storage.tables."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text
from sqlalchemy import text as sql_text

from storage.tables import METADATA

MEETING = Table(
    "meeting",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("kind", String(16), nullable=False),  # meeting | weekly | strategy | forum
    Column("series", String(24), nullable=False),  # "" = single
    Column("rhythm", String(32), nullable=False),  # "" = none follows
    Column("period", Integer, nullable=False),  # of standing meetings; else 0
    Column("subject", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),  # compare-and-set
    Column("starts_at", BigInteger, nullable=False),  # company time, as all below
    Column("ends_at", BigInteger, nullable=False),
    Column("limit_at", BigInteger, nullable=False),
    Column("opener", String(64), nullable=False),
    Column("chair", String(64), nullable=False),
    Column("recorder", String(64), nullable=False),
    Column("place", Text, nullable=False),
    Column("began_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("ended_by", String(64), nullable=False),
    Column("first_ended_at", BigInteger),  # before its one correction
    Column("owes", String(64), nullable=False),  # the minutes
    Column("due_at", BigInteger),
    Column("overdue_at", BigInteger),
    Column("minutes_at", BigInteger),
    Column("late_seconds", BigInteger, nullable=False),
    Column("minutes_revision", Integer, nullable=False),
    Index("ix_meeting_series", "series", "starts_at"),
    Index("ix_meeting_starts", "starts_at"),
    # A standing meeting exists once per week or quarter, whatever clocks, restarts and outages happen.
    Index("uq_meeting_standing", "kind", "period", unique=True, sqlite_where=sql_text("period > 0"),
          postgresql_where=sql_text("period > 0")),
)

MEETING_SEAT = Table(
    "meeting_seat",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("userid", String(64), primary_key=True),
    Column("answer", String(8), nullable=False),  # "" | yes | no
    Column("here_at", BigInteger),  # company time
    Column("verdict", String(16), nullable=False),  # "" | confirmed | objected
    Index("ix_meeting_seat_userid", "userid"),
)

PROMISE = Table(
    "promise",
    METADATA,
    Column("number", String(24), primary_key=True),  # of the task
    Column("decision", String(24), nullable=False),
    Column("meeting", String(24), nullable=False),
    Column("series", String(24), nullable=False),
    Column("title", Text, nullable=False),
    Column("owner", String(64), nullable=False),
    Column("assigner", String(64), nullable=False),
    Column("department", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),  # compare-and-set
    Column("offered_at", BigInteger, nullable=False),  # company time, as all below
    Column("due_at", BigInteger),
    Column("first_due_at", BigInteger),
    Column("accept_by", BigInteger),
    Column("accepted_at", BigInteger),
    Column("back_to", String(16)),
    Column("asked_due_at", BigInteger),
    Column("moves", Integer, nullable=False),
    Column("checked", Integer, nullable=False),
    Column("overdue_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("closed_at", BigInteger),
    Index("ix_promise_owner", "owner", "due_at"),
    Index("ix_promise_department", "department", "due_at"),
    Index("ix_promise_meeting", "meeting"),
    Index("ix_promise_series", "series", sqlite_where=sql_text("series <> ''"),
          postgresql_where=sql_text("series <> ''")),
)
