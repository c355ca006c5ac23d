"""The schema is made by hand-written revisions, and they agree with the typed tables."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text

from storage.engine import open_embedded, open_postgresql
from storage.errors import WrongDatabase
from storage.migrations import current, downgrade, head, upgrade
from storage.store import Store
from storage.tables import AUDIT, METADATA, TEMPLATE
from tests.databases import KEY, PostgresServer
from tests.storage.rows import all_tables, row_of

MADE_BY_HAND = {"search_index"}  # no portable type: FTS5 here, tsvector there


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return a database without tables."""
    if request.param == "sqlite":
        engine = open_embedded(tmp_path, KEY)
        yield engine
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(migrated=False) as url:
        engine = open_postgresql(url)
        yield engine
        engine.dispose()


def _fill(engine: Engine, serials: range) -> None:
    with engine.begin() as connection:
        for table in all_tables():
            connection.execute(table.insert(), [row_of(table, serial) for serial in serials])


def test_the_migrated_schema_is_the_typed_one(store: Store) -> None:
    def ours(name: str | None, kind: str, parents: object) -> bool:
        return not (kind == "table" and name is not None and name.startswith(tuple(MADE_BY_HAND)))

    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": ours, "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, METADATA) == []


def test_every_revision_goes_forward_back_and_forward_with_rows_in_every_table(empty: Engine) -> None:
    assert current(empty) is None
    upgrade(empty)
    assert current(empty) == head()
    _fill(empty, range(1, 4))
    with empty.connect() as connection:
        for table in all_tables():
            assert len(connection.execute(select(table)).fetchall()) == 3, table.name
    downgrade(empty, "base")
    assert current(empty) is None
    left = set(inspect(empty).get_table_names()) - {"alembic_version"}
    assert left == set()
    upgrade(empty)
    _fill(empty, range(7, 9))
    assert current(empty) == head()


def test_migrating_a_migrated_database_changes_nothing(store: Store) -> None:
    _fill(store.engine, range(1, 2))
    upgrade(store.engine)
    assert store.read(lambda unit: unit.scalar(select(AUDIT.c.seq))) == 1


def test_foreign_keys_are_on_again_after_a_migration(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path, KEY)
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()


def test_a_schema_newer_than_the_program_is_refused_with_the_mend(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongDatabase, match="install the newer program"):
        upgrade(store.engine)


def test_two_programs_that_migrate_at_once_make_one_schema(empty: Engine) -> None:
    failed: list[BaseException] = []

    def migrate() -> None:
        try:
            upgrade(empty)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert current(empty) == head()


def test_a_kill_in_the_middle_of_a_migration_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    """Kill a child that migrates at growing delays; each time the database is empty or complete, and opens."""
    outcomes = set()
    for attempt in range(12):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        child = os.fork()
        if child == 0:
            upgrade(open_embedded(folder, KEY))
            os._exit(0)
        time.sleep(0.01 * attempt)  # where the kill lands is what is varied here
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        engine = open_embedded(folder, KEY)
        found = current(engine)
        outcomes.add(found)
        names = set(inspect(engine).get_table_names())
        assert found in (None, head())
        assert TEMPLATE.name in names if found else names <= {"alembic_version"}
        upgrade(engine)
        assert current(engine) == head()
        engine.dispose()
    assert None in outcomes


@pytest.mark.parametrize("table", ["audit", "access", "anchor", "signature", "policy_version", "template"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_is_written_once(store: Store, table: str, statement: str) -> None:
    _fill(store.engine, range(1, 3))
    column = "version" if table in ("policy_version", "template") else "at"
    with pytest.raises(Exception, match="evidence is never changed"), store.engine.begin() as connection:
        connection.execute(text(statement.format(table, column, 77)))


@pytest.mark.parametrize(
    "change",
    ["fields = 'x'", "fields = '', original = '', reason = '', salt = ''", "fields = ''", "author = 'me'"],
    ids=["rewritten", "erased", "erased by half", "author changed"],
)
def test_a_revision_may_only_be_erased_whole(store: Store, change: str) -> None:
    _fill(store.engine, range(1, 2))
    statement = text(f"UPDATE revision SET {change}")
    if change.count("''") == 4:
        with store.engine.begin() as connection:
            assert connection.execute(statement).rowcount == 1
        return
    with pytest.raises(Exception, match="evidence is never changed"), store.engine.begin() as connection:
        connection.execute(statement)


def test_a_note_may_only_be_erased_whole(store: Store) -> None:
    _fill(store.engine, range(1, 2))
    with pytest.raises(Exception, match="evidence is never changed"), store.engine.begin() as connection:
        connection.execute(text("UPDATE note SET words = 'other'"))
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE note SET words = '', original = '', salt = ''"))


def test_postgresql_refuses_to_empty_the_trail_in_one_go(postgresql_store: Store) -> None:
    with pytest.raises(Exception, match="evidence is never changed"), postgresql_store.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit"))
