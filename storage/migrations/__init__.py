"""
Migrations, forward and back, on both databases (alembic, without an ini file).

SQLite: foreign_keys are off before BEGIN and checked before COMMIT; the whole way is one transaction on both
databases, so a kill leaves the old schema or the new one. Two programs that migrate at once go one after the other.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from storage.errors import TryAgainLater, WrongDatabase

_HERE = Path(__file__).parent
_LOCK = 7_061_000
# alembic keeps the migration under way in globals of its modules: one at a time in a process.
_ONE_AT_A_TIME = threading.Lock()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    return config


def head() -> str:
    """Return the newest revision this program knows."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def known() -> frozenset[str]:
    """Return every revision this program knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def current(engine: Engine) -> str | None:
    """
    Return the database's revision, None when it is empty.

    Raises:
        TryAgainLater: the database is away.
    """
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        said = str(error.orig).partition("\n")[0]
        raise TryAgainLater(f"the database is not reached ({said}); start it, or mend database.url") from None


def upgrade(engine: Engine, revision: str = "head") -> None:
    """
    Bring the schema forward.

    Raises:
        WrongDatabase: the schema is newer than this program.
        TryAgainLater: the database is away.
    """
    found = current(engine)
    if found is not None and found not in known():
        raise WrongDatabase(f"the database has schema {found}, newer than this program; install the newer program")
    if found == head() and revision == "head":
        return
    _run(engine, revision, forward=True)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the schema back ("base" removes every table)."""
    _run(engine, revision, forward=False)


def _run(engine: Engine, revision: str, *, forward: bool) -> None:
    with _ONE_AT_A_TIME, engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            if sqlite:
                driver.execute("BEGIN IMMEDIATE")
            else:
                connection.execute(text("SET LOCAL lock_timeout = '60s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            _apply(connection, revision, forward=forward)
            if sqlite:
                broken = driver.execute("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise WrongDatabase(f"the migration would break references: {broken[:3]}; nothing was changed")
            connection.commit()
        except BaseException:
            connection.rollback()
            if sqlite and driver.in_transaction:  # begun behind SQLAlchemy's back
                driver.execute("ROLLBACK")
            raise
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys = ON")


def _apply(connection: Connection, revision: str, *, forward: bool) -> None:
    config = _config()
    config.attributes["connection"] = connection
    (command.upgrade if forward else command.downgrade)(config, revision)
