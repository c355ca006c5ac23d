"""
A process that has imported everything and forks workers and clocks on demand, so that killing them is cheap.

Reads lines "worker NAME LANES" and "clock NAME" and prints the child's pid. Run as
`python -m tests.campaigns.nursery FOLDER REDIS_URL PLATFORM_URL`.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from random import random

import structlog

from bot.bell import LANES, Doorbell, client
from bot.clock_loop import ClockLoop, ClockParts
from bot.jobs import Jobs
from bot.wecom.client import WeComClient
from bot.worker import ANSWER_SECONDS, DoorbellWorker, StopFlag, WorkerParts
from notifications.announcements import PostedAnnouncer
from notifications.calls import VaultKeeper
from notifications.clock import SystemClock
from notifications.delivery import Courier
from notifications.messages import text_body
from notifications.post import Frank, Post
from notifications.recording import Recorder
from notifications.sweep import Sweep
from notifications.ticker import FiringKind, Ticker
from policy.calendar import WorkingCalendar
from policy.deadlines import Due
from policy.terms import DeliveryKind, Lane, Lateness
from storage.engine import checkpoint, open_embedded
from storage.keys import Keyring
from storage.queries.outbox import Promise, put_promise
from storage.store import Store
from storage.token_store import TokenStore
from storage.unit import Unit
from tests.notifications.house import AGENT, company

KEY = bytes(range(32))
RING = Keyring({"k1": bytes(reversed(range(32)))}, "k1")


class Member:
    """One worker or clock, made after the fork."""

    def __init__(self, folder: Path, redis_url: str, platform_url: str) -> None:
        self.clock = SystemClock()
        self.bell = Doorbell(lambda: client(redis_url))
        self.store = Store(open_embedded(folder, KEY), self.bell.ring_lanes)
        self.redis_url = redis_url
        sender = WeComClient(
            corp_id="ww1", secret="s", agent_id=AGENT, base_url=platform_url,
            tokens=TokenStore(self.store, RING), machine_now=self.clock.machine_now,
        )
        self.recorder = Recorder(PostedAnnouncer(self.post_for), random, lambda what, lane: None)
        self.courier = Courier(
            self.store, sender, VaultKeeper(RING, folder), self.recorder, self.clock, lambda: secrets.token_hex(16)
        )
        self.sweep = Sweep(self.store, self.recorder, self.post_for, self.clock, self.bell.ring)
        self.stop = StopFlag()
        self.stop.on_signals()

    def post_for(self, unit: Unit, now: datetime, machine_now: datetime) -> Post:
        return Post(unit, company(), WorkingCalendar(), Frank(AGENT), now, machine_now)

    def worker(self, name: str, lanes: tuple[Lane, ...]) -> None:
        jobs = Jobs(self.store, self.courier, self.ticker(), self.bell, self.stop)
        parts = WorkerParts(self.store, self.sweep, jobs.functions(), self.clock)
        connection = client(self.redis_url, answer_seconds=ANSWER_SECONDS)
        DoorbellWorker(name, lanes, parts, connection, self.stop).work()

    def clock_loop(self, name: str) -> None:
        parts = ClockParts(
            self.store, self.ticker(), self.sweep, self.courier, self.bell, self.clock,
            lambda: checkpoint(self.store.engine),
        )
        ClockLoop(name, parts, self.stop).run()

    def ticker(self) -> Ticker:
        return Ticker(self.store, {"tell": FiringKind(Lateness.EACH, self.tell)}, self.clock)

    def tell(self, unit: Unit, due: Due) -> None:
        """Promise one message per deadline; its unique key would refuse a second firing."""
        promise = Promise(
            f"deadline:{due.subject}", DeliveryKind.MESSAGE, Lane.DEFAULT, due.subject, "",
            text_body(due.subject, AGENT, f"deadline {due.subject}"), "", self.clock.company_now(),
        )
        put_promise(unit, promise, now=self.clock.company_now(), machine_now=self.clock.machine_now())


def main() -> None:
    folder, redis_url, platform_url = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    for line in sys.stdin:
        role, name, *lanes = line.split()
        child = os.fork()
        if child == 0:
            try:
                os.close(0)
                member = Member(folder, redis_url, platform_url)
                if role == "worker":
                    member.worker(name, tuple(Lane(lane) for lane in lanes) or LANES)
                else:
                    member.clock_loop(name)
                member.courier.close()
                member.bell.close()
                os._exit(0)
            except BaseException as error:
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
        print(child, flush=True)


class Nursery:
    """The test's handle on a nursery process."""

    def __init__(self, folder: Path, redis_url: str, platform_url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.campaigns.nursery", str(folder), redis_url, platform_url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(folder / "nursery.log").open("w"), text=True,
            cwd=Path(__file__).resolve().parents[2],
        )
        self.living: dict[str, int] = {}
        self._lines: dict[str, str] = {}

    def start(self, line: str) -> None:
        """Fork a member: "worker worker-1 urgent" or "clock clock-1"."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer.strip().isdigit(), f"the nursery died: {answer}"
        name = line.split()[1]
        self.living[name] = int(answer)
        self._lines[name] = line

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to a member; SIGKILL by default."""
        pid = self.living.pop(name) if number == signal.SIGKILL else self.living[name]
        os.kill(pid, number)

    def restart(self, name: str) -> None:
        self.start(self._lines[name])

    def alive(self, name: str) -> bool:
        """Return whether a member's process is there."""
        try:
            os.kill(self.living[name], 0)
        except ProcessLookupError:
            return False
        return True

    def close(self) -> None:
        """Kill every member and the nursery itself."""
        for name in list(self.living):
            if self.alive(name):
                self.kill(name)
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()


if __name__ == "__main__":
    main()
