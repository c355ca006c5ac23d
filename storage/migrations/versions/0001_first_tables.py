"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Written once and never changed.
_FROZEN = ("audit", "access", "anchor", "signature", "policy_version", "template")
# Written once; columns that are emptied when a person's text is erased (6.1a), all at once. The others stay.
_ERASABLE = {
    "revision": (("fields", "original", "reason", "salt"), ("number", "revision", "author", "digest", "created_at")),
    "note": (("words", "original", "salt"), ("id", "number", "author", "digest", "at")),
}


def upgrade() -> None:
    """Create every table, the search index and the guards of the evidence."""
    op.create_table(
        "access",
        sa.Column("seq", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=48), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_access")),
        sa.UniqueConstraint("previous", name=op.f("uq_access_previous")),
    )
    op.create_index("ix_access_actor", "access", ["actor", "seq"], unique=False)
    op.create_table(
        "anchor",
        sa.Column("seq", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_anchor")),
    )
    op.create_table(
        "api_token",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("refreshing_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_api_token")),
    )
    op.create_table(
        "approval",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("applicant", sa.String(length=64), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_approval")),
    )
    op.create_index(
        "ix_approval_passed",
        "approval",
        ["applicant", "number"],
        unique=False,
        sqlite_where=sa.text("state = 'approved'"),
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("media_id", sa.String(length=512), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=256), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("number", "media_id", name=op.f("uq_attachment_number_media_id")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=48), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_previous")),
    )
    op.create_index("ix_audit_number", "audit", ["number", "seq"], unique=False)
    op.create_table(
        "card",
        sa.Column("task_id", sa.String(length=128), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("response_code", sa.String(length=512), nullable=False),
        sa.Column("tap_code", sa.String(length=512), nullable=False),
        sa.Column("code_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_card")),
    )
    op.create_index("ix_card_number", "card", ["number"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("userid", "purpose", name=op.f("pk_conversation")),
    )
    op.create_table(
        "deadline",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("fired_at", sa.BigInteger(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("kind", "subject", "generation", name=op.f("uq_deadline_kind_subject_generation")),
    )
    op.create_index(
        "ix_deadline_due",
        "deadline",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_deadline_subject",
        "deadline",
        ["subject"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=True),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("dedupe_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("incident", sa.String(length=16), nullable=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_inbox_dedupe_key")),
    )
    op.create_table(
        "item",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("noun", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=64), nullable=False),
        sa.Column("responsible", sa.String(length=64), nullable=False),
        sa.Column("answerable", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("medium", sa.String(length=16), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=24), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_item")),
    )
    op.create_index("ix_item_author", "item", ["author", "created_at"], unique=False)
    op.create_index("ix_item_department", "item", ["department", "created_at"], unique=False)
    op.create_index(
        "ix_item_parent",
        "item",
        ["parent"],
        unique=False,
        sqlite_where=sa.text("parent IS NOT NULL"),
        postgresql_where=sa.text("parent IS NOT NULL"),
    )
    op.create_table(
        "note",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("number", "digest", name=op.f("uq_note_number_digest")),
    )
    op.create_table(
        "open_work",
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("urgent", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("userid", "number", "what", name=op.f("pk_open_work")),
    )
    op.create_index("ix_open_work_number", "open_work", ["number"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("lane", sa.String(length=8), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(length=32), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("first_sent_at", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("msgid", sa.String(length=256), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index("ix_outbox_number", "outbox", ["number"], unique=False)
    op.create_index("ix_outbox_recent", "outbox", ["recipient", "sent_at"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["lane", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending','leased','held','unknown')"),
        postgresql_where=sa.text("state IN ('pending','leased','held','unknown')"),
    )
    op.create_table(
        "person",
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("shown_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("grade", sa.String(length=16), nullable=False),
        sa.Column("manager", sa.String(length=64), nullable=True),
        sa.Column("deputy", sa.String(length=64), nullable=True),
        sa.Column("posts", sa.Text(), nullable=False),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=128), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("joined", sa.String(length=10), nullable=True),
        sa.Column("post_since", sa.String(length=10), nullable=True),
        sa.Column("email", sa.String(length=256), nullable=False),
        sa.Column("mobile", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("welcomed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("userid", name=op.f("pk_person")),
    )
    op.create_table(
        "policy_version",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_version")),
    )
    op.create_table(
        "revision",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", "revision", name=op.f("pk_revision")),
    )
    op.create_table(
        "search_doc",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_doc")),
        sa.UniqueConstraint("number", name=op.f("uq_search_doc_number")),
    )
    op.create_table(
        "search_tail",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_tail")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "signature",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=128), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revision_digest", sa.String(length=64), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint(
            "number", "round", "step", "generation", name=op.f("uq_signature_number_round_step_generation")
        ),
    )
    op.create_table(
        "template",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_template")),
    )

    _create_search()
    _guard_evidence()


def downgrade() -> None:
    """Remove everything."""
    _unguard_evidence()
    _drop_search()
    op.drop_table("template")
    op.drop_table("signature")
    op.drop_table("setting")
    op.drop_table("search_tail")
    op.drop_table("search_doc")
    op.drop_table("revision")
    op.drop_table("policy_version")
    op.drop_table("person")
    op.drop_index(
        "ix_outbox_waiting",
        table_name="outbox",
        sqlite_where=sa.text("state IN ('pending','leased','held','unknown')"),
        postgresql_where=sa.text("state IN ('pending','leased','held','unknown')"),
    )
    op.drop_index("ix_outbox_recent", table_name="outbox")
    op.drop_index("ix_outbox_number", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("ix_open_work_number", table_name="open_work")
    op.drop_table("open_work")
    op.drop_table("note")
    op.drop_index(
        "ix_item_parent",
        table_name="item",
        sqlite_where=sa.text("parent IS NOT NULL"),
        postgresql_where=sa.text("parent IS NOT NULL"),
    )
    op.drop_index("ix_item_department", table_name="item")
    op.drop_index("ix_item_author", table_name="item")
    op.drop_table("item")
    op.drop_table("inbox")
    op.drop_table("heartbeat")
    op.drop_table("department")
    op.drop_index(
        "ix_deadline_subject",
        table_name="deadline",
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_index(
        "ix_deadline_due",
        table_name="deadline",
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_table("deadline")
    op.drop_table("conversation")
    op.drop_index("ix_card_number", table_name="card")
    op.drop_table("card")
    op.drop_index("ix_audit_number", table_name="audit")
    op.drop_table("audit")
    op.drop_table("attachment")
    op.drop_index(
        "ix_approval_passed",
        table_name="approval",
        sqlite_where=sa.text("state = 'approved'"),
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.drop_table("approval")
    op.drop_table("api_token")
    op.drop_table("anchor")
    op.drop_index("ix_access_actor", table_name="access")
    op.drop_table("access")


def _create_search() -> None:
    # The words of an item as pairs of characters, by the id of its row in search_doc; the words themselves are not
    # kept again. Only whether a pair occurs counts: a candidate's own text is looked at afterwards.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(body, content = '', contentless_delete = 1, detail = none, "
            "tokenize = 'unicode61 remove_diacritics 0')"
        )
    else:
        op.execute("CREATE TABLE search_index (id bigint PRIMARY KEY, body tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_search_index_body ON search_index USING gin (body)")


def _drop_search() -> None:
    op.execute("DROP TABLE search_index")


def _guard_evidence() -> None:
    """Accidents stop here; a person with the file and the key does not: for that there are the daily anchors."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'evidence is never changed: %', TG_TABLE_NAME; END $$"
        )
    for table in _FROZEN:
        _refuse(table, "UPDATE", None, sqlite=sqlite)
    for table, (emptied, kept) in _ERASABLE.items():
        erases = " AND ".join(
            [f"NEW.{name} = ''" for name in emptied] + [f"NEW.{name} = OLD.{name}" for name in kept]
        )
        _refuse(table, "UPDATE", f"NOT ({erases})", sqlite=sqlite)
    for table in (*_FROZEN, *_ERASABLE):
        _refuse(table, "DELETE", None, sqlite=sqlite)
        if not sqlite:
            op.execute(
                f"CREATE TRIGGER frozen_{table}_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def _refuse(table: str, act: str, when: str | None, *, sqlite: bool) -> None:
    name = f"frozen_{table}_{act.lower()}"
    if sqlite:
        condition = f" WHEN {when}" if when else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table}{condition} "
            f"BEGIN SELECT RAISE(ABORT, 'evidence is never changed: {table}'); END"
        )
    else:
        condition = f" WHEN ({when})" if when else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
            f"FOR EACH ROW{condition} EXECUTE FUNCTION refuse_change()"
        )


def _unguard_evidence() -> None:
    # SQLite drops a table's triggers with it; PostgreSQL needs the function gone too.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change() CASCADE")
