"""
Migrations, forward and back, on both databases (alembic, without an ini file).

SQLite: foreign_keys are off before BEGIN and checked before COMMIT; the whole step is one transaction.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.errors import WrongDatabase

_HERE = Path(__file__).parent


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    return config


def head() -> str:
    """Return the newest revision this program knows."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def current(engine: Engine) -> str | None:
    """Return the database's revision, None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """
    Bring the schema forward.

    Raises:
        WrongDatabase: the schema is newer than this program.
    """
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    found = current(engine)
    if found is not None and found not in known:
        raise WrongDatabase(f"the database has schema {found}, newer than this program; install the newer program")
    if found == head() and revision == "head":
        return
    _run(engine, revision, forward=True)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the schema back ("base" removes every table)."""
    _run(engine, revision, forward=False)


def _run(engine: Engine, revision: str, *, forward: bool) -> None:
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys = OFF")
            driver.execute("BEGIN IMMEDIATE")
        try:
            _apply(connection, revision, forward=forward)
            if sqlite:
                broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
                if broken:
                    raise WrongDatabase(f"the migration would break references: {broken[:3]}")
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys = ON")


def _apply(connection: Connection, revision: str, *, forward: bool) -> None:
    config = _config()
    config.attributes["connection"] = connection
    (command.upgrade if forward else command.downgrade)(config, revision)
