"""
The store: runs units of work, one transaction each, and commits them (design rules 1, 9).

SQLite: writers queue on a lock inside the process and open with BEGIN IMMEDIATE; readers are query_only.
PostgreSQL: READ COMMITTED; serialization and lock errors are tried again, the chain's head is locked last.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine

from policy.terms import Lane
from storage import chain
from storage.engine import never_close
from storage.errors import DuplicateKey, TryAgainLater
from storage.statement import POSTGRESQL, SQLITE
from storage.unit import Unit

T = TypeVar("T")

LOCK_SECONDS = 2.5  # how long a writer waits at most; the callback must answer within 5 s
TRIES = 3


class Store:
    """
    The database as the rest of the program sees it.

    Args:
        engine: from storage.engine; its pool hands out connections whose pragmas have been asserted.
        after_commit: called with the lanes to ring, outside the transaction; must not block or raise.
    """

    def __init__(self, engine: Engine, after_commit: Callable[[frozenset[Lane]], None] | None = None) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        self.after_commit = after_commit
        self._writer = threading.Lock()
        self._held: Any = None
        self._held_in = 0

    def write(self, work: Callable[[Unit], T]) -> T:
        """
        Run `work` in one transaction and commit it; on any exception nothing is kept.

        `work` may be run again (PostgreSQL serialization), so it must do nothing but use its unit.

        Raises:
            TryAgainLater: the database was busy for 2.5 s or is away.
            DuplicateKey: a unique key was taken.
            Whatever `work` raises.
        """
        give_up = time.monotonic() + LOCK_SECONDS
        for attempt in range(1, TRIES + 1):
            try:
                result, lanes = self._write_once(work, give_up)
            except Exception as error:
                if attempt < TRIES and time.monotonic() < give_up and _worth_another_try(error):
                    continue
                named = _named(error)
                if named is None:
                    raise
                raise named from error
            if lanes and self.after_commit is not None:
                self.after_commit(lanes)
            return result
        raise AssertionError("unreachable")

    def read(self, work: Callable[[Unit], T]) -> T:
        """
        Run `work` on one consistent view; its writes are refused by the database.

        Raises:
            TryAgainLater: the database is away.
        """
        try:
            with self._connection() as connection:
                cursor = connection.cursor()
                if self.dialect == SQLITE:
                    cursor.execute("PRAGMA query_only = 1")
                    try:
                        cursor.execute("BEGIN")
                        try:
                            return work(Unit(self.dialect, cursor, writing=False))
                        finally:
                            cursor.execute("ROLLBACK")
                    finally:
                        cursor.execute("PRAGMA query_only = 0")
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                try:
                    return work(Unit(self.dialect, cursor, writing=False))
                finally:
                    connection.rollback()
        except Exception as error:
            named = _named(error)
            if named is None:
                raise
            raise named from error

    def close(self) -> None:
        """Close every connection of this process."""
        self._stand_in_line()
        try:
            self._let_go()
        finally:
            self._writer.release()
        self.engine.dispose()

    # -- inside

    def _write_once(self, work: Callable[[Unit], T], give_up: float) -> tuple[T, frozenset[Lane]]:
        if self.dialect == SQLITE:
            self._stand_in_line()
            try:
                connection = self._writing_connection()
                try:
                    cursor = connection.cursor()
                    _begin(cursor, give_up)
                    unit = Unit(self.dialect, cursor, writing=True)
                    result = work(unit)
                    chain.append(unit)
                    cursor.execute("COMMIT")
                    return result, frozenset(unit.lanes)
                except BaseException:
                    self._undo(connection)
                    raise
            finally:
                self._writer.release()
        with self._connection() as connection:
            cursor = connection.cursor()
            try:
                unit = Unit(self.dialect, cursor, writing=True)
                result = work(unit)
                chain.append(unit)
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
            return result, frozenset(unit.lanes)

    def _stand_in_line(self) -> None:
        """Wait for the writer's turn; whoever got it releases `_writer`."""
        if not self._writer.acquire(timeout=LOCK_SECONDS):
            raise TryAgainLater("the writer's queue is full")

    def _writing_connection(self) -> Any:
        """Return the one connection that writes, for whose turn it is: its page cache stays warm."""
        if self._held is None or self._held_in != os.getpid():
            if self._held is not None:
                never_close(self._held)
            self._held, self._held_in = self.engine.raw_connection(), os.getpid()
        return self._held.driver_connection

    def _undo(self, connection: Any) -> None:
        """Roll back what the writing connection has begun; one that cannot is thrown away."""
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        finally:
            if connection.in_transaction:
                self._held.invalidate()
                self._held = None

    def _let_go(self) -> None:
        if self._held is not None and self._held_in == os.getpid():
            self._held.close()
        self._held = None

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        pooled = self.engine.raw_connection()
        driver = pooled.driver_connection
        try:
            yield driver
        finally:
            if getattr(driver, "closed", False):
                # The server went away, and with it all that lie in the pool: the next unit gets a fresh connection.
                pooled.invalidate()
                self.engine.dispose()
            pooled.close()


def _begin(cursor: Any, give_up: float) -> None:
    """Take SQLite's write lock within what is left of the time; most often nothing of it is used up."""
    left = int((give_up - time.monotonic()) * 1000)
    if left > LOCK_SECONDS * 1000 - 100:
        cursor.execute("BEGIN IMMEDIATE")
        return
    cursor.execute(f"PRAGMA busy_timeout = {max(left, 1)}")
    try:
        cursor.execute("BEGIN IMMEDIATE")
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {int(LOCK_SECONDS * 1000)}")


def _error_name(error: BaseException) -> str:
    return type(error).__name__


def _worth_another_try(error: BaseException) -> bool:
    if _error_name(error) in {"SerializationFailure", "DeadlockDetected", "LockNotAvailable"}:
        time.sleep(0.01)  # let the other transaction finish; the row order is the same in every unit
        return True
    return False


# What SQLite says while somebody else writes, the disk is full or the file can not be reached.
_SQLITE_BUSY = ("locked", "busy", "is full", "I/O error", "unable to open")
_AWAY = frozenset(
    {
        "InterfaceError", "TimeoutError", "LockNotAvailable", "AdminShutdown", "SerializationFailure",
        "DeadlockDetected", "ConnectionTimeout", "CannotConnectNow", "CrashShutdown", "TooManyConnections",
        "IdleInTransactionSessionTimeout", "DiskFull",
    }
)


def _named(error: BaseException) -> Exception | None:
    """Turn a driver's exception into one of ours; None when it is not a driver's, or a bug that must stay visible."""
    module = type(error).__module__
    if not module.startswith(("sqlcipher3", "sqlite3", "psycopg", "sqlalchemy")):
        return None
    name, said = _error_name(error), str(error).partition("\n")[0]
    if name == "UniqueViolation" or (name == "IntegrityError" and "UNIQUE" in said):
        return DuplicateKey(said)
    if name in _AWAY:
        return TryAgainLater(said or name)
    if name == "OperationalError" and (module.startswith("psycopg") or any(each in said for each in _SQLITE_BUSY)):
        return TryAgainLater(said or name)
    return None


__all__ = ["POSTGRESQL", "SQLITE", "Store"]
