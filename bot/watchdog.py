"""
The watchdog: reads heartbeats and ages, changes nothing, and says so when something stands still for 5 minutes.

It says it by ways that need neither worker nor clock: the log, a metrics file, a direct call to the API (no outbox
row, since delivery may be what stands still), and a group robot's web hook when the settings name one. The file's own
age shows whether the watchdog itself lives.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import requests
import structlog

from notifications.clock import Clock
from notifications.delivery import Stop
from notifications.errors import SendError
from notifications.messages import recipients, text_body
from notifications.ports import Sender
from notifications.texts import watch as texts
from policy.errors import ProjectError
from storage.errors import TryAgainLater
from storage.queries.alarms import stuck_alarms
from storage.queries.backlog import backlogs
from storage.queries.due import earliest_due
from storage.queries.heartbeats import beats
from storage.queries.sending import pause_of
from storage.store import Store
from storage.unit import Unit

LOG = structlog.get_logger(__name__)

STILL = timedelta(minutes=5)
LOOK_SECONDS = 15.0
REPEAT = timedelta(minutes=30)  # said again while it lasts
HOOK_SECONDS = 5.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Standstill:
    """
    Something that ought to move and does not.

    Attributes:
        key: stable name for the log and the metrics, e.g. "part:clock-1", "lane:urgent", "deadlines", "database".
        words: for people.
        age: since when it stands still.
    """

    key: str
    words: str
    age: timedelta


@dataclass(frozen=True)
class Sight:
    """
    One look at the database.

    Attributes:
        ages: per key how long something has waited or given no sign, with its words.
        stuck: numbers of open alarms that nothing will carry on.
        overdue: the due instant (company time) of the oldest deadline that has passed, None when there is none.
    """

    ages: Mapping[str, tuple[str, timedelta]]
    overdue: datetime | None
    stuck: tuple[str, ...] = ()


class Watchdog:
    """
    Watches.

    Args:
        metrics_file: rewritten at each look in Prometheus' text format; None = none.
        say: tells people; must not raise.
    """

    def __init__(self, store: Store, clock: Clock, say: Say, metrics_file: Path | None = None) -> None:
        self._store = store
        self._clock = clock
        self._say = say
        self._metrics_file = metrics_file
        # Since when (machine time) a state has been seen: one long gap of company time is a rehearsal's jump only.
        self._since: dict[str, datetime] = {}
        self._overdue: datetime | None = None
        self._said_at: datetime | None = None

    def run(self, stop: Stop) -> None:
        """Look every 15 s until asked to stop."""
        LOG.info("watchdog.started")
        while not stop():
            self.look()
            until = time.monotonic() + LOOK_SECONDS
            while time.monotonic() < until and not stop():
                time.sleep(0.2)
        LOG.info("watchdog.stopped")

    def look(self) -> list[Standstill]:
        """Look once, tell what stands still, and return it."""
        now = self._clock.machine_now()
        try:
            sight: Sight | None = self._store.read(lambda unit: self._see(unit, now))
        except Exception as error:
            LOG.warning("watchdog.database_away", error=str(error))
            sight = None
        found = self._judge(sight, now)
        self._write_metrics(found, now)
        self._tell(found, now)
        return found

    # -- inside

    def _see(self, unit: Unit, now: datetime) -> Sight:
        ages: dict[str, tuple[str, timedelta]] = {}
        for each in beats(unit):
            ages[f"part:{each.part}"] = (texts.part(each.part), now - each.at)
        if pause_of(unit, now) is None:  # a hold is somebody's decision, not a standstill
            for waiting in backlogs(unit, now, now):
                ages[f"lane:{waiting.lane.value}"] = (texts.lane(waiting.lane.value), now - waiting.oldest)
        company_now = self._clock.company_now()
        earliest = earliest_due(unit)
        stuck = tuple(number for number, _ in stuck_alarms(unit))
        return Sight(ages, earliest if earliest is not None and earliest <= company_now else None, stuck)

    def _judge(self, sight: Sight | None, now: datetime) -> list[Standstill]:
        found: list[Standstill] = []
        if sight is None:
            self._keep_since("database", now)
            found.append(Standstill("database", texts.DATABASE, now - self._since["database"]))
        else:
            self._since.pop("database", None)
            found += [Standstill(key, words, age) for key, (words, age) in sorted(sight.ages.items())]
            # Nothing carries it on: neither clock nor worker would ever notice.
            for key in [each for each in self._since if each.startswith("alarm:") and each[6:] not in sight.stuck]:
                self._since.pop(key)
            for number in sight.stuck:
                self._keep_since(f"alarm:{number}", now)
                found.append(Standstill(f"alarm:{number}", texts.alarm(number), now - self._since[f"alarm:{number}"]))
            if sight.overdue is None or sight.overdue != self._overdue:
                self._since.pop("deadlines", None)
            self._overdue = sight.overdue
            if sight.overdue is not None:
                self._keep_since("deadlines", now)
                found.append(Standstill("deadlines", texts.DEADLINES, now - self._since["deadlines"]))
        return [each for each in found if each.age >= STILL]

    def _keep_since(self, key: str, now: datetime) -> None:
        self._since.setdefault(key, now)

    def _tell(self, found: Sequence[Standstill], now: datetime) -> None:
        if not found:
            if self._said_at is not None:
                self._said_at = None
                LOG.info("watchdog.moving_again")
                self._say(texts.moving_again(now))
            return
        if self._said_at is not None and now - self._said_at < REPEAT:
            return
        self._said_at = now
        LOG.critical("watchdog.standstill", found={each.key: int(each.age.total_seconds()) for each in found})
        self._say(texts.standing_still(now, [(each.words, int(each.age.total_seconds()) // 60) for each in found]))

    def _write_metrics(self, found: Sequence[Standstill], now: datetime) -> None:
        if self._metrics_file is None:
            return
        lines = [
            "# HELP liuhen_watchdog_seen_seconds When the watchdog last looked, seconds since the epoch.",
            "# TYPE liuhen_watchdog_seen_seconds gauge",
            f"liuhen_watchdog_seen_seconds {now.timestamp():.0f}",
            "# HELP liuhen_standstill_seconds How long something that ought to move has not.",
            "# TYPE liuhen_standstill_seconds gauge",
            *(f'liuhen_standstill_seconds{{what="{each.key}"}} {each.age.total_seconds():.0f}' for each in found),
        ]
        temporary = self._metrics_file.with_suffix(".new")
        try:
            temporary.write_text("\n".join(lines) + "\n")
            os.replace(temporary, self._metrics_file)
        except OSError as error:
            LOG.error("watchdog.metrics_not_written", error=str(error))


def all_of(*ways: Say) -> Say:
    """Return a way to tell people by several ways; one that breaks does not keep the others."""

    def say(words: str) -> None:
        for way in ways:
            try:
                way(words)
            except Exception as error:
                LOG.error("watchdog.not_said", error=f"{type(error).__module__}.{type(error).__name__}")

    return say


def direct_call(sender: Sender, agent_id: int, keepers: Callable[[], Sequence[str]]) -> Say:
    """
    Return a way to tell the keepers of the system by message/send itself, past outbox, workers and clocks.

    Args:
        keepers: userids as the platform spells them; those of the last time are kept while the database is away.
    """
    known: list[str] = []

    def say(words: str) -> None:
        try:
            known[:] = keepers() or known
        except Exception as error:
            LOG.warning("watchdog.database_away", error=type(error).__name__)
        if not known:
            LOG.error("watchdog.nobody_to_tell")
            return
        try:
            sender.send(text_body(recipients(known), agent_id, words))
        except (SendError, TryAgainLater) as error:
            LOG.error("watchdog.call_failed", error=str(error))

    return say


class HookNotTaken(ProjectError):
    """The group robot did not take a message; check its address in the settings."""


def robot_hook(url: str) -> Say:
    """
    Return a way to tell a group through its robot; failures are logged, never raised.

    Source: group robot webhook [doc 91770].
    """

    def say(words: str) -> None:
        try:
            answer = requests.post(
                url, json={"msgtype": "text", "text": {"content": words}}, timeout=HOOK_SECONDS, allow_redirects=False,
            )
            if answer.status_code != 200 or answer.json().get("errcode", 0) != 0:
                raise HookNotTaken(f"status {answer.status_code}")
        except (requests.RequestException, ValueError, HookNotTaken) as error:
            # The address holds the robot's key: only the kind of the failure is said.
            LOG.error("watchdog.hook_failed", error=type(error).__name__)

    return say
