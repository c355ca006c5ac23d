"""
Tables of who may do what: absences, changes of permission, sights (4.1c), and emergency orders (4.1b).

Conventions as in storage.tables.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text
from sqlalchemy import text as sql_text

from storage.tables import METADATA

ABSENCE = Table(
    "absence",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("kind", String(16), nullable=False),  # delegation | leave
    Column("person", String(64), nullable=False),
    Column("stand_in", String(64)),  # NULL = nobody named
    Column("starts_at", BigInteger, nullable=False),  # company time
    Column("ends_at", BigInteger, nullable=False),  # company time, not included; earlier once it was ended by hand
    Column("over", Integer, nullable=False),  # 1 = ended or cancelled
    Column("created_at", BigInteger, nullable=False),  # company time
    Index("ix_absence_running", "person", sqlite_where=sql_text("over = 0"), postgresql_where=sql_text("over = 0")),
)

PERMISSION_CHANGE = Table(
    "permission_change",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("state", String(16), nullable=False),  # pending | rejected | withdrawn | approved | in_force | failed
    Column("version", Integer, nullable=False),  # compare-and-set
    Column("act", String(8), nullable=False),  # grant | revoke
    Column("right_kind", String(16), nullable=False),  # post | grade | region | head | sight
    Column("right_value", String(64), nullable=False),
    Column("person", String(64), nullable=False),  # whose right it is
    Column("requested_by", String(64), nullable=False),
    Column("signer", String(64), nullable=False),  # whose decision it is
    Column("starts_on", String(10)),  # company date; NULL = as soon as it is approved
    Column("before", Text, nullable=False),  # JSON: what it replaced, once in force
    Column("decided_by", String(64), nullable=False),  # "" while nobody has
    Column("decided_at", BigInteger),  # company time
    Column("in_force_at", BigInteger),  # company time
    Column("created_at", BigInteger, nullable=False),  # company time
    Index("ix_permission_change_person", "person", "created_at"),
)

SIGHT = Table(
    "sight",
    METADATA,
    Column("userid", String(64), primary_key=True),
    Column("department", String(64), primary_key=True),  # whose items this person may see
)

EMERGENCY = Table(
    "emergency",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("state", String(16), nullable=False),  # open | ratified | refused
    Column("version", Integer, nullable=False),  # compare-and-set
    Column("orderer", String(64), nullable=False),
    Column("fen", BigInteger, nullable=False),  # up to which it may be executed
    Column("team", Text, nullable=False),  # JSON list of userids as named
    Column("effective_at", BigInteger, nullable=False),  # company time
    Column("due_at", BigInteger, nullable=False),  # company time; until then it is to be ratified
    Column("climbed", Integer, nullable=False),  # how many superiors were told that it is overdue
    Column("ratification", String(24), nullable=False),  # number of the newest approval made up afterwards, "" = none
    Column("filed_at", BigInteger),  # company time the ratification was first filed
    Column("executed_at", BigInteger),  # company time of the execution as its people say
    Column("spent", BigInteger),  # fen, as its people say
    Column("settled_at", BigInteger),  # company time it was ratified or refused
    Index("ix_emergency_open", "orderer", sqlite_where=sql_text("state = 'open'"),
          postgresql_where=sql_text("state = 'open'")),
)
