"""
Every table, typed once; alembic's revisions are held against this (tests/storage/test_migrations.py).

Conventions: `…_at` are integer milliseconds since the epoch, UTC; company or machine time is said beside each.
`fen` are integers. JSON columns hold canonical JSON text (storage.canonical). userids are lower case.
A surrogate `id` is an ever-growing integer; numbers (`CG-20261123-0001`) are natural keys.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy import text as sql_text

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# An autoincrementing key that is the rowid on SQLite and a bigserial on PostgreSQL.
BIG_ID = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", BIG_ID, primary_key=True, autoincrement=True)


# --- the house itself -----------------------------------------------------------------------------------------------

SETTING = Table(
    "setting",
    METADATA,
    Column("name", String(64), primary_key=True),  # database_kind, org_version, go_live, search_head …
    Column("value", Text, nullable=False),
)

POLICY_VERSION = Table(
    "policy_version",
    METADATA,
    Column("version", Integer, primary_key=True),
    Column("effective_at", BigInteger, nullable=False),  # company time
    Column("parameters", Text, nullable=False),  # JSON
    Column("approved_by", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),  # company time
)

API_TOKEN = Table(
    "api_token",
    METADATA,
    Column("name", String(128), primary_key=True),  # corp, agent and a hash of the secret
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", BigInteger, nullable=False),  # machine time
    Column("refreshing_until", BigInteger, nullable=False),  # machine time; 0 = nobody
)

HEARTBEAT = Table(
    "heartbeat",
    METADATA,
    Column("part", String(64), primary_key=True),  # clock-1, worker-2 …
    Column("at", BigInteger, nullable=False),  # machine time
    Column("detail", Text, nullable=False),  # JSON
)

# --- people ---------------------------------------------------------------------------------------------------------

DEPARTMENT = Table(
    "department",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("head", String(64)),
    Column("parent", String(64)),
)

PERSON = Table(
    "person",
    METADATA,
    Column("userid", String(64), primary_key=True),  # lower case
    Column("shown_id", String(64), nullable=False),  # as WeCom spells it
    Column("name", String(128), nullable=False),
    Column("department", String(64), nullable=False),
    Column("grade", String(16), nullable=False),
    Column("manager", String(64)),
    Column("deputy", String(64)),
    Column("posts", Text, nullable=False),  # JSON list
    Column("regions", Text, nullable=False),  # JSON list
    Column("title", String(128), nullable=False),
    Column("aliases", Text, nullable=False),  # JSON list
    Column("joined", String(10)),  # company date
    Column("post_since", String(10)),  # company date
    Column("email", String(256), nullable=False),
    Column("mobile", String(32), nullable=False),
    Column("active", Integer, nullable=False),
    Column("welcomed_at", BigInteger),  # company time of the first contact
)

# --- what comes in --------------------------------------------------------------------------------------------------

INBOX = Table(
    "inbox",
    METADATA,
    _id(),
    Column("dedupe_key", LargeBinary(32), nullable=False, unique=True),
    Column("received_at", BigInteger, nullable=False),  # machine time
    Column("sender", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("source", String(64), nullable=False),  # address of the caller (6.1d)
    Column("state", String(16), nullable=False),  # handled | refused | failed | unknown
    Column("incident", String(16)),
    Column("event", Text, nullable=False),  # JSON of the fields, for replay
    Column("answer", LargeBinary, nullable=False),  # plain inner XML, empty = nothing to say; ≤ 4 KiB
)

CONVERSATION = Table(
    "conversation",
    METADATA,
    Column("userid", String(64), primary_key=True),
    Column("purpose", String(32), primary_key=True),  # list | fields | last_item | greeting …
    Column("until", BigInteger, nullable=False),  # company time
    Column("state", Text, nullable=False),  # JSON
)

PREFERENCE = Table(
    "preference",
    METADATA,
    Column("userid", String(64), primary_key=True),
    Column("name", String(32), primary_key=True),  # 晚间清单 …
    Column("value", String(64), nullable=False),
    Column("set_at", BigInteger, nullable=False),  # company time
    Index("ix_preference_name", "name", "value"),
)

# --- the register ---------------------------------------------------------------------------------------------------

ITEM = Table(
    "item",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("noun", String(2), nullable=False),
    Column("kind", String(64), nullable=False),  # template id of a record, approval kind, "task"
    Column("title", Text, nullable=False),
    Column("author", String(64), nullable=False),
    Column("department", String(64), nullable=False),
    Column("region", String(64), nullable=False),
    Column("responsible", String(64), nullable=False),  # the one person who has it now (P.1)
    Column("answerable", String(16), nullable=False),  # the grade that answers for it (P.1)
    Column("state", String(16), nullable=False),
    Column("medium", String(16), nullable=False),
    Column("template_version", Integer, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("parent", String(24)),  # the item this one grew out of
    Column("created_at", BigInteger, nullable=False),  # company time
    Column("updated_at", BigInteger, nullable=False),  # company time
    Index("ix_item_author", "author", "created_at"),
    Index("ix_item_parent", "parent", sqlite_where=sql_text("parent IS NOT NULL"),
          postgresql_where=sql_text("parent IS NOT NULL")),
    sqlite_with_rowid=False,
)

REVISION = Table(
    "revision",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("author", String(64), nullable=False),
    Column("fields", Text, nullable=False),  # JSON mapping; "" once erased
    Column("original", Text, nullable=False),  # the words as typed; "" once erased
    Column("reason", Text, nullable=False),  # "" once erased
    Column("salt", String(32), nullable=False),  # makes the digest a commitment; "" once erased
    Column("digest", String(64), nullable=False),  # sha256 of salt and fields
    Column("created_at", BigInteger, nullable=False),  # company time
)

NOTE = Table(
    "note",
    METADATA,
    _id(),
    Column("number", String(24), nullable=False),
    Column("author", String(64), nullable=False),
    Column("words", Text, nullable=False),  # "" once erased
    Column("original", Text, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),  # company time
    UniqueConstraint("number", "digest"),
)

TEMPLATE = Table(
    "template",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("fields", Text, nullable=False),  # JSON list of fields
    Column("created_at", BigInteger, nullable=False),  # company time
)

APPROVAL = Table(
    "approval",
    METADATA,
    Column("number", String(24), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),  # compare-and-set
    Column("round", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("applicant", String(64), nullable=False),
    Column("fen", BigInteger),
    Column("position", Integer, nullable=False),  # index of the open step
    Column("steps", Text, nullable=False),  # JSON list
    Column("facts", Text, nullable=False),  # JSON: tier, parameters used, copies, question …
    Index("ix_approval_passed", "applicant", "number", sqlite_where=sql_text("state = 'approved'"),
          postgresql_where=sql_text("state = 'approved'")),
)

SIGNATURE = Table(
    "signature",
    METADATA,
    _id(),
    Column("number", String(24), nullable=False),
    Column("round", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("generation", Integer, nullable=False),  # rises when a decision is taken back
    Column("actor", String(64), nullable=False),
    Column("actor_name", String(128), nullable=False),  # as it was when signing
    Column("roles", Text, nullable=False),  # JSON list
    Column("verb", String(16), nullable=False),
    Column("opinion", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("revision_digest", String(64), nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),  # company time
    UniqueConstraint("number", "round", "step", "generation"),
    Index("ix_signature_at", "at"),
)

OPEN_WORK = Table(
    "open_work",
    METADATA,
    Column("userid", String(64), primary_key=True),
    Column("number", String(24), primary_key=True),
    Column("what", String(24), primary_key=True),  # approval | returned | question | task
    Column("since", BigInteger, nullable=False),  # company time
    Column("due_at", BigInteger),  # company time
    Column("urgent", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("fen", BigInteger),
    Index("ix_open_work_number", "number"),
    sqlite_with_rowid=False,
)

ATTACHMENT = Table(
    "attachment",
    METADATA,
    _id(),
    Column("number", String(24), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("kind", String(16), nullable=False),  # image | file | voice | video
    Column("media_id", String(512), nullable=False),
    Column("name", String(256), nullable=False),
    Column("state", String(16), nullable=False),  # pending | stored | failed | detached
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("path", String(256), nullable=False),  # below the vault; "" until stored
    Column("created_at", BigInteger, nullable=False),  # company time
    UniqueConstraint("number", "media_id"),
)

# --- what goes out --------------------------------------------------------------------------------------------------

OUTBOX = Table(
    "outbox",
    METADATA,
    _id(),
    Column("dedupe_key", String(160), nullable=False),  # who + what + which round
    Column("kind", String(16), nullable=False),
    Column("lane", String(8), nullable=False),
    Column("recipient", String(64), nullable=False),  # one userid; "" when `body` names several
    Column("number", String(24), nullable=False),  # the item it speaks of, "" for none
    Column("body", LargeBinary, nullable=False),  # the exact bytes of the call
    Column("summary", Text, nullable=False),  # one line for the morning summary and for operators
    Column("state", String(16), nullable=False),
    Column("not_before", BigInteger, nullable=False),  # company time
    Column("retry_at", BigInteger, nullable=False),  # machine time
    Column("attempt", Integer, nullable=False),
    Column("lease_token", String(32), nullable=False),
    Column("lease_until", BigInteger, nullable=False),  # machine time
    Column("first_sent_at", BigInteger),  # machine time the first try left us
    Column("sent_at", BigInteger),  # machine time of the platform's answer
    Column("msgid", String(256), nullable=False),
    Column("error", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),  # company time
    Column("queued_at", BigInteger, nullable=False),  # machine time
    Index("ix_outbox_waiting", "lane", "id", sqlite_where=sql_text("state IN ('pending','leased','held','unknown')"),
          postgresql_where=sql_text("state IN ('pending','leased','held','unknown')")),
    Index("ix_outbox_failed", "id", sqlite_where=sql_text("state = 'failed'"),
          postgresql_where=sql_text("state = 'failed'")),
    Index("ix_outbox_recent", "recipient", "sent_at"),
    # A key names its item, so this finds an item's rows too.
    UniqueConstraint("number", "dedupe_key"),
)

CARD = Table(
    "card",
    METADATA,
    Column("task_id", String(128), primary_key=True),
    Column("number", String(24), nullable=False),
    Column("userid", String(64), nullable=False),
    Column("purpose", String(24), nullable=False),  # decide | task | notice …
    Column("round", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("outbox_id", BigInteger, nullable=False),
    Column("response_code", String(512), nullable=False),  # of the send; "" = none or used
    Column("tap_code", String(512), nullable=False),  # of the newest tap; "" = none or used
    Column("code_at", BigInteger, nullable=False),  # machine time of the newest code
    Index("ix_card_number", "number"),
    sqlite_with_rowid=False,
)

# --- time -----------------------------------------------------------------------------------------------------------

DEADLINE = Table(
    "deadline",
    METADATA,
    _id(),
    Column("kind", String(48), nullable=False),
    Column("subject", String(96), nullable=False),  # a number, a userid, a week
    Column("generation", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),  # company time
    Column("state", String(16), nullable=False),
    Column("data", Text, nullable=False),  # JSON
    Column("fired_at", BigInteger),  # company time
    Column("attempt", Integer, nullable=False),
    Column("retry_at", BigInteger, nullable=False),  # machine time; set after a failed firing
    Column("error", Text, nullable=False),
    UniqueConstraint("subject", "kind", "generation"),
    Index("ix_deadline_due", "due_at", sqlite_where=sql_text("state = 'pending'"),
          postgresql_where=sql_text("state = 'pending'")),
)

# --- evidence -------------------------------------------------------------------------------------------------------

AUDIT = Table(
    "audit",
    METADATA,
    Column("seq", BIG_ID, primary_key=True, autoincrement=False),  # gapless from 1
    Column("previous", LargeBinary(32), nullable=False),  # one event after each: `seq` sees to that
    Column("at", BigInteger, nullable=False),  # company time
    Column("actor", String(64), nullable=False),  # userid or "system"
    Column("act", String(48), nullable=False),
    Column("number", String(24), nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON: version, facts, digests of rows
    Column("hash", LargeBinary(32), nullable=False),
    Index("ix_audit_number", "number", "seq"),
)

ACCESS = Table(
    "access",
    METADATA,
    Column("seq", BIG_ID, primary_key=True, autoincrement=False),
    Column("previous", LargeBinary(32), nullable=False),  # one event after each: `seq` sees to that
    Column("at", BigInteger, nullable=False),  # company time
    Column("actor", String(64), nullable=False),
    Column("act", String(48), nullable=False),  # search, trace, refused …
    Column("number", String(24), nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON: source address, what
    Column("hash", LargeBinary(32), nullable=False),
    Index("ix_access_actor", "actor", "seq"),
)

ANCHOR = Table(
    "anchor",
    METADATA,
    Column("seq", BIG_ID, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("at", BigInteger, nullable=False),  # company time
)

# --- search ---------------------------------------------------------------------------------------------------------
# The index itself (FTS5 on SQLite, tsvector + GIN on PostgreSQL) is made by the migration: it has no portable type.

# `search_index` holds an item's pairs of characters under the id of its row here; the newest change has the highest.

SEARCH_DOC = Table(
    "search_doc",
    METADATA,
    _id(),
    Column("number", String(24), nullable=False, unique=True),
)

SEARCH_TAIL = Table(
    "search_tail",
    METADATA,
    _id(),
    Column("number", String(24), nullable=False),  # changed, not indexed yet
)
