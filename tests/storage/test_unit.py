"""What a unit of work promises, on both databases (design rules 1, 9, 12)."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from policy.terms import Lane
from storage.chain import GENESIS, event_hash
from storage.engine import open_embedded, open_postgresql
from storage.errors import DuplicateKey, StaleRow, TryAgainLater, UnauditedWrite
from storage.settings_kept import keep, kept
from storage.store import LOCK_SECONDS, Store
from storage.tables import AUDIT, DEPARTMENT, OPEN_WORK, OUTBOX
from storage.unit import Unit
from tests.databases import KEY
from tests.storage.rows import row_of

NOW = datetime(2026, 11, 23, 6, 5, 0, 123_000, tzinfo=UTC)
SALES = {"id": "sales", "name": "销售部", "kind": "sales", "head": None, "parent": None}


class Surprise(Exception):
    """A handler's own error."""


def _departments(store: Store) -> int:
    return int(store.read(lambda unit: unit.scalar(select(func.count()).select_from(DEPARTMENT))))


def _add(unit: Unit, id_: str = "sales") -> None:
    unit.insert(DEPARTMENT, {**SALES, "id": id_})
    unit.audit(NOW, "zhou", "org.changed", "", department=id_)


@pytest.fixture
def second(store: Store, tmp_path: Path) -> Iterator[Store]:
    """Open the same database as another process would."""
    if store.dialect == "sqlite":
        made = Store(open_embedded(tmp_path, KEY))
    else:
        made = Store(open_postgresql(store.engine.url.render_as_string(hide_password=False)))
    yield made
    made.close()


def test_what_a_unit_wrote_is_there_after_it_and_its_result_comes_back(store: Store) -> None:
    assert store.write(lambda unit: (_add(unit), 7)[1]) == 7
    assert _departments(store) == 1


def test_an_exception_leaves_nothing(store: Store) -> None:
    def work(unit: Unit) -> None:
        _add(unit)
        keep(unit, "a", "1")
        raise Surprise

    with pytest.raises(Surprise):
        store.write(work)
    assert _departments(store) == 0
    assert store.read(lambda unit: kept(unit, "a")) is None
    assert store.read(lambda unit: unit.scalar(select(AUDIT.c.seq))) is None
    store.write(_add)
    assert _departments(store) == 1


def test_a_taken_key_undoes_the_whole_unit(store: Store) -> None:
    store.write(_add)

    def work(unit: Unit) -> None:
        _add(unit, "rd")
        _add(unit, "sales")

    with pytest.raises(DuplicateKey):
        store.write(work)
    assert _departments(store) == 1


def test_a_missing_value_is_a_bug_and_not_a_taken_key(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)not.null") as surprise:
        store.write(lambda unit: unit.insert(DEPARTMENT, {"id": "sales"}))
    assert not isinstance(surprise.value, DuplicateKey | TryAgainLater)


def test_a_wrong_statement_is_a_bug_and_not_a_busy_database(store: Store) -> None:
    with pytest.raises(Exception, match="no_such_table") as surprise:
        store.read(lambda unit: unit.all(text("SELECT 1 FROM no_such_table")))
    assert not isinstance(surprise.value, TryAgainLater)


def test_compare_and_set_on_a_row_that_moved_on_is_stale_and_undoes_the_unit(store: Store) -> None:
    store.write(_add)

    def work(unit: Unit) -> None:
        _add(unit, "rd")
        unit.change_one(DEPARTMENT, {"id": "sales", "name": "旧名"}, {"name": "新名"})

    with pytest.raises(StaleRow):
        store.write(work)
    assert _departments(store) == 1


def test_evidence_that_changed_without_an_event_is_refused_and_nothing_is_left(store: Store) -> None:
    with pytest.raises(UnauditedWrite, match="department sales"):
        store.write(lambda unit: unit.insert(DEPARTMENT, SALES))
    assert _departments(store) == 0
    store.write(_add)

    def audit_first(unit: Unit) -> None:
        unit.audit(NOW, "zhou", "org.changed", "")
        unit.update(DEPARTMENT, {"id": "sales"}, {"name": "新名"})

    with pytest.raises(UnauditedWrite):
        store.write(audit_first)
    assert store.read(lambda unit: unit.scalar(select(DEPARTMENT.c.name))) == "销售部"


