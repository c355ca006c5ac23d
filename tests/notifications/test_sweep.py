"""The sweep: what rings, leases and time left behind is found (design rules 5, 7)."""

from __future__ import annotations

from functools import partial

from notifications.errors import RetryLater
from policy.terms import Lane
from storage.moments import to_ms
from storage.queries import backlog, inbox
from storage.queries.inbox import Received
from storage.unit import Unit
from tests.notifications.hands import HandClock
from tests.notifications.house import House


def test_rows_that_no_ring_announced_are_rung_for_after_a_second(house: House, clock: HandClock) -> None:
    house.promise("su", "一")
    house.promise("su", "二", lane=Lane.URGENT)
    assert house.sweep.ring_for_forgotten() == 0
    clock.move(seconds=1)
    assert house.sweep.ring_for_forgotten() == 2
    assert sorted(house.rung) == [Lane.DEFAULT, Lane.URGENT]
    house.drain()
    assert house.sweep.ring_for_forgotten() == 0


def test_a_row_that_waits_for_its_retry_is_not_rung_for(house: House, clock: HandClock) -> None:
    house.promise("su", "一")
    house.platform.answers.append(RetryLater(45009, "message/send", after_seconds=60))
    house.drain()
    clock.move(seconds=30)
    assert house.sweep.ring_for_forgotten() == 0
    clock.move(seconds=31)
    assert house.sweep.ring_for_forgotten() == 1


def test_the_age_of_the_backlog_is_told_per_lane(house: House, clock: HandClock) -> None:
    house.promise("su", "一")
    since = clock.machine
    clock.move(minutes=6)
    house.promise("xu", "二")
    (found,) = house.store.read(lambda unit: backlog.backlogs(unit, clock.machine, clock.machine))
    assert (found.lane, found.count, found.oldest) == (Lane.DEFAULT, 2, since)


def _keep(received: Received, unit: Unit) -> None:
    inbox.keep(unit, received)


def test_the_inbox_forgets_after_48_hours_but_keeps_what_failed(house: House, clock: HandClock) -> None:
    for name, state in ((b"a", "handled"), (b"b", "failed")):
        received = Received(name * 32, to_ms(clock.machine), "xu", "text", "127.0.0.1", state, "{}", b"")
        house.store.write(partial(_keep, received))
    clock.move(hours=47)
    assert house.sweep.prune_inbox() == 0
    clock.move(hours=1, seconds=1)
    assert house.sweep.prune_inbox() == 1
    assert house.store.read(lambda unit: inbox.answer_given(unit, b"b" * 32)) == b""
