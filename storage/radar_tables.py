"""Keys by which like applications are found (4.1a); conventions as in storage.tables."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from storage.tables import METADATA

LIKENESS = Table(
    "likeness",
    METADATA,
    Column("core", String(80), primary_key=True),  # thing:服务器, firm:晨光, purpose:…
    Column("number", String(24), primary_key=True),
    Column("department", String(64), nullable=False),
    Column("author", String(64), nullable=False),
    sqlite_with_rowid=False,
)
