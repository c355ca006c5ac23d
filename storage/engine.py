"""
Engines: the embedded SQLCipher file, or PostgreSQL by URL (design rule 9; 6.1c).

Every connection is made here, and every promise it must keep is asserted on it before anyone gets it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from storage.errors import WrongDatabase

DATABASE_FILE = "liuhen.db"
BUSY_MILLISECONDS = 2500
# Pages of the cipher: the callback's cost is pages touched, and small ones halve it (docs/decisions.md).
CIPHER_PAGE_BYTES = 1024
_POOL = 40


def open_embedded(folder: Path, key: bytes) -> Engine:
    """
    Open (or create) the encrypted database file in a data folder.

    Args:
        key: 32 random bytes; a raw key, so opening a connection takes milliseconds.

    Raises:
        WrongDatabase: (at the first connection) the key does not fit, or the file is not encrypted.
    """
    path = folder / DATABASE_FILE

    def connect() -> Any:
        connection = sqlcipher.connect(str(path), check_same_thread=False, isolation_level=None, cached_statements=512)
        try:
            _prepare(connection, key, path)
        except sqlcipher.DatabaseError as error:
            connection.close()
            if "not a database" in str(error) or "encrypted" in str(error):
                raise WrongDatabase(f"{path} does not open with this key; put the right keys into keys_dir") from None
            raise
        return connection

    engine = create_engine(
        "sqlite://", module=sqlcipher, creator=connect, poolclass=QueuePool, pool_use_lifo=True,
        pool_size=_POOL, max_overflow=20, pool_timeout=BUSY_MILLISECONDS / 1000, pool_reset_on_return=None,
    )
    return engine


def _prepare(connection: Any, key: bytes, path: Path) -> None:
    if len(key) != 32:
        raise WrongDatabase("the database key must have 32 bytes")
    run = connection.execute
    run(f"PRAGMA key = \"x'{key.hex()}'\"")
    run(f"PRAGMA cipher_page_size = {CIPHER_PAGE_BYTES}")
    run("PRAGMA cipher_memory_security = OFF")
    run(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    run("SELECT count(*) FROM sqlite_master").fetchone()
    run("PRAGMA journal_mode = WAL")
    run("PRAGMA synchronous = FULL")
    run("PRAGMA foreign_keys = ON")
    run("PRAGMA temp_store = MEMORY")
    run("PRAGMA cache_size = -8000")
    run("PRAGMA wal_autocheckpoint = 4000")
    asserted = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": BUSY_MILLISECONDS,
    }
    for name, wanted in asserted.items():
        got = run(f"PRAGMA {name}").fetchone()[0]
        if got != wanted:
            raise WrongDatabase(f"{path}: {name} is {got}, must be {wanted}")


def open_postgresql(url: str, application: str = "liuhen") -> Engine:
    """
    Open PostgreSQL by a URL such as postgresql+psycopg://user:…@host/database.

    Raises:
        WrongDatabase: the URL is for something else.
    """
    if not url.startswith(("postgresql+psycopg://", "postgresql://")):
        raise WrongDatabase("database.url must be embedded or postgresql+psycopg://…")
    url = url.replace("postgresql://", "postgresql+psycopg://", 1) if url.startswith("postgresql://") else url
    engine = create_engine(
        url, pool_size=20, max_overflow=20, pool_timeout=BUSY_MILLISECONDS / 1000, pool_use_lifo=True,
        pool_reset_on_return="rollback",
        connect_args={
            "application_name": application, "connect_timeout": 3,
            "options": f"-c lock_timeout={BUSY_MILLISECONDS} -c idle_in_transaction_session_timeout=15000 "
                       "-c timezone=UTC",
        },
    )

    @event.listens_for(engine, "connect")
    def assert_durable(connection: Any, record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            if cursor.fetchone()[0] == "off":
                raise WrongDatabase("PostgreSQL has synchronous_commit=off; an answered callback could be lost")
        connection.commit()

    return engine


def forget_connections(engine: Engine) -> None:
    """Drop a parent's connections in a forked child without closing the parent's sockets."""
    engine.dispose(close=False)


def checkpoint(engine: Engine) -> None:
    """Move the WAL into the file as far as readers allow (SQLite only; called by the clock)."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.driver_connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    finally:
        connection.close()
