"""
A process that forks clocks and workers whose deadlines are late in every declared way, so that killing them is cheap.

The protocol is `tests.campaigns.nursery`'s. Run as `python -m tests.campaigns.deadline_nursery FOLDER REDIS PLATFORM`.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock_loop import ClockLoop, ClockParts
from notifications.messages import text_body
from notifications.ticker import FiringKind, Ticker
from policy.deadlines import Due
from policy.terms import DeliveryKind, Lane, Lateness
from storage.engine import checkpoint
from storage.queries.outbox import Promise, put_promise
from storage.unit import Unit
from tests.campaigns import nursery
from tests.campaigns.nursery import Member, Nursery
from tests.notifications.house import AGENT

HOURLY = "hourly"  # a rhythm whose missed periods are superseded


class LateMember(Member):
    """A clock that knows a kind of deadline for each rule of lateness, and a rhythm."""

    def clock_loop(self, name: str) -> None:
        kinds = {lateness.value: FiringKind(lateness, self.tell) for lateness in Lateness}
        kinds[HOURLY] = FiringKind(Lateness.LATEST, self.tell, next_hour)
        parts = ClockParts(
            self.store, Ticker(self.store, kinds, self.clock), self.sweep, self.courier, self.bell, self.clock,
            lambda: checkpoint(self.store.engine),
        )
        ClockLoop(name, parts, self.stop).run()

    def tell(self, unit: Unit, due: Due) -> None:
        """Promise one message per firing; its unique key would refuse a second one of the same generation."""
        key = f"{due.kind}.{due.subject}.{due.generation}"
        now = self.clock.company_now()
        promise = Promise(
            f"deadline:{key}", DeliveryKind.MESSAGE, Lane.DEFAULT, key, "",
            text_body(key, AGENT, f"late {due.late_seconds}"), "", now,
        )
        put_promise(unit, promise, now=now, machine_now=self.clock.machine_now())


def next_hour(unit: Unit, due: Due, after: datetime) -> tuple[datetime, int]:
    """Return the next whole hour and its ordinal."""
    at = after.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at, int(at.timestamp()) // 3600


class DeadlineNursery(Nursery):
    """The test's handle on such a process."""

    def __init__(self, folder: Path, redis_url: str, platform_url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.campaigns.deadline_nursery", str(folder), redis_url, platform_url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(folder / "nursery.log").open("w"), text=True,
            cwd=Path(__file__).resolve().parents[2],
        )
        self.living = {}
        self._lines = {}


if __name__ == "__main__":
    nursery.Member = LateMember  # type: ignore[misc]
    nursery.main()