def test_what_is_no_evidence_needs_no_event(store: Store) -> None:
    store.write(lambda unit: unit.insert(OPEN_WORK, row_of(OPEN_WORK)))
    assert store.read(lambda unit: unit.scalar(select(OPEN_WORK.c.title))) == "1title"


def test_a_reader_cannot_write(store: Store) -> None:
    store.write(_add)
    for attempt in (
        lambda unit: keep(unit, "a", "1"),
        lambda unit: unit.update(DEPARTMENT, {"id": "sales"}, {"name": "x"}),
        lambda unit: unit.run(text("DELETE FROM department")),
    ):
        with pytest.raises(Exception, match=r"(?i)read-?only"):
            store.read(attempt)
    assert _departments(store) == 1
    store.write(lambda unit: keep(unit, "a", "1"))  # the same connection writes again for a writer


def test_a_reader_sees_one_moment_however_long_it_looks(store: Store, second: Store) -> None:
    store.write(_add)

    def look(unit: Unit) -> tuple[int, int]:
        count = select(func.count()).select_from(DEPARTMENT)
        before = unit.scalar(count)
        second.write(lambda other: _add(other, "rd"))
        return before, unit.scalar(count)

    assert store.read(look) == (1, 1)
    assert _departments(store) == 2


def test_rings_come_after_the_commit_and_not_after_a_failure(store: Store) -> None:
    heard: list[tuple[frozenset[Lane], int]] = []
    store.after_commit = lambda lanes: heard.append((lanes, _departments(store)))

    def work(unit: Unit) -> None:
        _add(unit)
        unit.lanes.add(Lane.URGENT)

    store.write(work)
    assert heard == [(frozenset({Lane.URGENT}), 1)]
    with pytest.raises(DuplicateKey):
        store.write(work)
    store.write(lambda unit: keep(unit, "a", "1"))
    assert len(heard) == 1


def test_an_event_names_every_row_it_wrote_with_its_digest_as_it_stands(store: Store) -> None:
    def work(unit: Unit) -> None:
        _add(unit)
        unit.change_one(DEPARTMENT, {"id": "sales"}, {"head": "lin"})
        unit.change_one(DEPARTMENT, {"id": "sales"}, {"name": "销售一部"})
        unit.audit(NOW, "zhou", "org.changed", "")

    store.write(work)
    rows = store.read(lambda unit: unit.all(select(AUDIT.c.body).order_by(AUDIT.c.seq)))
    assert ['["department","sales","' in body for (body,) in rows] == [True, True]
    assert rows[0] != rows[1]


def test_a_new_id_is_handed_back(store: Store) -> None:
    row = {name: value for name, value in row_of(OUTBOX).items() if name != "id"}
    first = store.write(lambda unit: unit.insert_id(OUTBOX, row))
    other = store.write(lambda unit: unit.insert_id(OUTBOX, {**row, "dedupe_key": "other"}))
    assert other > first


def test_eight_threads_append_to_one_gapless_chain(store: Store, second: Store) -> None:
    failed: list[BaseException] = []

    def append(number: int) -> None:
        try:
            for at in range(20):
                (store if number % 2 else second).write(
                    lambda unit, at=at: unit.audit(NOW, f"u{number}", "test.event", "", turn=at)
                )
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=append, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    previous = GENESIS
    rows = store.read(lambda unit: unit.all(select(AUDIT).order_by(AUDIT.c.seq)))
    assert [row[0] for row in rows] == list(range(1, 161))
    for seq, before, at, actor, act, number, body, hashed in rows:
        assert bytes(before) == previous
        assert bytes(hashed) == event_hash("audit", seq, previous, at, actor, act, number, body)
        previous = bytes(hashed)


