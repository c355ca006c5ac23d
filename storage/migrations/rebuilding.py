"""What SQLite cannot alter is made again: a table from its own words, with its rows, indexes and triggers."""

from __future__ import annotations

import re
from collections.abc import Callable

from alembic import op


def on_sqlite() -> bool:
    """Return whether the migration runs on SQLite."""
    return op.get_bind().dialect.name == "sqlite"


def rebuild(table: str, change: Callable[[str], str]) -> None:
    """
    Make a table again from its own words, changed; the columns stay as they are.

    Raises:
        ValueError: `change` found nothing to change, so the table is not as the revision before left it.
    """
    bind = op.get_bind()

    def words(kinds: str) -> list[str]:
        asked = f"SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ({kinds}) AND sql IS NOT NULL"
        return list(bind.exec_driver_sql(asked, (table,)).scalars())

    (made,), beside = words("'table'"), words("'index', 'trigger'")
    changed = change(made)
    if changed == made:
        raise ValueError(f"{table} is not as the revision before left it")
    # A table that was renamed once stands in quotes.
    op.execute(re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_again", changed))
    op.execute(f"INSERT INTO {table}_again SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_again RENAME TO {table}")
    for each in beside:
        op.execute(each)
