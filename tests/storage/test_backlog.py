"""When the outbox will next have something to do: held messages by company time, retries by machine time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from policy.terms import DeliveryKind, Lane
from storage.queries.backlog import next_held, next_ripe
from storage.queries.outbox import Promise, put_promise
from storage.store import Store
from storage.unit import Unit

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


def promise(store: Store, key: str, not_before: datetime) -> None:
    made = Promise(key, DeliveryKind.MESSAGE, Lane.DEFAULT, "su", "", b"{}", "", not_before)

    def work(unit: Unit) -> None:
        put_promise(unit, made, now=NOW, machine_now=NOW)

    store.write(work)


def test_an_empty_outbox_waits_for_nothing(store: Store) -> None:
    assert store.read(lambda unit: next_held(unit, NOW)) is None
    assert store.read(next_ripe) is None


def test_the_earliest_held_message_after_an_instant_is_told(store: Store) -> None:
    morning, later = NOW + timedelta(hours=10), NOW + timedelta(hours=34)
    promise(store, "a", later)
    promise(store, "b", morning)
    assert store.read(lambda unit: next_held(unit, NOW)) == morning
    assert store.read(lambda unit: next_held(unit, morning)) == later
    assert store.read(lambda unit: next_held(unit, later)) is None
    assert store.read(next_ripe) is None


def test_a_message_that_may_leave_is_ripe_at_once(store: Store) -> None:
    promise(store, "a", NOW)
    ripe = store.read(next_ripe)
    assert ripe is not None
    assert ripe <= NOW
