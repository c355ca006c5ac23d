"""
Engines: the embedded SQLCipher file, or PostgreSQL by URL (design rule 9; 6.1c).

Every connection is made here, and every promise it must keep is asserted on it before anyone gets it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from storage.errors import WrongDatabase

EMBEDDED = "embedded"
DATABASE_FILE = "liuhen.db"
BUSY_MILLISECONDS = 2500
# Pages of the cipher: the callback's cost is pages touched, and small ones halve it (docs/decisions.md).
CIPHER_PAGE_BYTES = 1024
_POOL = 40
_KEY_BYTES = 32


def open_engine(url: str, folder: Path, key: bytes | None, application: str = "liuhen") -> Engine:
    """
    Open the database that settings name.

    Args:
        url: "embedded", or postgresql+psycopg://…
        folder: the data folder; the embedded file lies there.
        key: of the embedded file (`storage.keys`); not used by PostgreSQL.
        application: shown in PostgreSQL's list of sessions.

    Raises:
        WrongDatabase: no key, a URL for something else; at the first connection: a key that does not fit.
    """
    if url != EMBEDDED:
        return open_postgresql(url, application)
    if key is None:
        raise WrongDatabase(f"{folder / DATABASE_FILE} is encrypted and there is no key; put the keys into keys_dir")
    return open_embedded(folder, key)


def open_embedded(folder: Path, key: bytes) -> Engine:
    """
    Open (or create) the encrypted database file in a data folder.

    Args:
        key: 32 random bytes; a raw key, so opening a connection takes milliseconds.

    Raises:
        WrongDatabase: the key is no key; at the first connection: it does not fit, or the file is not encrypted.
    """
    if len(key) != _KEY_BYTES:
        raise WrongDatabase(f"the database key must have {_KEY_BYTES} bytes; restore it from the recovery kit")
    path = folder / DATABASE_FILE

    def connect() -> Any:
        if not path.exists():
            _make_durable(path)
        connection = sqlcipher.connect(str(path), check_same_thread=False, isolation_level=None, cached_statements=512)
        try:
            _prepare(connection, key, path)
        except sqlcipher.DatabaseError as error:
            connection.close()
            if "not a database" in str(error) or "encrypted" in str(error):
                raise WrongDatabase(
                    f"{path} is not encrypted with this key; put the keys it was made with into keys_dir "
                    "(keys_dir in the settings, or the recovery kit)"
                ) from None
            raise
        except WrongDatabase:
            connection.close()
            raise
        return connection

    return create_engine(
        "sqlite://", module=sqlcipher, creator=connect, poolclass=QueuePool, pool_use_lifo=True,
        pool_size=_POOL, max_overflow=20, pool_timeout=BUSY_MILLISECONDS / 1000, pool_reset_on_return=None,
    )


def _make_durable(path: Path) -> None:
    """Make an empty file whose name survives a power cut: SQLite syncs the folder for its journals only."""
    # SQLite gives -wal and -shm the mode of the file.
    path.touch(mode=0o600, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _prepare(connection: Any, key: bytes, path: Path) -> None:
    run = connection.execute
    if run("PRAGMA cipher_version").fetchone() is None:
        # Plain SQLite ignores `PRAGMA key` without a word and would write the file in clear.
        raise WrongDatabase("the sqlcipher3 module has no encryption in it; install the packaged wheel")
    run(f"PRAGMA key = \"x'{key.hex()}'\"")
    run(f"PRAGMA cipher_page_size = {CIPHER_PAGE_BYTES}")
    run("PRAGMA cipher_memory_security = OFF")
    run(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    run("SELECT count(*) FROM sqlite_master").fetchone()
    run("PRAGMA journal_mode = WAL")
    run("PRAGMA synchronous = FULL")
    run("PRAGMA foreign_keys = ON")
    run("PRAGMA temp_store = MEMORY")
    run("PRAGMA trusted_schema = OFF")
    run("PRAGMA cache_size = -8000")
    run("PRAGMA wal_autocheckpoint = 16000")
    for name, wanted in ASSERTED.items():
        got = run(f"PRAGMA {name}").fetchone()[0]
        if got != wanted:
            raise WrongDatabase(f"{path}: {name} is {got}, must be {wanted}")


ASSERTED: dict[str, str | int] = {
    "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": BUSY_MILLISECONDS, "temp_store": 2,
    "trusted_schema": 0,
}


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
                       "-c timezone=UTC -c default_transaction_isolation=read\\ committed",
        },
    )

    @event.listens_for(engine, "connect")
    def assert_durable(connection: Any, record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            if cursor.fetchone()[0] == "off":
                raise WrongDatabase(
                    "PostgreSQL has synchronous_commit=off and could forget what was answered; set it to on"
                )
        connection.commit()

    return engine


# A child must never close what it inherited: closing the last SQLite connection checkpoints the parent's file.
_INHERITED: list[object] = []


def never_close(inherited: object) -> None:
    """Keep what a forked child holds of its parent's connections as it is until the child ends."""
    _INHERITED.append(inherited)


def forget_connections(engine: Engine) -> None:
    """Leave a parent's connections alone in a forked child; the child makes its own from now on."""
    never_close(engine.pool)
    engine.dispose(close=False)


def checkpoint(engine: Engine) -> None:
    """Move the WAL into the file as far as readers allow (SQLite only; called by the clock)."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    finally:
        connection.close()


def wal_bytes(folder: Path) -> int:
    """Return how long the embedded database's WAL is; a long reader lets it grow (alarm above 64 MiB)."""
    try:
        return (folder / f"{DATABASE_FILE}-wal").stat().st_size
    except FileNotFoundError:
        return 0
