"""Every connection keeps the promises; a wrong key or no encryption is refused with the mend."""

from __future__ import annotations

import os
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import text

from storage.engine import (
    ASSERTED,
    DATABASE_FILE,
    checkpoint,
    forget_connections,
    open_embedded,
    open_engine,
    open_postgresql,
    wal_bytes,
)
from storage.errors import WrongDatabase
from storage.identity import check_schema, open_as
from storage.migrations import upgrade
from storage.settings_kept import keep, kept
from storage.store import Store
from storage.unit import Unit
from tests.databases import KEY, PostgresServer

BORN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_every_connection_of_the_pool_has_the_promised_settings(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path, KEY)
    held = [engine.raw_connection() for _ in range(5)]
    for pooled in held:
        assert pooled.driver_connection is not None
        for name, wanted in ASSERTED.items():
            assert pooled.driver_connection.execute(f"PRAGMA {name}").fetchone()[0] == wanted
    for pooled in held:
        pooled.close()
    engine.dispose()


def test_a_connection_that_does_not_keep_a_promise_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ASSERTED, "synchronous", 3)
    with pytest.raises(WrongDatabase, match="synchronous is 2, must be 3"):
        open_embedded(tmp_path, KEY).connect()


def test_the_file_and_its_wal_hold_nothing_in_clear(tmp_path: Path) -> None:
    engine = open_engine("embedded", tmp_path, KEY)
    upgrade(engine)
    Store(engine).write(lambda unit: keep(unit, "a", "a canary sings"))
    assert wal_bytes(tmp_path) > 0
    for path in tmp_path.iterdir():
        stored = path.read_bytes()
        assert b"canary" not in stored
        assert b"SQLite format" not in stored
        assert b"setting" not in stored
    engine.dispose()


def test_another_key_does_not_open_the_file_and_the_mend_is_named(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path, KEY)
    upgrade(engine)
    engine.dispose()
    with pytest.raises(WrongDatabase, match="keys_dir") as refusal:
        open_embedded(tmp_path, bytes(reversed(KEY))).connect()
    assert bytes(reversed(KEY)).hex() not in str(refusal.value)
    with open_embedded(tmp_path, KEY).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM setting")).scalar() == 0


def test_a_file_that_is_not_encrypted_is_refused(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / DATABASE_FILE)
    plain.execute("CREATE TABLE setting (name TEXT)")
    plain.commit()
    plain.close()
    with pytest.raises(WrongDatabase, match="not encrypted with this key"):
        open_embedded(tmp_path, KEY).connect()


@pytest.mark.parametrize("key", [None, b"", b"short", bytes(33)])
def test_a_database_without_a_whole_key_is_refused(tmp_path: Path, key: bytes | None) -> None:
    with pytest.raises(WrongDatabase, match="key"):
        open_engine("embedded", tmp_path, key)
    assert not (tmp_path / DATABASE_FILE).exists()


def test_a_url_for_another_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongDatabase, match=r"postgresql\+psycopg"):
        open_engine("mysql://host/db", tmp_path, KEY)


def test_encryption_is_really_there_when_the_module_is_asked() -> None:
    assert sqlcipher.connect(":memory:").execute("PRAGMA cipher_version").fetchone() is not None


def test_postgresql_connections_have_the_promised_settings(postgres_server: PostgresServer, tmp_path: Path) -> None:
    with postgres_server.database() as url:
        engine = open_engine(url, tmp_path, None, application="liuhen test")
        with engine.connect() as connection:
            asked = {
                "default_transaction_isolation": "read committed", "lock_timeout": "2500ms",
                "idle_in_transaction_session_timeout": "15s", "TimeZone": "UTC", "application_name": "liuhen test",
            }
            for name, wanted in asked.items():
                assert connection.execute(text(f"SHOW {name}")).scalar() == wanted, name
        engine.dispose()


def test_postgresql_that_may_forget_commits_is_refused(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        engine = open_postgresql(url)
        with engine.connect() as connection:
            name = connection.execute(text("SELECT current_database()")).scalar()
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
            connection.commit()
        engine.dispose()
        with pytest.raises(WrongDatabase, match="synchronous_commit"):
            engine.connect()


def test_a_checkpoint_moves_the_wal_into_the_file_while_others_read(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path, KEY)
    upgrade(engine)
    store = Store(engine)
    store.write(lambda unit: keep(unit, "a", "1"))
    before = (tmp_path / DATABASE_FILE).stat().st_size
    assert wal_bytes(tmp_path) > 50_000
    store.read(lambda unit: checkpoint(engine))
    assert (tmp_path / DATABASE_FILE).stat().st_size > before
    assert store.read(lambda unit: kept(unit, "a")) == "1"
    store.close()
    assert wal_bytes(tmp_path) == 0


def _in_child(work: object) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()  # type: ignore[operator]
            os._exit(0)
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_forked_child_uses_connections_of_its_own_and_leaves_the_parents_alone(store: Store) -> None:
    def count(unit: Unit) -> None:
        keep(unit, "n", str(int(kept(unit, "n") or 0) + 1))

    store.write(count)

    def work() -> None:
        forget_connections(store.engine)
        for _ in range(5):
            store.write(count)
        store.close()

    held = store.engine.raw_connection()  # open in the parent while children come and go
    for _ in range(3):
        assert _in_child(work) == 0
        store.write(count)
    held.close()
    assert store.read(lambda unit: kept(unit, "n")) == "19"


def test_the_database_file_is_for_its_owner(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        engine = open_embedded(tmp_path, KEY)
        upgrade(engine)
    finally:
        os.umask(old)
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    engine.dispose()


def test_a_new_database_takes_its_kind_and_refuses_the_other_for_ever(store: Store) -> None:
    open_as(store, rehearsal=True, now=BORN)
    open_as(store, rehearsal=True, now=BORN)
    with pytest.raises(WrongDatabase, match="born as a rehearsal one"):
        open_as(store, rehearsal=False, now=BORN)


def test_a_real_database_refuses_to_rehearse(store: Store) -> None:
    open_as(store, rehearsal=False, now=BORN)
    with pytest.raises(WrongDatabase, match=r"rehearsal\.enabled"):
        open_as(store, rehearsal=True, now=BORN)


@pytest.mark.parametrize(
    ("found", "mend"), [("9999", "install the newer program"), (None, "liuhen up")], ids=["newer", "none"]
)
def test_a_database_of_another_schema_is_refused_with_the_mend(store: Store, found: str | None, mend: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        if found:
            connection.execute(text("INSERT INTO alembic_version VALUES (:found)"), {"found": found})
    with pytest.raises(WrongDatabase, match=mend):
        check_schema(store)
    with pytest.raises(WrongDatabase, match=mend):
        open_as(store, rehearsal=False, now=BORN)
