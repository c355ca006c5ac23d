"""
Fewer indexes behind a callback: a chain's links need none of their own, since two events after one would have the
same sequence, which is the key; nothing looks items up by department; cards are clustered by their task's id (SQLite).
"""

from __future__ import annotations

import re
from functools import partial

from alembic import op

from storage.migrations.rebuilding import on_sqlite, rebuild

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CHAINS = ("audit", "access")


def upgrade() -> None:
    """Drop them; cluster the cards."""
    op.drop_index("ix_item_department", table_name="item")
    for chain in _CHAINS:
        if on_sqlite():
            rebuild(chain, _without_unique)
        else:
            op.drop_constraint(f"uq_{chain}_previous", chain, type_="unique")
    if on_sqlite():
        rebuild("card", lambda sql: f"{sql} WITHOUT ROWID")


def downgrade() -> None:
    """Make everything as it was."""
    if on_sqlite():
        rebuild("card", lambda sql: sql.removesuffix(" WITHOUT ROWID"))
    for chain in _CHAINS:
        if on_sqlite():
            rebuild(chain, partial(_with_unique, chain))
        else:
            op.create_unique_constraint(f"uq_{chain}_previous", chain, ["previous"])
    op.create_index("ix_item_department", "item", ["department", "created_at"], unique=False)


def _without_unique(sql: str) -> str:
    return re.sub(r",\s*CONSTRAINT \w+ UNIQUE \(previous\)", "", sql)


def _with_unique(chain: str, sql: str) -> str:
    return re.sub(r"\s*\)\s*$", f", \n\tCONSTRAINT uq_{chain}_previous UNIQUE (previous)\n)", sql)
