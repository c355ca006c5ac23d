"""
1,000 deadlines, 200 kills of clocks and workers, five clocks at once, and an outage of three days.

Each fires exactly once by its rule for lateness; those that fell due in the outage within 60 s of the return (RP-1.1,
RP-1.2, RP-1.3 of the reliability notes).
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.bell import Doorbell, client
from notifications.clock import SystemClock
from notifications.ticker import ON_TIME_SECONDS, RHYTHM
from policy.terms import Lateness
from storage.engine import open_embedded
from storage.migrations import upgrade
from storage.queries.deadlines import set_deadline
from storage.store import Store
from storage.tables import DEADLINE, OUTBOX
from storage.unit import Unit
from tests.bot.valkey import Valkey
from tests.bot.waiting import eventually
from tests.campaigns.deadline_nursery import HOURLY, DeadlineNursery
from tests.campaigns.nursery import KEY
from tests.campaigns.scale import FULL, Campaign
from tests.campaigns.wecom_http import Faults, HttpPlatform

CLOCKS = tuple(f"clock clock-{at}" for at in range(1, 6))
WORKERS = ("worker worker-1 urgent", "worker worker-2")
OUTAGE = timedelta(days=3)
RETURN_SECONDS = 60
PAUSE = 0.25


@pytest.mark.campaign
@pytest.mark.timeout(1800 if FULL else 240)
def test_every_deadline_fires_once_by_its_rule_whatever_is_killed_and_after_three_days(
    campaign: Campaign, tmp_path: Path
) -> None:
    clock, dice = SystemClock(), campaign.dice
    kills, count = campaign.size(200), campaign.size(1000)
    valkey = Valkey()
    valkey.start()
    platform = HttpPlatform(dice, Faults(answer_lost=0.02, busy=0.02))
    engine = open_embedded(tmp_path, KEY)
    upgrade(engine)
    bell = Doorbell(lambda: client(valkey.url))
    store = Store(engine, bell.ring_lanes)
    now = clock.company_now()
    # What fell due while everything was down: half of all, of every kind, several of one subject among the "latest".
    missed: Counter[str] = Counter()
    subjects: dict[str, int] = {}

    def set_all(unit: Unit) -> None:
        for index in range(count):
            kind = dice.choice([lateness.value for lateness in Lateness])
            in_outage = index < count // 2
            subject = f"g{dice.randrange(count // 10)}" if kind == "latest" and in_outage else f"d{index}"
            span = OUTAGE.total_seconds() if in_outage else kills * PAUSE
            due_at = now - timedelta(seconds=dice.uniform(ON_TIME_SECONDS + 30, span)) if in_outage else (
                now + timedelta(seconds=dice.uniform(2, 2 + span))
            )
            set_deadline(unit, kind, subject, index, due_at, {})
            missed[kind] += in_outage
            if kind == "latest" and in_outage:
                subjects[subject] = max(subjects.get(subject, 0), 1)
        hour = (now - OUTAGE).replace(minute=0, second=0, microsecond=0)
        set_deadline(unit, HOURLY, RHYTHM, int(hour.timestamp()) // 3600, hour, {})

    store.write(set_all)
    nursery = DeadlineNursery(tmp_path, valkey.url, platform.url)
    try:
        back = time.monotonic()
        for line in (*CLOCKS, *WORKERS):
            nursery.start(line)
        eventually(lambda: not _overdue(store, now), seconds=RETURN_SECONDS)
        caught_up = time.monotonic() - back
        for _ in range(kills):
            time.sleep(dice.uniform(0, PAUSE))
            name = dice.choice(sorted(nursery.living))
            nursery.kill(name)
            nursery.restart(name)
        eventually(lambda: _pending(store) == 1, seconds=RETURN_SECONDS)  # the rhythm's next hour
        eventually(lambda: set(_states(store)) == {"sent"}, seconds=RETURN_SECONDS)
    finally:
        nursery.close()
    fates = _fates(store)
    _check(fates, missed, subjects, count)
    assert max(platform.shown.values()) == 1
    assert sum(platform.shown.values()) == sum(states["fired"] for states in fates.values())
    bell.close()
    store.close()
    valkey.close()
    platform.close()
    campaign.found(
        deadlines=count, kills=kills, clocks=len(CLOCKS), of_an_outage_of_three_days=sum(missed.values()),
        caught_up_seconds=round(caught_up, 1), fates={kind: dict(states) for kind, states in fates.items()},
        lost=0, doubled=0,
    )


def _check(fates: dict[str, Counter[str]], missed: Counter[str], subjects: dict[str, int], count: int) -> None:
    assert fates["each"]["fired"] == sum(fates["each"].values())
    assert fates["skip"]["skipped"] == missed["skip"]
    assert fates["skip"]["fired"] == sum(fates["skip"].values()) - missed["skip"]
    # Of each subject only the newest of the outage fires, the older ones are kept as superseded.
    assert fates["latest"]["superseded"] == missed["latest"] - len(subjects)
    assert fates["latest"]["fired"] == sum(fates["latest"].values()) - fates["latest"]["superseded"]
    # The rhythm fires once for all the hours it missed, each of which is kept (one more if an hour passed meanwhile).
    assert 1 <= fates[HOURLY]["fired"] <= 2
    assert fates[HOURLY]["superseded"] >= 71
    assert sum(sum(fates[kind].values()) for kind in ("each", "skip", "latest")) == count


def _overdue(store: Store, now: object) -> bool:
    statement = DEADLINE.select().with_only_columns(DEADLINE.c.id).where(
        DEADLINE.c.state == "pending", DEADLINE.c.due_at <= int(now.timestamp() * 1000)  # type: ignore[attr-defined]
    )
    return store.read(lambda unit: unit.one(statement)) is not None


def _pending(store: Store) -> int:
    statement = DEADLINE.select().with_only_columns(DEADLINE.c.id).where(DEADLINE.c.state == "pending")
    return len(store.read(lambda unit: unit.all(statement)))


def _states(store: Store) -> Counter[str]:
    statement = OUTBOX.select().with_only_columns(OUTBOX.c.state)
    return Counter(row[0] for row in store.read(lambda unit: unit.all(statement)))


def _fates(store: Store) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    statement = DEADLINE.select().with_only_columns(DEADLINE.c.kind, DEADLINE.c.state)
    for kind, state in store.read(lambda unit: unit.all(statement)):
        if state != "pending":
            found.setdefault(kind, Counter())[state] += 1
    return found
