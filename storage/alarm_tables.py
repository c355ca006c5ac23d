"""
Tables of alarms and phone calls (7.1b) and of notices (7.1a); conventions as in storage.tables.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text
from sqlalchemy import text as sql_text

from storage.tables import BIG_ID, METADATA

ALARM = Table(
    "alarm",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("state", String(16), nullable=False),  # open | acknowledged | resolved | withdrawn
    Column("version", Integer, nullable=False),  # compare-and-set
    Column("sender", String(64), nullable=False),
    Column("kind", String(32), nullable=False),  # of the on-call rota, "" for the line of report
    Column("ladder", Text, nullable=False),  # JSON list of userids, fixed when it starts; who it is handed to joins
    Column("told", Text, nullable=False),  # JSON list of userids that got it so far
    Column("position", Integer, nullable=False),  # index into `ladder`
    Column("round", Integer, nullable=False),  # from 1
    Column("called", Integer, nullable=False),  # 1 = the person at `position` was to be called
    Column("steps", Integer, nullable=False),  # counts moves: the generation of the pending deadline
    Column("raised_at", BigInteger, nullable=False),  # company time
    Column("acknowledged_by", String(64), nullable=False),  # "" while nobody did
    Column("acknowledged_at", BigInteger),  # company time
    Index("ix_alarm_sender", "sender", "raised_at"),
    Index("ix_alarm_open", "raised_at", sqlite_where=sql_text("state = 'open'"),
          postgresql_where=sql_text("state = 'open'")),
)

PHONE_CALL = Table(
    "phone_call",
    METADATA,
    Column("id", BIG_ID, primary_key=True, autoincrement=True),
    Column("number", String(24), nullable=False),  # the alarm or drill it is about
    Column("userid", String(64), nullable=False),
    Column("state", String(16), nullable=False),  # wanted | ringing | talking | reached | failed | limited | dropped
    Column("callid", String(128), nullable=False),  # the platform's; "" before it rings
    Column("reason", Integer, nullable=False),  # the platform's number of how it ended, 0 before
    Column("errcode", Integer, nullable=False),  # why no call was started, 0 when one was
    Column("asked_at", BigInteger, nullable=False),  # company time
    Column("placed_at", BigInteger),  # machine time of the newest try
    Column("tries", Integer, nullable=False),
    Index("ix_phone_call_number", "number"),
    Index("ix_phone_call_userid", "userid", "placed_at"),
)

DUTY = Table(
    "duty",
    METADATA,
    Column("kind", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),  # company date
    Column("userid", String(64), nullable=False),
    Column("set_by", String(64), nullable=False),
    Column("set_at", BigInteger, nullable=False),  # company time
)

NOTICE = Table(
    "notice",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("state", String(16), nullable=False),  # sent | recalled
    Column("sender", String(64), nullable=False),
    Column("important", Integer, nullable=False),
    Column("audience", Text, nullable=False),  # the words for whom it is meant
    Column("leaves_at", BigInteger, nullable=False),  # company time
)

NOTICE_READER = Table(
    "notice_reader",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("userid", String(64), primary_key=True),
    Column("read_at", BigInteger),  # company time
    Column("reached", Integer, nullable=False),  # 0 = the platform did not take the recipient
    Index("ix_notice_reader_unread", "userid", "number", sqlite_where=sql_text("read_at IS NULL"),
          postgresql_where=sql_text("read_at IS NULL")),
)

# Recipients of outbox rows that name several (OUTBOX.recipient is "" there).
OUTBOX_MEMBER = Table(
    "outbox_member",
    METADATA,
    Column("outbox_id", BigInteger, primary_key=True),
    Column("userid", String(64), primary_key=True),
    Index("ix_outbox_member_userid", "userid", "outbox_id"),
)

# The newest tap's code of one holder of a card that several people got.
CARD_HOLDER = Table(
    "card_holder",
    METADATA,
    Column("task_id", String(128), primary_key=True),
    Column("userid", String(64), primary_key=True),
    Column("tap_code", String(512), nullable=False),
    Column("code_at", BigInteger, nullable=False),  # machine time
)
