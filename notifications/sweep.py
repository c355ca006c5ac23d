"""
The sweep: finds what no ring announced, what a dead worker left behind, and what may leave in the morning.

Everything here acts on rows and may run in any number of processes at once (design rules 5, 7).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from notifications.clock import Clock
from notifications.morning import PostFor, wake_person
from notifications.phoning import Times
from notifications.recording import Recorder
from policy.terms import Lane
from storage.moments import to_ms
from storage.queries import backlog, inbox
from storage.queries import deliveries as rows
from storage.store import Store
from storage.unit import Unit

LOG = structlog.get_logger(__name__)

UNRUNG_AFTER = timedelta(seconds=1)  # a row this old has lost its ring
DEDUPE_WINDOW = timedelta(hours=48)  # the inbox keeps an event's answer for so long (design rule 3)
MOST_LEASES = 100
MOST_PEOPLE = 50


class Sweep:
    """
    Sweeps.

    Args:
        ring: wakes whoever serves a lane; must not block or raise.
    """

    def __init__(
        self, store: Store, recorder: Recorder, post_for: PostFor, clock: Clock, ring: Callable[[Lane], None]
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._post_for = post_for
        self._clock = clock
        self._ring = ring

    def ring_for_forgotten(self) -> int:
        """Ring for lanes with ripe rows older than a second; return how many rows wait so."""
        waiting = self.forgotten()
        for lane in waiting:
            self._ring(lane)
        return sum(waiting.values())

    def forgotten(self) -> dict[Lane, int]:
        """Return per lane how many ripe rows are older than a second."""
        now = self._clock.machine_now()
        found = self._store.read(lambda unit: backlog.backlogs(unit, now, now - UNRUNG_AFTER))
        return {each.lane: each.count for each in found}

    def release_expired(self) -> int:
        """Take rows from holders whose lease ran out and treat them as unknown; return how many."""
        times = Times(self._clock.company_now(), self._clock.machine_now())
        # Most sweeps find nothing: look before taking the writer's place.
        if not self._store.read(lambda unit: rows.any_expired(unit, times.machine_now)):
            return 0

        def release(unit: Unit) -> int:
            expired = rows.expired(unit, times.machine_now, MOST_LEASES)
            self._recorder.lease_ran_out(unit, expired, times)
            unit.lanes.update(delivery.lane for delivery in expired)
            return len(expired)

        released = self._store.write(release)
        if released:
            LOG.warning("sweep.leases_ran_out", rows=released)
        return released

    def wake_held(self) -> int:
        """Let messages leave whose quiet hours are over, one transaction per person; return how many rows."""
        now, machine_now = self._clock.company_now(), self._clock.machine_now()
        people = self._store.read(lambda unit: backlog.recipients_to_wake(unit, now, MOST_PEOPLE))
        woken = 0
        for recipient in people:
            woken += self._store.write(partial(self._wake_one, recipient, now, machine_now))
        return woken

    def _wake_one(self, recipient: str, now: datetime, machine_now: datetime, unit: Unit) -> int:
        return wake_person(unit, self._post_for, recipient, now, machine_now)

    def prune_inbox(self) -> int:
        """Forget events older than the dedupe window; return how many."""
        before = to_ms(self._clock.machine_now() - DEDUPE_WINDOW)
        return self._store.write(lambda unit: inbox.forget_before(unit, before))
