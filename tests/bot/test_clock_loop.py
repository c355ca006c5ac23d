"""The clock process: on time, through jumps, with or without anybody else alive."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.bell import Doorbell, client
from bot.clock_loop import ClockLoop, ClockParts
from bot.worker import StopFlag
from notifications.clock import RehearsalClock
from notifications.sweep import Sweep
from notifications.ticker import FiringKind, Ticker
from policy.deadlines import Due
from policy.terms import Lane, Lateness
from storage.engine import checkpoint
from storage.moments import to_ms
from storage.queries.deadlines import set_deadline
from storage.queries.heartbeats import beats
from storage.store import Store
from storage.tables import CONVERSATION, OUTBOX
from storage.unit import Unit
from tests.bot.valkey import Valkey
from tests.bot.waiting import eventually
from tests.notifications.house import PostOffice

Office = PostOffice[RehearsalClock]


class Clocks:
    """Clock processes as threads, with a rehearsal's offset that can be moved."""

    def __init__(self, store: Store, url: str, offset_file: Path) -> None:
        self.offset_file = offset_file
        self.office = Office(store, RehearsalClock(offset_file))
        self.bell = Doorbell(lambda: client(url))
        office = self.office
        office.sweep = Sweep(store, office.recorder, office.post_for, office.clock, self.bell.ring)
        self.order: list[tuple[str, float]] = []
        self._threads: list[tuple[threading.Thread, StopFlag]] = []

    def start(self, name: str, fire: Callable[[Unit, Due], None] | None = None) -> None:
        office, stop = self.office, StopFlag()
        ticker = Ticker(office.store, {"step": FiringKind(Lateness.EACH, fire or self._note)}, office.clock)
        parts = ClockParts(
            office.store, ticker, office.sweep, office.courier, self.bell, office.clock,
            lambda: checkpoint(office.store.engine),
        )
        thread = threading.Thread(target=ClockLoop(name, parts, stop).run, daemon=True)
        thread.start()
        self._threads.append((thread, stop))

    def stop(self) -> None:
        for _, stop in self._threads:
            stop.set = True
        for thread, _ in self._threads:
            thread.join(timeout=15)
            assert not thread.is_alive()
        self.office.close()
        self.bell.close()

    def set_step(self, subject: str, due_at: datetime) -> None:
        self.office.store.write(lambda unit: set_deadline(unit, "step", subject, 1, due_at, {}))

    def _note(self, unit: Unit, due: Due) -> None:
        # A second firing of the same subject would be refused by this key.
        unit.insert(CONVERSATION, {"userid": due.subject, "purpose": "fired", "until": 0, "state": "{}"})
        self.order.append((due.subject, time.monotonic()))


@pytest.fixture
def clocks(embedded: Store, valkey: Valkey, tmp_path: Path) -> Iterator[Clocks]:
    made = Clocks(embedded, valkey.url, tmp_path / "offset")
    yield made
    made.stop()


def test_a_deadline_fires_within_a_fraction_of_a_second_of_its_instant(clocks: Clocks) -> None:
    clocks.start("clock-1")
    due_at = clocks.office.clock.company_now() + timedelta(seconds=1.5)
    begun = time.monotonic()
    clocks.set_step("A", due_at)
    eventually(lambda: len(clocks.order) == 1)
    assert 1.4 < clocks.order[0][1] - begun < 2.1


def test_a_jump_fires_what_it_passes_within_three_seconds_in_due_order_with_three_clocks(clocks: Clocks) -> None:
    base = clocks.office.clock.company_now()
    for index in range(100):
        clocks.set_step(f"A-{(index * 37) % 100:03}", base + timedelta(hours=1, minutes=(index * 37) % 100))
    for name in ("clock-1", "clock-2", "clock-3"):
        clocks.start(name)
    time.sleep(0.5)
    assert clocks.order == []
    clocks.offset_file.write_text("86400")
    begun = time.monotonic()
    eventually(lambda: len(clocks.order) >= 100)
    assert time.monotonic() - begun < 3
    assert [subject for subject, _ in clocks.order] == [f"A-{index:03}" for index in range(100)]


def test_urgent_messages_leave_though_no_worker_lives_and_redis_is_dead(clocks: Clocks, valkey: Valkey) -> None:
    valkey.kill()
    clocks.start("clock-1")
    clocks.office.promise("su", "告警", lane=Lane.URGENT)
    plain = clocks.office.promise("xu", "通知")
    begun = time.monotonic()
    eventually(lambda: clocks.office.platform.shown_to("Su") == ["告警"], seconds=6)
    assert 0.8 < time.monotonic() - begun < 4
    assert clocks.office.state(plain) == "pending"


def test_a_slow_platform_does_not_hold_up_deadlines(clocks: Clocks) -> None:
    released = threading.Event()

    def slow(body: bytes) -> None:
        released.wait(20)

    clocks.office.platform.before = slow
    clocks.office.promise("su", "告警", lane=Lane.URGENT)
    clocks.start("clock-1")
    eventually(lambda: clocks.office.state(1) == "leased", seconds=6)
    clocks.set_step("A", clocks.office.clock.company_now())
    eventually(lambda: len(clocks.order) == 1, seconds=3)
    released.set()


def test_the_sweep_rings_for_what_no_ring_announced(clocks: Clocks, valkey: Valkey) -> None:
    clocks.office.promise("xu", "通知")
    clocks.start("clock-1")
    eventually(lambda: valkey.client().llen("rq:queue:liuhen-default") == 1)


def test_what_was_held_for_the_morning_leaves_after_a_jump(clocks: Clocks) -> None:
    morning = clocks.office.clock.company_now() + timedelta(hours=9)
    row = clocks.office.promise("xu", "通知", not_before=morning)
    clocks.start("clock-1")
    time.sleep(0.6)
    assert clocks.office.state(row) == "held"
    clocks.offset_file.write_text(str(10 * 3600))
    eventually(lambda: clocks.office.state(row) == "pending", seconds=3)


def test_a_lease_that_ran_out_is_released(clocks: Clocks) -> None:
    row = clocks.office.promise("xu", "通知")
    past = to_ms(datetime(2026, 1, 1, tzinfo=UTC))
    leased = {"state": "leased", "lease_token": "dead", "lease_until": past, "attempt": 1, "first_sent_at": past}
    clocks.office.store.write(lambda unit: unit.update(OUTBOX, {"id": row}, leased))
    clocks.start("clock-1")
    # Its first try is months ago: it may have arrived and WeCom would not drop a second copy.
    eventually(lambda: clocks.office.state(row) == "unknown")
    eventually(lambda: sum(clocks.office.states().values()) == 2)
    assert "没有得到确认" in clocks.office.row(2)["summary"]


def test_the_clock_says_that_it_lives_and_that_it_has_ended(clocks: Clocks) -> None:
    clocks.start("clock-1")
    eventually(lambda: [each.part for each in clocks.office.store.read(beats)] == ["clock-1"])
    clocks.stop()
    assert clocks.office.store.read(beats) == [], "it has ended as it should, and nobody takes it for alive"


def test_a_failing_duty_stops_no_other(clocks: Clocks) -> None:
    def broken(unit: Unit, due: Due) -> None:
        raise RuntimeError

    clocks.start("clock-1", broken)
    clocks.set_step("A", clocks.office.clock.company_now())
    clocks.office.promise("su", "告警", lane=Lane.URGENT)
    eventually(lambda: clocks.office.platform.shown_to("Su") == ["告警"], seconds=6)
