"""
What a callback writes, in fewer pages: promises and deadlines unique by what they are about, so that one index does
the work of two; the register and open work clustered by their own keys (SQLite).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.rebuilding import on_sqlite, rebuild

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OLD_PROMISE, _NEW_PROMISE = ("uq_outbox_dedupe_key", ["dedupe_key"]), (
    "uq_outbox_number_dedupe_key", ["number", "dedupe_key"],
)
_OLD_DUE, _NEW_DUE = ("uq_deadline_kind_subject_generation", ["kind", "subject", "generation"]), (
    "uq_deadline_subject_kind_generation", ["subject", "kind", "generation"],
)
_CLUSTERED = ("item", "open_work")
_PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Turn the keys round, drop the indexes they replace, cluster."""
    op.drop_index("ix_outbox_number", table_name="outbox")
    op.drop_index("ix_deadline_subject", table_name="deadline")
    _rekey("outbox", _OLD_PROMISE, _NEW_PROMISE)
    _rekey("deadline", _OLD_DUE, _NEW_DUE)
    if on_sqlite():
        for table in _CLUSTERED:
            rebuild(table, lambda sql: f"{sql} WITHOUT ROWID")


def downgrade() -> None:
    """Turn everything back."""
    if on_sqlite():
        for table in _CLUSTERED:
            rebuild(table, lambda sql: sql.removesuffix(" WITHOUT ROWID"))
    _rekey("deadline", _NEW_DUE, _OLD_DUE)
    _rekey("outbox", _NEW_PROMISE, _OLD_PROMISE)
    op.create_index(
        "ix_deadline_subject", "deadline", ["subject"], unique=False, sqlite_where=_PENDING, postgresql_where=_PENDING
    )
    op.create_index("ix_outbox_number", "outbox", ["number"], unique=False)


def _rekey(table: str, old: tuple[str, list[str]], new: tuple[str, list[str]]) -> None:
    if not on_sqlite():
        op.drop_constraint(old[0], table, type_="unique")
        op.create_unique_constraint(new[0], table, new[1])
        return
    before, after = (f"CONSTRAINT {name} UNIQUE ({', '.join(columns)})" for name, columns in (old, new))
    rebuild(table, lambda sql: sql.replace(before, after))
