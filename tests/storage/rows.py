"""One plausible row for every table, for tests that need all of them filled."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, LargeBinary, Table

from storage.tables import METADATA


def row_of(table: Table, serial: int = 1) -> dict[str, object]:
    """Return a row whose every column is set; rows of different serials share no unique key."""
    row: dict[str, object] = {}
    for column in table.columns:
        if isinstance(column.type, BigInteger | Integer):
            row[column.name] = serial
        elif isinstance(column.type, LargeBinary):
            row[column.name] = serial.to_bytes(32, "big")
        else:
            longest = getattr(column.type, "length", None)
            row[column.name] = f"{serial}{column.name}"[:longest]
    return row


def all_tables() -> list[Table]:
    """Return every table of the schema."""
    return list(METADATA.sorted_tables)
