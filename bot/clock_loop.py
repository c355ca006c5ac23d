"""
The clock process: fires deadlines, sweeps, and delivers by itself the urgent messages that nobody else took.

Any number may run (design rule 7). Each duty is guarded: one that fails is logged and tried again, the others go on.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.bell import Doorbell
from notifications.clock import Clock
from notifications.delivery import Courier, Stop
from notifications.sweep import UNRUNG_AFTER, Sweep
from notifications.ticker import Ticker
from policy.terms import Lane
from storage.errors import TryAgainLater
from storage.queries.backlog import search_waits
from storage.queries.due import earliest_due
from storage.queries.heartbeats import beat, end_beat, forget_beats
from storage.store import Store
from storage.unit import Unit

LOG = structlog.get_logger(__name__)

LONGEST_SLEEP = 0.4  # a jump of rehearsal time is seen within half a second
SHORTEST_SLEEP = 0.02
URGENT_SECONDS = 0.25
TICK_ROWS = 1000
GONE_AFTER = timedelta(days=2)  # parts that beat no more are forgotten


@dataclass(frozen=True)
class ClockParts:
    """
    What the clock needs, made after forking.

    Attributes:
        checkpoint: moves SQLite's WAL into the file as far as readers allow.
    """

    store: Store
    ticker: Ticker
    sweep: Sweep
    courier: Courier
    bell: Doorbell
    clock: Clock
    checkpoint: Callable[[], None]


@dataclass
class _Duty:
    """Something done every so many seconds of machine time."""

    every: float
    run: Callable[[], object]
    next_at: float = field(default=0.0)


class ClockLoop:
    """
    Runs the duties until asked to stop.

    Args:
        name: unique among clocks; its heartbeat's name.
        stop: asked between duties.
    """

    def __init__(self, name: str, parts: ClockParts, stop: Stop) -> None:
        self.name = name
        self._parts = parts
        self._stop = stop
        self._fired = 0
        sweep = parts.sweep
        self._duties = [
            _Duty(0.0, self._tick),
            _Duty(0.4, sweep.wake_held),
            _Duty(0.4, sweep.ring_for_forgotten),
            _Duty(0.4, self._ring_for_index),
            _Duty(1.0, sweep.release_expired),
            _Duty(5.0, self._say_alive),
            _Duty(30.0, parts.checkpoint),
            _Duty(600.0, sweep.prune_inbox),
        ]

    def run(self) -> None:
        """Seed the rhythms, then go round until asked to stop."""
        LOG.info("clock.started", clock=self.name)
        urgent = threading.Thread(target=self._deliver_urgent, name="urgent", daemon=True)
        urgent.start()
        seeded = False
        while not self._stop():
            seeded = seeded or self._guarded(self._seed)
            self._parts.clock.refresh()
            for duty in self._duties:
                if self._stop():
                    break
                if time.monotonic() >= duty.next_at:
                    self._guarded(duty.run)
                    duty.next_at = time.monotonic() + duty.every
            self._sleep()
        urgent.join(timeout=15)
        self._guarded(self._say_gone)
        LOG.info("clock.stopped", clock=self.name, fired=self._fired)

    # -- duties

    def _seed(self) -> None:
        self._parts.store.write(
            lambda unit: self._parts.ticker.ensure_rhythms(unit, self._parts.clock.company_now())
        )

    def _tick(self) -> None:
        while not self._stop():
            fired = self._parts.ticker.tick(TICK_ROWS)
            self._fired += fired
            if fired < TICK_ROWS:
                return

    def _ring_for_index(self) -> None:
        if self._parts.store.read(search_waits):
            self._parts.bell.ring_index()

    def _say_alive(self) -> None:
        now = self._parts.clock.machine_now()
        detail = {"pid": os.getpid(), "fired": self._fired, "offset": self._parts.clock.offsets()[0]}

        def say(unit: Unit) -> None:
            beat(unit, self.name, now, detail)
            forget_beats(unit, now - GONE_AFTER)

        self._parts.store.write(say)

    def _say_gone(self) -> None:
        self._parts.store.write(lambda unit: end_beat(unit, self.name))

    # -- around them

    def _deliver_urgent(self) -> None:
        """Deliver urgent rows older than a second: workers may be busy, dead or deaf (design rule 5)."""
        while not self._stop():
            self._guarded(self._deliver_urgent_once)
            time.sleep(URGENT_SECONDS)

    def _deliver_urgent_once(self) -> None:
        while not self._stop() and Lane.URGENT in self._parts.sweep.forgotten():
            if not self._parts.courier.deliver(Lane.URGENT, older_than=UNRUNG_AFTER, stop=self._stop):
                return

    def _guarded(self, run: Callable[[], object]) -> bool:
        try:
            run()
        except TryAgainLater as error:
            LOG.warning("clock.database_away", clock=self.name, error=str(error))
            return False
        except Exception as error:
            LOG.error("clock.duty_failed", clock=self.name, duty=getattr(run, "__name__", "duty"), exc_info=error)
            return False
        return True

    def _sleep(self) -> None:
        """Sleep until the next deadline, but never longer than a jump of time may stay unseen."""
        seconds = LONGEST_SLEEP
        now = self._parts.clock.company_now()
        try:
            following = self._parts.store.read(lambda unit: earliest_due(unit, now))
            if following is not None:
                seconds = min(seconds, (following - now).total_seconds())
        except TryAgainLater:
            pass  # said by the duties
        time.sleep(max(SHORTEST_SLEEP, seconds))
