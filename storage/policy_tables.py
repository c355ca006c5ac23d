"""The company as decisions saw it, so that they can be replayed (P.2); conventions as in storage.tables."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table

from storage.tables import METADATA

ORG_SEEN = Table(
    "org_seen",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),  # of the org
    Column("content", LargeBinary, nullable=False),  # compressed JSON of departments and people
)