def _hold(store: Store, held: threading.Event, release: threading.Event) -> threading.Thread:
    def work(unit: Unit) -> None:
        keep(unit, "held", "1")
        unit.audit(NOW, "system", "test.event", "")
        if unit.dialect == "postgresql":
            unit.scalar(text("SELECT pg_advisory_xact_lock(7061001)"))  # the chain's head, as a slow commit would
        held.set()
        release.wait(30)

    thread = threading.Thread(target=lambda: store.write(work))
    thread.start()
    assert held.wait(10)
    return thread


def test_a_writer_gives_up_within_two_and_a_half_seconds_and_leaves_nothing(store: Store, second: Store) -> None:
    held, release = threading.Event(), threading.Event()
    thread = _hold(second, held, release)
    begun = time.monotonic()
    with pytest.raises(TryAgainLater):
        store.write(_add)
    assert LOCK_SECONDS - 0.3 < time.monotonic() - begun < LOCK_SECONDS + 0.7
    release.set()
    thread.join(10)
    assert _departments(store) == 0
    store.write(_add)
    assert _departments(store) == 1


def test_many_writers_of_one_process_give_up_in_time_too(sqlite_store: Store, tmp_path: Path) -> None:
    """The wait in the process's own queue counts: nobody waits for the queue and then for the file again."""
    other = Store(open_embedded(tmp_path, KEY))
    held, release = threading.Event(), threading.Event()
    thread = _hold(other, held, release)
    took: list[float] = []

    def attempt(delay: float) -> None:
        time.sleep(delay)  # arrive one after the other, as requests do
        begun = time.monotonic()
        with pytest.raises(TryAgainLater):
            sqlite_store.write(_add)
        took.append(time.monotonic() - begun)

    threads = [threading.Thread(target=attempt, args=(0.4 * at,)) for at in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    release.set()
    thread.join(10)
    other.close()
    assert len(took) == 5
    assert max(took) < LOCK_SECONDS + 0.7
    sqlite_store.write(_add)
    with sqlite_store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 2500


def test_a_reader_does_not_wait_for_a_writer(store: Store, second: Store) -> None:
    held, release = threading.Event(), threading.Event()
    thread = _hold(second, held, release)
    begun = time.monotonic()
    assert _departments(store) == 0
    assert time.monotonic() - begun < 1
    release.set()
    thread.join(10)


def test_a_serialization_failure_is_tried_again(postgresql_store: Store) -> None:
    tried = []

    def work(unit: Unit) -> int:
        tried.append(1)
        if len(tried) == 1:
            unit.run(text("DO $$ BEGIN RAISE serialization_failure; END $$"))
        _add(unit)
        return len(tried)

    assert postgresql_store.write(work) == 2
    assert _departments(postgresql_store) == 1


def test_after_the_server_dropped_every_connection_one_unit_fails_and_the_next_works(postgresql_store: Store) -> None:
    store = postgresql_store
    threads = [threading.Thread(target=store.read, args=(lambda unit: unit.scalar(text("SELECT pg_sleep(0.2)")),))
               for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    end_all = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
    with pytest.raises(TryAgainLater):
        store.read(lambda unit: unit.scalar(text(end_all)))
    store.write(_add)
    assert _departments(store) == 1


def test_a_killed_writer_leaves_all_or_nothing_and_the_database_opens(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.write(lambda unit: keep(unit, "n", "0"))
    sqlite_store.close()
    for attempt in range(10):
        child = os.fork()
        if child == 0:
            store = Store(open_embedded(tmp_path, KEY))

            def count(unit: Unit) -> None:
                n = int(kept(unit, "n") or 0) + 1
                keep(unit, "n", str(n))
                unit.audit(NOW, "system", "test.counted", "", n=n)

            while True:
                store.write(count)
        time.sleep(0.03 + 0.01 * attempt)  # where the kill lands is what is varied here
        os.kill(child, 9)
        os.waitpid(child, 0)
        store = Store(open_embedded(tmp_path, KEY))
        counted = int(store.read(lambda unit: kept(unit, "n")) or 0)
        assert store.read(lambda unit: unit.scalar(select(func.count()).select_from(AUDIT))) == counted
        assert store.read(lambda unit: unit.scalar(text("PRAGMA integrity_check"))) == "ok"
        store.close()
    assert counted > 0
